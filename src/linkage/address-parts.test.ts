import { expect, test } from 'vitest'
import { splitAddress } from './address-parts.ts'
import { regionFinder } from './region-names.ts'

const find = regionFinder('210204')

test.each([
  ['辽宁省大连市沙河口区黄河路206号', '黄河路206号', '黄河路', '206'],
  ['大连市沙河口区黄河路二〇六号3单元2层', '黄河路206号3单元2层', '黄河路', '206'],
  ['黄河路２０６号（二楼）', '黄河路206号2楼', '黄河路', '206'],
  ['沙河口区西安路一百零七号十二层', '西安路107号12层', '西安路', '107'],
  // One house of several under a number.
  ['黄河路206-1号', '黄河路206之1号', '黄河路', '206'],
  ['黄河路２０６－１号', '黄河路206之1号', '黄河路', '206'],
  // A road that is named after a place.
  ['沙河口区中山路588号', '中山路588号', '中山路', '588'],
  ['大连市中山路', '中山路', '中山路', ''],
  ['辽宁省大连市沙河口区星海广场A座1201室', '星海广场A座1201室', '星海广场', '1201'],
  ['马栏街道新生社区', '马栏街道新生社区', '新生社区', ''],
  ['', '', '', ''],
])('%s is %s: road %s, number %s', (address, rest, road, number) => {
  expect(splitAddress(address, find)).toEqual({ rest, road, number })
})
