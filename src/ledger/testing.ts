import { sql } from 'kysely'
import { nameKey } from '../base/chinese.ts'
import { newId } from '../base/ids.ts'
import { today } from '../base/time.ts'
import type { Actor, JobKind, Scope } from '../host/context.ts'
import { type Database, scoped } from '../host/database.ts'
import { insertRows } from '../host/insert-rows.ts'
import { invoke } from '../host/pipeline.ts'
import type { Platform } from '../host/platform.ts'
import { actorLike, testPlatform } from '../host/testing-platform.ts'
import { applyChanges, type UnitChange } from './apply.ts'
import { ledgerContract, ledgerPermissions } from './contract.ts'
import type { Department, UnitField } from './field-contract.ts'
import { funnelContract } from './funnel-contract.ts'
import { importContract } from './import-contract.ts'
import type { RowOutcome } from './import-contract.ts'
import { finishUndo, ledger, ledgerChores, ledgerJobs } from './service.ts'
import { survivorshipContract } from './survivorship-contract.ts'

/** The county of the tests: 沙河口. */
export const testCounty = '210204000000'

/** Who may do everything in the tests' county. */
export const ledgerKeeper = actorLike(newId(), Object.keys(ledgerPermissions))

/** What linkage does at the end of undoing an import, where there is nothing to link. */
const unlinkJob: JobKind<{ id: string }> = {
  kind: 'linkage.unlink',
  run: (job) => job.transaction((ctx) => finishUndo(ctx, job.input.id, 0)),
}

/** A platform that has the ledger room alone. */
export function ledgerPlatform(): Promise<Platform> {
  return testPlatform({
    contracts: { ledger: { ...ledgerContract, ...importContract, ...funnelContract, ...survivorshipContract } },
    handlers: { ledger },
    jobKinds: [...ledgerJobs, unlinkJob],
    chores: ledgerChores,
    people: { authenticate: async () => null, actorOf: async () => ledgerKeeper, operator: async () => ledgerKeeper },
  })
}

/** Calls an operation of the ledger. */
export async function callLedger<T>(
  platform: Platform,
  name: string,
  input: unknown,
  actor: Actor = ledgerKeeper,
): Promise<T> {
  return (await invoke(platform, `ledger.${name}`, input, { actor })).output as T
}

/** A row of a file: the unit it was joined to (null for none), what became of it, what it says. */
export interface TestRow {
  unitId: string | null
  outcome?: RowOutcome
  fields?: Partial<Record<UnitField, string>>
}

/** Brings a file of a department into the ledger as a committed import leaves it. Resolves to the import's id. */
export async function bringFile(
  database: Database,
  department: Department,
  rows: readonly TestRow[],
  asOf: string = today(new Date()),
): Promise<string> {
  const [importId, now] = [newId(), new Date()]
  const scope: Scope = { counties: [testCounty], areas: '*' }
  const laid = rows.map((row, at) => ({
    county_code: testCounty,
    id: newId(now),
    import_id: importId,
    area_code: testCounty,
    sheet: '',
    row_number: at + 2,
    cells: [],
    fields: row.fields ?? {},
    digest: '',
    name_key: row.fields?.name ? nameKey(row.fields.name) : null,
    outcome: row.outcome ?? 'joined',
    problems: [],
    warnings: 0,
    unit_id: row.unitId,
  }))
  const changes = laid.flatMap((row): UnitChange[] =>
    row.unit_id === null
      ? []
      : [{ unitId: row.unit_id, create: false, department, validFrom: asOf, sourceRowId: row.id, values: row.fields }],
  )
  await scoped(database, scope, async (tx) => {
    await sql`
      insert into import (county_code, id, file_id, file_name, file_sm3, bytes, department, as_of, state, author, created_at)
      values (${testCounty}, ${importId}, ${newId()}, '表.csv', '', 1, ${department}, ${asOf}, 'committed', '甲', ${now})`.execute(
      tx,
    )
    await applyChanges(tx, testCounty, changes, { importId, recordedBy: '甲', now })
    await insertRows(tx, 'source_row', laid)
  })
  return importId
}
