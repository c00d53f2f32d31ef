import type { Context, JobKind, JobRun } from '../host/context.ts'
import type { ImportCounts, RowOutcome } from '../ledger/import-contract.ts'
import { findImport, ledgerTables, markSourceRows, noCounts, recountImports, setImport } from '../ledger/service.ts'
import { repeatedReason } from './contract.ts'
import { type KnownRow, writtenCells, writtenOf } from './neighbours.ts'
import { linkRows, waitingRows } from './linking.ts'
import { linkageTables } from './queue.ts'

const batchRows = 1000

/** Commits an import a thousand rows at a time, each batch whole or not at all, with all that the rows change near them. */
export const linkJob: JobKind<{ id: string }> = {
  kind: 'linkage.link',
  async run(job) {
    const found = await job.transaction((ctx) => findImport(ctx, job.input.id))
    const total = { ...noCounts, ...found.counts }.read
    for (;;) {
      job.signal.throwIfAborted()
      const left = await job.transaction((ctx) => linkBatch(ctx, job.input.id))
      await job.progress(total - left, total, '正在并入台账')
      if (left === 0) break
    }
    return job.transaction((ctx) => finish(ctx, job.input.id))
  },
}

/** Settles the open queue of a county again, page by page, when a person asks for it. */
export const relinkJob: JobKind<{ countyCode: string }> = {
  kind: 'linkage.relink',
  async run(job) {
    const joined = await relinkWaiting(job, job.input.countyCode)
    await job.transaction((ctx) => recountImports(ctx, job.input.countyCode))
    return { joined }
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
      const settled = await linkRows(ctx, countyCode, rows, { cause: 'relink', recordedBy: '自动比对' })
      const last = rows.length < batchRows ? null : (rows.at(-1)?.id ?? null)
      return { joined: settled.joined + settled.created, after: last }
    })
    joined += step.joined
    after = step.after
  }
  return joined
}

/** Links one batch of staged rows; answers how many are left. */
async function linkBatch(ctx: Context, id: string): Promise<number> {
  const found = await findImport(ctx, id)
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
  const refused = await refusedBefore(ctx, found.county_code, rows)
  const repeats = await repeatsOf(
    ctx,
    found.county_code,
    rows.filter((row) => !refused.has(row.id)),
  )
  const fresh = rows.filter((row) => !repeats.has(row.id) && !refused.has(row.id))
  await refuseAgain(ctx, found.county_code, refused)
  await linkRows(ctx, found.county_code, fresh, { cause: 'import', recordedBy: found.author })
  await markRepeats(ctx, found.county_code, repeats)
  const counts = await countOutcomes(ctx, found)
  await setImport(ctx, found, { counts: JSON.stringify(counts) })
  return counts.staged
}

/** Rows that say word for word what a person sent back before, by id, with why; only taking that back makes them asked again. */
async function refusedBefore(
  ctx: Context,
  countyCode: string,
  rows: readonly KnownRow[],
): Promise<Map<string, string>> {
  if (rows.length === 0) return new Map()
  const found = await linkageTables(ctx)
    .selectFrom('source_row')
    .innerJoin('queue_item', (join) =>
      join
        .onRef('queue_item.county_code', '=', 'source_row.county_code')
        .onRef('queue_item.source_row_id', '=', 'source_row.id'),
    )
    .innerJoin('import', (join) =>
      join.onRef('import.county_code', '=', 'source_row.county_code').onRef('import.id', '=', 'source_row.import_id'),
    )
    .select(['source_row.digest', 'source_row.reason'])
    .where('source_row.county_code', '=', countyCode)
    .where('source_row.digest', 'in', [...new Set(rows.map((row) => row.digest))])
    .where('queue_item.state', '=', 'refused')
    .where('import.state', 'not in', ['undone', 'undoing'])
    .execute()
  const reasons = new Map(found.map((row) => [row.digest, row.reason ?? '']))
  return new Map(
    rows.flatMap(({ id, digest }): [string, string][] => {
      const reason = reasons.get(digest)
      return reason === undefined ? [] : [[id, reason]]
    }),
  )
}

async function refuseAgain(ctx: Context, countyCode: string, refused: ReadonlyMap<string, string>): Promise<void> {
  if (refused.size === 0) return
  const marks = [...refused].map(([id, said]) => {
    const reason = said.startsWith(refusedAgain) ? said : `${refusedAgain}${said}`
    return { id, outcome: 'refused' as const, unit_id: null, linked_by: null, reason }
  })
  await markSourceRows(ctx, countyCode, marks)
}

const refusedAgain = '按此前的人工认定退回：'

const settledOutcomes: RowOutcome[] = ['joined', 'created', 'queued']

/** Rows that say word for word what an earlier row of a standing import said, by id, with that row. */
async function repeatsOf(ctx: Context, countyCode: string, rows: readonly KnownRow[]): Promise<Map<string, string>> {
  if (rows.length === 0) return new Map()
  const found = await ledgerTables(ctx.tx)
    .selectFrom('source_row')
    .innerJoin('import', (join) =>
      join.onRef('import.county_code', '=', 'source_row.county_code').onRef('import.id', '=', 'source_row.import_id'),
    )
    .select(['source_row.id', 'source_row.digest'])
    .where('source_row.county_code', '=', countyCode)
    .where('source_row.digest', 'in', [...new Set(rows.map((row) => row.digest))])
    .where((eb) =>
      eb.or([
        eb('source_row.outcome', 'in', settledOutcomes),
        // What repeats a row of an import that was undone stands for it.
        eb.and([eb('source_row.outcome', '=', 'repeated'), eb('source_row.unit_id', 'is not', null)]),
      ]),
    )
    .where('import.state', 'not in', ['undone', 'undoing'])
    .orderBy('source_row.id', 'desc')
    .execute()
  const first = new Map(found.map((row) => [row.digest, row.id]))
  const repeats = new Map<string, string>()
  for (const row of rows) {
    const earlier = first.get(row.digest)
    if (earlier) repeats.set(row.id, earlier)
    else first.set(row.digest, row.id)
  }
  return repeats
}

/** Gives repeats the unit of the row that they repeat; none while that one waits. */
async function markRepeats(ctx: Context, countyCode: string, repeats: ReadonlyMap<string, string>): Promise<void> {
  if (repeats.size === 0) return
  const found = await ledgerTables(ctx.tx)
    .selectFrom('source_row')
    .select(['id', 'unit_id'])
    .where('county_code', '=', countyCode)
    .where('id', 'in', [...new Set(repeats.values())])
    .execute()
  const unitOf = new Map(found.map((row) => [row.id, row.unit_id]))
  const marks = [...repeats].map(([id, first]) => ({
    id,
    outcome: 'repeated' as const,
    unit_id: unitOf.get(first) ?? null,
    linked_by: null,
    reason: repeatedReason,
  }))
  await markSourceRows(ctx, countyCode, marks)
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
  const found = await findImport(ctx, id)
  const counts = await countOutcomes(ctx, found)
  await setImport(ctx, found, { state: 'committed', committed_at: ctx.now, counts: JSON.stringify(counts) })
  await recountImports(ctx, found.county_code)
  ctx.record({ countyCode: found.county_code, subject: `import:${id}`, after: { 入账: found.file_name, ...counts } })
  return counts
}
