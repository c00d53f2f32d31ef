import { sql } from 'kysely'
import type { Context } from '../host/context.ts'
import type { Standing } from './decisions.ts'
import { explained } from './explain.ts'
import { keyTyped } from './keying.ts'
import { type Neighbourhood, neighbourhoodOf } from './neighbourhood.ts'
import { holdersOf, type KnownRow, lockCounty, rowsById, typedRows, writeKeys } from './neighbours.ts'
import { modelVersionOf, weightsOf } from './weights-in-use.ts'
import { linkageTables } from './queue.ts'
import { keying, settle } from './settle-plain.ts'
import { placed } from './placing.ts'
import { carryOut, type Change, changesPlace, type Outcome, type Settled, type Settling } from './settlement.ts'

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
  await writeKeys(
    ctx,
    countyCode,
    rows.map((row) => ({ id: row.id, keys: keying.keysOf(row) })),
  )
  const { changes, members } = await settleUntilStill(ctx, countyCode, rows)
  const settled = explained(changes, members, await weightsOf(ctx, countyCode), keying.keysOf)
  const modelVersion = await modelVersionOf(ctx, countyCode)
  return carryOut(ctx, { countyCode, modelVersion, ...by }, settled)
}

/** What settling found, and the rows that stayed out of it. */
interface Found {
  changes: Change[]
  members: KnownRow[]
}

const roundsMax = 6

/** Settles rows and those near them; where one of these changes its place, what is near it is settled too. */
async function settleUntilStill(ctx: Context, countyCode: string, rows: readonly KnownRow[]): Promise<Found> {
  const around = new Map(rows.map((row) => [row.id, row]))
  for (let round = 1; ; round += 1) {
    const found = settleNear(await neighbourhoodOf(ctx, countyCode, [...around.values()], keying), ctx.now)
    const moved = found.changes.filter(({ row, outcome }) => !around.has(row.id) && changesPlace(row, outcome))
    if (moved.length === 0 || round === roundsMax) return found
    for (const { row } of moved) around.set(row.id, row)
  }
}

/** Settles rows against the others of their units, which stay; units of which nothing stays keep their ids. */
function settleNear(near: Neighbourhood, now: Date): Found {
  const free = new Set(near.free.map((row) => row.id))
  const members = near.members.filter((row) => !free.has(row.id))
  const standing = new Set(members.flatMap((row) => row.unitId ?? []))
  const outcomes = settle({ ...near, members }, now)
  return { changes: placed(near.free, outcomes, near.said, new Map(), standing), members }
}

/** Settles all rows of a county afresh, as if none were linked; what people typed stays where it is. */
export function settleAll(
  rows: readonly KnownRow[],
  said: ReadonlyMap<string, Standing>,
  now: Date,
): ReadonlyMap<string, Outcome> {
  const typed = rows.filter((row) => row.outcome === 'typed')
  const free = rows.filter((row) => row.outcome !== 'typed')
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
