import { sql } from 'kysely'
import { nameKey } from '../base/chinese.ts'
import { notFound } from '../base/problem.ts'
import { today } from '../base/time.ts'
import type { Context, Transaction } from '../host/context.ts'
import { memberTables } from './member-person.ts'
import type { PartyTables } from './tables.ts'

/** The party organisations of a county by name, with the units that each covers. */
export interface OrgNames {
  find(branch: string): { id: string; unitIds: readonly string[] } | null
}

const orgTables = (tx: Transaction) => memberTables(tx).withTables<PartyTables>()

/**
 * Reads the names, present and former, of a county's party organisations and whom they cover today. A unit covered by a
 * fallback organisation (兜底) has no members in it: it is somewhere to turn to for a unit without any.
 */
export async function readOrgNames(ctx: Context, countyCode: string): Promise<OrgNames> {
  const day = today(ctx.now)
  const { rows } = await sql<{ id: string; name_key: string; full_name_key: string; unit_ids: string[] | null }>`
    select o.id, o.name_key, o.full_name_key, c.unit_ids from party_org o
    left join (
      select county_code, org_id, array_agg(unit_id order by unit_id) as unit_ids from party_cover
      where mode <> 'fallback' and valid_from <= ${day}::date and (valid_to is null or valid_to > ${day}::date)
      group by county_code, org_id) c on c.county_code = o.county_code and c.org_id = o.id
    where o.county_code = ${countyCode} and (o.dissolved_on is null or o.dissolved_on > ${day}::date)`.execute(ctx.tx)
  const former = await orgTables(ctx.tx)
    .selectFrom('party_org_version')
    .select(['org_id', 'name', 'full_name'])
    .where('county_code', '=', countyCode)
    .where('valid_to', 'is not', null)
    .execute()
  const orgs = new Map(rows.map((row) => [row.id, { id: row.id, unitIds: row.unit_ids ?? [] }]))
  // A name that two organisations bear names neither; a present name goes before a former one.
  const present = keyed(rows.flatMap((row) => [row.name_key, row.full_name_key].map((key) => [key, row.id] as const)))
  const earlier = keyed(
    former.flatMap((row) => [row.name, row.full_name].map((name) => [nameKey(name), row.org_id] as const)),
  )
  return {
    find(branch) {
      const key = nameKey(branch)
      const id = present.has(key) ? present.get(key) : earlier.get(key)
      return id ? (orgs.get(id) ?? null) : null
    },
  }
}

function keyed(pairs: readonly (readonly [string, string])[]): Map<string, string | null> {
  const found = new Map<string, string | null>()
  for (const [key, id] of pairs) found.set(key, found.has(key) && found.get(key) !== id ? null : id)
  return found
}

/** Names of organisations by id. */
export async function orgNamesOf(tx: Transaction, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await orgTables(tx).selectFrom('party_org').select(['id', 'name']).where('id', 'in', ids).execute()
  return new Map(rows.map((row) => [row.id, row.name]))
}

/** The county and area of an organisation. @throws Problem('notFound') also when it lies outside the actor's scope. */
export async function orgOf(ctx: Context, id: string): Promise<{ county_code: string; area_code: string }> {
  const found = await orgTables(ctx.tx)
    .selectFrom('party_org')
    .select(['county_code', 'area_code'])
    .where('id', '=', id)
    .executeTakeFirst()
  if (!found) throw notFound('个党组织')
  return found
}
