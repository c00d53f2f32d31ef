import { expect, test } from 'vitest'
import { agrees, clashes, partsOfCode } from './codes.ts'
import { featuresOf, type LinkFields } from './features.ts'
import { rowsOf } from './rows.ts'

const base: LinkFields = {
  department: 'marketRegulation',
  name: '大连恒达商贸有限公司',
  uscc: '91210204MA0XYZ12G5',
  legalRep: '王建国',
  phone: '13940001234',
  address: '大连市沙河口区黄河路206号',
  foundedOn: '2017-03-05',
}
const row = (fields: Partial<LinkFields> = {}) => featuresOf({ ...base, ...fields }, '210204')
const partsOf = (list: readonly ReturnType<typeof row>[]) => partsOfCode(rowsOf(list), [...list.keys()])
const stranger = { legalRep: '李芳', phone: '13700001111', address: '西南路10号' }

test.each<[string, Partial<LinkFields>, boolean]>([
  ['the same name, all else other', stranger, true],
  ['renamed, the same person', { ...stranger, name: '大连鑫源建筑有限公司', legalRep: '王建国' }, true],
  ['renamed, the same place', { ...stranger, name: '大连鑫源建筑有限公司', address: '黄河路206号' }, true],
  ['another name, person, phone and place', { ...stranger, name: '大连鑫源建筑有限公司' }, false],
  ['a branch elsewhere', { ...stranger, name: '大连恒达商贸有限公司西南路店' }, false],
  ['a branch in the same house under the same person', { name: '大连恒达商贸有限公司黄河路店' }, true],
])('rows that carry one code can be one organisation: %s', (_what, other, expected) => {
  expect(agrees(rowsOf([row(), row(other)]), 0, 1)).toBe(expected)
  expect(agrees(rowsOf([row(), row(other)]), 1, 0)).toBe(expected)
})

test.each<[string, Partial<LinkFields>, boolean]>([
  ['one name and person', { phone: '13700001111', address: '西南路10号' }, true],
  ['one name, nothing else', stranger, false],
  ['one name in another city', { name: '沈阳恒达商贸有限公司', phone: '13700001111' }, false],
  ['a slip in the name, one person and phone', { name: '大连恒达商贸服有限公司', address: '西南路10号' }, true],
  ['another name', { name: '大连鑫源建筑有限公司' }, false],
])('of two codes one must be somebody else’s: %s', (_what, other, expected) => {
  expect(clashes(rowsOf([row(), row({ uscc: '91210204MA0ABC97G5', ...other })]), 0, 1)).toBe(expected)
})

test('rows of one code are parted where nothing agrees; the owners come first', () => {
  const other = { ...stranger, name: '大连鑫源建筑有限公司' }
  const rows = [row({ ...other, department: 'tax' }), row(), row({ department: 'tax', phone: '' })]
  expect(partsOf(rows)).toEqual([[1, 2], [0]])
})

test('a code belongs to the kind of body that it names', () => {
  const society = { ...stranger, name: '沙河口区餐饮行业协会', department: 'marketRegulation' as const }
  expect(partsOf([row(society), row({ department: 'tax' })])[0]).toEqual([1])
})

test('one department that repeats a wrong code month after month does not outvote the register; two departments may', () => {
  const other = { ...stranger, name: '大连鑫源建筑有限公司' }
  const park = row({ ...other, department: 'townshipPark' })
  expect(partsOf([park, park, park, row()])[0]).toEqual([3])
  expect(partsOf([row({ ...other, department: 'tax' }), park, row()])[0]).toEqual([0, 1])
})
