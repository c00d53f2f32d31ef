import { expect, test } from 'vitest'
import { featuresOf, type LinkFields } from './features.ts'
import { defaultModel, type Model } from './model.ts'
import { rowsOf } from './rows.ts'
import { contributions, oddsAmong, probabilityOf, weigh } from './score.ts'

const row = (fields: Partial<LinkFields> = {}) =>
  featuresOf({ department: 'tax', name: '大连恒达商贸有限公司', ...fields }, '210204')
const weight = (left: Partial<LinkFields>, right: Partial<LinkFields>, shares = {}) =>
  weigh(rowsOf([row(left), row(right)]), 0, [1], shares, defaultModel).weight
const bits = defaultModel.bits

test('a weight is the start and the bits of what was compared', () => {
  const { name, branch, region, person } = bits
  const names = defaultModel.start + name['same']! + branch['both']! + region['same']!
  expect(weight({}, {})).toBeCloseTo(names)
  expect(weight({ legalRep: '王建国' }, { legalRep: '王建国' })).toBeCloseTo(names + person['same']!)
  expect(weight({ legalRep: '王建国' }, { legalRep: '李芳' })).toBeCloseTo(names + person['other']!)
})

test('what many share speaks for less, an agency’s phone for nothing', () => {
  const phone = { phone: '13940001234' }
  const alone = weight(phone, phone)
  expect(weight(phone, phone, { phone: 4 })).toBeCloseTo(alone - 2)
  expect(weight(phone, phone, { phone: 40 })).toBeCloseTo(weight({}, {}))
  expect(weight({}, {}, { name: 1_000_000 })).toBeCloseTo(weight({}, {}) - bits.name['same']!)
})

test('of several rows of a unit each comparison takes what fits best', () => {
  const unit = [row({ legalRep: '李芳', phone: '13940001234' }), row({ legalRep: '王建国', phone: '13700001111' })]
  const all = rowsOf([row({ legalRep: '王建国', phone: '13940001234' }), ...unit])
  const { likeness } = weigh(all, 0, [1, 2], {}, defaultModel)
  expect(likeness).toMatchObject({ name: 'same', person: 'same', phone: 'same' })
})

test('the waterfall adds up to the weight', () => {
  const fields = { legalRep: '王建国', phone: '13940001234', address: '黄河路206号' }
  const shares = { person: 3, address: 5 }
  const pair = rowsOf([row(fields), row({ ...fields, name: '恒达商贸公司', phone: '13700001111' })])
  const weighed = weigh(pair, 0, [1], shares, defaultModel)
  const parts = contributions(weighed.likeness, shares, defaultModel)
  expect(parts.reduce((sum, part) => sum + part.bits, 0)).toBeCloseTo(weighed.weight)
  expect(parts.map((part) => part.title)).toContain('地址')
})

const model: Model = {
  ...defaultModel,
  calibration: [
    [-4, 0.1],
    [0, 0.5],
    [4, 0.9],
  ],
}
test.each([
  [-10, 0.1],
  [-2, 0.3],
  [0, 0.5],
  [3, 0.8],
  [9, 0.9],
])('a weight of %d is a probability of %d', (at, probability) => {
  expect(probabilityOf(at, model)).toBeCloseTo(probability)
})

test('a candidate alone keeps its weight; another as likely halves its chance', () => {
  expect(oddsAmong([6])(6)).toBeCloseTo(6)
  expect(oddsAmong([20, 20])(20)).toBeCloseTo(0)
  expect(oddsAmong([20, 10])(20)).toBeGreaterThan(9.9)
})
