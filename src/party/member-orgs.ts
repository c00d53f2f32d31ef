import { sql } from 'kysely'
import { nameKey } from '../base/chinese.ts'
import { today } from '../base/time.ts'
import type { Context, Transaction } from '../host/context.ts'
import { partyTables, type WrittenRow } from './change.ts'
import { rederive } from './member-derive-store.ts'
import { readUnitNames } from './member-units.ts'
import { heldOn } from './orgs.ts'

export { orgOf } from './org-page.ts'

/** The party organisations of a county by name, with the units that each covers. */
export interface OrgNames {
  find(branch: string): { id: string; unitIds: readonly string[] } | null
}

/** Reads the names, present and former, of a county's party organisations and whom they cover today. */
export async function readOrgNames(ctx: Context, countyCode: string): Promise<OrgNames> {
  const day = today(ctx.now)
  const { rows } = await sql<{ id: string; name_key: string; full_name_key: string; unit_ids: string[] | null }>`
    select o.id, o.name_key, o.full_name_key, c.unit_ids from party_org o
    left join (select county_code, org_id, array_agg(unit_id order by unit_id) as unit_ids from party_cover c
      where ${heldOn('c', day)} group by county_code, org_id) c on c.county_code = o.county_code and c.org_id = o.id
    where o.county_code = ${countyCode} and (o.dissolved_on is null or o.dissolved_on > ${day}::date)`.execute(ctx.tx)
  const former = await partyTables(ctx.tx)
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
  const rows = await partyTables(tx).selectFrom('party_org').select(['id', 'name']).where('id', 'in', ids).execute()
  return new Map(rows.map((row) => [row.id, row.name]))
}

/** More persons than this are worked out anew by a job. */
const atOnceMax = 1000

/**
 * Works the members anew whose branch is, or was, one of these organisations: by id, and by the names that the rows bear
 * before and after. Left to whoever looks after the whole county, as rosters are.
 */
export async function retargetMembers(
  ctx: Context,
  countyCode: string,
  orgIds: readonly string[],
  written: readonly WrittenRow[],
): Promise<void> {
  const { areas, nation } = ctx.actor.scope
  if (orgIds.length === 0 || !(nation || areas === '*' || areas.includes(countyCode))) return
  const images = written.filter((row) => row.table === 'party_org').flatMap((row) => [row.before, row.after])
  const keys = images.flatMap((image) => [image?.['name_key'], image?.['full_name_key']]).filter((key) => key)
  const { rows } = await sql<{ person_digest: string }>`
    select distinct person_digest from member
    where county_code = ${countyCode}
      and (party_org_id = any (${orgIds}::uuid[]) or branch_key = any (${keys as string[]}::text[]))
    limit ${atOnceMax + 1}`.execute(ctx.tx)
  if (rows.length === 0) return
  if (rows.length > atOnceMax) {
    await ctx.enqueue({
      kind: 'party.rematchEmployers',
      title: '按党组织重新认党员',
      input: { countyCode },
      countyCode,
    })
    return
  }
  const digests = rows.map((row) => row.person_digest)
  await rederive(ctx, countyCode, digests, await readUnitNames(ctx, countyCode))
}
