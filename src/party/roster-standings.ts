import type { Context } from '../host/context.ts'
import { memberTables } from './member-person.ts'

/** How a member on the books stands in one comparison, at one unit; `notFound`: the roster does not name the person. */
export interface Standing {
  personDigest: string
  /** Where the roster has the person work, for `notFound` where the roster of members has; null where it is no known unit. */
  unitId: string | null
  standing: 'here' | 'elsewhere' | 'notFound'
}

/**
 * What a comparison says of each member today. Put together here and not by a join: right after a large import the database
 * has no statistics of these tables yet, and would compare every row with every other.
 */
export async function standingsOf(ctx: Context, check: { county_code: string; id: string }): Promise<Standing[]> {
  const tables = memberTables(ctx.tx)
  const members = await tables
    .selectFrom('member')
    .select(['person_digest', 'unit_id', 'relation_unit_id'])
    .where('county_code', '=', check.county_code)
    .where('valid_to', 'is', null)
    .execute()
  const hits = await tables
    .selectFrom('roster_hit')
    .select(['person_digest', 'employer_key'])
    .where('county_code', '=', check.county_code)
    .where('check_id', '=', check.id)
    .execute()
  const units = await unitsByKey(ctx, check.county_code, [...new Set(hits.map((hit) => hit.employer_key))])
  const employers = Map.groupBy(hits, (hit) => hit.person_digest)
  return members.flatMap((member): Standing[] => {
    const own = employers.get(member.person_digest)
    const personDigest = member.person_digest
    if (!own) return [{ personDigest, unitId: member.unit_id, standing: 'notFound' }]
    const unitIds = new Set(own.map((hit) => units.get(hit.employer_key) ?? null))
    return [...unitIds].map((unitId) => ({
      personDigest,
      unitId,
      standing: unitId !== null && unitId === member.relation_unit_id ? 'here' : 'elsewhere',
    }))
  })
}

async function unitsByKey(ctx: Context, countyCode: string, keys: readonly string[]) {
  if (keys.length === 0) return new Map<string, string | null>()
  const rows = await memberTables(ctx.tx)
    .selectFrom('member_employer')
    .select(['employer_key', 'unit_id'])
    .where('county_code', '=', countyCode)
    .where((eb) => eb('employer_key', '=', eb.fn.any(eb.val(keys))))
    .execute()
  return new Map(rows.map((row) => [row.employer_key, row.unit_id]))
}
