import {
  type Arbitrary,
  array,
  assert,
  boolean,
  constantFrom,
  letrec,
  nat,
  oneof,
  property,
  record,
  sample,
  tuple,
} from 'fast-check'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { asOwner } from '../host/database.ts'
import { testDatabase } from '../host/testing.ts'
import { type Column, type Condition, columns, condition, coverageStates } from './condition-contract.ts'
import { conditionSql } from './condition-sql.ts'
import { amount, fulfils, type Values } from './condition.ts'
import { builtInRatios, figures, officeSlotsFrom } from './definitions.ts'

const names = Object.keys(columns) as Column[]
const ofType = (type: string) => names.filter((name) => columns[name].type === type)
const valueOf = (name: Column): Arbitrary<Values[Column]> => {
  const { type } = columns[name]
  if (type === 'yesNo') return constantFrom(true, false, null)
  if (type === 'count') return constantFrom(0, 1, 2, 3, 7, 50, null)
  if (type === 'code') return constantFrom('C1310', 'F5111', 'A', null)
  return constantFrom(...Object.keys((columns[name] as { choices: object }).choices), null)
}
const anyValues = record(Object.fromEntries(names.map((name) => [name, valueOf(name)]))) as Arbitrary<Values>

const leaf: Arbitrary<Condition> = oneof(
  constantFrom(...Object.keys(coverageStates)).map((state) => ({ column: 'state' as const, in: [state, 'none'] })),
  record({ column: constantFrom(...ofType('yesNo')), is: boolean() }) as Arbitrary<Condition>,
  record({
    column: constantFrom(...ofType('count')),
    atLeast: nat(8),
    atMost: nat(60),
  }) as Arbitrary<Condition>,
  record({ column: constantFrom(...ofType('count')), atLeast: nat(8) }) as Arbitrary<Condition>,
  record({
    column: constantFrom(...ofType('code')),
    startsWith: constantFrom(['C'], ['F51', 'A']),
  }) as Arbitrary<Condition>,
  record({ column: constantFrom(...names), known: boolean() }),
)
const { anyCondition } = letrec<{ anyCondition: Condition }>((tie) => ({
  anyCondition: oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaf,
    array(tie('anyCondition'), { maxLength: 3 }).map((and) => ({ and })),
    array(tie('anyCondition'), { maxLength: 3 }).map((or) => ({ or })),
    tie('anyCondition').map((not) => ({ not })),
  ),
}))

test('a condition says the same in the program and in the database, of any values', async () => {
  const database = await testDatabase()
  const pairs = sample(tuple(anyCondition, anyValues), 300)
  await asOwner(database, async (tx) => {
    for (const [one, values] of pairs) {
      const row = JSON.stringify([values])
      const { rows } = await sql<{ said: boolean }>`
        select ${conditionSql(one)} as said from jsonb_populate_recordset(null::unit_state, ${row}::jsonb)`.execute(tx)
      expect(rows[0]!.said, JSON.stringify([one, values])).toBe(fulfils(one, values))
    }
  })
})

test('every condition that can be built is accepted, and one that names what is not there is refused', () => {
  assert(
    property(anyCondition, (one) => {
      expect(condition.safeParse(one).error).toBeUndefined()
    }),
  )
  const wrong = [
    { column: 'state', in: ['built'] },
    { column: 'password', is: true },
    { column: 'staff', is: true },
    { column: 'staff' },
    { and: [{ column: 'staff', atLeast: -1 }] },
    'true',
    Array.from({ length: 9 }).reduce<unknown>((inner) => ({ not: inner }), { and: [] }),
  ]
  for (const one of wrong) expect(condition.safeParse(one).success, JSON.stringify(one)).toBe(false)
})

test('no place in the sums is given twice, and what the office defines comes after all that is built in', () => {
  const slots = [
    ...figures.map((one) => one.measure.slot),
    ...builtInRatios.flatMap((one) => [one.numeratorMeasure.slot, one.denominatorMeasure.slot]),
  ]
  expect(new Set(slots).size).toBe(slots.length)
  expect(Math.max(...slots)).toBeLessThan(officeSlotsFrom)
})

test('no built-in numerator is ever greater than its denominator', () => {
  const counted = builtInRatios.filter((one) => one.counting.by === 'units')
  assert(
    property(anyValues, (values) => {
      for (const one of counted) {
        expect(amount(one.numeratorMeasure, values)).toBeLessThanOrEqual(amount(one.denominatorMeasure, values))
      }
    }),
  )
})
