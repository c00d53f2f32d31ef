import { sql } from 'kysely'
import type { Context, JobKind } from '../host/context.ts'
import { takeBack } from './apply.ts'
import { findImport, setImport } from './imports.ts'
import { saidByOthers } from './said.ts'
import type { RowOutcome } from './import-contract.ts'
import { countTurns } from './source-rows.ts'
import { ledgerTables } from './units.ts'

const batchUnits = 300

/**
 * Undoes an import a few hundred units at a time: killed in between, it goes on where it was. What other rows owe to it is
 * settled by the linkage room, which takes the job up by its name and then calls `finishUndo`.
 */
export const undoJob: JobKind<{ id: string }> = {
  kind: 'ledger.undo',
  async run(job) {
    const { id } = job.input
    const total = await job.transaction((ctx) => linkedUnits(ctx, id))
    while (await job.transaction((ctx) => handOver(ctx, id))) job.signal.throwIfAborted()
    let removed = 0
    for (let done = 0; ; done += batchUnits) {
      job.signal.throwIfAborted()
      const step = await job.transaction((ctx) => undoBatch(ctx, id))
      if (step === null) break
      removed += step
      await job.progress(Math.min(done + batchUnits, total), total, '正在恢复导入之前的值')
    }
    return { removed }
  },
}

async function linkedUnits(ctx: Context, id: string): Promise<number> {
  const found = await findImport(ctx, id)
  const { n } = await ledgerTables(ctx.tx)
    .selectFrom('source_row')
    .select((eb) => eb.fn.count<number>('unit_id').distinct().as('n'))
    .where('county_code', '=', found.county_code)
    .where('import_id', '=', id)
    .executeTakeFirstOrThrow()
  return n
}

const batchRows = 1000

/** Where a row stands: what two rows exchange that say the same word for word. */
interface Place {
  id: string
  import_id: string
  sheet: string
  row_number: number
  cells: unknown
  problems: unknown
  warnings: number
  outcome: RowOutcome
}

/**
 * Rows that a standing import, or one that is just coming in, repeats word for word go over to it, and the repeat takes their
 * place in the import that is undone: links, decisions and keys of a row stay what they are as long as anybody says it. False
 * when none was left.
 */
async function handOver(ctx: Context, id: string): Promise<boolean> {
  const { county_code: county } = await findImport(ctx, id)
  const { rows } = await sql<{ speaks: Place; repeats: Place }>`
    select to_jsonb(r) as speaks, to_jsonb(t) as repeats from (
      select distinct on (r.digest) r.id as speaks, t.id as repeats from source_row r
      join source_row t on t.county_code = r.county_code and t.digest = r.digest and t.outcome = 'repeated'
      join import i on i.county_code = t.county_code and i.id = t.import_id and i.state in ('committed', 'committing')
      where r.county_code = ${county} and r.import_id = ${id} and r.outcome in ('joined', 'created', 'queued')
      order by r.digest, t.id limit ${batchRows}
    ) pair
    join source_row r on r.county_code = ${county} and r.id = pair.speaks
    join source_row t on t.county_code = ${county} and t.id = pair.repeats`.execute(ctx.tx)
  if (rows.length === 0) return false
  // No two rows may be in one place at any moment: the repeats step aside first.
  await place(
    ctx,
    county,
    rows.map(({ repeats }) => ({ ...repeats, row_number: -repeats.row_number })),
  )
  await place(
    ctx,
    county,
    rows.map(({ speaks, repeats }) => ({ ...repeats, id: speaks.id })),
  )
  await place(
    ctx,
    county,
    rows.map(({ speaks, repeats }) => ({ ...speaks, id: repeats.id })),
  )
  const turns = rows.map(({ speaks, repeats }) => ({
    importId: repeats.import_id,
    from: repeats.outcome,
    to: speaks.outcome,
  }))
  await countTurns(ctx, county, turns)
  return true
}

async function place(ctx: Context, countyCode: string, places: readonly Place[]): Promise<void> {
  await sql`
    update source_row r set import_id = m.import_id, sheet = m.sheet, row_number = m.row_number, cells = m.cells,
      problems = m.problems, warnings = m.warnings
    from jsonb_populate_recordset(null::source_row, ${JSON.stringify(places)}::jsonb) m
    where r.county_code = ${countyCode} and r.id = m.id and r.id = any (${places.map((one) => one.id)}::uuid[])`.execute(
    ctx.tx,
  )
}

/** Undoes a batch; null when nothing was left and linkage has been asked to settle what is near. */
async function undoBatch(ctx: Context, id: string): Promise<number | null> {
  const found = await findImport(ctx, id)
  const rows = await ledgerTables(ctx.tx)
    .selectFrom('source_row')
    .select('unit_id')
    .distinct()
    .where('county_code', '=', found.county_code)
    .where('import_id', '=', id)
    .where('unit_id', 'is not', null)
    .limit(batchUnits)
    .execute()
  const unitIds = rows.flatMap((row) => row.unit_id ?? [])
  if (unitIds.length === 0) {
    const title = `撤销 ${found.file_name}：与它有关的行重新比对`
    const { county_code: countyCode } = found
    await setImport(ctx, found, {
      job_id: await ctx.enqueue({ kind: 'linkage.unlink', title, input: { id }, countyCode }),
    })
    return null
  }
  const kept = await saidByOthers(ctx, found.county_code, unitIds, id)
  const removed = await takeBack(ctx.tx, found.county_code, unitIds, id, kept, ctx.now)
  await ledgerTables(ctx.tx)
    .updateTable('source_row')
    .set({ unit_id: null })
    .where('county_code', '=', found.county_code)
    .where('import_id', '=', id)
    .where('unit_id', 'in', unitIds)
    .execute()
  return removed
}

/** The last step of undoing an import, when also the rows of others are where they would be without it. */
export async function finishUndo(ctx: Context, id: string, moved: number): Promise<void> {
  const found = await findImport(ctx, id)
  await setImport(ctx, found, { state: 'undone', undone_at: ctx.now })
  const after = { 已撤销: found.file_name, 随之改动的行: moved }
  ctx.record({ countyCode: found.county_code, subject: `import:${id}`, after })
}
