import { assert, constantFrom, property, string } from 'fast-check'
import { expect, test } from 'vitest'
import { differences } from './differ.ts'

const marked = (pieces: { text: string; same: boolean }[]) =>
  pieces.map((piece) => (piece.same ? piece.text : `[${piece.text}]`)).join('')

test.each([
  ['大连海风物流有限公司', '大连海风物流有限公司', '大连海风物流有限公司', '大连海风物流有限公司'],
  ['大连海风物流有限公司', '大连海枫物流有限责任公司', '大连海[风]物流有限公司', '大连海[枫]物流有限[责任]公司'],
  ['海风物流', '大连海风物流', '海风物流', '[大连]海风物流'],
  ['张三', '', '[张三]', ''],
  ['𠮷野', '吉野', '[𠮷]野', '[吉]野'],
])('%s and %s are marked where they differ', (left, right, leftMarked, rightMarked) => {
  const found = differences(left, right)
  expect([marked(found.left), marked(found.right)]).toEqual([leftMarked, rightMarked])
})

test('no character is lost, and what is the same is the same on both sides', () => {
  const text = string({ unit: constantFrom('海', '风', '物', '流', '（', '1'), maxLength: 12 })
  assert(
    property(text, text, (left, right) => {
      const found = differences(left, right)
      const joined = (pieces: { text: string; same: boolean }[], all: boolean) =>
        pieces
          .filter((piece) => all || piece.same)
          .map((piece) => piece.text)
          .join('')
      expect([joined(found.left, true), joined(found.right, true)]).toEqual([left, right])
      expect(joined(found.left, false)).toBe(joined(found.right, false))
    }),
  )
})
