import type { Context } from '../host/context.ts'
import { linkedBy } from './contract.ts'
import { holdAnchors, subjectOf, type Standing, standingFor } from './decisions.ts'
import type { Model } from './model.ts'
import { holdersOf, type KnownRow, rowsById, rowsOfUnits, typedRows } from './neighbours.ts'
import { keyedRow, keysOfRow } from './row-features.ts'
import { Touch } from './touch.ts'

/** Everything that settling some rows needs to know. */
export interface Neighbourhood {
  /** The rows to be settled: the ones asked for, and those near them that wait or may move. */
  free: KnownRow[]
  /** The rows of every unit that any of them could belong to, with what people typed of it. */
  members: KnownRow[]
  /** What people said of the free rows, by row. */
  said: Map<string, Standing>
  /** Keys that so many rows hold that they were not looked at, with how many. */
  common: Map<number, number>
}

/**
 * What lies around rows. Two steps of keys: to the rows that may be the same, and, from those of them that wait or may
 * move, to whatever they could be instead.
 */
export async function neighbourhoodOf(
  ctx: Context,
  countyCode: string,
  rows: readonly KnownRow[],
  model: Model,
): Promise<Neighbourhood> {
  const keysOf = (row: KnownRow) => keysOfRow(row, countyCode)
  const asked = new Set(rows.map((row) => row.id))
  const near = await knownHolders(ctx, countyCode, rows.flatMap(keysOf), asked)
  const touch = new Touch(
    rows.map((row) => keyedRow(row, countyCode)),
    model,
  )
  const isTouched = (row: KnownRow) => touch.bearsOn(keyedRow(row, countyCode), row.outcome === 'joined')
  const loose = near.rows.filter((row) => row.outcome === 'queued' || (mayMove(row) && isTouched(row)))
  const free = [...rows, ...loose]
  const seen = new Set([...asked, ...near.rows.map((row) => row.id)])
  const further = await knownHolders(ctx, countyCode, loose.flatMap(keysOf), seen)
  const units = new Set([...near.rows, ...further.rows, ...rows].flatMap((row) => row.unitId ?? []))
  const said = await saidOf(ctx, countyCode, free)
  for (const standing of said.values()) for (const id of [standing.must, ...standing.cannot]) if (id) units.add(id)
  const members = await rowsOfUnits(ctx, countyCode, [...units])
  holdAnchors(members, said)
  return { free, members, said, common: new Map([...near.common, ...further.common]) }
}

/** Whether a row may leave its unit without a person. */
const mayMove = ({ outcome, linkedBy: by }: KnownRow) =>
  outcome !== 'typed' && by !== linkedBy.manual && by !== linkedBy.remembered

/** The rows, and what was typed of units, that hold any of the keys; without those already seen. */
async function knownHolders(ctx: Context, countyCode: string, keys: Iterable<number>, seen: ReadonlySet<string>) {
  const { holders, common } = await holdersOf(ctx, countyCode, keys)
  const ids = holders.filter((id) => !seen.has(id))
  const rows = await rowsById(ctx, countyCode, ids)
  const found = new Set(rows.map((row) => row.id))
  const others = ids.filter((id) => !found.has(id))
  const typed = others.length > 0 ? await typedRows(ctx, countyCode, others) : []
  return { rows: [...rows, ...typed], common }
}

async function saidOf(ctx: Context, countyCode: string, rows: readonly KnownRow[]): Promise<Map<string, Standing>> {
  return standingFor(
    ctx,
    countyCode,
    rows.map((row) => ({ id: row.id, subject: subjectOf(row) })),
  )
}
