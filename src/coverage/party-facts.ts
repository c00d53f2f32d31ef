import { sql } from 'kysely'
import type { Transaction } from '../host/context.ts'
import type { Cover, Dated, UnitFacts } from './state.ts'

interface CoverRow extends Dated {
  unit_id: string
  org_id: string
  mode: Cover['mode']
  dissolved_on: string | null
}

const ended = (one: Dated, end: string | null): string | null =>
  end !== null && (one.to === null || end < one.to) ? end : one.to

/** Which organisations cover these units, at any time, with all that coverage asks of them. By unit. */
export async function loadCovers(
  tx: Transaction,
  countyCode: string,
  unitIds: readonly string[],
): Promise<Map<string, Cover[]>> {
  const { rows } = await sql<CoverRow>`
    select c.unit_id, c.org_id, c.mode, c.valid_from as "from", c.valid_to as "to", o.dissolved_on
    from party_cover c
    join party_org o on o.county_code = c.county_code and o.id = c.org_id
    where c.county_code = ${countyCode} and c.unit_id = any (${unitIds}::uuid[])`.execute(tx)
  const found = new Map<string, Cover[]>()
  if (rows.length === 0) return found
  const orgIds = [...new Set(rows.map((row) => row.org_id))]
  const kinds = await perOrg<Cover['kinds'][number]>(tx, countyCode, orgIds, kindRows)
  const terms = await perOrg<Cover['terms'][number]>(tx, countyCode, orgIds, termRows)
  const ownIds = [...new Set(rows.flatMap((row) => (row.mode === 'own' ? [row.org_id] : [])))]
  const posts = await perOrg<Cover['posts'][number]>(tx, countyCode, ownIds, postRows)
  const jointIds = [...new Set(rows.flatMap((row) => (row.mode === 'joint' ? [row.org_id] : [])))]
  const mates = await perOrg<Cover['others'][number]>(tx, countyCode, jointIds, mateRows)
  for (const row of rows) {
    const to = ended(row, row.dissolved_on)
    if (to !== null && to <= row.from) continue
    const cover: Cover = {
      orgId: row.org_id,
      mode: row.mode,
      from: row.from,
      to,
      kinds: kinds.get(row.org_id) ?? [],
      terms: terms.get(row.org_id) ?? [],
      posts: row.mode === 'own' ? (posts.get(row.org_id) ?? []) : [],
      others: row.mode === 'joint' ? (mates.get(row.org_id) ?? []).filter((one) => one.unitId !== row.unit_id) : [],
    }
    found.set(row.unit_id, [...(found.get(row.unit_id) ?? []), cover])
  }
  return found
}

const kindRows = sql`select org_id, kind, valid_from as "from", valid_to as "to" from party_org_version`
const termRows = sql`select org_id, elected_on as "from", coalesce(delayed_until, expires_on) as "end" from party_term`
const postRows = sql`
  select org_id, name_digest as person, post in ('firstSecretary', 'secretary') as secretary,
    in_management as "inManagement", valid_from as "from", valid_to as "to"
  from party_post`
const mateRows = sql`
  select org_id, unit_id as "unitId", valid_from as "from", valid_to as "to" from party_cover`

async function perOrg<T>(
  tx: Transaction,
  countyCode: string,
  orgIds: readonly string[],
  rowsOf: ReturnType<typeof sql>,
): Promise<Map<string, T[]>> {
  const found = new Map<string, T[]>()
  if (orgIds.length === 0) return found
  const { rows } = await sql<T & { org_id: string }>`
    ${rowsOf} where county_code = ${countyCode} and org_id = any (${orgIds}::uuid[])`.execute(tx)
  for (const row of rows) found.set(row.org_id, [...(found.get(row.org_id) ?? []), row])
  return found
}

/** Contacts at work and charter clauses of these units, at any time. */
export async function loadWork(tx: Transaction, countyCode: string, unitIds: readonly string[]) {
  const contacts = await sql<UnitFacts['contacts'][number] & { unit_id: string }>`
    select unit_id, kind, valid_from as "from", valid_to as "to" from work_contact
    where county_code = ${countyCode} and unit_id = any (${unitIds}::uuid[])`.execute(tx)
  const charters = await sql<UnitFacts['charters'][number] & { unit_id: string }>`
    select unit_id, has_clause as "hasClause", valid_from as "from", valid_to as "to" from charter_clause
    where county_code = ${countyCode} and unit_id = any (${unitIds}::uuid[])`.execute(tx)
  return { contacts: contacts.rows, charters: charters.rows }
}

/** The other units that share a joint organisation with any of these: how many it covers is said of all of them. */
export async function jointMates(tx: Transaction, countyCode: string, unitIds: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ unit_id: string }>`
    select distinct other.unit_id from party_cover mine
    join party_cover other on other.county_code = mine.county_code and other.org_id = mine.org_id
    where mine.county_code = ${countyCode} and mine.unit_id = any (${unitIds}::uuid[]) and mine.mode = 'joint'`.execute(
    tx,
  )
  return rows.map((row) => row.unit_id)
}
