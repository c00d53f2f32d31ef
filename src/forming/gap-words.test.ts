import { expect, test } from 'vitest'
import { gapWords } from './gap-words.ts'

test.each([
  [null, '未算'],
  [{ percent: 0 }, '已证明最优'],
  [{ percent: 0.004 }, '≤ 0.01 %'],
  [{ percent: 0.31 }, '≤ 0.31 %'],
  [{ percent: 1.0201 }, '≤ 1.03 %'],
])('a gap of %j is told as %s, never as less than was proved', (bound, words) => {
  expect(gapWords(bound)).toBe(words)
})
