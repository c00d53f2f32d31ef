import { expect, test } from 'vitest'
import { assignUnits, type Cluster, partsOf } from './assign.ts'

const cluster = (units: (string | null)[], more: Partial<Cluster> = {}): Cluster => ({
  rows: units.map((unitId, at) => ({ id: `row ${at}`, unitId })),
  code: null,
  must: null,
  ...more,
})
const nobody = () => undefined

test('a cluster keeps the unit that most of its rows are in, the oldest of several', () => {
  expect(assignUnits([cluster(['b', 'a', 'b'])], nobody)).toEqual(['b'])
  expect(assignUnits([cluster(['b', 'a'])], nobody)).toEqual(['a'])
})

test('a unit that splits keeps its id with the part that carries its code', () => {
  const rows = [cluster(['a', 'a', 'a']), cluster(['a'], { code: '91350100M000100Y43' })]
  expect(assignUnits(rows, (code) => (code === '91350100M000100Y43' ? 'a' : undefined))).toEqual([null, 'a'])
})

test('what people said goes before the code', () => {
  expect(assignUnits([cluster(['a'], { code: 'code', must: 'b' })], () => 'a')).toEqual(['b'])
})

test('a cluster of rows that waited is a new unit, and no unit is given twice', () => {
  expect(assignUnits([cluster([null]), cluster(['a']), cluster(['a'])], nobody)).toEqual([null, 'a', null])
})

test('changes that touch a common unit are of one part, others are not', () => {
  const parts = partsOf([
    { from: 'a', to: 'b' },
    { from: 'c', to: 'd' },
    { from: 'b', to: 'e' },
    { from: null, to: 'd' },
    { from: 'f', to: null },
  ])
  expect(parts[0]).toBe(parts[2])
  expect(parts[1]).toBe(parts[3])
  expect(new Set(parts).size).toBe(3)
})
