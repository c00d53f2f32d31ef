import { array, assert, constantFrom, property, record, tuple } from 'fast-check'
import { expect, test } from 'vitest'
import { type PersonRow, versionsOf } from './member-derive.ts'

const row = (asOf: string, order: number, content: string): PersonRow<string> => ({
  rowId: `${asOf}/${order}`,
  importId: `import ${order}`,
  asOf,
  order,
  content,
})
const same = (a: string, b: string) => a === b
const said = (rows: PersonRow<string>[], ends: { asOf: string; order: number }[] = []) =>
  versionsOf(rows, ends, same).map(({ row: { content }, from, to }) => [content, from, to])

test('a row that says nothing new prolongs, one that differs ends', () => {
  expect(said([row('2026-01-01', 1, 'a'), row('2026-02-01', 2, 'a'), row('2026-03-01', 3, 'b')])).toEqual([
    ['a', '2026-01-01', '2026-03-01'],
    ['b', '2026-03-01', null],
  ])
})

test('of two about one day the later told counts', () => {
  expect(said([row('2026-01-01', 2, 'b'), row('2026-01-01', 1, 'a')])).toEqual([['b', '2026-01-01', null]])
})

test('an older roster that comes later goes before', () => {
  expect(said([row('2026-02-01', 1, 'b'), row('2026-01-01', 2, 'a')])).toEqual([
    ['a', '2026-01-01', '2026-02-01'],
    ['b', '2026-02-01', null],
  ])
})

test('who is not in a roster of everybody has left, until named again', () => {
  const rows = [row('2026-01-01', 1, 'a'), row('2026-03-01', 3, 'a')]
  expect(said(rows, [{ asOf: '2026-02-01', order: 2 }])).toEqual([
    ['a', '2026-01-01', '2026-02-01'],
    ['a', '2026-03-01', null],
  ])
})

const days = ['2026-01-01', '2026-01-02', '2026-01-03', '2026-01-04']
const histories = record({
  rows: array(tuple(constantFrom(...days), constantFrom('a', 'b')), { maxLength: 8 }),
  ends: array(constantFrom(...days), { maxLength: 3 }),
})

test('versions never overlap, none is empty, no neighbours say the same, and the order of reading does not matter', () => {
  assert(
    property(histories, ({ rows, ends }) => {
      const told = rows.map(([day, content], at) => row(day, at, content))
      const ended = ends.map((asOf, at) => ({ asOf, order: 100 + at }))
      const versions = versionsOf(told, ended, same)
      versions.forEach((version, at) => {
        const next = versions[at + 1]
        expect(version.to === null || version.from < version.to).toBe(true)
        if (!next) return
        expect(version.to !== null && version.to <= next.from).toBe(true)
        expect(version.to === next.from && version.row.content === next.row.content).toBe(false)
      })
      const again = versionsOf(told.toReversed(), ended.toReversed(), same)
      expect(again.map(({ from, to, row: { content } }) => [from, to, content])).toEqual(
        versions.map(({ from, to, row: { content } }) => [from, to, content]),
      )
    }),
    { numRuns: 200 },
  )
})
