import { sql } from 'kysely'
import { nameKey } from '../base/chinese.ts'
import { newId } from '../base/ids.ts'
import { notFound, Problem } from '../base/problem.ts'
import type { Context } from '../host/context.ts'
import type { RowOutcome } from '../ledger/import-contract.ts'
import { applyChanges, countTurns, ledgerTables, markSourceRows, regroupRows } from '../ledger/service.ts'
import { heldByOther } from './claims.ts'
import { linkedBy, queueReasons, repeatedReason } from './contract.ts'
import { forget, remember, subjectOf } from './decisions.ts'
import { noteEvents } from './events.ts'
import { codeHolder, isForeign } from './foreign-code.ts'
import { dropCode, restoreCode } from './link-keys.ts'
import { modelVersionOf } from './model-in-use.ts'
import { lockCounty } from './county-lock.ts'
import { linkageTables } from './queue.ts'
import { findItem, type QueueItem } from './queue-list.ts'

/** What a person says of a waiting row. */
export type Decision =
  | { kind: 'join'; unitId: string }
  | { kind: 'create' }
  | { kind: 'refuse'; reason: string }
  | { kind: 'later' }

const stateOf = { join: 'joined', create: 'created', refuse: 'refused', later: 'later' } as const

/** 办理待核对. Two people cannot decide the same row: the second is told. */
export async function decideQueueItem(input: { id: string; decision: Decision }, ctx: Context) {
  const item = await findItem(ctx, input.id)
  const holder = heldByOther(ctx, item)
  if (holder) throw new Problem('conflict', `${holder} 正在核对这一行，请看下一行。`)
  await carryOut(ctx, item, input.decision)
  return { done: true as const }
}

/** Does what was decided; answers the unit that the row went to. */
async function carryOut(ctx: Context, item: QueueItem, decision: Decision): Promise<string | null> {
  await lockCounty(ctx, item.county_code)
  await close(ctx, item, decision)
  ctx.record({ countyCode: item.county_code, subject: `queue:${item.id}`, after: { ...decision, 名称: item.name } })
  if (decision.kind === 'later') return null
  if (decision.kind === 'refuse') {
    const refused = { outcome: 'refused' as const, unit_id: null, linked_by: null, reason: decision.reason }
    await markSourceRows(ctx, item.county_code, [{ id: item.source_row_id, ...refused }])
    await turn(ctx, item, 'queued', 'refused')
    return null
  }
  const unit = decision.kind === 'join' ? await existing(ctx, item, decision.unitId) : null
  const unitId = unit?.id ?? newId(ctx.now)
  const { uscc, ...others } = item.fields
  const dropped = isForeign(uscc, unit, await codeHolder(ctx, item.county_code, uscc))
  if (dropped) await dropCode(ctx, item.county_code, [item.source_row_id])
  await applyChanges(
    ctx.tx,
    item.county_code,
    [
      {
        unitId,
        create: decision.kind === 'create',
        department: item.department,
        validFrom: item.as_of,
        sourceRowId: item.source_row_id,
        values: dropped ? others : { ...others, ...(uscc ? { uscc } : {}) },
      },
    ],
    { importId: item.import_id, recordedBy: ctx.actor.name, now: ctx.now },
  )
  await linkRows(ctx, item, unitId, stateOf[decision.kind])
  await turn(ctx, item, 'queued', stateOf[decision.kind])
  await remember(ctx, item.county_code, [
    {
      kind: 'must',
      subject: subjectOf(item),
      sourceRowId: item.source_row_id,
      unitId,
      origin: 'queue',
      originId: item.id,
      droppedCode: dropped ? (uscc ?? null) : null,
    },
  ])
  return unitId
}

const turn = (ctx: Context, item: QueueItem, from: RowOutcome, to: RowOutcome) =>
  countTurns(ctx, item.county_code, [{ importId: item.import_id, from, to }])

async function close(ctx: Context, item: QueueItem, decision: Decision): Promise<void> {
  const taken = await linkageTables(ctx)
    .updateTable('queue_item')
    .set({
      state: stateOf[decision.kind],
      decision: JSON.stringify(decision),
      decided_by: ctx.actor.userId,
      decided_by_name: ctx.actor.name,
      decided_at: ctx.now,
      claimed_by: null,
      claimed_by_name: null,
      claimed_until: null,
    })
    .where('county_code', '=', item.county_code)
    .where('id', '=', item.id)
    .where('state', 'in', ['open', 'later'])
    .executeTakeFirst()
  if (taken.numUpdatedRows === 0n) throw new Problem('conflict', '这一行刚刚已由别人办理，请看下一行。')
}

/** Repeats of a row in whatever import, that wait for what becomes of it. */
async function repeatsOf(ctx: Context, item: QueueItem) {
  return ledgerTables(ctx.tx)
    .selectFrom('source_row')
    .select('id')
    .where('county_code', '=', item.county_code)
    .where('digest', '=', item.digest)
    .where('outcome', '=', 'repeated')
    .where('id', '!=', item.source_row_id)
    .execute()
}

/** Notes to which unit the row and its repeats went. */
async function linkRows(ctx: Context, item: QueueItem, unitId: string, outcome: 'joined' | 'created'): Promise<void> {
  const repeats = await repeatsOf(ctx, item)
  const said = { unit_id: unitId, linked_by: linkedBy.manual }
  await markSourceRows(ctx, item.county_code, [
    { id: item.source_row_id, outcome, ...said, reason: null },
    ...repeats.map((row) => ({ id: row.id, outcome: 'repeated' as const, ...said, reason: repeatedReason })),
  ])
  const version = await modelVersionOf(ctx, item.county_code)
  const change = { from: null, to: unitId, cause: 'decision' as const, linkedBy: linkedBy.manual }
  const ids = [item.source_row_id, ...repeats.map((row) => row.id)]
  await noteEvents(
    ctx,
    item.county_code,
    version,
    ids.map((sourceRowId) => ({ ...change, sourceRowId })),
  )
}

/** The unit that a person joins a row to. @throws Problem('notFound') */
async function existing(ctx: Context, item: QueueItem, unitId: string) {
  const unit = await ledgerTables(ctx.tx)
    .selectFrom('unit')
    .select(['id', 'uscc'])
    .where('county_code', '=', item.county_code)
    .where('id', '=', unitId)
    .where('withdrawn_at', 'is', null)
    .executeTakeFirst()
  if (!unit) throw notFound('家单位')
  return unit
}

/** 撤回办理: the row waits again, and what it had said goes. */
export async function undoDecision(input: { id: string }, ctx: Context) {
  await lockCounty(ctx, (await findItem(ctx, input.id)).county_code)
  const item = await findItem(ctx, input.id)
  if (item.state === 'open') throw new Problem('conflict', '这一行还没有办理，不用撤回。')
  if (item.unit_id) await unlinkRows(ctx, item, item.unit_id)
  const said = await forget(ctx, item.county_code, item.id, 'must')
  const code = said.find((one) => one.dropped_code)?.dropped_code
  if (code) await restoreCode(ctx, item.county_code, [item.source_row_id], code)
  await linkageTables(ctx)
    .updateTable('queue_item')
    .set({ state: 'open', decision: null, decided_by: null, decided_by_name: null, decided_at: null })
    .where('county_code', '=', item.county_code)
    .where('id', '=', item.id)
    .execute()
  const waits = { outcome: 'queued' as const, unit_id: null, linked_by: null, reason: queueReasons[item.reason] }
  await markSourceRows(ctx, item.county_code, [{ id: item.source_row_id, ...waits }])
  if (item.state !== 'later') await turn(ctx, item, item.state, 'queued')
  ctx.record({ countyCode: item.county_code, subject: `queue:${item.id}`, before: { 办理: decisionWords(item) } })
  return { done: true as const }
}

async function unlinkRows(ctx: Context, item: QueueItem, unitId: string): Promise<void> {
  const repeats = await repeatsOf(ctx, item)
  const ids = [item.source_row_id, ...repeats.map((row) => row.id)]
  await regroupRows(ctx, item.county_code, { rows: ids.map((id) => ({ id, unitId: null })), emptied: null })
  await markRepeats(ctx, item.county_code, repeats)
  const version = await modelVersionOf(ctx, item.county_code)
  const { rows } = await sql<{ id: string }>`
    select id from link_event where county_code = ${item.county_code} and source_row_id = ${item.source_row_id}
      and to_unit = ${unitId} order by id desc limit 1`.execute(ctx.tx)
  const change = { from: unitId, to: null, cause: 'undo' as const, linkedBy: null, undoes: rows[0]?.id ?? null }
  await noteEvents(
    ctx,
    item.county_code,
    version,
    ids.map((sourceRowId) => ({ ...change, sourceRowId })),
  )
}

/** Repeats of a row that waits have no unit. */
async function markRepeats(ctx: Context, countyCode: string, repeats: readonly { id: string }[]): Promise<void> {
  const waits = { outcome: 'repeated' as const, unit_id: null, linked_by: null, reason: repeatedReason }
  await markSourceRows(
    ctx,
    countyCode,
    repeats.map((row) => ({ id: row.id, ...waits })),
  )
}

/** What was decided of a row, in words; null while it is open. */
export function decisionWords(item: QueueItem): string | null {
  if (item.state === 'open') return null
  if (item.state === 'later') return '稍后再办'
  if (!item.decision) return '已由比对认定'
  if (item.decision.kind === 'join') return '认定为台账里已有的单位'
  if (item.decision.kind === 'create') return '认定为新单位'
  return `退回：${item.decision.reason ?? ''}`
}

/** 认定不是某家单位: kept for ever, until it is taken back. */
export async function denyCandidate(
  input: { id: string; unitId: string; reason?: string | undefined },
  ctx: Context,
): Promise<QueueItem> {
  const item = await findItem(ctx, input.id)
  if (item.state !== 'open' && item.state !== 'later') throw new Problem('conflict', '这一行已经办理，请看下一行。')
  // Whoever links the county meanwhile looks again.
  await lockCounty(ctx, item.county_code)
  const holder = heldByOther(ctx, item)
  if (holder) throw new Problem('conflict', `${holder} 正在核对这一行，请看下一行。`)
  await existing(ctx, item, input.unitId)
  await remember(ctx, item.county_code, [
    {
      kind: 'cannot',
      subject: subjectOf(item),
      sourceRowId: item.source_row_id,
      unitId: input.unitId,
      origin: 'queue',
      originId: item.id,
      reason: input.reason ?? null,
    },
  ])
  ctx.record({
    countyCode: item.county_code,
    subject: `queue:${item.id}`,
    after: { 不是: input.unitId, 名称: item.name, ...(input.reason ? { 理由: input.reason } : {}) },
  })
  return item
}

/** 撤回不是的认定 */
export async function undoDenial(input: { id: string; decisionId: string }, ctx: Context) {
  const item = await findItem(ctx, input.id)
  await lockCounty(ctx, item.county_code)
  const taken = await linkageTables(ctx)
    .updateTable('link_decision')
    .set({ undone_at: ctx.now, undone_by: ctx.actor.name })
    .where('county_code', '=', item.county_code)
    .where('id', '=', input.decisionId)
    .where('subject', '=', subjectOf(item))
    .where('kind', '=', 'cannot')
    .where('undone_at', 'is', null)
    .executeTakeFirst()
  if (taken.numUpdatedRows === 0n) throw notFound('次认定')
  ctx.record({ countyCode: item.county_code, subject: `queue:${item.id}`, before: { 不是: input.decisionId } })
  return { done: true as const }
}

/** 成批新建单位; rows that somebody decided meanwhile, or holds, are passed over; rows of one name or code become one unit. */
export async function createFromQueue(input: { ids: string[] }, ctx: Context) {
  const made = new Map<string, string>()
  let created = 0
  let countyCode: string | null = null
  for (const id of input.ids) {
    const item = await findItem(ctx, id)
    countyCode ??= item.county_code
    if (item.county_code !== countyCode) throw new Problem('invalid', '一次只能成批办理同一个县的行。')
    if (item.state !== 'open' || heldByOther(ctx, item)) continue
    const key = item.fields.uscc ?? nameKey(item.name ?? item.id)
    const same = made.get(key)
    const unitId = await carryOut(ctx, item, same ? { kind: 'join', unitId: same } : { kind: 'create' })
    if (!same && unitId) made.set(key, unitId)
    created += 1
  }
  ctx.record({ ...(countyCode ? { countyCode } : {}), subject: 'queue', after: { 成批新建: made.size, 行数: created } })
  return { created, skipped: input.ids.length - created }
}
