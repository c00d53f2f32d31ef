import { sql } from 'kysely'
import { nameKey } from '../base/chinese.ts'
import { notFound } from '../base/problem.ts'
import type { Context } from '../host/context.ts'
import type { Department } from '../ledger/field-contract.ts'
import { heldByOther } from './claims.ts'
import type { Band, QueueReason, queueStates } from './contract.ts'
import { linkageTables } from './queue.ts'

/** What the list, the next row and the export are asked for. */
export interface QueueFilter {
  countyCode?: string | undefined
  text?: string | undefined
  state: keyof typeof queueStates
  reason?: QueueReason | undefined
  department?: Department | undefined
  band?: Band | undefined
  importId?: string | undefined
}

interface ListInput extends QueueFilter {
  sort: 'createdAt' | 'name' | 'probability'
  order: 'asc' | 'desc'
  page: number
  pageSize: number
}

/** Items of imports that stand, with their rows. */
export function items(ctx: Context) {
  return (
    linkageTables(ctx)
      .selectFrom('queue_item')
      .innerJoin('source_row', (join) =>
        join
          .onRef('source_row.county_code', '=', 'queue_item.county_code')
          .onRef('source_row.id', '=', 'queue_item.source_row_id'),
      )
      // The row's import, not the item's: a row goes over to a later file that repeats it when its own is undone.
      .innerJoin('import', (join) =>
        join.onRef('import.county_code', '=', 'source_row.county_code').onRef('import.id', '=', 'source_row.import_id'),
      )
      .where('import.state', 'not in', ['undone', 'undoing'])
  )
}

/** Items of imports that stand and that a filter finds. */
export function matching(ctx: Context, filter: QueueFilter) {
  let query = items(ctx).where('queue_item.state', '=', filter.state)
  if (filter.countyCode) query = query.where('queue_item.county_code', '=', filter.countyCode)
  if (filter.importId) query = query.where('source_row.import_id', '=', filter.importId)
  if (filter.department) query = query.where('queue_item.department', '=', filter.department)
  if (filter.band === 'none') query = query.where('queue_item.probability', 'is', null)
  if (filter.band === 'high') query = query.where('queue_item.probability', '>=', 0.9)
  if (filter.band === 'middle')
    query = query.where('queue_item.probability', '>=', 0.5).where('queue_item.probability', '<', 0.9)
  if (filter.band === 'low') query = query.where('queue_item.probability', '<', 0.5)
  if (filter.text) {
    const pattern = `%${nameKey(filter.text).replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`
    query = query.where((eb) =>
      eb.or([eb('queue_item.name_key', 'like', pattern), eb('queue_item.code', 'like', pattern)]),
    )
  }
  return query
}

const columns = {
  createdAt: 'queue_item.created_at',
  name: 'queue_item.name_key',
  probability: 'queue_item.probability',
} as const

/** 待核对列表 */
export async function listQueue(input: ListInput, ctx: Context) {
  const query = matching(ctx, input)
  const reasons = await query
    .select((eb) => ['queue_item.reason', eb.fn.countAll<number>().as('count')])
    .groupBy('queue_item.reason')
    .execute()
  const found = await (input.reason ? query.where('queue_item.reason', '=', input.reason) : query)
    .selectAll('queue_item')
    .select(['source_row.sheet', 'source_row.row_number', 'import.file_name'])
    .orderBy(columns[input.sort], (by) => (input.order === 'asc' ? by.asc() : by.desc()).nullsLast())
    .orderBy('queue_item.id', input.order)
    .limit(input.pageSize)
    .offset((input.page - 1) * input.pageSize)
    .execute()
  const total = reasons
    .filter((row) => !input.reason || row.reason === input.reason)
    .reduce((sum, row) => sum + row.count, 0)
  return { rows: found.map((row) => itemOf(row, ctx)), total, byReason: reasons }
}

/** An item with its row. */
export type QueueItem = Awaited<ReturnType<typeof findItem>>

/** One item. @throws Problem('notFound') also when it lies outside the actor's scope. */
export async function findItem(ctx: Context, id: string) {
  const item = await items(ctx)
    .selectAll('queue_item')
    .select([
      'source_row.import_id',
      'source_row.sheet',
      'source_row.row_number',
      'source_row.cells',
      'source_row.fields',
      'source_row.digest',
      'source_row.linked_by',
      'source_row.linked_at',
      'source_row.unit_id',
      'import.file_name',
      'import.as_of',
    ])
    .where('queue_item.id', '=', id)
    .executeTakeFirst()
  if (!item) throw notFound('行待核对')
  return item
}

/** An item as lists show it. */
export function itemOf(
  item: Omit<QueueItem, 'cells' | 'fields' | 'digest' | 'linked_by' | 'linked_at' | 'unit_id' | 'as_of'>,
  ctx: Context,
) {
  return {
    id: item.id,
    countyCode: item.county_code,
    reason: item.reason,
    state: item.state,
    name: item.name,
    code: item.code,
    department: item.department,
    fileName: item.file_name,
    sheet: item.sheet,
    row: item.row_number,
    candidates: item.candidates.length,
    probability: item.probability,
    heldBy: item.state === 'open' || item.state === 'later' ? heldByOther(ctx, item) : null,
    createdAt: item.created_at.toISOString(),
    decidedAt: item.decided_at?.toISOString() ?? null,
    decidedBy: item.decided_by_name,
  }
}

/**
 * 取下一行待核对: the next row of a filter that nobody else holds, taken for the actor. Two people who ask at once get
 * two rows, for each passes over what the other has locked. Counties are asked one after another.
 */
export async function nextItem(input: QueueFilter & { not?: string | undefined }, ctx: Context) {
  const free = matching(ctx, input)
    .where((eb) => (input.reason ? eb('queue_item.reason', '=', input.reason) : eb.val(true)))
    .where((eb) => (input.not ? eb('queue_item.id', '!=', input.not) : eb.val(true)))
    .where((eb) =>
      eb.or([
        eb('queue_item.claimed_until', 'is', null),
        eb('queue_item.claimed_until', '<=', ctx.now),
        sql<boolean>`queue_item.claimed_by is not distinct from ${ctx.actor.userId}::uuid`,
      ]),
    )
  const counties = await free.select('queue_item.county_code').distinct().execute()
  for (const { county_code } of counties) {
    const [found] = await free
      .where('queue_item.county_code', '=', county_code)
      .selectAll('queue_item')
      .orderBy('queue_item.created_at')
      .orderBy('queue_item.id')
      .limit(1)
      .forUpdate('queue_item')
      .skipLocked()
      .execute()
    if (found) return found
  }
  return null
}
