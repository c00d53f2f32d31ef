import { sql } from 'kysely'
import { nameKey } from '../base/chinese.ts'
import { notFound } from '../base/problem.ts'
import { today } from '../base/time.ts'
import type { Context, Transaction } from '../host/context.ts'

/** An organisation that a branch's name names, with the units that its members come from. */
export interface NamedOrg {
  id: string
  unitIds: readonly string[]
}

/** The party organisations of a county by name. */
export interface OrgNames {
  find(branch: string): NamedOrg | null
}

/**
 * Reads the names of a county's party organisations and whom they cover today. A unit covered by a fallback organisation has
 * no members in it: 兜底 gives a unit without any a party organisation to turn to.
 */
export async function readOrgNames(ctx: Context, countyCode: string): Promise<OrgNames> {
  const day = today(ctx.now)
  const { rows } = await sql<{ id: string; name_key: string; full_name_key: string; unit_ids: string[] | null }>`
    select o.id, o.name_key, o.full_name_key, c.unit_ids from party_org o
    left join (
      select org_id, array_agg(unit_id) as unit_ids from party_cover
      where county_code = ${countyCode} and mode <> 'fallback' and valid_from <= ${day}::date
        and (valid_to is null or valid_to > ${day}::date)
      group by org_id) c on c.org_id = o.id
    where o.county_code = ${countyCode} and (o.dissolved_on is null or o.dissolved_on > ${day}::date)`.execute(ctx.tx)
  const byName = new Map<string, NamedOrg | null>()
  for (const row of rows) {
    const org = { id: row.id, unitIds: row.unit_ids ?? [] }
    for (const key of new Set([row.name_key, row.full_name_key])) byName.set(key, byName.has(key) ? null : org)
  }
  return { find: (branch) => byName.get(nameKey(branch)) ?? null }
}

/** Names of organisations by id. */
export async function orgNamesOf(tx: Transaction, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const asked = [...new Set(ids)]
  const { rows } = await sql<{ id: string; name: string }>`
    select id, name from party_org where id = any (${asked}::uuid[])`.execute(tx)
  return new Map(rows.map((row) => [row.id, row.name]))
}

/** The county and area of an organisation. @throws Problem('notFound') also when it lies outside the actor's scope. */
export async function orgOf(ctx: Context, id: string): Promise<{ county_code: string; area_code: string }> {
  const { rows } = await sql<{ county_code: string; area_code: string }>`
    select county_code, area_code from party_org where id = ${id}`.execute(ctx.tx)
  if (!rows[0]) throw notFound('个党组织')
  return rows[0]
}
