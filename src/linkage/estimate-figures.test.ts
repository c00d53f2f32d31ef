import { expect, test } from 'vitest'
import { type Figures, figuresOf, type Tried, withLimits } from './estimate-figures.ts'
import { defaultModel, type Model } from './model.ts'

// Bits are hundredths of a probability: a weight of 95 is shown as 95 %.
const model: Model = {
  ...defaultModel,
  calibration: [
    [0, 0],
    [100, 1],
  ],
  join: 0.915,
  review: 0.05,
}

const row = (weight: number, more: Partial<Tried> = {}): Tried => ({
  weight,
  lead: 10,
  right: true,
  isKnown: true,
  counts: 1,
  ...more,
})
const many = (n: number, one: Tried) => Array.from({ length: n }, () => one)

test.each<[Tried, Partial<Figures>, string]>([
  [row(95), { right: 1 }, 'joins its unit'],
  [row(95, { right: false }), { wrong: 1 }, 'joins another'],
  [row(95, { lead: 2 }), { asked: 1 }, 'two are nearly as likely'],
  [row(60), { asked: 1 }, 'is not sure enough'],
  [row(3), { missed: 1 }, 'stands apart from its unit'],
  [row(3, { isKnown: false, right: false }), {}, 'is rightly new'],
])('a row %o counts as %o: it %s', (one, counted) => {
  expect(figuresOf([one], model)).toEqual({ right: 0, wrong: 0, asked: 0, missed: 0, ...counted })
})

test('limits that the rows bear out stay', () => {
  const tried = [...many(1000, row(99)), row(92, { right: false })]
  expect(withLimits(tried, model)).toMatchObject({ join: 0.915, review: 0.05 })
})

test('a county whose likely rows are often wrong joins only from a higher probability on', () => {
  const tried = [...many(1000, row(99)), ...many(20, row(94, { right: false }))]
  expect(withLimits(tried, model).join).toBe(0.95)
})

test('where no limit keeps wrong links few the strictest is taken', () => {
  const tried = [...many(100, row(100)), ...many(50, row(100, { right: false }))]
  expect(withLimits(tried, model).join).toBe(0.999)
})

test('a county that loses rows below the limit shows more of them to people', () => {
  const tried = [...many(1000, row(99)), ...many(20, row(3))]
  expect(withLimits(tried, model).review).toBe(0.02)
})
