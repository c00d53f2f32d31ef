import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { notFound } from '../base/problem.ts'
import { childRange, countryCode, countyOf, isCounty, isWithin, level, parentCode } from '../base/region.ts'
import type { Context, Scope } from '../host/context.ts'
import type { OfficeTables } from '../office/tables.ts'
import { wholeCounty } from './rollup.ts'

/** A region that an actor asked about, and which rows lie in it. */
export interface Ground {
  code: string
  name: string
  level: 'country' | 'province' | 'city' | 'county' | 'township'
  hasChildren: boolean
  /** The county that it is or lies in; null above a county. */
  countyCode: string | null
  /** The township; null above one. */
  areaCode: string | null
}

/** The highest region that takes in all that an account looks after. */
export function topOf(scope: Scope): string {
  if (scope.nation) return countryCode
  const codes = scope.areas !== '*' && scope.counties.length === 1 ? scope.areas : scope.counties
  let top = codes[0] ?? countryCode
  while (!codes.every((code) => isWithin(code, top))) top = parentCode(top) ?? countryCode
  return top
}

/** Finds a region, by default the account's own top. @throws Problem('notFound') for one outside of what it looks after */
export async function findGround(ctx: Context, asked: string | undefined): Promise<Ground> {
  const { scope } = ctx.actor
  const top = topOf(scope)
  const code = asked ?? top
  const countyCode = countyOf(code)
  const inside = isWithin(code, top) && scope.counties.some((county) => isWithin(county, code) || county === countyCode)
  const areaCode = countyCode !== null && countyCode !== code ? code : null
  const seen = areaCode === null || scope.areas === '*' || scope.areas.includes(areaCode)
  if ((!inside && !scope.nation) || !seen) throw notFound('个区划')
  const region = await ctx.tx
    .withTables<OfficeTables>()
    .selectFrom('region')
    .select(['name', 'has_children'])
    .where('code', '=', code)
    .executeTakeFirst()
  if (!region || level(code) === 'village') throw notFound('个区划')
  return {
    code,
    name: region.name,
    level: levelOf(code),
    hasChildren: areaCode === null && region.has_children,
    countyCode,
    areaCode,
  }
}

/** The level of a region as coverage tells it: the three cities without counties stand as counties. */
export function levelOf(code: string): Ground['level'] {
  const found = isCounty(code) ? 'county' : level(code)
  return found === 'village' ? 'township' : found
}

/** The rows of `unit_state` (or any table with county_code and area_code) that lie in a region. */
export function within(ground: Ground): RawBuilder<SqlBool> {
  if (ground.areaCode) return sql`county_code = ${ground.countyCode} and area_code = ${ground.areaCode}`
  if (ground.countyCode) return sql`county_code = ${ground.countyCode}`
  const { from, to } = childRange(ground.code)
  return sql`county_code >= ${from} and county_code < ${to}`
}

/**
 * The rows of `rollup` that together are the region: whole counties, or areas where they are asked for one by one or the
 * account looks after some of them.
 */
export function sumsWithin(ground: Ground, scope: Scope, byArea: boolean): RawBuilder<SqlBool> {
  if (ground.areaCode) return within(ground)
  const whole = scope.areas === '*' && !byArea
  return sql`${within(ground)} and ${whole ? sql`area_code = ${wholeCounty}` : sql`area_code <> ${wholeCounty}`}`
}
