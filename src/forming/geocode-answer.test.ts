import { expect, test } from 'vitest'
import { placeIn, wholeAddress } from './geocode-answer.ts'

const answer = (location: object) => ({ msg: 'ok', status: '0', location })

test.each([
  ['as 天地图 answers', answer({ score: 100, level: '门址', lon: '121.59', lat: '38.91', keyWord: '中山路' })],
  ['without a level', { lon: 121.59, lat: 38.91 }],
  ['in other words', { longitude: 121.59, latitude: 38.91 }],
  [
    'as a list',
    [
      { lng: 121.59, lat: 38.91, level: '兴趣点' },
      { lng: 1, lat: 1 },
    ],
  ],
])('a place is read from an answer %s', (_, told) => {
  expect(placeIn(told)).toEqual({ longitude: 121.59, latitude: 38.91 })
})

test.each(['区县', '乡镇', '街道', '道路', '村庄', '省', '市', '开发区'])(
  'a match of a whole %s is no place of a unit',
  (level) => {
    const found = placeIn(answer({ level, lon: 121.59, lat: 38.91 }))
    expect(found).toEqual({ said: `只查到“${level}”一级，太粗，不作单位坐标。` })
  },
)

test('an answer that is unsure, abroad, empty or an error is said to be so', () => {
  expect(placeIn(answer({ level: '门址', score: 35, lon: 121.59, lat: 38.91 }))).toMatchObject({
    said: expect.stringContaining('没有把握（35 分）'),
  })
  expect(placeIn(answer({ lon: 2.35, lat: 48.85 }))).toMatchObject({
    said: expect.stringContaining('没有国内的经纬度'),
  })
  expect(placeIn([])).toEqual({ said: '没有查到。' })
  expect(placeIn({ code: 301, msg: '密钥无效' })).toMatchObject({ said: expect.stringContaining('服务说：密钥无效') })
})

test.each([
  ['中山路 688 号', '辽宁省大连市沙河口区中山路 688 号'],
  ['沙河口区中山路 688 号', '辽宁省大连市沙河口区中山路 688 号'],
  ['大连市沙河口区中山路 688 号', '大连市沙河口区中山路 688 号'],
  ['辽宁省大连市中山路 688 号', '辽宁省大连市中山路 688 号'],
  ['大连市甘井子区红旗路 1 号', '大连市甘井子区红旗路 1 号'],
])('%s is asked for as %s', (address, whole) => {
  expect(wholeAddress(address, { name: '沙河口区', fullName: '辽宁省大连市沙河口区' })).toBe(whole)
})
