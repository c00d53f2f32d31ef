import { beforeEach, expect, test } from 'vitest'
import { newId } from '../base/ids.ts'
import { asOwner } from '../host/database.ts'
import { emptyDatabase, testDatabase } from '../host/testing.ts'
import type { UnitField } from './field-contract.ts'
import { holdsOn } from './survive.ts'
import { bringFile } from './testing.ts'
import { ledgerTables } from './units.ts'

let database: Awaited<ReturnType<typeof testDatabase>>

beforeEach(async () => {
  database = await testDatabase()
  await emptyDatabase(database)
})

/** A file of one row about one unit. */
const file = (unitId: string, asOf: string, fields: Partial<Record<UnitField, string>>) =>
  bringFile(database, 'tax', [{ unitId, fields }], asOf)

async function heldOn(unitId: string, day: string): Promise<string[]> {
  const rows = await asOwner(database, (tx) =>
    ledgerTables(tx)
      .selectFrom('fact')
      .selectAll()
      .where('unit_id', '=', unitId)
      .where('field', '=', 'staffCount')
      .execute(),
  )
  return rows
    .map((row) => ({ ...row, validFrom: row.valid_from, validTo: row.valid_to }))
    .filter((row) => holdsOn(row, day))
    .map((row) => row.value)
}

test('what a department has said twice holds again from the second day when something older comes in late', async () => {
  const id = newId()
  await file(id, '2026-01-01', { name: '甲公司', staffCount: '10' })
  await file(id, '2026-03-01', { staffCount: '10' })
  await file(id, '2026-02-01', { staffCount: '15' })
  expect(await heldOn(id, '2026-01-20')).toEqual(['10'])
  expect(await heldOn(id, '2026-02-20')).toEqual(['15'])
  expect(await heldOn(id, '2026-03-01')).toEqual(['10'])
  const unit = await asOwner(database, (tx) =>
    ledgerTables(tx).selectFrom('unit').select('staff_count').where('id', '=', id).executeTakeFirstOrThrow(),
  )
  expect(unit.staff_count).toBe(10)
})

test('a later file that left the field blank does not end what came in late', async () => {
  const id = newId()
  await file(id, '2026-01-01', { name: '甲公司', staffCount: '10' })
  await file(id, '2026-03-01', { name: '甲公司' })
  await file(id, '2026-02-01', { staffCount: '15' })
  expect(await heldOn(id, '2026-04-01')).toEqual(['15'])
})
