import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { compareRows, type Likeness } from './compare.ts'
import { featuresOf, type LinkFields } from './features.ts'
import { rowsOf } from './rows.ts'

const compare = (left: ReturnType<typeof row>, right: ReturnType<typeof row>) =>
  compareRows(rowsOf([left, right]), 0, 1)
const row = (fields: Partial<LinkFields>) =>
  featuresOf({ department: 'tax', name: '大连恒达商贸有限公司', ...fields }, '210204')

test.each<[string, string, Partial<Likeness>]>([
  ['大连恒达商贸有限公司', '大连恒达商贸有限责任公司', { name: 'same', branch: 'both', region: 'same' }],
  ['大连恒达商贸有限公司', '恒达商贸', { name: 'core', region: 'missing' }],
  ['大连恒达商贸有限公司', '沈阳恒达商贸有限公司', { name: 'core', region: 'other' }],
  ['大连恒达商贸有限公司', '大连恒大商贸有限公司', { name: 'sound' }],
  ['大连恒达兴业商贸有限公司', '大连恒达兴亚商贸有限公司', { name: 'typo' }],
  ['大连恒达兴业商贸有限公司', '恒达兴业', { name: 'part' }],
  ['大连恒达商贸有限公司', '大连达恒商贸有限公司', { name: 'near' }],
  ['大连恒达商贸有限公司', '大连恒达建筑工程有限公司', { name: 'brand' }],
  ['大连恒达商贸有限公司', '大连鑫源商贸有限公司', { name: 'trade' }],
  ['大连恒达商贸有限公司', '大连海之韵餐饮服务中心', { name: 'other' }],
  // As long as each other: a sound of one beginning may come later in the other, but not the other way round.
  ['大连佳骋会计师事务所有限公司', '大连圆慧会计师事务所有限公司', { name: 'trade' }],
  // A branch is not its parent, nor another branch.
  ['大连恒达商贸有限公司', '大连恒达商贸有限公司黄河路店', { name: 'kin', branch: 'one' }],
  ['大连恒达商贸有限公司黄河路店', '大连恒达商贸有限公司西安路店', { name: 'kin', branch: 'other' }],
  ['大连恒达商贸有限公司一店', '大连恒达商贸有限公司二店', { name: 'kin', branch: 'other' }],
  ['大连恒达商贸有限公司黄河路店', '恒达商贸公司黄河路分店', { name: 'core', branch: 'near' }],
  ['大连恒达商贸有限公司黄河路店', '大连恒达商贸有限公司黄河路店', { name: 'same', branch: 'same' }],
])('%s and %s: %o', (left, right, expected) => {
  expect(compare(row({ name: left }), row({ name: right }))).toMatchObject(expected)
  expect(compare(row({ name: right }), row({ name: left }))).toMatchObject(expected)
})

test('a former name counts as much as the name', () => {
  const renamed = row({ name: '大连鑫源商贸有限公司', formerName: '大连恒达商贸有限公司' })
  expect(compare(row({}), renamed).name).toBe('same')
})

const valid = '91210204MA0XYZ12G5'
test.each<[string, Partial<LinkFields>, Partial<LinkFields>, Partial<Likeness>]>([
  ['nothing said', {}, { legalRep: '王建国', phone: '13940001234', address: '黄河路206号' }, {}],
  ['one person', { legalRep: '王建国' }, { legalRep: '王建國' }, { person: 'same' }],
  ['a sign of the person wrong', { legalRep: '王建国' }, { legalRep: '王建过' }, { person: 'near' }],
  ['another person', { legalRep: '王建国' }, { legalRep: '李芳' }, { person: 'other' }],
  ['one phone', { phone: '139-4000-1234' }, { phone: '+8613940001234' }, { phone: 'same' }],
  ['one address', { address: '大连市沙河口区黄河路206号' }, { address: '黄河路二〇六号' }, { address: 'same' }],
  ['part of it', { address: '黄河路206号' }, { address: '沙河口区黄河路206号3楼' }, { address: 'part' }],
  ['one house', { address: '黄河路206号1单元甲' }, { address: '黄河路206号9层' }, { address: 'house' }],
  ['one road', { address: '黄河路206号' }, { address: '黄河路18号' }, { address: 'road' }],
  ['another road', { address: '黄河路206号' }, { address: '西南路10号' }, { address: 'other' }],
  ['a day', { foundedOn: '2012-03-05' }, { foundedOn: '2012-03-05' }, { founded: 'same' }],
  ['a sign of the code wrong', { uscc: valid }, { rawCode: '91210204MA0XYZ12C5' }, { code: 'near' }],
  ['another code', { uscc: valid }, { rawCode: '91210204MA0ABC97G5' }, { code: 'other' }],
  ['its inner code', { uscc: valid }, { organisationCode: 'MA0XYZ12G' }, { code: 'inner' }],
  ['an old number', { registrationNumber: '1' }, { registrationNumber: '1' }, { code: 'registration' }],
])('%s', (_what, left, right, expected) => {
  const name = { name: 'same', branch: 'both', region: 'same' }
  expect(compare(row(left), row(right))).toEqual({ ...name, ...expected })
  expect(compare(row(right), row(left))).toEqual({ ...name, ...expected })
})

const word = (minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom('甲', '乙', '丙', '国', '过'), minLength, maxLength })
const slips: ((text: string, at: number) => string)[] = [
  (text, at) => `${text.slice(0, at)}丁${text.slice(at + 1)}`,
  (text, at) => `${text.slice(0, at)}丁${text.slice(at)}`,
  (text, at) => text.slice(0, at) + text.slice(at + 1),
  (text, at) =>
    text.slice(0, at) +
    text
      .slice(at, at + 2)
      .split('')
      .toReversed()
      .join('') +
    text.slice(at + 2),
]

test('a slip is found wherever it is, and so is a part: values that differ at both ends are not looked at', () => {
  fc.assert(
    fc.property(word(9, 12), word(3, 4), word(18, 18), fc.nat(), fc.constantFrom(...slips), (...said) => {
      const [address, person, code, place, slip] = said
      const slipped = (text: string) => slip(text, place % text.length)
      const one = { ...row({}), address, person, code }
      const other = { ...row({}), address: slipped(address), person: slipped(person), rawCode: slipped(code) }
      const found = compare(one, other)
      expect(['same', 'part']).toContain(found.address)
      expect(['same', 'near']).toContain(found.person)
      expect(found.code).toBe('near')
      const part = { ...row({}), address: address.slice(place % 5) }
      expect(['same', 'part']).toContain(compare(one, part).address)
    }),
  )
})
