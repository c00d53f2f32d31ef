import type { Context, JobKind } from '../host/context.ts'
import { takeBack } from './apply.ts'
import { findImport, setImport } from './imports.ts'
import { saidByOthers } from './said.ts'
import { ledgerTables } from './units.ts'

const batchUnits = 300

/** Undoes an import a few hundred units at a time: killed in between, it goes on where it was. */
export const undoJob: JobKind<{ id: string }> = {
  kind: 'ledger.undo',
  async run(job) {
    const total = await job.transaction((ctx) => linkedUnits(ctx, job.input.id))
    let removed = 0
    for (let done = 0; ; done += batchUnits) {
      job.signal.throwIfAborted()
      const step = await job.transaction((ctx) => undoBatch(ctx, job.input.id))
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

/** Undoes a batch; null when nothing was left and the import is marked undone. */
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
    await setImport(ctx, found, { state: 'undone', undone_at: ctx.now })
    ctx.record({ countyCode: found.county_code, subject: `import:${id}`, after: { 已撤销: found.file_name } })
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
