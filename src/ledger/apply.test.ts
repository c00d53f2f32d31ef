import {
  type Arbitrary,
  array,
  assert,
  asyncProperty,
  boolean,
  constant,
  constantFrom,
  integer,
  record,
} from 'fast-check'
import { sql } from 'kysely'
import { beforeAll, expect, test } from 'vitest'
import { newId } from '../base/ids.ts'
import { asOwner, scoped } from '../host/database.ts'
import { emptyDatabase, testDatabase } from '../host/testing.ts'
import { applyChanges, type UnitChange } from './apply.ts'
import type { Department } from './field-contract.ts'
import { holdsOn } from './survive.ts'
import { ledgerTables } from './units.ts'

const county = '210204000000'
const scope = { counties: [county], areas: '*' as const }
let database: Awaited<ReturnType<typeof testDatabase>>

beforeAll(async () => {
  database = await testDatabase()
  await emptyDatabase(database)
})

const departments: Department[] = ['marketRegulation', 'tax', 'townshipPark']
const day = (n: number) => `2026-01-${String(n).padStart(2, '0')}`
interface Said {
  department: Department
  on: number
  value: string | null
}
const saidOf = (value: Arbitrary<string | null>) =>
  array(record({ department: constantFrom(...departments), on: integer({ min: 1, max: 28 }), value }), {
    maxLength: 12,
  })

async function factsAfter(said: readonly Said[], together: boolean) {
  const id = newId()
  const change = (one: Said): UnitChange => ({
    unitId: id,
    create: false,
    department: one.department,
    validFrom: day(one.on),
    sourceRowId: null,
    values: { staffCount: one.value },
  })
  const first: UnitChange = {
    ...change({ department: 'other', on: 1, value: null }),
    create: true,
    values: { name: '甲公司' },
  }
  const changes = [first, ...said.map(change)]
  const by = { importId: null, recordedBy: '测试', now: new Date() }
  for (const list of together ? [changes] : changes.map((one) => [one])) {
    await scoped(database, scope, (tx) => applyChanges(tx, county, list, by))
  }
  const rows = await asOwner(database, (tx) =>
    ledgerTables(tx)
      .selectFrom('fact')
      .selectAll()
      .where('unit_id', '=', id)
      .where('field', '=', 'staffCount')
      .execute(),
  )
  return rows.map((row) => ({ ...row, validFrom: row.valid_from, validTo: row.valid_to }))
}

/** What a department said last of those things that count from the day or before. */
function naive(said: readonly Said[], department: Department, on: number): string | null {
  const past = said.filter((one) => one.department === department && one.on <= on)
  const newest = Math.max(...past.map((one) => one.on))
  return past.findLast((one) => one.on === newest)?.value ?? null
}

async function differences(said: readonly Said[], together: boolean): Promise<string[]> {
  const facts = await factsAfter(said, together)
  const found: string[] = []
  for (const department of departments) {
    for (let on = 1; on <= 28; on += 1) {
      const held = facts.filter((fact) => fact.department === department && holdsOn(fact, day(on)))
      const values = held.map((fact) => fact.value).join()
      const expected = naive(said, department, on) ?? ''
      if (values !== expected) found.push(`${department} ${day(on)}: ${values} for ${expected}`)
    }
  }
  return found
}

const runs = { numRuns: 40 }

test('values said in any order of days hold on each day as the last said for it', async () => {
  const property = asyncProperty(saidOf(constant('0')), boolean(), async (list, together) => {
    const numbered = list.map((one, at) => ({ ...one, value: String(at + 1) }))
    expect(await differences(numbered, together)).toEqual([])
  })
  await expect(assert(property, runs)).resolves.toBeUndefined()
})

test('values repeated, changed and ended in the order of their days hold on each day as the last said for it', async () => {
  const property = asyncProperty(saidOf(constantFrom('1', '2', null)), boolean(), async (list, together) => {
    expect(
      await differences(
        list.toSorted((a, b) => a.on - b.on),
        together,
      ),
    ).toEqual([])
  })
  await expect(assert(property, runs)).resolves.toBeUndefined()
})

test('no fact is left without its unit', async () => {
  await factsAfter([{ department: 'tax', on: 3, value: '7' }], true)
  const { rows } = await asOwner(database, (tx) =>
    sql<{ facts: number; lost: number }>`
      select count(*)::int as facts, (count(*) filter (where u.id is null))::int as lost
      from fact f left join unit u on u.county_code = f.county_code and u.id = f.unit_id`.execute(tx),
  )
  expect(rows[0]?.facts).toBeGreaterThan(0)
  expect(rows[0]?.lost).toBe(0)
})
