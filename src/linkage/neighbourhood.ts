import type { Context } from '../host/context.ts'
import { subjectOf, type Standing, standingFor } from './decisions.ts'
import { holdersOf, type KnownRow, rowsById, rowsOfUnits, typedRows } from './neighbours.ts'

/** Everything that settling some rows needs to know. */
export interface Neighbourhood {
  /** The rows to be settled: the ones asked for, and those near them that wait or may move. */
  free: KnownRow[]
  /** The rows of every unit that any of them could belong to, with what people typed of it. */
  members: KnownRow[]
  /** What people said of the free rows, by row. */
  said: Map<string, Standing>
}

/** How keys are made, and which rows may leave their unit without a person. */
export interface Keying {
  keysOf: (row: KnownRow) => readonly bigint[]
  mayMove: (row: KnownRow) => boolean
  /** A key that more rows hold is passed over. */
  holdersMax: number
}

/**
 * What lies around rows. Two steps of keys: to the rows that may be the same, and, from those of them that wait or may
 * move, to whatever they could be instead.
 */
export async function neighbourhoodOf(
  ctx: Context,
  countyCode: string,
  rows: readonly KnownRow[],
  keying: Keying,
): Promise<Neighbourhood> {
  const keys = new Map(rows.map((row) => [row.id, keying.keysOf(row)]))
  const asked = new Set(rows.map((row) => row.id))
  const near = await knownHolders(ctx, countyCode, [...keys.values()].flat(), keying.holdersMax, asked)
  const loose = near.filter((row) => row.outcome === 'queued' || keying.mayMove(row))
  const free = [...rows, ...loose]
  const seen = new Set([...asked, ...near.map((row) => row.id)])
  const further = await knownHolders(ctx, countyCode, loose.flatMap(keying.keysOf), keying.holdersMax, seen)
  const units = new Set([...near, ...further, ...rows].flatMap((row) => row.unitId ?? []))
  const said = await saidOf(ctx, countyCode, free)
  for (const standing of said.values()) if (standing.must) units.add(standing.must)
  return { free, members: await rowsOfUnits(ctx, countyCode, [...units]), said }
}

/** The rows, and what was typed of units, that hold any of the keys; without those already seen. */
async function knownHolders(
  ctx: Context,
  countyCode: string,
  keys: Iterable<bigint>,
  holdersMax: number,
  seen: ReadonlySet<string>,
): Promise<KnownRow[]> {
  const holders = (await holdersOf(ctx, countyCode, keys, holdersMax)).filter((id) => !seen.has(id))
  const rows = await rowsById(ctx, countyCode, holders)
  const found = new Set(rows.map((row) => row.id))
  const others = holders.filter((id) => !found.has(id))
  return [...rows, ...(others.length > 0 ? await typedRows(ctx, countyCode, others) : [])]
}

async function saidOf(ctx: Context, countyCode: string, rows: readonly KnownRow[]): Promise<Map<string, Standing>> {
  return standingFor(
    ctx,
    countyCode,
    rows.map((row) => ({ id: row.id, subject: subjectOf(row) })),
  )
}
