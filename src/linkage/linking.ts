import { sql } from 'kysely'
import type { Context } from '../host/context.ts'
import type { Standing } from './decisions.ts'
import { modelVersionOf } from './events.ts'
import { keyTyped } from './keying.ts'
import { neighbourhoodOf } from './neighbourhood.ts'
import { holdersOf, type KnownRow, lockCounty, rowsById, typedRows } from './neighbours.ts'
import { linkageTables } from './queue.ts'
import { keying, settle } from './settle-plain.ts'

export { weigh } from './settle-plain.ts'
import { carryOut, type Outcome, type Settled, type Settling } from './settlement.ts'

/**
 * Links rows of one county with all that they change near them: rows that waited for what these bring, rows linked without
 * a code that have a better unit now. Everything in the transaction it is called in.
 */
export async function linkRows(
  ctx: Context,
  countyCode: string,
  rows: readonly KnownRow[],
  by: Pick<Settling, 'cause' | 'recordedBy'>,
): Promise<Settled> {
  const state = await lockCounty(ctx, countyCode)
  await keyTyped(ctx, countyCode, state.keyed_until, keying)
  const near = await neighbourhoodOf(ctx, countyCode, rows, keying)
  const outcomes = settle(near, ctx.now)
  const settled = near.free.flatMap((row) => {
    const outcome = outcomes.get(row.id)
    return outcome ? [{ row, outcome }] : []
  })
  const modelVersion = await modelVersionOf(ctx, countyCode)
  return carryOut(ctx, { countyCode, modelVersion, ...by }, settled)
}

/** Settles all rows of a county afresh, as if none were linked; what people typed stays where it is. */
export function settleAll(
  rows: readonly KnownRow[],
  said: ReadonlyMap<string, Standing>,
  now: Date,
): ReadonlyMap<string, Outcome> {
  const typed = rows.filter((row) => row.outcome === 'typed')
  const free = rows.filter((row) => row.outcome !== 'typed').map((row) => ({ ...row, unitId: null }))
  return settle({ free, members: typed, said: new Map(said) }, now)
}

/** The units that share a key with a row. */
export async function nearUnits(ctx: Context, countyCode: string, row: KnownRow): Promise<string[]> {
  const holders = await holdersOf(ctx, countyCode, keying.keysOf(row), keying.holdersMax)
  if (holders.length === 0) return []
  const rows = await rowsById(ctx, countyCode, holders)
  const typed = await typedRows(ctx, countyCode, holders)
  return [...new Set([...rows, ...typed].flatMap((one) => one.unitId ?? []))]
}

/** A page of the rows that wait in a county's open queue, after an id. */
export async function waitingRows(ctx: Context, countyCode: string, after: string, limit: number): Promise<KnownRow[]> {
  const found = await linkageTables(ctx)
    .selectFrom('queue_item')
    .select('source_row_id')
    .where('county_code', '=', countyCode)
    .where('state', 'in', ['open', 'later'])
    .where((eb) => (after ? sql<boolean>`source_row_id > ${after}::uuid` : eb.val(true)))
    .orderBy('source_row_id')
    .limit(limit)
    .execute()
  const ids = found.map((row) => row.source_row_id)
  const rows = new Map((await rowsById(ctx, countyCode, ids)).map((row) => [row.id, row]))
  return ids.flatMap((id) => rows.get(id) ?? [])
}
