import { expect, test } from 'vitest'
import { childRange, countyOf, isCounty, isWithin, level, parentCode, prefixOf } from './region.ts'

test.each([
  ['000000000000', 'country', '', null, null],
  ['210000000000', 'province', '21', '000000000000', null],
  ['210200000000', 'city', '2102', '210000000000', null],
  ['210204000000', 'county', '210204', '210200000000', '210204000000'],
  ['210204001000', 'township', '210204001', '210204000000', '210204000000'],
  ['210204001002', 'village', '210204001002', '210204001000', '210204000000'],
  ['100000000000', 'province', '10', '000000000000', null],
  ['441900000000', 'city', '4419', '440000000000', '441900000000'],
  ['441900003000', 'township', '441900003', '441900000000', '441900000000'],
])('%s is a %s, prefix %j, parent %s, county %s', (code, itsLevel, prefix, parent, county) => {
  expect(level(code)).toBe(itsLevel)
  expect(prefixOf(code)).toBe(prefix)
  expect(parentCode(code)).toBe(parent)
  expect(countyOf(code)).toBe(county)
})

test('a county and a city without counties stand as counties, their townships and cities with counties do not', () => {
  expect(['210204000000', '441900000000', '210204001000', '210200000000'].map(isCounty)).toEqual([
    true,
    true,
    false,
    false,
  ])
})

test('a code lies within itself and its ancestors, never within a neighbour with the same first digits', () => {
  expect(isWithin('210204001000', '210204001000')).toBe(true)
  expect(isWithin('210204001000', '210200000000')).toBe(true)
  expect(isWithin('210204001000', '000000000000')).toBe(true)
  expect(isWithin('210204001000', '210203000000')).toBe(false)
  expect(isWithin('210200000000', '210204000000')).toBe(false)
})

test.each(['000000000000', '990000000000', '210900000000', '210204000000', '210204009000', '210204001999'])(
  'the range of %s holds exactly the codes within it',
  (code) => {
    const { from, to } = childRange(code)
    const codes = [
      '000000000000',
      '210204000000',
      '210204001000',
      '210204001999',
      '210204009000',
      '210204009001',
      '210204010000',
      '210205000000',
      '210900000000',
      '210901001001',
      '211000000000',
      '990000000000',
      '999999999999',
    ]
    expect(codes.filter((other) => other >= from && other < to)).toEqual(codes.filter((other) => isWithin(other, code)))
  },
)
