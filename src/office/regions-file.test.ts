import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { isCounty, level, parentCode } from '../base/region.ts'

const packed = readFileSync(new URL('./regions.tsv.gz', import.meta.url))
const rows = gunzipSync(packed)
  .toString('utf8')
  .split('\n')
  .filter((line) => line && !line.startsWith('#'))
  .map((line) => line.split('\t'))
const codes = rows.map((row) => row[0]!)

test('the shipped regions are sorted, each code once, each with a name, and every parent is there', () => {
  expect(codes).toEqual([...new Set(codes)].toSorted())
  const known = new Set(codes)
  expect(rows.filter((row) => row.length !== 3 || !row[1])).toEqual([])
  expect(codes.filter((code) => parentCode(code) !== null && !known.has(parentCode(code)!))).toEqual([])
})

test('the shipped regions reach from the country down to the townships of all provinces', () => {
  const counts = Object.groupBy(codes, level)
  expect(counts.country).toEqual(['000000000000'])
  expect(counts.province).toHaveLength(34)
  expect(counts.county!.length).toBeGreaterThan(2_900)
  expect(counts.township!.length).toBeGreaterThan(41_000)
})

test('every township lies in something that stands as a county', () => {
  const townships = codes.filter((code) => level(code) === 'township')
  expect(townships.filter((code) => !isCounty(parentCode(code)!))).toEqual([])
})

test('levels that exist for the code only are marked, and nothing else is', () => {
  expect(new Set(rows.filter((row) => row[2] === '-').map((row) => row[1]))).toEqual(
    new Set(['市辖区', '县', '省直辖县级行政区划', '自治区直辖县级行政区划']),
  )
})
