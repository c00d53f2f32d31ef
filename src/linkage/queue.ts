import { sql } from 'kysely'
import { nameKey } from '../base/chinese.ts'
import { newId } from '../base/ids.ts'
import type { Context } from '../host/context.ts'
import { ledgerTables, markSourceRows, recountImports, type RowMark } from '../ledger/service.ts'
import { queueReasons } from './contract.ts'
import type { LinkDecision } from './link.ts'
import type { StagedRow } from './link-job.ts'
import type { LinkageTables } from './tables.ts'

/** The linkage room's tables with those of the ledger that it reads. */
export function linkageTables(ctx: Context) {
  return ledgerTables(ctx.tx).withTables<LinkageTables>()
}

/** Notes what became of rows; rows that left the queue leave their queue item closed. */
export async function markRows(ctx: Context, countyCode: string, marks: readonly RowMark[]): Promise<void> {
  if (marks.length > 0) await markSourceRows(ctx, countyCode, marks)
}

interface Waiting {
  row: StagedRow
  decision: Extract<LinkDecision, { kind: 'queue' }>
}

/** Leaves rows to a person. */
export async function queueRows(ctx: Context, countyCode: string, waiting: readonly Waiting[]): Promise<void> {
  if (waiting.length === 0) return
  const items = waiting.map(({ row, decision }) => ({
    county_code: countyCode,
    id: newId(ctx.now),
    source_row_id: row.id,
    import_id: row.import_id,
    area_code: countyCode,
    reason: decision.reason,
    state: 'open',
    name: row.fields.name ?? null,
    name_key: row.fields.name ? nameKey(row.fields.name) : null,
    code: row.fields.uscc ?? row.fields.organisationCode ?? row.fields.registrationNumber ?? null,
    department: row.department,
    candidates: decision.candidates,
    created_at: ctx.now.toISOString(),
  }))
  await sql`insert into queue_item select * from jsonb_populate_recordset(null::queue_item, ${JSON.stringify(items)}::jsonb)`.execute(
    ctx.tx,
  )
  const marks = waiting.map(({ row, decision }) => ({
    id: row.id,
    outcome: 'queued' as const,
    unit_id: null,
    linked_by: null,
    reason: queueReasons[decision.reason],
  }))
  await markSourceRows(ctx, countyCode, marks)
}

type Link = (
  ctx: Context,
  countyCode: string,
  rows: readonly StagedRow[],
  recordedBy: string,
  retry: boolean,
) => Promise<number>

/** Tries a page of a county's open queue again; `after` is null when there is no further page. */
export async function retryQueue(ctx: Context, countyCode: string, after: string, limit: number, link: Link) {
  const rows = await linkageTables(ctx)
    .selectFrom('queue_item')
    .innerJoin('source_row', (join) =>
      join
        .onRef('source_row.county_code', '=', 'queue_item.county_code')
        .onRef('source_row.id', '=', 'queue_item.source_row_id'),
    )
    .innerJoin('import', (join) =>
      join.onRef('import.county_code', '=', 'queue_item.county_code').onRef('import.id', '=', 'queue_item.import_id'),
    )
    .select([
      'queue_item.id as item_id',
      'source_row.id',
      'source_row.import_id',
      'source_row.digest',
      'source_row.fields',
      'import.department',
      'import.as_of',
    ])
    .where('queue_item.county_code', '=', countyCode)
    .where('queue_item.state', '=', 'open')
    .where((eb) => (after ? eb('queue_item.id', '>', after) : eb.val(true)))
    .orderBy('queue_item.id')
    .limit(limit)
    .execute()
  const staged = rows.map((row) => ({ ...row, department: row.department ?? ('other' as const) }))
  const joined = staged.length > 0 ? await link(ctx, countyCode, staged, '自动比对', true) : 0
  if (joined > 0)
    await closeSettled(
      ctx,
      countyCode,
      rows.map((row) => row.item_id),
    )
  return { joined, after: rows.length < limit ? null : (rows.at(-1)?.item_id ?? null) }
}

/** Closes items whose row has found its unit without a person, and brings the counts of their imports up to date. */
async function closeSettled(ctx: Context, countyCode: string, itemIds: readonly string[]): Promise<void> {
  await sql`
    update queue_item q set state = r.outcome, decided_at = ${ctx.now}, decided_by_name = '自动比对'
    from source_row r
    where q.county_code = ${countyCode} and r.county_code = ${countyCode} and r.id = q.source_row_id
      and q.id = any (${itemIds}::uuid[]) and r.outcome in ('joined', 'created')`.execute(ctx.tx)
  await recountImports(ctx, countyCode)
}
