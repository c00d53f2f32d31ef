import { nameKey } from '../base/chinese.ts'
import { sql } from 'kysely'
import { countyOf } from '../base/region.ts'
import type { Context } from '../host/context.ts'
import { partyTables } from './change-rows.ts'

/** A unit that a name or a code was found to be. */
export interface FoundUnit {
  id: string
  name: string
  areaCode: string
}

/** An organisation that is in the register already. */
export interface KnownOrg {
  id: string
  name: string
  areaCode: string
  foundedOn: string
  /** Units covered today. */
  unitIds: ReadonlySet<string>
  hasSecretary: boolean
  hasParent: boolean
  electedOn: ReadonlySet<string>
  /** As last reported: `正式/预备`. */
  reported: string | null
}

/** What a county's register says, read once for a file and asked for each row. */
export interface Register {
  /** By code, else by exact name (a name that two bear is none), else by a former name. */
  unit(name: string, code: string | null): FoundUnit | 'twice' | null
  org(name: string): KnownOrg | 'twice' | null
  orgByCode(code: string): KnownOrg | null
  /** The township that a name means: 魏塘街道, 魏塘. */
  area(name: string): string | null
}

/** Reads units, organisations and townships of a county. */
export async function readRegister(ctx: Context, countyCode: string, day: string): Promise<Register> {
  const units = await partyTables(ctx.tx)
    .selectFrom('unit')
    .select(['id', 'name', 'name_key', 'former_name', 'uscc', 'organisation_code', 'registration_number', 'area_code'])
    .where('county_code', '=', countyCode)
    .where('withdrawn_at', 'is', null)
    .execute()
  const byCode = new Map<string, FoundUnit>()
  const byName = new Map<string, FoundUnit | 'twice'>()
  const byFormer = new Map<string, FoundUnit | 'twice'>()
  for (const row of units) {
    const unit = { id: row.id, name: row.name, areaCode: row.area_code }
    for (const code of [row.uscc, row.organisation_code, row.registration_number]) if (code) byCode.set(code, unit)
    once(byName, row.name_key, unit)
    if (row.former_name) once(byFormer, nameKey(row.former_name), unit)
  }
  const orgs = await readOrgs(ctx, countyCode, day)
  const areas = await partyTables(ctx.tx)
    .selectFrom('region')
    .select(['code', 'name'])
    .where('parent_code', '=', countyCode)
    .execute()
  return {
    unit: (name, code) =>
      (code ? byCode.get(code) : undefined) ?? byName.get(nameKey(name)) ?? byFormer.get(nameKey(name)) ?? null,
    org: (name) => orgs.byName.get(nameKey(name)) ?? null,
    orgByCode: (code) => orgs.byCode.get(code) ?? null,
    area(name) {
      const found = areas.filter((one) => one.name === name || one.name.startsWith(name) || name.endsWith(one.name))
      return found.length === 1 && countyOf(found[0]!.code) === countyCode ? found[0]!.code : null
    },
  }
}

function once<T>(map: Map<string, T | 'twice'>, key: string, value: T): void {
  if (key) map.set(key, map.has(key) ? 'twice' : value)
}

async function readOrgs(ctx: Context, countyCode: string, day: string) {
  const { rows } = await sql<{
    id: string
    name: string
    name_key: string
    full_name_key: string
    code: string | null
    area_code: string
    founded_on: string
    unit_ids: string[] | null
    has_secretary: boolean
    has_parent: boolean
    elected: string[] | null
    reported: string | null
  }>`
    select o.id, o.name, o.name_key, o.full_name_key, o.code, o.area_code, o.founded_on,
      (select array_agg(c.unit_id::text) from party_cover c where c.county_code = o.county_code and c.org_id = o.id
        and (c.valid_to is null or c.valid_to > ${day}::date)) as unit_ids,
      exists (select from party_post p where p.county_code = o.county_code and p.org_id = o.id
        and p.post = 'secretary' and p.valid_to is null) as has_secretary,
      exists (select from party_org_line l where l.county_code = o.county_code and l.org_id = o.id
        and l.line = 'leadership' and l.valid_to is null) as has_parent,
      (select array_agg(t.elected_on::text) from party_term t where t.county_code = o.county_code
        and t.org_id = o.id) as elected,
      (select (array_agg(m.formal || '/' || m.probationary order by m.as_of desc, m.at desc))[1] from member_count m
        where m.county_code = o.county_code and m.party_org_id = o.id and m.withdrawn_at is null) as reported
    from party_org o
    where o.county_code = ${countyCode} and (o.dissolved_on is null or o.dissolved_on > ${day}::date)`.execute(ctx.tx)
  const byName = new Map<string, KnownOrg | 'twice'>()
  const byCode = new Map<string, KnownOrg>()
  for (const row of rows) {
    const org: KnownOrg = {
      id: row.id,
      name: row.name,
      areaCode: row.area_code,
      foundedOn: row.founded_on,
      unitIds: new Set(row.unit_ids ?? []),
      hasSecretary: row.has_secretary,
      hasParent: row.has_parent,
      electedOn: new Set(row.elected ?? []),
      reported: row.reported,
    }
    for (const key of new Set([row.name_key, row.full_name_key])) once(byName, key, org)
    if (row.code) byCode.set(row.code, org)
  }
  return { byName, byCode }
}
