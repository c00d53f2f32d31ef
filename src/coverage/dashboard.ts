import { type RawBuilder, sql } from 'kysely'
import { Problem } from '../base/problem.ts'
import { childRange, countylessCities, isWithin, parentCode } from '../base/region.ts'
import type { Context } from '../host/context.ts'
import type { OfficeTables } from '../office/tables.ts'
import { trendDays } from './calendar.ts'
import { figures } from './definitions.ts'
import { findGround, type Ground, levelOf, topOf } from './ground.ts'
import { type Definitions, loadDefinitions } from './measures.ts'
import { figuresFrom, measuresFor, ratiosFrom, readSums, type Sums, tellDay } from './sums.ts'

/** 覆盖看板: figures and ratios of one region on a day, and how they went month by month. */
export async function getDashboard(
  input: { region?: string | undefined; asOf?: string | undefined; months: number },
  ctx: Context,
) {
  const ground = await findGround(ctx, input.region)
  const definitions = await loadDefinitions(ctx.tx)
  const told = await tellDay(ctx, ground, input.asOf, definitions.slots)
  const days = trendDays(told.asOf, input.months)
  const found = await readSums(ctx, ground, told, measuresFor(definitions.ratios, days), days)
  const byDay = found.get('') ?? new Map<string, Sums>()
  const now = byDay.get(told.asOf)
  return {
    region: wordsOf(ground),
    path: await pathOf(ctx, ground),
    asOf: told.asOf,
    settled: told.settled,
    failing: told.failing,
    figures: figuresFrom(now),
    ratios: ratiosFrom(definitions.ratios, told.asOf, now),
    trend: trendOf(definitions, days, byDay),
  }
}

const wordsOf = ({ code, name, level, hasChildren }: Ground) => ({ code, name, level, hasChildren })

function trendOf(definitions: Definitions, days: readonly string[], byDay: ReadonlyMap<string, Sums>) {
  const perDay = days.map((day) => ratiosFrom(definitions.ratios, day, byDay.get(day)))
  const keys = [...new Set(perDay.flatMap((answers) => answers.map((one) => one.key)))]
  return {
    days: [...days],
    ratios: keys.map((key) => {
      const line = perDay.map((answers) => answers.find((one) => one.key === key))
      return {
        key,
        versions: line.map((one) => one?.version ?? null),
        numerators: line.map((one) => one?.numerator ?? 0),
        denominators: line.map((one) => one?.denominator ?? 0),
      }
    }),
    figures: figures.map(({ key, measure }) => ({
      key,
      values: days.map((day) => byDay.get(day)?.get(measure.slot) ?? 0),
    })),
  }
}

/** The regions from the account's top down to this one. */
async function pathOf(ctx: Context, ground: Ground) {
  const top = topOf(ctx.actor.scope)
  const codes: string[] = []
  for (let code: string | null = ground.code; code !== null && isWithin(code, top); code = parentCode(code)) {
    codes.unshift(code)
  }
  const rows = await regions(ctx).where('code', 'in', codes).execute()
  return rows.map((row) => ({ ...row, level: levelOf(row.code) }))
}

function regions(ctx: Context) {
  return ctx.tx
    .withTables<OfficeTables>()
    .selectFrom('region')
    .select(['code', 'name', 'has_children as hasChildren'])
    .orderBy('code')
}

const levels = ['country', 'province', 'city', 'county', 'township'] as const
type Level = (typeof levels)[number]

/** What rows are told apart by at a level. */
const partAt: Record<Level, RawBuilder<string>> = {
  country: sql`'000000000000'`,
  province: sql`rpad(left(county_code, 2), 12, '0')`,
  city: sql`rpad(left(county_code, 4), 12, '0')`,
  county: sql`county_code`,
  township: sql`area_code`,
}

/** 比较各区划: every region of one level below a region with its figures and ratios, in the order of codes. */
export async function compareRegions(
  input: {
    region?: string | undefined
    level?: Level | undefined
    asOf?: string | undefined
    page: number
    pageSize: number
  },
  ctx: Context,
) {
  const ground = await findGround(ctx, input.region)
  const below = input.level ?? levels[levels.indexOf(ground.level) + 1] ?? 'township'
  if (levels.indexOf(below) <= levels.indexOf(ground.level) && ground.level !== 'township') {
    throw new Problem('invalid', '请选择比本区划低的一级。')
  }
  const told = await tellDay(ctx, ground, input.asOf)
  const { rows, total } = await regionsBelow(ctx, ground, below, input)
  const { ratios } = await loadDefinitions(ctx.tx)
  const measures = measuresFor(ratios, [told.asOf])
  const part = { group: partAt[below], byArea: below === 'township' }
  const codes = rows.map((row) => row.code)
  const where = sql<boolean>`${partAt[below]} = any (${codes}::text[])`
  const sums =
    codes.length > 0
      ? await readSums(ctx, ground, told, measures, [told.asOf], { ...part, where })
      : new Map<string, Map<string, Sums>>()
  return {
    asOf: told.asOf,
    level: below,
    total,
    rows: rows.map((row) => {
      const now = sums.get(row.code)?.get(told.asOf)
      const region = { ...row, level: below, hasChildren: row.hasChildren && below !== 'township' }
      return { region, figures: figuresFrom(now), ratios: ratiosFrom(ratios, told.asOf, now) }
    }),
  }
}

/**
 * A page of the regions of a level below a region that the account looks after. Below a county its own code stands last,
 * for the units that name no township.
 */
async function regionsBelow(ctx: Context, ground: Ground, below: Level, page: { page: number; pageSize: number }) {
  const { scope } = ctx.actor
  const { from, to } = childRange(ground.code)
  const level =
    below === 'county'
      ? sql`(level = 'county' or code = any (${[...countylessCities]}::text[]))`
      : sql`level = ${below}`
  const seen = scope.nation
    ? sql`true`
    : below === 'township'
      ? scope.areas === '*'
        ? sql`rpad(left(code, 6), 12, '0') = any (${scope.counties}::text[])`
        : sql`code = any (${scope.areas}::text[])`
      : below === 'county'
        ? sql`code = any (${scope.counties}::text[])`
        : sql`true`
  const own =
    ground.countyCode !== null && ground.areaCode === null && (scope.areas === '*' || scope.areas.includes(ground.code))
  const rest = own ? sql`union all select ${ground.code}, '未明确乡镇街道', false, 1` : sql``
  const { rows } = await sql<{ code: string; name: string; hasChildren: boolean; total: number }>`
    select code, name, has_children as "hasChildren", count(*) over () as total
    from (
      select code, name, has_children, 0 as last from region
      where code >= ${from} and code < ${to} and year_to is null and ${level} and ${seen} ${rest}
    ) listed
    order by last, code limit ${page.pageSize} offset ${(page.page - 1) * page.pageSize}`.execute(ctx.tx)
  return { rows: rows.map(({ code, name, hasChildren }) => ({ code, name, hasChildren })), total: rows[0]?.total ?? 0 }
}
