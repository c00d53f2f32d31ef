import { expect, test } from 'vitest'
import { type LaidUnit, schemeLayout } from './plan-layout.ts'

const unit = (id: string, more: Partial<LaidUnit> = {}): LaidUnit => ({
  id,
  x: 0,
  y: 0,
  accuracy: 'none',
  street: null,
  road: '长桥路',
  number: 1,
  ...more,
})

test('units of unknown place never lie on one another, and a road stands together in the order of its numbers', () => {
  const road = [5, 3, 9].map((number) => unit(`n${number}`, { number }))
  const other = Array.from({ length: 40 }, (_, at) => unit(`m${at}`, { road: '短桥路', number: at }))
  const { places, labels, share } = schemeLayout([...road, ...other])
  expect(share).toBe('all')
  expect(new Set([...places.values()].map(({ x, y }) => `${x} ${y}`)).size).toBe(43)
  expect(labels.map((one) => one.text)).toEqual(['短桥路', '长桥路'])
  const read = ['n3', 'n5', 'n9'].map((id) => places.get(id)!)
  const order = read.toSorted((a, b) => b.y - a.y || a.x - b.x)
  expect(order).toEqual(read)
})

test('where some places are known the unknown ones stand beside them, and the known ones stay', () => {
  const known = [unit('a', { accuracy: 'exact', x: 10 }), unit('b', { accuracy: 'road', x: 4000, y: 300 })]
  const { places, share } = schemeLayout([...known, unit('c'), unit('d', { road: null, street: '东街道' })])
  expect(share).toBe('some')
  expect(places.has('a')).toBe(false)
  expect(places.get('c')!.x).toBeGreaterThan(4000)
  expect(places.get('d')!.x).toBeGreaterThan(4000)
})
