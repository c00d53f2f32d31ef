import { sql } from 'kysely'
import { childRange, countryCode, parentCode } from '../base/region.ts'
import { notFound } from '../base/problem.ts'
import type { Context, Transaction } from '../host/context.ts'
import type { OfficeTables, RegionTable } from './tables.ts'

/** Names and levels of regions by code; unknown codes are left out. */
export async function regionNames(
  tx: Transaction,
  codes: readonly string[],
): Promise<Map<string, Pick<RegionTable, 'code' | 'name' | 'full_name' | 'level'>>> {
  if (codes.length === 0) return new Map()
  const rows = await tx
    .withTables<OfficeTables>()
    .selectFrom('region')
    .select(['code', 'name', 'full_name', 'level'])
    .where('code', 'in', [...new Set(codes)])
    .execute()
  return new Map(rows.map((row) => [row.code, row]))
}

/** The townships of a county that stand today, by code. */
export function townshipsOf(tx: Transaction, countyCode: string): Promise<Pick<RegionTable, 'code' | 'name'>[]> {
  return tx
    .withTables<OfficeTables>()
    .selectFrom('region')
    .select(['code', 'name'])
    .where('parent_code', '=', countyCode)
    .where('level', '=', 'township')
    .where('year_to', 'is', null)
    .orderBy('code')
    .execute()
}

/** The one of some regions that a table means: by its whole name, or the only one whose name begins so. */
export function regionNamed(said: string, regions: readonly Pick<RegionTable, 'code' | 'name'>[]): string | undefined {
  const whole = regions.filter((one) => one.name === said)
  const like = regions.filter((one) => one.name.startsWith(said))
  return whole.length === 1 ? whole[0]!.code : like.length === 1 ? like[0]!.code : undefined
}

export interface RegionFilter {
  parent: string
  text?: string | undefined
  asOfYear?: number | undefined
  limit: number
}

/** Children of a region, or with `text` whatever lies below it and fits: by name, beginning of the code, first letters. */
export async function listRegions(input: RegionFilter, ctx: Context) {
  const office = ctx.tx.withTables<OfficeTables>()
  let query = office.selectFrom('region').selectAll().orderBy('code').limit(input.limit)
  if (input.asOfYear === undefined) query = query.where('year_to', 'is', null)
  else {
    const year = input.asOfYear
    // The oldest list we have stands for the years before it.
    const first = office.selectFrom('region').select((eb) => eb.fn.min<number>('year_from').as('year'))
    query = query
      .where((eb) => eb.or([eb('year_from', '<=', year), eb('year_from', '=', first)]))
      .where((eb) => eb.or([eb('year_to', 'is', null), eb('year_to', '>', year)]))
  }
  if (!input.text) {
    const rows = await query.where('parent_code', '=', input.parent).execute()
    return { rows: rows.map(shown) }
  }
  const { from, to } = childRange(input.parent)
  const plain = input.text.toLowerCase().replace(/[\\%_]/g, '\\$&')
  const rows = await query
    .where('code', '>=', from)
    .where('code', '<', to)
    .where('code', '!=', input.parent)
    .where((eb) =>
      eb.or([
        eb('full_name', 'like', `%${plain}%`),
        eb('initials', 'like', `${plain}%`),
        ...(/^\d+$/.test(plain) ? [eb('code', 'like', `${plain}%`)] : []),
      ]),
    )
    // What is called so itself comes before what only lies below it, the higher level first.
    .clearOrderBy()
    .orderBy(sql`name not like ${`%${plain}%`} and initials not like ${`${plain}%`}`)
    .orderBy(sql`length(rtrim(code, '0'))`)
    .orderBy('code')
    .execute()
  return { rows: rows.map(shown) }
}

/** One region with what it lies in, from the province down; retired codes too. */
export async function getRegion(input: { code: string }, ctx: Context) {
  const office = ctx.tx.withTables<OfficeTables>()
  const row = await office.selectFrom('region').selectAll().where('code', '=', input.code).executeTakeFirst()
  if (!row) throw notFound('个区划')
  const above = ancestorsOf(row.code)
  const names = await regionNames(ctx.tx, above)
  return {
    ...shown(row),
    ancestors: above.flatMap((code) => {
      const name = names.get(code)?.name
      return name ? [{ code, name }] : []
    }),
  }
}

/** Codes above a region, province first; the country is not named. */
function ancestorsOf(code: string): string[] {
  const above: string[] = []
  for (let at = parentCode(code); at !== null && at !== countryCode; at = parentCode(at)) above.unshift(at)
  return above
}

function shown(row: RegionTable) {
  return {
    code: row.code,
    name: row.name,
    level: row.level,
    parentCode: row.parent_code,
    fullName: row.full_name,
    selectable: row.selectable,
    hasChildren: row.has_children,
    yearFrom: row.year_from,
    yearTo: row.year_to,
    successorCode: row.successor_code,
  }
}
