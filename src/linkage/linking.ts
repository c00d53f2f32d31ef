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
/** From here on what was loosened is settled with the rest: by turns, rows that depend on each other might never be still. */
const restlessRound = 3

/** Settles rows, those that must be settled again because of them, and then those that wait beside any of these. */
async function settleUntilStill(ctx: Context, countyCode: string, rows: readonly KnownRow[]): Promise<Change[]> {
  const settling = new SettlingNear(ctx, countyCode, await modelOf(ctx, countyCode))
  await settling.take(rows, rows)
  await settling.take(await settling.waitingBeside(), [])
  return [...settling.settled.values()]
}

/** Rows that are being settled, with what lies around them. */
class SettlingNear {
  readonly settled = new Map<string, Change>()
  /** Rows that came, left or were loosened, and say something that may count for others. */
  private readonly changed = new Set<KnownRow>()
  private readonly ctx: Context
  private readonly countyCode: string
  private readonly model: Model
  private readonly around: Neighbourhood

  constructor(ctx: Context, countyCode: string, model: Model) {
    this.ctx = ctx
    this.countyCode = countyCode
    this.model = model
    this.around = new Neighbourhood(ctx, countyCode, model)
  }

  private readonly placeNow: PlaceOf = (row) => {
    const change = this.settled.get(row.id)
    return change ? placeOf(change.outcome) : row.unitId
  }

  /**
   * Settles rows and what they loosen until nothing moves any more. `coming`: those of them that count as moved wherever they
   * come to.
   */
  async take(rows: readonly KnownRow[], coming: readonly KnownRow[]): Promise<void> {
    const { around, placeNow, changed } = this
    const restless = new Set<KnownRow>()
    let free = rows
    for (let round = 1; free.length > 0 && round <= roundsMax; round += 1) {
      const { moved, all } = await this.settle(free, new Set(round === 1 ? coming : []))
      if (round >= restlessRound) for (const row of all) restless.add(row)
      const { loosened, telling } = around.loosened(moved, all, placeNow)
      for (const row of [...telling, ...loosened]) changed.add(row)
      for (const row of moved) if (row.unitId !== null) changed.add(row)
      free = loosened.length > 0 ? [...new Set([...loosened, ...restless])] : []
    }
  }

  /** The rows that wait beside what changed and were not settled along with it. */
  async waitingBeside(): Promise<KnownRow[]> {
    const found = await this.around.waitingBeside([...this.changed], this.placeNow)
    return found.filter((row) => !this.settled.has(row.id))
  }

  /** Settles rows with those that carry their codes and wait; answers all of them, and which have moved. */
  private async settle(free: readonly KnownRow[], coming: ReadonlySet<KnownRow>) {
    const { ctx, countyCode, model, around, placeNow } = this
    const said = await around.reach(free)
    const fellows = around.fellowsOf(free, placeNow)
    for (const [id, standing] of await around.reach(fellows)) said.set(id, standing)
    const all = [...free, ...fellows]
    const codes = all.flatMap((row) => row.fields.uscc ?? [])
    const holders = await codeHolders(ctx, countyCode, [...new Set(codes)])
    const changes = settleNear(around, all, said, placeNow, { countyCode, model, now: ctx.now, holders })
    const moved = changes.flatMap(({ row, outcome }) =>
      coming.has(row) || placeOf(outcome) !== placeNow(row) ? [row] : [],
    )
    for (const change of changes) this.settled.set(change.row.id, change)
    return { moved, all }
  }
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
  const rows = around.rowsOf([...free, ...members])
  const toSettle = { countyCode, free, members, placeOf: placeNow, said, common: around.common, rows }
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
