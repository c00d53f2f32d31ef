import { sql } from 'kysely'
import type { Context } from '../host/context.ts'
import { lockCounty } from './county-lock.ts'
import type { Standing } from './decisions.ts'
import { keyTyped } from './keying.ts'
import { writeKeys } from './link-keys.ts'
import type { Model } from './model.ts'
import { modelOf, modelVersionOf } from './model-in-use.ts'
import { Neighbourhood, type PlaceOf } from './neighbourhood.ts'
import { type KnownRow, rowsById } from './neighbours.ts'
import { placed } from './placing.ts'
import { linkageTables } from './queue.ts'
import { codeHolders } from './relink-all.ts'
import { settleRows } from './settle-rows.ts'
import { carryOut, type Change, placeOf, type Settled, type Settling } from './settlement.ts'

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
  await writeKeys(ctx, countyCode, rows)
  const changes = await settleUntilStill(ctx, countyCode, rows)
  const modelVersion = await modelVersionOf(ctx, countyCode)
  return carryOut(ctx, { countyCode, modelVersion, ...by }, changes)
}

const roundsMax = 6

/** Settles rows, and then those that must be settled again because of them, until nothing moves any more. */
async function settleUntilStill(ctx: Context, countyCode: string, rows: readonly KnownRow[]): Promise<Change[]> {
  const model = await modelOf(ctx, countyCode)
  const around = new Neighbourhood(ctx, countyCode)
  const settled = new Map<string, Change>()
  const placeNow: PlaceOf = (row) => {
    const change = settled.get(row.id)
    return change ? placeOf(change.outcome) : row.unitId
  }
  // Settled by turns, rows that depend on each other might never be still: what was loosened once is settled with the rest.
  const restless = new Set<KnownRow>()
  let free = rows
  for (let round = 1; free.length > 0 && round <= roundsMax; round += 1) {
    const said = await around.reach(free)
    const fellows = around.fellowsOf(free, placeNow)
    for (const [id, standing] of await around.reach(fellows)) said.set(id, standing)
    free = [...free, ...fellows]
    if (round > 1) for (const row of free) restless.add(row)
    const codes = free.flatMap((row) => row.fields.uscc ?? [])
    const holders = await codeHolders(ctx, countyCode, [...new Set(codes)])
    const changes = settleNear(around, free, said, placeNow, { countyCode, model, now: ctx.now, holders })
    const moved = changes.filter(({ row, outcome }) => round === 1 || placeOf(outcome) !== placeNow(row))
    for (const change of changes) settled.set(change.row.id, change)
    const others = moved.map(({ row }) => row)
    const loosened = around.loosened(others, free, placeNow, model)
    const waiting = new Set(await around.waitingBeside([...others, ...loosened], placeNow)).difference(new Set(free))
    free = loosened.length + waiting.size > 0 ? [...new Set([...loosened, ...waiting, ...restless])] : []
  }
  return [...settled.values()]
}

/** Settles rows against all others near them, which stay; units of which nothing stays keep their ids. */
function settleNear(
  around: Neighbourhood,
  free: readonly KnownRow[],
  said: Map<string, Standing>,
  placeNow: PlaceOf,
  using: { countyCode: string; model: Model; now: Date; holders: ReadonlyMap<string, string> },
): Change[] {
  const ids = new Set(free.map((row) => row.id))
  const members = around.list.filter((row) => !ids.has(row.id) && placeNow(row) !== null)
  const standing = new Set(members.flatMap((row) => placeNow(row) ?? []))
  const { countyCode, model, now, holders } = using
  const toSettle = { countyCode, free, members, placeOf: placeNow, said, common: around.common }
  return placed(free, settleRows(toSettle, model, now), said, holders, standing)
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
