import { expect, test } from 'vitest'
import { isId, newId } from './ids.ts'

test('an id is a lower-case UUIDv7 that begins with its millisecond', () => {
  const id = newId(new Date(0x0190_1234_5678))
  expect(id).toMatch(/^01901234-5678-7/)
  expect(isId(id)).toBe(true)
})

test('ids of one millisecond are all different and sort in the order they were made', () => {
  const now = new Date(1_700_000_000_000)
  const ids = Array.from({ length: 20_000 }, () => newId(now))
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.toSorted()).toEqual(ids)
})

test('a clock set back and forth still gives different ids, and a later millisecond sorts later', () => {
  const early = new Date(1_700_000_000_000)
  const late = new Date(1_700_000_000_001)
  const ids = [newId(early), newId(late), newId(early), newId(late)]
  expect(new Set(ids).size).toBe(4)
  expect(ids[0]! < ids[1]! && ids[2]! < ids[3]! && ids[2]! < ids[1]!).toBe(true)
})

test.each([
  '',
  'x',
  '00000000-0000-4000-8000-000000000000',
  '01901234-5678-7000-c000-000000000000',
  '01901234-5678-7ABC-8000-000000000000',
  ' 01901234-5678-7000-8000-000000000000',
])('%j is not an id', (text) => {
  expect(isId(text)).toBe(false)
})
