import { expect, test } from 'vitest'
import { addressParts, type Township } from './address.ts'

const townships: Township[] = [
  { code: '330421001000', name: '柏溪街道' },
  { code: '330421100000', name: '陶塘镇' },
]
const read = (address: string) => {
  const { community, road, number, building, tower, floor } = addressParts(address, '', townships)
  return [community, road, number, building, tower, floor]
}

test.each([
  ['浙江省嘉兴市嘉善县长桥路 100 号', [null, '长桥路', 100, null, null, null]],
  ['嘉善县长桥南二路12-3号4层5室', [null, '长桥南二路', 12, null, null, 4]],
  ['嘉善县长桥路58A号9层4号', [null, '长桥路', 58, null, 'A', 9]],
  ['嘉善县长桥路283、285号', [null, '长桥路', 283, null, null, null]],
  ['嘉善县长桥路715.717号', [null, '长桥路', 715, null, null, null]],
  ['嘉善县长桥路66号柏林国际大厦1320室', [null, '长桥路', 66, '柏林国际大厦', null, null]],
  ['嘉善县长桥路88号柏林大厦B座12楼', [null, '长桥路', 88, '柏林大厦', 'B', 12]],
  ['嘉善县长桥路柏林大厦A座5层3-4号', [null, '长桥路', null, '柏林大厦', 'A', 5]],
  ['嘉善县五一路禾兴园107-1号', [null, '禾兴园', 107, null, null, null]],
  ['嘉善县太平街新生巷8号1层7号', [null, '新生巷', 8, null, null, 1]],
  ['嘉善县桂花苑11号楼1单元2层', [null, '桂花苑', 11, null, '11', 2]],
  ['嘉善县凤凰广场B2区6号', [null, '凤凰广场B2区', 6, null, null, null]],
  ['嘉善县西塘街四巷八号11单元', [null, '西塘街四巷', 8, null, null, null]],
  ['嘉善县红旗东路58号', [null, '红旗东路', 58, null, null, null]],
  ['嘉善县红旗小区G区2号楼', [null, '红旗小区G区', 2, null, '2', null]],
  ['嘉善县水杉村51号-1号334室', ['水杉村', '水杉村', 51, null, null, null]],
  ['嘉善县水杉村工业路3号', ['水杉村', '工业路', 3, null, null, null]],
  ['嘉善县长桥路40号（加工场地：平湖市新仓镇）', [null, '长桥路', 40, null, null, null]],
  ['嘉善县长桥路364号(柏林家园7号1-2)', [null, '长桥路', 364, null, null, null]],
  ['嘉善县长桥路北侧', [null, '长桥路', null, null, null, null]],
  ['云南省红河哈尼族彝族自治州某某县迎晖路282号2楼', [null, '迎晖路', 282, null, null, 2]],
  ['嘉善县陶塘镇新市路35号', [null, '新市路', 35, null, null, null]],
  ['嘉善县', [null, null, null, null, null, null]],
])('%s is taken apart', (address, parts) => {
  expect(read(address)).toEqual(parts)
})

test('the township is the ledger’s, else the one the address names, in full or as people call it', () => {
  const street = (address: string, given = '') => addressParts(address, given, townships).street
  expect(street('嘉善县柏溪街道长桥路1号')).toBe('330421001000')
  expect(street('嘉善县陶塘镇长桥路1号')).toBe('330421100000')
  expect(street('嘉善县柏溪学工街1号')).toBe('330421001000')
  expect(street('嘉善县柏溪南二街1号')).toBe('')
  expect(street('嘉善县陶塘镇长桥路1号', '330421001000')).toBe('330421001000')
  expect(street('嘉善县长桥路1号')).toBe('')
})

test('an address that is none says nothing', () => {
  expect(addressParts(null, '330421001000')).toEqual({
    street: '330421001000',
    community: null,
    road: null,
    number: null,
    building: null,
    tower: null,
    floor: null,
  })
})
