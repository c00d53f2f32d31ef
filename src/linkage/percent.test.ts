import { expect, test } from 'vitest'
import { percentText } from './percent.ts'

test.each([
  [0, '0.0%'],
  [0.0004, '< 0.1%'],
  [0.005, '0.5%'],
  [0.42, '42%'],
  [0.995, '99.5%'],
  [0.9999, '> 99.9%'],
  [1, '100.0%'],
])('%d reads %s: what is not certain is never rounded to it', (share, text) => {
  expect(percentText(share)).toBe(text)
})
