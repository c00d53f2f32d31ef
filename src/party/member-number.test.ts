import { expect, test } from 'vitest'
import { readPersonNumber } from './member-number.ts'

test.each([
  ['99010119800101009X', '99010119800101009X'],
  ['９９０１０１１９８００１０１００９ｘ', '99010119800101009X'],
  [' 990101 19800101 009X ', '99010119800101009X'],
  ["'99010119800101009X", '99010119800101009X'],
  ['99010119800101009X00', '99010119800101009X'],
  ['990101800101009', '99010119800101009X'],
  ['99010180010100900', '99010119800101009X'],
])('%s is the number of one person', (text, number) => {
  expect(readPersonNumber(text)).toMatchObject({ kind: 'number', number })
})

test.each([
  ['990101198001010011', '校验码不符'],
  ['9901011980010100', '不是身份证号'],
  ['990101198002300010', '校验码不符'],
  ['990101800230001', '出生日期不存在'],
  ['9.90101E+17', '末几位已丢失'],
  ['990101198001010000', '末几位已丢失'],
  ['张三', '位数不对'],
])('%s is refused and why is said without its digits', (text, rule) => {
  const read = readPersonNumber(text)
  expect(read).toMatchObject({ kind: 'wrong' })
  if (read.kind !== 'wrong') return
  expect(read.rule).toContain(rule)
  expect(read.rule + read.fix).not.toContain(text)
})

test('a blank cell is empty, not wrong', () => {
  expect(readPersonNumber('　 ')).toEqual({ kind: 'empty' })
})
