import { sql } from 'kysely'
import type { Context } from '../host/context.ts'
import { keyTyped } from './keying.ts'
import type { Model } from './model.ts'
import { type Neighbourhood, neighbourhoodOf } from './neighbourhood.ts'
import { type KnownRow, lockCounty, rowsById, writeKeys } from './neighbours.ts'
import { modelOf, modelVersionOf } from './model-in-use.ts'
import { linkageTables } from './queue.ts'
import { placed } from './placing.ts'
import { keysOfRow } from './row-features.ts'
import { settleRows } from './settle-rows.ts'
import { carryOut, type Change, changesPlace, type Settled, type Settling } from './settlement.ts'

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
  await keyTyped(ctx, countyCode, state.keyed_until)
  await writeKeys(
    ctx,
    countyCode,
    rows.map((row) => ({ id: row.id, keys: keysOfRow(row, countyCode) })),
  )
  const changes = await settleUntilStill(ctx, countyCode, rows)
  const modelVersion = await modelVersionOf(ctx, countyCode)
  return carryOut(ctx, { countyCode, modelVersion, ...by }, changes)
}

const roundsMax = 6

/** Settles rows and those near them; where one of these changes its place, what is near it is settled too. */
async function settleUntilStill(ctx: Context, countyCode: string, rows: readonly KnownRow[]): Promise<Change[]> {
  const model = await modelOf(ctx, countyCode)
  const around = new Map(rows.map((row) => [row.id, row]))
  for (let round = 1; ; round += 1) {
    const near = await neighbourhoodOf(ctx, countyCode, [...around.values()], model)
    const changes = settleNear(near, countyCode, model, ctx.now)
    const moved = changes.filter(({ row, outcome }) => !around.has(row.id) && changesPlace(row, outcome))
    if (moved.length === 0 || round === roundsMax) return changes
    for (const { row } of moved) around.set(row.id, row)
  }
}

/** Settles rows against the others of their units, which stay; units of which nothing stays keep their ids. */
function settleNear(near: Neighbourhood, countyCode: string, model: Model, now: Date): Change[] {
  const free = new Set(near.free.map((row) => row.id))
  const members = near.members.filter((row) => !free.has(row.id))
  const standing = new Set(members.flatMap((row) => row.unitId ?? []))
  const outcomes = settleRows({ ...near, countyCode, members }, model, now)
  return placed(near.free, outcomes, near.said, new Map(), standing)
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
