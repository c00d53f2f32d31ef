import { type RawBuilder, sql, type SqlBool } from 'kysely'
import type { z } from 'zod'
import { childRange } from '../base/region.ts'
import { addMonths, today } from '../base/time.ts'
import type { Context, Transaction } from '../host/context.ts'
import type { OrgFilter, OrgRow, orgSort } from './contract.ts'
import { termStateOf } from './rules.ts'
import { loadPartySettings } from './settings.ts'
import type { PartySettings } from './settings-contract.ts'
import type { FormingMode, OrgKind, TermState } from './words-contract.ts'

/** A pattern for `like` that finds a text anywhere. */
export const likeText = (text: string) => `%${text.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`

/** True in SQL where a dated row of table `alias` holds on a day. */
export function heldOn(alias: string, day: string): RawBuilder<SqlBool> {
  const from = sql.ref(`${alias}.valid_from`)
  const to = sql.ref(`${alias}.valid_to`)
  return sql`${from} <= ${day}::date and (${to} is null or ${to} > ${day}::date)`
}

/** The last day of the term of `o` begun by a day, an approved delay counted. */
export const termEndsOn = (day: string) => sql<string | null>`(
  select max(coalesce(t.delayed_until, t.expires_on)) from party_term t
  where t.county_code = o.county_code and t.org_id = o.id and t.elected_on <= ${day}::date)`

const unitsOf = (day: string) => sql<number>`(
  select count(distinct c.unit_id) from party_cover c
  where c.county_code = o.county_code and c.org_id = o.id and ${heldOn('c', day)})`

/** True in SQL where `o` holds elections. */
export const elects = sql<SqlBool>`o.kind <> 'temporary' and o.forming_mode <> 'temporary'`

/** True in SQL where `o` stands on a day. */
export const standsOn = (day: string) => sql<SqlBool>`(o.dissolved_on is null or o.dissolved_on > ${day}::date)`

function termCondition(term: TermState, day: string, settings: PartySettings): RawBuilder<SqlBool> {
  const end = termEndsOn(day)
  const soon = addMonths(day, settings.soonMonths)
  const cases: Record<TermState, RawBuilder<SqlBool>> = {
    exempt: sql`not (${elects})`,
    none: sql`${elects} and ${end} is null`,
    over: sql`${elects} and ${end} < ${day}::date`,
    soon: sql`${elects} and ${end} >= ${day}::date and ${end} <= ${soon}::date`,
    ok: sql`${elects} and ${end} > ${soon}::date`,
  }
  return cases[term]
}

const exists = (table: string, more: RawBuilder<unknown>) => sql<SqlBool>`exists (
  select from ${sql.table(table)} x where x.county_code = o.county_code and x.org_id = o.id and ${more})`

/** The conditions of a filter over `party_org o`. */
export function orgConditions(filter: OrgFilter, day: string, settings: PartySettings): RawBuilder<SqlBool> {
  const all: RawBuilder<SqlBool>[] = [filter.dissolved ? sql`not ${standsOn(day)}` : standsOn(day)]
  if (filter.text) {
    const text = filter.text.toLowerCase().replace(/\s+/g, '')
    all.push(sql`o.search_text like ${likeText(text)}`)
  }
  if (filter.kinds?.length) all.push(sql`o.kind = any (${filter.kinds}::text[])`)
  if (filter.modes?.length) all.push(sql`o.forming_mode = any (${filter.modes}::text[])`)
  if (filter.region) {
    const { from, to } = childRange(filter.region)
    all.push(sql`o.area_code >= ${from} and o.area_code < ${to}`)
  }
  if (filter.term) all.push(termCondition(filter.term, day, settings))
  const held = heldOn('x', day)
  if (filter.parentId)
    all.push(exists('party_org_line', sql`x.parent_id = ${filter.parentId} and x.line = 'leadership' and ${held}`))
  if (filter.unitId) all.push(exists('party_cover', sql`x.unit_id = ${filter.unitId} and ${held}`))
  if (filter.noSecretary) all.push(sql`not ${exists('party_post', sql`x.post = 'secretary' and ${held}`)}`)
  if (filter.noParent) all.push(sql`not ${exists('party_org_line', sql`x.line = 'leadership' and ${held}`)}`)
  if (filter.noUnit) all.push(sql`not ${exists('party_cover', held)}`)
  if (filter.unitsOver)
    all.push(sql`(select count(distinct x.unit_id) from party_cover x where x.county_code = o.county_code
      and x.org_id = o.id and x.mode = 'joint' and ${held}) > ${settings.jointUnitsMax}`)
  return sql.join(all, sql` and `)
}

const orders = (day: string): Record<z.infer<typeof orgSort>, RawBuilder<unknown>> => ({
  name: sql`o.sort_key`,
  founded: sql`o.founded_on`,
  term: termEndsOn(day),
  units: unitsOf(day),
  updated: sql`o.updated_at`,
})

interface SearchInput {
  filter: OrgFilter
  sort: z.infer<typeof orgSort>
  order: 'asc' | 'desc'
  page: number
  pageSize: number
}

/** 查询党组织 */
export async function searchOrgs(input: SearchInput, ctx: Context) {
  const day = today(ctx.now)
  const settings = await loadPartySettings(ctx.tx, day)
  const where = orgConditions(input.filter, day, settings)
  const direction = input.order === 'desc' ? sql`desc nulls last` : sql`asc nulls last`
  const { rows: total } = await sql<{ n: number }>`
    select count(*)::int as n from party_org o where ${where}`.execute(ctx.tx)
  const { rows } = await sql<{ id: string }>`
    select o.id from party_org o where ${where}
    order by ${orders(day)[input.sort]} ${direction}, o.sort_key, o.id
    limit ${input.pageSize} offset ${(input.page - 1) * input.pageSize}`.execute(ctx.tx)
  const shown = await orgRows(
    ctx.tx,
    rows.map((row) => row.id),
    day,
    settings,
  )
  return { rows: shown, total: total[0]!.n }
}

/** A row as the one statement below answers it. */
interface Told {
  id: string
  county_code: string
  name: string
  kind: OrgKind
  forming_mode: FormingMode
  code: string | null
  area_code: string
  area_name: string | null
  parent_name: string | null
  secretary: string | null
  units: number
  founded_on: string
  dissolved_on: string | null
  ends_on: string | null
  updated_at: Date
}

/** The rows of these organisations as lists show them, in the order asked for; what lies out of scope is left out. */
export async function orgRows(
  tx: Transaction,
  ids: readonly string[],
  day: string,
  settings: PartySettings,
): Promise<OrgRow[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<Told>`
    select o.id, o.county_code, o.name, o.kind, o.forming_mode, o.code, o.area_code, r.name as area_name,
      coalesce(p.name, l.parent_name) as parent_name, s.name_masked as secretary, ${unitsOf(day)}::int as units,
      o.founded_on, o.dissolved_on, ${termEndsOn(day)} as ends_on, o.updated_at
    from party_org o
    left join region r on r.code = o.area_code
    left join party_org_line l on l.county_code = o.county_code and l.org_id = o.id and l.line = 'leadership'
      and ${heldOn('l', day)}
    left join party_org p on p.county_code = l.parent_county_code and p.id = l.parent_id
    left join (
      select x.county_code, x.org_id, min(x.name_masked) as name_masked from party_post x
      where x.post = 'secretary' and ${heldOn('x', day)} and x.org_id = any (${ids}::uuid[])
      group by x.county_code, x.org_id
    ) s on s.county_code = o.county_code and s.org_id = o.id
    where o.id = any (${ids}::uuid[])`.execute(tx)
  const members = await membersOf(tx, ids)
  const found = new Map(rows.map((row) => [row.id, row]))
  return ids.flatMap((id) => {
    const row = found.get(id)
    if (!row) return []
    const org = { kind: row.kind, formingMode: row.forming_mode, dissolvedOn: row.dissolved_on }
    return {
      id,
      countyCode: row.county_code,
      name: row.name,
      kind: row.kind,
      formingMode: row.forming_mode,
      code: row.code,
      areaCode: row.area_code,
      areaName: row.area_name ?? '',
      parentName: row.parent_name,
      secretary: row.secretary,
      units: row.units,
      formal: members.get(id)?.formal ?? null,
      probationary: members.get(id)?.probationary ?? null,
      foundedOn: row.founded_on,
      dissolvedOn: row.dissolved_on,
      term: termStateOf(org, row.ends_on, day, settings),
      termEndsOn: row.ends_on,
      updatedAt: row.updated_at.toISOString(),
    }
  })
}

export interface OrgMembers {
  formal: number
  probationary: number
  from: 'roster' | 'report'
  /** Of a report, the day it speaks of. */
  asOf: string | null
}

/** How many members organisations have: as the rosters say, else as was last reported. */
export async function membersOf(tx: Transaction, ids: readonly string[]): Promise<Map<string, OrgMembers>> {
  const { rows: listed } = await sql<{ id: string; formal: number; probationary: number }>`
    select party_org_id as id, (count(*) filter (where kind = 'formal'))::int as formal,
      (count(*) filter (where kind = 'probationary'))::int as probationary
    from member where valid_to is null and party_org_id = any (${ids}::uuid[])
    group by party_org_id`.execute(tx)
  const { rows: reported } = await sql<{ id: string; formal: number; probationary: number; as_of: string }>`
    select party_org_id as id, formal, probationary, as_of from member_count
    where withdrawn_at is null and party_org_id = any (${ids}::uuid[])
    order by as_of, at`.execute(tx)
  const found = new Map<string, OrgMembers>()
  for (const { id, as_of: asOf, ...row } of reported) found.set(id, { ...row, from: 'report', asOf })
  for (const { id, ...row } of listed) found.set(id, { ...row, from: 'roster', asOf: null })
  return found
}
