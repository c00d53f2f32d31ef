import { sql } from 'kysely'
import type { Context } from '../host/context.ts'
import type { RowOutcome } from '../ledger/import-contract.ts'
import {
  applyChanges,
  countTurns,
  markSourceRows,
  regroupRows,
  type RowMark,
  type UnitChange,
} from '../ledger/service.ts'
import { type LinkCause, linkedBy, type QueueReason, queueReasons, repeatedReason, type Waterfall } from './contract.ts'
import { type LinkChange, noteEvents } from './events.ts'
import { dropCode } from './link-keys.ts'
import type { KnownRow } from './neighbours.ts'
import { linkageTables, queueRows } from './queue.ts'

/** What is to become of a row. */
export type Outcome =
  | { kind: 'join' | 'new'; unitId: string; by: keyof typeof linkedBy; waterfall: Waterfall | null; dropCode?: boolean }
  | { kind: 'queue'; reason: QueueReason; candidates: readonly string[]; probability: number | null }

/** A row and what is to become of it. */
export interface Change {
  row: KnownRow
  outcome: Outcome
}

/** On whose behalf rows are settled. */
export interface Settling {
  countyCode: string
  cause: Extract<LinkCause, 'import' | 'relink'>
  modelVersion: number
  /** Null: whoever sent each row. */
  recordedBy: string | null
}

/** Said of what linking does of itself. */
export const automatic = '自动比对'

/** Whether a redirect was left by linking, not by a person who merged two units. */
export const isAutomatic = (redirect: { by_id: string | null; by_name: string }) =>
  redirect.by_id === null && redirect.by_name === automatic

/** How many rows changed their place. */
export interface Settled {
  joined: number
  created: number
  queued: number
  moved: number
  changes: readonly Change[]
}

/**
 * Carries out what was settled: new rows bring their facts, rows that were elsewhere move with theirs, rows that wait get
 * or keep their place in the queue, and every change of a link is an event. Rows that stay where they are are left alone.
 */
export async function carryOut(ctx: Context, settling: Settling, settled: readonly Change[]): Promise<Settled> {
  const changed = settled.filter(({ row, outcome }) => changesPlace(row, outcome) || row.outcome === 'staged')
  const arriving = changed.filter(({ row, outcome }) => row.unitId === null && outcome.kind !== 'queue')
  const moving = changed.filter(({ row }) => row.unitId !== null)
  await dropCodes(ctx, settling.countyCode, changed)
  await move(ctx, settling.countyCode, moving, new Set(arriving.flatMap(({ outcome }) => placeOf(outcome) ?? [])))
  await arrive(ctx, settling, arriving, new Set(moving.map(({ outcome }) => placeOf(outcome))))
  await mark(ctx, settling.countyCode, changed)
  await queue(ctx, settling, settled)
  await noteEvents(
    ctx,
    settling.countyCode,
    settling.modelVersion,
    [...moving, ...arriving].map(({ row, outcome }) => eventOf(settling, row, outcome)),
  )
  const count = (kind: Outcome['kind']) => changed.filter((one) => one.outcome.kind === kind).length
  return {
    joined: count('join'),
    created: count('new'),
    queued: count('queue'),
    moved: moving.length,
    changes: changed,
  }
}

/** Whether a row is to be elsewhere than it is. */
export function changesPlace(row: KnownRow, outcome: Outcome): boolean {
  return placeOf(outcome) !== row.unitId
}

/** The unit that a row comes to; null: it waits. */
export const placeOf = (outcome: Outcome) => (outcome.kind === 'queue' ? null : outcome.unitId)

function eventOf(settling: Settling, row: KnownRow, outcome: Outcome): LinkChange {
  const placed = outcome.kind !== 'queue'
  return {
    sourceRowId: row.id,
    from: row.unitId,
    to: placeOf(outcome),
    cause: row.unitId === null ? settling.cause : 'relink',
    linkedBy: placed ? linkedBy[outcome.by] : queueReasons[outcome.reason],
    waterfall: placed ? outcome.waterfall : null,
    by: settling.recordedBy ?? row.author,
  }
}

/** Rows that a person found to carry somebody else's code say it no longer. */
async function dropCodes(ctx: Context, countyCode: string, changed: readonly Change[]): Promise<void> {
  const ids = changed.flatMap(({ row, outcome }) => (outcome.kind !== 'queue' && outcome.dropCode ? [row.id] : []))
  if (ids.length > 0) await dropCode(ctx, countyCode, ids)
}

/** `awaited`: units that rows which had none come to. */
async function move(
  ctx: Context,
  countyCode: string,
  moving: readonly Change[],
  awaited: ReadonlySet<string>,
): Promise<void> {
  if (moving.length === 0) return
  const placeOfRow = new Map(moving.map(({ row, outcome }) => [row.id, placeOf(outcome)]))
  const repeats = await repeatsBeside(ctx, countyCode, [...placeOfRow.keys()])
  const along = repeats.map(({ id, first }) => ({ id, unitId: placeOfRow.get(first) ?? null }))
  const rows = [...placeOfRow].map(([id, unitId]) => ({ id, unitId }))
  const { emptied } = await regroupRows(ctx, countyCode, {
    rows: [...rows, ...along],
    emptied: '来源行都已归到别的单位',
    awaited,
  })
  const said = { outcome: 'repeated' as const, linked_by: null, reason: repeatedReason }
  await markSourceRows(
    ctx,
    countyCode,
    along.map(({ id, unitId }) => ({ id, unit_id: unitId, ...said })),
  )
  for (const from of emptied) await redirect(ctx, countyCode, from, moving)
}

/** Rows that say word for word what one of these says, and stand with it: they go where it goes. */
async function repeatsBeside(
  ctx: Context,
  countyCode: string,
  ids: readonly string[],
): Promise<{ id: string; first: string }[]> {
  const { rows } = await sql<{ id: string; first: string }>`
    select distinct on (t.id) t.id, r.id as first from source_row r
    join source_row t on t.county_code = r.county_code and t.digest = r.digest and t.unit_id = r.unit_id
    where r.county_code = ${countyCode} and r.id = any (${ids}::uuid[]) and t.outcome = 'repeated'
    order by t.id, r.id`.execute(ctx.tx)
  return rows
}

/** Whoever asks for a unit of which nothing is left is sent to where its rows went. */
async function redirect(ctx: Context, countyCode: string, from: string, moving: readonly Change[]): Promise<void> {
  const left = moving.filter(({ row }) => row.unitId === from)
  const to = left.map(({ outcome }) => placeOf(outcome)).find((id) => id !== null)
  if (!to) return
  await linkageTables(ctx)
    .insertInto('link_redirect')
    .values({
      county_code: countyCode,
      from_unit: from,
      to_unit: to,
      reason: '重新比对',
      source_rows: [],
      typed_facts: [],
      gone: '[]',
      by_id: null,
      by_name: automatic,
      at: ctx.now,
    })
    .onConflict((conflict) => conflict.columns(['county_code', 'from_unit']).doNothing())
    .execute()
}

/** Facts of rows that had no unit, in the order of their days. `made`: units that rows moved to just before. */
async function arrive(
  ctx: Context,
  settling: Settling,
  arriving: readonly Change[],
  made: ReadonlySet<string | null>,
): Promise<void> {
  // Whichever of its rows comes first makes a new unit, also where the unit is named by another of them.
  const toMake = new Set(arriving.flatMap(({ outcome }) => (outcome.kind === 'new' ? [outcome.unitId] : [])))
  const changes = arriving.flatMap(({ row, outcome }): UnitChange[] => {
    if (outcome.kind === 'queue') return []
    const { uscc, ...others } = row.fields
    return [
      {
        unitId: outcome.unitId,
        create: toMake.delete(outcome.unitId) && !made.has(outcome.unitId),
        department: row.department,
        validFrom: row.asOf,
        sourceRowId: row.id,
        import: { id: row.importId, author: row.author },
        values: outcome.dropCode || !uscc ? others : { ...others, uscc },
      },
    ]
  })
  changes.sort((a, b) => (a.validFrom < b.validFrom ? -1 : a.validFrom > b.validFrom ? 1 : 0))
  const by = { importId: null, recordedBy: '', now: ctx.now }
  await applyChanges(ctx.tx, settling.countyCode, changes, by)
}

async function mark(ctx: Context, countyCode: string, changed: readonly Change[]): Promise<void> {
  const marks = changed.map(({ row, outcome }): RowMark => {
    if (outcome.kind === 'queue')
      return { id: row.id, outcome: 'queued', unit_id: null, linked_by: null, reason: queueReasons[outcome.reason] }
    const kind = outcome.kind === 'join' ? 'joined' : 'created'
    return { id: row.id, outcome: kind, unit_id: outcome.unitId, linked_by: linkedBy[outcome.by], reason: null }
  })
  await markSourceRows(ctx, countyCode, marks)
  const turns = changed.flatMap(({ row }, at) =>
    row.importId === null ? [] : [{ importId: row.importId, from: row.outcome as RowOutcome, to: marks[at]!.outcome }],
  )
  await countTurns(ctx, countyCode, turns)
}

/** Opens items for rows that wait from now on, brings those of others up to date, and closes those that are placed. */
async function queue(ctx: Context, settling: Settling, settled: readonly Change[]): Promise<void> {
  const waiting = settled.flatMap(({ row, outcome }) => (outcome.kind === 'queue' ? [{ row, outcome }] : []))
  await queueRows(ctx, settling.countyCode, waiting)
  const placed = settled.filter(({ row, outcome }) => row.outcome === 'queued' && outcome.kind !== 'queue')
  if (placed.length === 0) return
  const marks = placed.map(({ row, outcome }) => ({
    id: row.id,
    state: outcome.kind === 'join' ? 'joined' : 'created',
    unit: placeOf(outcome),
  }))
  await sql`
    update queue_item q set state = m.state, decided_at = ${ctx.now}, decided_by_name = ${settling.recordedBy ?? automatic}
    from jsonb_to_recordset(${JSON.stringify(marks)}::jsonb) as m(id uuid, state text)
    where q.county_code = ${settling.countyCode} and q.source_row_id = m.id
      and q.source_row_id = any (${marks.map((one) => one.id)}::uuid[])`.execute(ctx.tx)
  await placeRepeats(ctx, settling.countyCode, marks)
}

/** Repeats of rows that had waited come to the same unit. */
async function placeRepeats(
  ctx: Context,
  countyCode: string,
  placed: readonly { id: string; unit: string | null }[],
): Promise<void> {
  const { rows } = await sql<{ id: string; unit_id: string; linked_by: string }>`
    select t.id, r.unit_id, r.linked_by from source_row r
    join source_row t on t.county_code = r.county_code and t.digest = r.digest and t.id <> r.id
    where r.county_code = ${countyCode} and r.id = any (${placed.map((one) => one.id)}::uuid[])
      and t.outcome = 'repeated' and t.unit_id is null`.execute(ctx.tx)
  if (rows.length === 0) return
  const marks = rows.map((row) => ({ ...row, outcome: 'repeated' as const, reason: repeatedReason }))
  await markSourceRows(ctx, countyCode, marks)
}
