import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely'
import { maskName, maskPhone } from '../base/mask.ts'
import { childRange, countyOf, isCounty, level } from '../base/region.ts'
import type { Context, Transaction } from '../host/context.ts'
import type { OfficeTables } from '../office/tables.ts'
import type { UnitFilter } from './contract.ts'
import { industryName } from './industry.ts'
import { likePattern, queryGrams, queryText } from './search.ts'
import { dropsBefore } from './standing-contract.ts'
import type { LedgerTables } from './tables.ts'

type Tables = LedgerTables & Pick<OfficeTables, 'region' | 'place'>
type Where = ExpressionBuilder<Tables, 'unit'>

/** The ledger's tables with those of the office that it reads. */
export function ledgerTables(tx: Transaction) {
  return tx.withTables<Tables>()
}

/** A filter made ready for the database by `lookUp`. */
export interface Wanted extends UnitFilter {
  /** The units that have the text, where they are few; null: compare the text, if there is one, along the list. */
  few: readonly string[] | null
  /** The one county that is asked about; null: several. It lets the database walk the list in its order. */
  countyCode: string | null
}

// Up to so many are sooner read one by one than found along the list.
const fewMax = 2000

/** Looks a filter's text up in the search index, and sees which county is asked about. */
export async function lookUp(ctx: Context, filter: UnitFilter): Promise<Wanted> {
  const { counties } = ctx.actor.scope
  const asked = filter.region && isCounty(filter.region) ? filter.region : undefined
  const countyCode = asked ?? (counties.length === 1 ? counties[0] : undefined) ?? null
  const text = queryText(filter.text ?? '')
  const keys = queryGrams(text)
  if (keys.length === 0) return { ...filter, few: null, countyCode }
  const { rows } = await sql<{ id: string }>`
    select id from app.find_units(${keys}::text[], ${likePattern(text)}, ${fewMax + 1}) as id`.execute(ctx.tx)
  return { ...filter, few: rows.length > fewMax ? null : rows.map((row) => row.id), countyCode }
}

/** The condition of a filter; list, count, export and summary all use this one. Rows out of scope never meet it. */
export function matching(eb: Where, filter: Wanted): Expression<SqlBool> {
  const parts: Expression<SqlBool>[] = [
    filter.withdrawn ? eb('withdrawn_at', 'is not', null) : eb('withdrawn_at', 'is', null),
  ]
  if (filter.countyCode) parts.push(eb('county_code', '=', filter.countyCode))
  if (filter.few) parts.push(sql<SqlBool>`unit.id = any (${filter.few}::uuid[])`)
  else if (filter.text) parts.push(eb('search_text', 'like', likePattern(queryText(filter.text))))
  if (filter.kinds?.length) parts.push(eb('kind', 'in', filter.kinds))
  if (filter.statuses?.length) parts.push(eb('status', 'in', filter.statuses))
  if (filter.region) parts.push(inRegion(filter.region))
  if (filter.industry) parts.push(eb('industry', 'like', `${filter.industry}%`))
  if (filter.staffMin !== undefined) parts.push(eb('staff_count', '>=', filter.staffMin))
  if (filter.staffMax !== undefined) parts.push(eb('staff_count', '<=', filter.staffMax))
  if (filter.withoutCode) parts.push(eb('uscc', 'is', null))
  if (filter.departments?.length) parts.push(sql<SqlBool>`departments && ${filter.departments}::text[]`)
  if (filter.withoutArea) parts.push(sql<SqlBool>`area_code = county_code`)
  if (filter.sourceRows) parts.push(hasRows(eb, filter.sourceRows === 'with'))
  if (filter.stage)
    parts.push(eb.or([eb('drop_reason', 'is', null), eb('drop_reason', 'not in', dropsBefore[filter.stage])]))
  if (filter.dropReasons?.length) parts.push(eb('drop_reason', 'in', filter.dropReasons))
  if (filter.ownerships?.length) parts.push(eb('ownership', 'in', filter.ownerships))
  if (filter.conflicts?.length) parts.push(sql<SqlBool>`conflicts && ${filter.conflicts}::text[]`)
  if (filter.anyConflict) parts.push(sql<SqlBool>`cardinality(conflicts) > 0`)
  if (filter.placeIds?.length) {
    const inside = eb
      .selectFrom('unit_place')
      .select('unit_place.unit_id')
      .whereRef('unit_place.county_code', '=', 'unit.county_code')
      .whereRef('unit_place.unit_id', '=', 'unit.id')
      .where('unit_place.place_id', 'in', filter.placeIds)
    parts.push(eb.exists(inside))
  }
  if (filter.importId) {
    const rows = eb
      .selectFrom('source_row')
      .select('source_row.id')
      .whereRef('source_row.county_code', '=', 'unit.county_code')
      .whereRef('source_row.unit_id', '=', 'unit.id')
      .where('source_row.import_id', '=', filter.importId)
    parts.push(eb.exists(rows))
  }
  return eb.and(parts)
}

/** Whether files speak of a unit; without them it was entered by hand, or merged into another. */
function hasRows(eb: Where, has: boolean): Expression<SqlBool> {
  const rows = eb.exists(
    eb
      .selectFrom('source_row')
      .select('source_row.id')
      .whereRef('source_row.county_code', '=', 'unit.county_code')
      .whereRef('source_row.unit_id', '=', 'unit.id'),
  )
  return has ? rows : eb.not(rows)
}

/**
 * A subtree is a range of codes; a township is a range of areas inside its county (decision 0002). `table` is named where
 * several are joined.
 */
export function inRegion(region: string | undefined, table?: string): Expression<SqlBool> {
  if (region === undefined) return sql<SqlBool>`true`
  const column = (name: string) => sql.ref(table ? `${table}.${name}` : name)
  const { from, to } = childRange(region)
  if (['township', 'village'].includes(level(region))) {
    const county = countyOf(region)
    return sql<SqlBool>`(${column('county_code')} = ${county}
      and ${column('area_code')} >= ${from} and ${column('area_code')} < ${to})`
  }
  return sql<SqlBool>`(${column('county_code')} >= ${from} and ${column('county_code')} < ${to})`
}

const sortColumns = {
  name: 'sort_key',
  uscc: 'uscc',
  kind: 'kind',
  status: 'status',
  area: 'area_code',
  staffCount: 'staff_count',
  foundedOn: 'founded_on',
  updatedAt: 'updated_at',
} as const

export interface UnitQuery {
  filter: UnitFilter
  sort: keyof typeof sortColumns
  order: 'asc' | 'desc'
}

/** The ids of a query's units in their order; the id breaks ties, so that no unit is on two pages. */
export function idsInOrder(tx: Transaction, filter: Wanted, { sort, order }: Pick<UnitQuery, 'sort' | 'order'>) {
  const nullable = sort === 'uscc' || sort === 'staffCount' || sort === 'foundedOn'
  return ledgerTables(tx)
    .selectFrom('unit')
    .select(['county_code', 'id'])
    .where((eb) => matching(eb, filter))
    .orderBy(sortColumns[sort], (ob) => {
      const directed = order === 'asc' ? ob.asc() : ob.desc()
      return nullable ? directed.nullsLast() : directed
    })
    .orderBy('id', order)
}

/** The rows of units in the order of their ids; those that are gone are left out. */
export async function unitsOf(tx: Transaction, found: readonly Pick<UnitRecord, 'county_code' | 'id'>[]) {
  if (found.length === 0) return []
  const rows = await ledgerTables(tx)
    .selectFrom('unit')
    .selectAll('unit')
    .where('county_code', 'in', [...new Set(found.map((row) => row.county_code))])
    .where(sql<SqlBool>`unit.id = any (${found.map((row) => row.id)}::uuid[])`)
    .execute()
  const byId = new Map(rows.map((row) => [row.id, row]))
  return found.flatMap((row) => byId.get(row.id) ?? [])
}

/** Exactly how many units a filter finds. */
export async function countUnits(tx: Transaction, filter: Wanted): Promise<number> {
  const { total } = await ledgerTables(tx)
    .selectFrom('unit')
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .where((eb) => matching(eb, filter))
    .executeTakeFirstOrThrow()
  return total
}

type UnitRecord = LedgerTables['unit']

/** Names of areas and places that rows mention, by code and by unit. */
export async function namesFor(tx: Transaction, units: readonly UnitRecord[]) {
  const codes = [...new Set(units.map((unit) => unit.area_code))]
  const regions = codes.length
    ? await ledgerTables(tx).selectFrom('region').select(['code', 'name']).where('code', 'in', codes).execute()
    : []
  const ids = units.map((unit) => unit.id)
  const counties = [...new Set(units.map((unit) => unit.county_code))]
  const places = ids.length
    ? await ledgerTables(tx)
        .selectFrom('unit_place')
        .innerJoin('place', (join) =>
          join.onRef('place.county_code', '=', 'unit_place.county_code').onRef('place.id', '=', 'unit_place.place_id'),
        )
        .select(['unit_place.unit_id', 'place.id', 'place.name', 'place.kind'])
        .where('unit_place.county_code', 'in', counties)
        .where('unit_place.unit_id', 'in', ids)
        .orderBy('place.sort_key')
        .execute()
    : []
  return { areas: new Map(regions.map((row) => [row.code, row.name])), places }
}

/** A unit as the list shows it: present values, personal ones masked. */
export function unitRowOf(unit: UnitRecord, names: Awaited<ReturnType<typeof namesFor>>) {
  return {
    countyCode: unit.county_code,
    id: unit.id,
    name: unit.name,
    shortName: unit.short_name,
    uscc: unit.uscc,
    kind: unit.kind,
    status: unit.status,
    areaCode: unit.area_code,
    areaName: names.areas.get(unit.area_code) ?? unit.area_code,
    industry: unit.industry,
    industryName: unit.industry ? industryName(unit.industry) : null,
    staffCount: unit.staff_count,
    insuredCount: unit.insured_count,
    memberCount: unit.member_count,
    hasPartyOrg: unit.has_party_org,
    legalRep: unit.legal_rep === null ? null : maskName(unit.legal_rep),
    phone: unit.phone === null ? null : maskPhone(unit.phone),
    address: unit.address,
    foundedOn: unit.founded_on,
    taxStatus: unit.tax_status,
    places: names.places.filter((place) => place.unit_id === unit.id).map((place) => place.name),
    departments: unit.departments,
    ownership: unit.ownership,
    inOperation: unit.in_operation,
    dropReason: unit.drop_reason,
    conflicts: unit.conflicts,
    updatedAt: unit.updated_at.toISOString(),
  }
}

/** 查询台账 */
export async function searchUnits(input: UnitQuery & { page: number; pageSize: number }, ctx: Context) {
  const wanted = await lookUp(ctx, input.filter)
  const total = await countUnits(ctx.tx, wanted)
  const page = idsInOrder(ctx.tx, wanted, input)
    .limit(input.pageSize)
    .offset((input.page - 1) * input.pageSize)
  // Which units are on the page is found in narrow indexes; then their wide rows are read.
  const units = await unitsOf(ctx.tx, await page.execute())
  const names = await namesFor(ctx.tx, units)
  return { rows: units.map((unit) => unitRowOf(unit, names)), total }
}
