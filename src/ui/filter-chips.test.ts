import { expect, test } from 'vitest'
import { activeChips } from './filter-chips.ts'
import type { FilterField } from './filters.tsx'

const fields: FilterField[] = [
  {
    kind: 'many',
    name: 'kinds',
    label: '单位类型',
    options: [
      { value: 'enterprise', label: '企业' },
      { value: 'other', label: '其他单位' },
    ],
  },
  { kind: 'range', name: 'staffMin', nameTo: 'staffMax', label: '从业人数' },
  { kind: 'flag', name: 'withoutCode', label: '没有信用代码' },
]
const words = (values: Record<string, unknown>) =>
  activeChips(fields, values, { name: 'text' }).map(({ label, text }) =>
    text === undefined ? label : `${label} ${text as string}`,
  )

test('there is a chip for each condition that is set, in words, and none for the others', () => {
  expect(words({ text: 'dlhl', kinds: ['other', 'enterprise'], withoutCode: true })).toEqual([
    '搜索 dlhl',
    '单位类型 其他单位、企业',
    '没有信用代码',
  ])
  expect(words({})).toEqual([])
})

test('a range is said by the ends it has, and zero is an end', () => {
  expect(words({ staffMin: 0 })).toEqual(['从业人数 0 起'])
  expect(words({ staffMax: 50 })).toEqual(['从业人数 至 50'])
  expect(words({ staffMin: 5, staffMax: 50 })).toEqual(['从业人数 5 – 50'])
})

test('taking a range away clears both of its ends', () => {
  expect(activeChips(fields, { staffMin: 5 })[0]?.without).toEqual({ staffMin: undefined, staffMax: undefined })
})
