import { expect, test } from 'vitest'
import type { Department, UnitField } from './field-contract.ts'
import { conflictsOf, type FactLike, monthsBefore, saySame, survivors, survivorshipDefaults } from './survive.ts'

const day = '2026-06-15'
const fact = (department: Department, value: string, validFrom = '2026-01-01', saidOn?: string): FactLike => ({
  field: 'staffCount',
  value,
  department,
  validFrom,
  validTo: null,
  ...(saidOn ? { saidOn } : {}),
})
const rules = (freshMonths: number | null, order = survivorshipDefaults.staffCount.order) => ({
  ...survivorshipDefaults,
  staffCount: { order, freshMonths },
})
const taken = (facts: FactLike[], using = rules(null)) =>
  survivors(facts, day, using)
    .get('staffCount')
    ?.map((one) => one.value)

test('the order of the departments decides, whatever the age of a value', () => {
  expect(taken([fact('tax', '7', '2026-06-01'), fact('townshipPark', '9', '2019-01-01')])).toEqual(['9', '7'])
})

test('another order takes another value', () => {
  const [office, township, ...rest] = survivorshipDefaults.staffCount.order
  const order = [office!, ...rest, township!]
  expect(taken([fact('tax', '7'), fact('townshipPark', '9')], rules(null, order))).toEqual(['7', '9'])
})

test('a value not said for too long gives way to a newer one of a lower department, and comes back when said again', () => {
  const old = (saidOn?: string) => fact('townshipPark', '9', '2024-01-01', saidOn)
  expect(taken([old(), fact('tax', '7', '2026-06-01')], rules(12))).toEqual(['7', '9'])
  expect(taken([old('2026-05-01'), fact('tax', '7', '2026-06-01')], rules(12))).toEqual(['9', '7'])
})

test('of values that are all too old the newest is taken', () => {
  expect(taken([fact('townshipPark', '9', '2020-01-01'), fact('tax', '7', '2021-01-01')], rules(12))).toEqual([
    '7',
    '9',
  ])
})

test('what our own staff ascertained stays first at any age', () => {
  expect(taken([fact('office', '5', '2015-01-01'), fact('tax', '7', '2026-06-01')], rules(12))).toEqual(['5', '7'])
})

test('every field has every department once, our own first', () => {
  for (const [field, { order, source }] of Object.entries(survivorshipDefaults)) {
    expect(new Set(order).size, field).toBe(10)
    expect(order[0], field).toBe('office')
    expect(source, field).not.toBe('')
  }
})

test.each([
  ['2026-06-15', 12, '2025-06-15'],
  ['2026-03-31', 1, '2026-02-28'],
  ['2026-01-31', 2, '2025-11-30'],
  ['2024-03-30', 1, '2024-02-29'],
  ['2026-02-10', 26, '2023-12-10'],
])('%s less %i months is %s', (from, months, expected) => {
  expect(monthsBefore(from, months)).toBe(expected)
})

test.each<[UnitField, string, string, boolean]>([
  ['name', '海风（大连）物流有限公司', '海风(大连)物流有限责任公司', true],
  ['name', '海风物流有限公司', '海风商贸有限公司', false],
  ['address', '辽宁省大连市沙河口区理工园21号', '沙河口区理工园21号', true],
  ['address', '沙河口区理工园21号1-2', '辽宁省大连市沙河口区理工园21号', false],
  ['address', '沙河口区理工园21号2305号房间', '沙河口区理工园21号', true],
  ['address', '理工园21号', '理工园22号', false],
  ['phone', '0411-84700000', '041184700000', true],
  ['taxPaid', '100', '100.00', true],
  ['staffCount', '10', '11', false],
])('%s: %s and %s say the same: %s', (field, left, right, expected) => {
  expect(saySame(field, left, right)).toBe(expected)
})

test('a field is in conflict when a value behind the one taken says something else', () => {
  const list = (...values: string[]) => values.map((value) => fact('tax', value))
  expect(conflictsOf(new Map([['staffCount', list('10', '10')]]))).toEqual([])
  expect(conflictsOf(new Map([['staffCount', list('10', '12')]]))).toEqual(['staffCount'])
  expect(conflictsOf(new Map([['remark', list('甲', '乙')]]))).toEqual([])
})
