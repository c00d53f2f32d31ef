import type { Context, JobKind, JobRun } from '../host/context.ts'
import type { ImportCounts } from '../ledger/import-contract.ts'
import { findImport, holdInState, ledgerTables, noCounts, setImport } from '../ledger/service.ts'
import { type BulkLimits, bulkLimits, linkInBulk } from './bulk.ts'
import { lockCounty } from './county-lock.ts'
import { linkRows, waitingRows } from './linking.ts'
import { type KnownRow, writtenCells, writtenOf } from './neighbours.ts'
import { refuseAgain } from './refused-again.ts'
import { markRepeats, repeatsOf } from './repeats.ts'
import { automatic } from './settlement.ts'

const batchRows = 1000

/**
 * Commits an import: all of a county at once where there is much to link, what is left a thousand rows at a time, each batch
 * whole or not at all, with all that the rows change near them.
 */
export const linkJob = (limits: BulkLimits = bulkLimits): JobKind<{ id: string }> => ({
  kind: 'linkage.link',
  async run(job) {
    const { id } = job.input
    const found = await job.transaction((ctx) => findImport(ctx, id))
    await job.transaction((ctx) => refuseAgain(ctx, found.county_code))
    await linkInBulk(job, found.county_code, limits)
    const total = { ...noCounts, ...found.counts }.read
    for (let left: number | null = total; left !== null;) {
      await job.progress(total - left, total, '正在并入台账')
      job.signal.throwIfAborted()
      left = await job.transaction((ctx) => linkBatch(ctx, id))
    }
    return job.transaction((ctx) => finish(ctx, id))
  },
})

/** Settles the open queue of a county again, page by page, when a person asks for it. */
export const relinkJob: JobKind<{ countyCode: string }> = {
  kind: 'linkage.relink',
  async run(job) {
    return { joined: await relinkWaiting(job, job.input.countyCode) }
  },
}

async function relinkWaiting(job: JobRun<unknown>, countyCode: string): Promise<number> {
  let after: string | null = ''
  let joined = 0
  while (after !== null) {
    job.signal.throwIfAborted()
    const start: string = after
    const step = await job.transaction(async (ctx) => {
      const rows = await waitingRows(ctx, countyCode, start, batchRows)
      const settled = await linkRows(ctx, countyCode, rows, { cause: 'relink', recordedBy: automatic })
      const last = rows.length < batchRows ? null : (rows.at(-1)?.id ?? null)
      return { joined: settled.joined + settled.created, after: last }
    })
    joined += step.joined
    after = step.after
  }
  return joined
}

/** Links one batch of staged rows; answers how many are left, null where there was none. */
async function linkBatch(ctx: Context, id: string): Promise<number | null> {
  const found = await lockedImport(ctx, id)
  const staged = await ledgerTables(ctx.tx)
    .selectFrom('source_row')
    .select(['id', 'digest', 'fields', 'sheet', 'row_number', writtenCells])
    .where('county_code', '=', found.county_code)
    .where('import_id', '=', id)
    .where('outcome', '=', 'staged')
    .orderBy('sheet')
    .orderBy('row_number')
    .limit(batchRows)
    .execute()
  const rows = staged.map((row): KnownRow => ({
    id: row.id,
    unitId: null,
    department: found.department ?? 'other',
    fields: row.fields,
    written: writtenOf(row.written),
    linkedBy: null,
    outcome: 'staged',
    importId: id,
    digest: row.digest,
    asOf: found.as_of,
    sheet: row.sheet,
    rowNumber: row.row_number,
    author: found.author,
  }))
  if (rows.length === 0) return null
  const repeats = await repeatsOf(ctx, found.county_code, rows)
  const fresh = rows.filter((row) => !repeats.has(row.id))
  await linkRows(ctx, found.county_code, fresh, { cause: 'import', recordedBy: found.author })
  await markRepeats(ctx, found.county_code, repeats)
  return Math.max(0, { ...noCounts, ...found.counts }.staged - rows.length)
}

/** An import with its county locked, as it is then. */
async function lockedImport(ctx: Context, id: string) {
  await lockCounty(ctx, (await findImport(ctx, id)).county_code)
  return findImport(ctx, id)
}

/** Counts an import's rows by what became of them. @throws when the rows read are not all accounted for: our bug, loudly. */
async function countOutcomes(ctx: Context, found: { county_code: string; id: string; counts: Partial<ImportCounts> }) {
  const rows = await ledgerTables(ctx.tx)
    .selectFrom('source_row')
    .select((eb) => ['outcome', eb.fn.countAll<number>().as('n')])
    .where('county_code', '=', found.county_code)
    .where('import_id', '=', found.id)
    .groupBy('outcome')
    .execute()
  const none = { staged: 0, joined: 0, created: 0, repeated: 0, queued: 0, refused: 0 }
  const counts: ImportCounts = { ...noCounts, ...found.counts, ...none }
  for (const row of rows) counts[row.outcome] = row.n
  const sum = counts.staged + counts.joined + counts.created + counts.repeated + counts.queued + counts.refused
  if (sum !== counts.read) throw new Error(`import ${found.id}: ${counts.read} rows read, ${sum} accounted for`)
  return counts
}

async function finish(ctx: Context, id: string): Promise<ImportCounts> {
  const found = await lockedImport(ctx, id)
  await holdInState(ctx, found, ['committing'])
  const counts = await countOutcomes(ctx, found)
  await setImport(ctx, found, { state: 'committed', committed_at: ctx.now, counts: JSON.stringify(counts) })
  ctx.record({ countyCode: found.county_code, subject: `import:${id}`, after: { 入账: found.file_name, ...counts } })
  return counts
}
