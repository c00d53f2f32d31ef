import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { Texts } from './texts.ts'

test('every text has one number, and a number has its text', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 12 })), (list) => {
      const texts = new Texts()
      const numbers = list.map((text) => texts.add(text))
      expect(numbers.map((number) => texts.text(number))).toEqual(list)
      expect(new Set(numbers).size).toBe(new Set(list).size)
      expect(list.map((text) => texts.add(text))).toEqual(numbers)
    }),
  )
})

test('beginnings and ends are those of the texts', () => {
  const word = fc.string({ unit: fc.constantFrom('甲', '乙'), maxLength: 5 })
  fc.assert(
    fc.property(word, word, (whole, part) => {
      const texts = new Texts()
      const [a, b] = [texts.add(whole), texts.add(part)]
      expect(texts.startsWith(a, b)).toBe(whole.startsWith(part))
      expect(texts.endsWith(a, b)).toBe(whole.endsWith(part))
    }),
  )
})

test('the hash of a text does not depend on what came before it', () => {
  const [one, other] = [new Texts(), new Texts()]
  other.add('沈阳')
  const [a, b] = [one.add('大连恒达'), other.add('大连恒达')]
  expect([one.low(a), one.high(a)]).toEqual([other.low(b), other.high(b)])
})
