import { sql } from 'kysely'
import type { Transaction } from '../host/context.ts'
import { insertRows } from '../host/insert-rows.ts'
import { monthEndBefore, monthEnds } from './calendar.ts'
import { amountSql } from './condition-sql.ts'
import { amount, type Measure, type Values } from './condition.ts'
import type { Definitions } from './measures.ts'
import type { CoverageTables } from './tables.ts'

/** The area that stands for a whole county in `rollup`. */
export const wholeCounty = '*'

/** What changes added to the sums of areas, by area and slot. */
export type Deltas = Map<string, Map<number, number>>

/** A unit on a day: its area and values; null where it is not in scope. */
export type Standing = { area: string; values: Values } | null

/** Notes what it does to the sums that a unit stood one way and now stands another. */
export function addDelta(deltas: Deltas, measures: readonly Measure[], before: Standing, after: Standing): void {
  for (const measure of measures) {
    const was = amount(measure, before?.values ?? null)
    const is = amount(measure, after?.values ?? null)
    if (before && was !== 0) add(deltas, before.area, measure.slot, -was)
    if (after && is !== 0) add(deltas, after.area, measure.slot, is)
    if (is !== was) add(deltas, wholeCounty, measure.slot, is - was)
  }
}

function add(deltas: Deltas, area: string, slot: number, by: number): void {
  const line = deltas.get(area) ?? new Map<number, number>()
  deltas.set(area, line.set(slot, (line.get(slot) ?? 0) + by))
}

/** Adds changes of a day to the county's sums; the caller holds the county. Answers the areas whose sums changed. */
export async function applyDeltas(
  tx: Transaction,
  countyCode: string,
  day: string,
  deltas: Deltas,
  slots: number,
): Promise<string[]> {
  const areas = [...deltas].filter(([, line]) => [...line.values()].some((by) => by !== 0)).map(([area]) => area)
  if (areas.length === 0) return []
  const latest = await latestSums(tx, countyCode, areas, day)
  const rows = areas.map((area) => {
    const counts = padded(latest.get(area) ?? [], slots)
    for (const [slot, by] of deltas.get(area)!) counts[slot - 1]! += by
    return { county_code: countyCode, area_code: area, day, counts }
  })
  await writeSums(tx, rows)
  return areas
}

function padded(counts: readonly number[], slots: number): number[] {
  return Array.from({ length: Math.max(slots, counts.length) }, (_, at) => counts[at] ?? 0)
}

/** Each area's last sums up to a day. Every month's end has a row, so none is older than the last of them. */
export async function latestSums(
  tx: Transaction,
  countyCode: string,
  areas: readonly string[] | null,
  day: string,
): Promise<Map<string, number[]>> {
  let query = tx
    .withTables<CoverageTables>()
    .selectFrom('rollup')
    .select(['area_code', 'counts'])
    .distinctOn('area_code')
    .where('county_code', '=', countyCode)
    .where('day', '<=', day)
    .where('day', '>=', monthEndBefore(day))
    .orderBy('area_code')
    .orderBy('day', 'desc')
  if (areas) query = query.where('area_code', 'in', areas)
  return new Map((await query.execute()).map((row) => [row.area_code, row.counts]))
}

async function writeSums(tx: Transaction, rows: readonly CoverageTables['rollup'][]): Promise<void> {
  const also = sql`on conflict (county_code, area_code, day) do update set counts = excluded.counts`
  await insertRows(tx, 'rollup', rows, also)
}

/** Writes the sums of every month's end from a day (inclusive) to another (exclusive), which nothing changes any more. */
export async function closeMonths(tx: Transaction, countyCode: string, from: string, to: string): Promise<void> {
  for (const day of monthEnds(from, to)) {
    const latest = await latestSums(tx, countyCode, null, day)
    const rows = [...latest].map(([area, counts]) => ({ county_code: countyCode, area_code: area, day, counts }))
    await writeSums(tx, rows)
  }
}

/**
 * Counts measures of a county from the states of its units, at the end of each of the given days (ascending): by area, the
 * whole county among them, then by day, then by measure. One pass over the states, however many days.
 */
export async function sumsAt(
  tx: Transaction,
  countyCode: string,
  measures: readonly Measure[],
  days: readonly string[],
): Promise<Map<string, number[][]>> {
  const amounts = sql.join(measures.map((one, at) => sql`${amountSql(one)} as ${sql.ref(`m${at}`)}`))
  const sums = sql.join(measures.map((_, at) => sql`sum(sign * ${sql.ref(`m${at}`)})::int`))
  // A state counts at the first of the days that is not before its own, and stops counting in the same way.
  const { rows } = await sql<{ area_code: string; at: number; sums: number[] }>`
    select area_code, at, array[${sums}] as sums
    from (
      select s.*, turn.sign, width_bucket(turn.day - 1, ${[...days]}::date[]) as at
      from (select area_code, valid_from, valid_to, ${amounts} from unit_state where county_code = ${countyCode}) s
      cross join lateral (values (1, s.valid_from), (-1, s.valid_to)) as turn (sign, day)
      where turn.day is not null
    ) turns
    where at < ${days.length}
    group by area_code, at`.execute(tx)
  const found = new Map<string, number[][]>()
  const of = (area: string) => {
    const line = found.get(area) ?? days.map(() => measures.map(() => 0))
    found.set(area, line)
    return line
  }
  for (const row of rows) {
    for (const line of [of(row.area_code), of(wholeCounty)]) {
      row.sums.forEach((sum, measure) => (line[row.at]![measure]! += sum))
    }
  }
  for (const line of found.values()) {
    for (let at = 1; at < line.length; at += 1) line[at]!.forEach((_, m) => (line[at]![m]! += line[at - 1]![m]!))
  }
  return found
}

/** Writes all sums of a county anew for the given days. */
export async function buildSums(
  tx: Transaction,
  countyCode: string,
  definitions: Definitions,
  days: readonly string[],
): Promise<void> {
  const sums = await sumsAt(tx, countyCode, definitions.measures, days)
  if (!sums.has(wholeCounty))
    sums.set(
      wholeCounty,
      days.map(() => definitions.measures.map(() => 0)),
    )
  for (const [area, line] of sums) {
    const rows = days.map((day, at) => {
      const counts = padded([], definitions.slots)
      definitions.measures.forEach((measure, m) => (counts[measure.slot - 1] = line[at]![m]!))
      return { county_code: countyCode, area_code: area, day, counts }
    })
    await writeSums(tx, rows)
  }
}

/** Fills the places of some measures in all sums that a county has, leaving the others as they are. */
export async function fillSums(
  tx: Transaction,
  countyCode: string,
  measures: readonly Measure[],
  slots: number,
): Promise<void> {
  const kept = await tx
    .withTables<CoverageTables>()
    .selectFrom('rollup')
    .selectAll()
    .where('county_code', '=', countyCode)
    .execute()
  const days = [...new Set(kept.map((row) => row.day))].sort()
  if (days.length === 0) return
  const sums = await sumsAt(tx, countyCode, measures, days)
  const at = new Map(days.map((day, index) => [day, index]))
  const rows = kept.map((row) => {
    const counts = padded(row.counts, slots)
    measures.forEach((measure, m) => {
      counts[measure.slot - 1] = sums.get(row.area_code)?.[at.get(row.day)!]?.[m] ?? 0
    })
    return { ...row, counts }
  })
  await writeSums(tx, rows)
}
