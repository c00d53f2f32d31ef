import { expect, test } from 'vitest'
import { grouped, parseCount } from './number.ts'

test.each([
  ['30', 30, false],
  ['１２', 12, false],
  ['1,234', 1234, false],
  ['12人', 12, false],
  ['3.0', 3, false],
  ['0', 0, false],
  ['无', 0, false],
  ['三十', 30, false],
  ['十五', 15, false],
  ['一百二十', 120, false],
  ['两百零三', 203, false],
  ['一〇二', 102, false],
  ['1.2万', 12000, false],
  ['三万五千', 35000, false],
  ['约30人', 30, true],
  ['30余人', 30, true],
  ['30多', 30, true],
  ['三十余名', 30, true],
  ['近百人', 100, true],
  ['50人以上', 50, true],
  ['30+', 30, true],
  ['20-30', 25, true],
  ['20～31人', 26, true],
  ['20至30人左右', 25, true],
  ['12（含兼职3人）', 12, true],
])('%j is %d, approximate: %s', (text, value, approximate) => {
  expect(parseCount(text)).toEqual({ value, approximate })
})

test.each(['', '  ', '若干', '几十', '-3', '2.5', '12abc', '30-20', '2003-02-18', '13800138000'])(
  '%j is no count',
  (text) => {
    expect(parseCount(text)).toBeNull()
  },
)

test('thousands of a whole number are set apart, below a thousand nothing is', () => {
  expect([0, 999, 1000, 1234567, -1234].map(grouped)).toEqual(['0', '999', '1,000', '1,234,567', '-1,234'])
})
