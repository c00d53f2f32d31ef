import { expect, test } from 'vitest'
import { fullCode, readRegionLines, readShippedRegions, regionRows } from './region-rows.ts'

const row = (row: number, ...cells: (string | null)[]) => ({ row, cells })

test('a code of 2, 4, 6, 9 or 12 digits is made whole, and nothing else is a code', () => {
  expect(['21', '2102', '210204', '210204001', '２１０２０４００１００１', ' 210204 '].map(fullCode)).toEqual([
    '210000000000',
    '210200000000',
    '210204000000',
    '210204001000',
    '210204001001',
    '210204000000',
  ])
  expect(['', '2', '210', '21020', '2102040010012', 'abc'].map(fullCode)).toEqual([null, null, null, null, null, null])
})

test('a header row is passed over, a first row with a code is not', () => {
  expect(readRegionLines([row(1, '代码', '名称'), row(2, '21', '辽宁省')]).map((line) => line.name)).toEqual(['辽宁省'])
  expect(readRegionLines([row(1, '21', '辽宁省'), row(2, '2102', '大连市')]).length).toBe(2)
})

test('every wrong row is named with what is wrong', () => {
  const rows = [
    row(2, '2102', '大连市', '去年'),
    row(3, '210204', ''),
    row(4, '210202', '中山区', null, '210204'),
    row(5, '210203', '西岗区', '2024', '210203'),
    row(6, '21', '辽宁省'),
    row(7, '21', '辽宁省'),
  ]
  expect(() => readRegionLines(rows)).toThrow(
    expect.objectContaining({
      code: 'invalid',
      fields: [2, 3, 4, 5, 7].map((at) => expect.objectContaining({ path: `第 ${at} 行` })),
    }),
  )
})

test('levels that exist for the code only are left out of full names and cannot be chosen', () => {
  const lines = [
    ['000000000000', '全国'],
    ['110000000000', '北京市'],
    ['110100000000', '市辖区'],
    ['110101000000', '东城区'],
  ].map(([code, name]) => ({ code: code!, name: name!, yearTo: null, successorCode: null }))
  const rows = regionRows(lines.toReversed(), new Map(), 2023)
  expect(rows.map((one) => [one.full_name, one.selectable, one.level, one.initials])).toEqual([
    ['全国', true, 'country', 'qg'],
    ['北京市', true, 'province', 'bjs'],
    ['北京市', false, 'city', 'sxq'],
    ['北京市东城区', true, 'county', 'dcq'],
  ])
})

test('the year of the shipped list is read from its head', () => {
  const { lines, year } = readShippedRegions('# something\n# year: 2023\n21\t辽宁省\t\n')
  expect([year, lines.length]).toEqual([2023, 1])
  expect(() => readShippedRegions('21\t辽宁省\t\n')).toThrow('does not say its year')
})
