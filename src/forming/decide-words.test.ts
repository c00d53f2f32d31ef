import { expect, test } from 'vitest'
import { builtInDecisions } from './decide.ts'
import { conditionText, rowText } from './decide-words.ts'

test('every condition of the built-in table reads as a sentence a clerk would say', () => {
  const said = Object.fromEntries(builtInDecisions.map((row) => [row.code, rowText(row)]))
  expect(said.branch).toBe('正式党员 3 至 6 名，已有党组织：无')
  expect(said.committee).toBe('正式党员 100 名以上，已有党组织：无、联合（含统建、挂靠）、单独党支部、党总支')
  expect(said.instructor).toBe('正式党员 0 名，（从业人员 50 人以上 或 注册资本 1000 万元以上）')
  expect(said.industry).toBe('正式党员 1 至 2 名，有行业党组织')
  expect(said.fallback).toBe('其余单位')
})

test('an upper bound alone, and the want of something, are said too', () => {
  expect(conditionText({ fact: 'staff', max: 20 })).toBe('从业人员 不超过 20 人')
  expect(conditionText({ fact: 'hostReady', is: false })).toBe('没有可挂靠的党组织')
})
