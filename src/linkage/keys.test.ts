import { expect, test } from 'vitest'
import { featuresOf, type LinkFields } from './features.ts'
import { blockKeys, keyKinds, kindOfKey } from './keys.ts'
import { rowsOf } from './rows.ts'

const base: LinkFields = { department: 'tax', name: '大连恒达商贸有限公司' }
const keysOf = (fields: Partial<LinkFields>, before: readonly LinkFields[] = []) => {
  const rows = rowsOf([...before, { ...base, ...fields }].map((one) => featuresOf(one, '210204')))
  return blockKeys(rows, before.length)
}
/** The kinds of key that two rows share. */
const shared = (left: Partial<LinkFields>, right: Partial<LinkFields>) => {
  const keys = new Set(keysOf(left))
  const kinds = keysOf(right).flatMap((key) => (keys.has(key) ? [kindOfKey(key)] : []))
  return Object.entries(keyKinds).flatMap(([name, kind]) => (kinds.includes(kind) ? [name] : []))
}

const person = { legalRep: '王建国' }
const address = { address: '大连市沙河口区黄河路206号' }
test.each<[string, Partial<LinkFields>, Partial<LinkFields>, string[]]>([
  ['another form', {}, { name: '恒达商贸公司' }, ['core', 'sound', 'start', 'without']],
  ['a homophone', {}, { name: '大连恒大商贸有限公司' }, ['sound', 'without']],
  ['a sign left out', { name: '大连恒达商贸发展有限公司' }, { name: '大连恒商贸发展有限公司' }, ['without']],
  ['a slip among the first four', {}, { name: '大连恒远商贸有限公司' }, ['without']],
  ['a branch', {}, { name: '大连恒达商贸有限公司黄河路店' }, ['sound', 'start', 'without']],
  ['renamed, one person', person, { ...person, name: '大连鑫源餐饮有限公司' }, ['person']],
  [
    'renamed, one person in one road',
    { ...person, ...address },
    { ...person, name: '鑫源餐饮', address: '黄河路9号' },
    ['personRoad', 'person'],
  ],
  ['renamed, one house', address, { name: '鑫源餐饮', address: '黄河路206号3楼' }, ['place']],
  [
    'a code and its inner part',
    { name: '甲乙', uscc: '91210204MA0XYZ12G5' },
    { name: '丙丁', organisationCode: 'MA0XYZ12G' },
    ['inner'],
  ],
  [
    'a code and one mistyped',
    { name: '甲乙', uscc: '91210204MA0XYZ12G5' },
    { name: '丙丁', rawCode: '91210204MA0XYZ12C5' },
    ['codeStart'],
  ],
])('rows find each other: %s', (_what, left, right, kinds) => {
  expect(shared(left, right)).toEqual(kinds)
})

test('keys are the same whatever rows came before, and none comes twice', () => {
  const fields = { ...person, ...address, formerName: '大连恒达商贸公司', phone: '13940001234' }
  const keys = keysOf(fields)
  expect(keysOf(fields, [{ ...base, name: '沈阳鑫源餐饮管理有限公司', legalRep: '李芳' }])).toEqual(keys)
  expect(new Set(keys).size).toBe(keys.length)
  expect(keys.every((key) => Number.isSafeInteger(key) && key > 0)).toBe(true)
})
