import { expect, test } from 'vitest'
import { change, listSearch, percent, readListOf } from './words.ts'

test('what is not all is never shown as all, and what is not nothing never as nothing', () => {
  expect(percent(1)).toBe('100.0 %')
  expect(percent(1999 / 2000)).toBe('99.9 %')
  expect(percent(1 / 100_000)).toBe('0.1 %')
  expect(percent(0)).toBe('0.0 %')
  expect(percent(249 / 250)).toBe('99.6 %')
  expect(percent(null)).toBe('—')
})

test('a change is told with its sign', () => {
  expect([change(5, 5), change(1250, 50), change(2, 5)]).toEqual(['持平', '+1,200', '−3'])
})

test('the name of a list survives the address', () => {
  const place = { region: '210204000000', asOf: '2026-10-31' }
  const ratio = { ratio: 'orgCoverage', part: 'gap' } as const
  expect(listSearch(ratio, place)).toEqual({ ...place, of: 'ratio.orgCoverage.gap' })
  expect(readListOf('ratio.orgCoverage.gap')).toEqual(ratio)
  expect(readListOf('figure.units')).toEqual({ figure: 'units' })
  expect(listSearch({ condition: { and: [] } }, {})).toEqual({ condition: { and: [] } })
  for (const wrong of ['', 'units', 'ratio.orgCoverage', 'ratio.orgCoverage.all', 'list.units']) {
    expect(readListOf(wrong)).toBeUndefined()
  }
})
