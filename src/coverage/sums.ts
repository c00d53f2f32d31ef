import { type RawBuilder, sql } from 'kysely'
import { Problem } from '../base/problem.ts'
import { today } from '../base/time.ts'
import type { Context } from '../host/context.ts'
import { monthEnd, monthEndBefore } from './calendar.ts'
import { amountSql } from './condition-sql.ts'
import type { Measure } from './condition.ts'
import { figures, type KeptRatio } from './definitions.ts'
import { type Ground, sumsWithin, within } from './ground.ts'
import { ratiosOn } from './measures.ts'

/** The day that an answer tells of, and whether all that was written up to now is in it. */
export interface Told {
  asOf: string
  settled: boolean
  /** The last of the days on which the region's counties were taken up; days before may have no daily sums. */
  openedOn: string | null
  /** In how many places of the region's counties an identity between the sums does not hold now. */
  failing: number
}

/**
 * The day that can be answered for a region: the one asked, today by default, or as far as its counties have come. `slots`:
 * how many sums are asked for.
 */
export async function tellDay(ctx: Context, ground: Ground, asked: string | undefined, slots = 0): Promise<Told> {
  const now = today(ctx.now)
  if (asked !== undefined && asked > now) throw new Problem('invalid', '截至日不能晚于今天。')
  const { rows } = await sql<{
    day: string | null
    opened_on: string | null
    building: number
    waiting: number
    failing: number
  }>`
    select min(day) filter (where opened_on is not null) as day, max(opened_on) as opened_on,
      count(*) filter (where opened_on is null or slots_known < ${slots}) as building,
      coalesce(sum(jsonb_array_length(broken)), 0) as failing,
      (select count(*) from (select 1 from touch where ${within({ ...ground, areaCode: null })} limit 1) t) as waiting
    from coverage_county where ${within({ ...ground, areaCode: null })}`.execute(ctx.tx)
  const { day, opened_on, building, waiting, failing } = rows[0]!
  const wanted = asked ?? now
  const asOf = day !== null && day < wanted ? day : wanted
  return {
    asOf,
    settled: asOf === wanted && building === 0 && (asOf < now || waiting === 0),
    openedOn: opened_on,
    failing,
  }
}

/** Sums by slot. */
export type Sums = ReadonlyMap<number, number>

/**
 * The sums of measures over a region at the end of days (`told.asOf` or months' ends), by group and day. `group` is an SQL
 * text over county_code and area_code; one group '' when it is left out. Days without anything known are not there.
 */
export async function readSums(
  ctx: Context,
  ground: Ground,
  told: Told,
  measures: readonly Measure[],
  days: readonly string[],
  more: { group?: RawBuilder<string>; where?: RawBuilder<boolean>; byArea?: boolean } = {},
): Promise<Map<string, Map<string, Sums>>> {
  const found = new Map<string, Map<string, Sums>>()
  const take = (rows: readonly { part: string; day: string; sums: number[] }[]) => {
    for (const row of rows) {
      const of = found.get(row.part) ?? new Map<string, Sums>()
      found.set(row.part, of.set(row.day, new Map(measures.map((one, at) => [one.slot, row.sums[at]!]))))
    }
  }
  const part = more.group ?? sql<string>`''`
  const where = more.where ?? sql`true`
  const kept = days.filter((day) => day === monthEnd(day) && day < told.asOf)
  const last = days.filter((day) => !kept.includes(day))
  const list = sql.join(measures.map((one) => sql.raw(`coalesce(sum(counts[${one.slot}]), 0)::float8`)))
  const rows = sumsWithin(ground, ctx.actor.scope, more.byArea ?? false)
  if (kept.length > 0) {
    const answer = await sql<{ part: string; day: string; sums: number[] }>`
      select ${part} as part, day, array[${list}] as sums from rollup
      where ${rows} and ${where} and day = any (${kept}::date[]) group by 1, 2`.execute(ctx.tx)
    take(answer.rows)
  }
  for (const day of last) {
    if (isCounted(told, day)) {
      const answer = await sql<{ part: string; day: string; sums: number[] }>`
        select ${part} as part, ${day}::date as day, array[${list}] as sums
        from (
          select distinct on (county_code, area_code) county_code, area_code, counts from rollup
          where ${rows} and ${where} and day <= ${day}::date and day >= ${monthEndBefore(day)}::date
          order by county_code, area_code, day desc
        ) latest group by 1`.execute(ctx.tx)
      take(answer.rows)
    } else take(await countStates(ctx, ground, measures, day, part, where))
  }
  return found
}

/** True for days that have sums of their own; other days, before a county was taken up, are counted unit by unit. */
function isCounted(told: Told, day: string): boolean {
  return day === monthEnd(day) || (told.openedOn !== null && day >= told.openedOn)
}

async function countStates(
  ctx: Context,
  ground: Ground,
  measures: readonly Measure[],
  day: string,
  part: RawBuilder<string>,
  where: RawBuilder<boolean>,
) {
  const list = sql.join(measures.map((one) => sql`sum(${amountSql(one)})::float8`))
  const { rows } = await sql<{ part: string; day: string; sums: number[] }>`
    select ${part} as part, ${day}::date as day, array[${list}] as sums from unit_state
    where ${within(ground)} and ${where} and ${onDay(day)} group by 1`.execute(ctx.tx)
  return rows
}

/** The rows of `unit_state` that hold on a day. */
export function onDay(day: string): RawBuilder<boolean> {
  return sql<boolean>`valid_from <= ${day}::date and (valid_to is null or valid_to > ${day}::date)`
}

/** The measures that answer for days: all figures, and of each ratio the versions in force on any of them. */
export function measuresFor(ratios: readonly KeptRatio[], days: readonly string[]): Measure[] {
  const versions = new Set(days.flatMap((day) => ratiosOn(ratios, day)))
  return [
    ...figures.map((one) => one.measure),
    ...[...versions].flatMap((one) => [one.numeratorMeasure, one.denominatorMeasure]),
  ]
}

/** The figures' answers from sums. */
export function figuresFrom(sums: Sums | undefined) {
  return figures.map(({ key, measure }) => ({ key, value: sums?.get(measure.slot) ?? 0 }))
}

/** The ratios' answers for a day from sums, by the versions in force then. */
export function ratiosFrom(ratios: readonly KeptRatio[], day: string, sums: Sums | undefined) {
  return ratiosOn(ratios, day).map((one) => {
    const numerator = sums?.get(one.numeratorMeasure.slot) ?? 0
    const denominator = sums?.get(one.denominatorMeasure.slot) ?? 0
    return {
      key: one.key,
      name: one.name,
      version: one.version,
      asOf: day,
      numerator,
      denominator,
      value: denominator === 0 ? null : numerator / denominator,
    }
  })
}
