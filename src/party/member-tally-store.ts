import { sql } from 'kysely'
import type { Context } from '../host/context.ts'
import { insertRows } from '../host/insert-rows.ts'
import { memberTables } from './member-person.ts'
import { type Insured, type PersonTimeline, type Report, type Stay, tallySteps } from './member-tally.ts'
import type { UnitNames } from './member-units.ts'

const batchUnits = 500

/** The units at which these persons count or counted: where they work, where their relation is, where they are insured. */
export async function unitsOfPersons(ctx: Context, countyCode: string, digests: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ unit_id: string }>`
    with asked as (select unnest(${digests}::text[]) as person_digest)
    select unit_id from member join asked using (person_digest)
      where county_code = ${countyCode} and unit_id is not null
    union select relation_unit_id from member join asked using (person_digest)
      where county_code = ${countyCode} and relation_unit_id is not null
    union select e.unit_id from roster_hit h join asked using (person_digest)
      join member_employer e on e.county_code = h.county_code and e.employer_key = h.employer_key
      where h.county_code = ${countyCode} and e.unit_id is not null`.execute(ctx.tx)
  return rows.map((row) => row.unit_id)
}

/** Works the tallies of these units out again in the caller's transaction, and tells the upper rooms. */
export async function retally(
  ctx: Context,
  countyCode: string,
  unitIds: readonly string[],
  names: Pick<UnitNames, 'areaOf'>,
): Promise<void> {
  const asked = [...new Set(unitIds)]
  for (let at = 0; at < asked.length; at += batchUnits) {
    await retallyBatch(ctx, countyCode, asked.slice(at, at + batchUnits), names)
  }
  await ctx.touch(countyCode, asked)
}

async function retallyBatch(
  ctx: Context,
  countyCode: string,
  unitIds: readonly string[],
  names: Pick<UnitNames, 'areaOf'>,
): Promise<void> {
  const people = await peopleOf(ctx, countyCode, unitIds)
  const reports = await reportsOf(ctx, countyCode, unitIds)
  const rows = unitIds.flatMap((unitId) =>
    tallySteps(unitId, people.get(unitId) ?? [], reports.get(unitId) ?? []).map((step) => ({
      county_code: countyCode,
      unit_id: unitId,
      area_code: names.areaOf(unitId) ?? countyCode,
      valid_from: step.from,
      valid_to: step.to,
      formal: step.formal,
      probationary: step.probationary,
      known_elsewhere: step.knownElsewhere,
    })),
  )
  await memberTables(ctx.tx)
    .deleteFrom('member_tally')
    .where('county_code', '=', countyCode)
    .where('unit_id', 'in', unitIds)
    .execute()
  await insertRows(ctx.tx, 'member_tally', rows)
}

/** Everyone who may count at each of the units, with all their stays and insurances. */
async function peopleOf(
  ctx: Context,
  countyCode: string,
  unitIds: readonly string[],
): Promise<Map<string, PersonTimeline[]>> {
  const { rows: pairs } = await sql<{ unit_id: string; person_digest: string }>`
    with asked as (select unnest(${unitIds}::uuid[]) as unit_id)
    select m.unit_id, m.person_digest from member m join asked using (unit_id) where m.county_code = ${countyCode}
    union select m.relation_unit_id, m.person_digest from member m join asked on asked.unit_id = m.relation_unit_id
      where m.county_code = ${countyCode}
    union select e.unit_id, h.person_digest from member_employer e join asked using (unit_id)
      join roster_hit h on h.county_code = e.county_code and h.employer_key = e.employer_key
      where e.county_code = ${countyCode}`.execute(ctx.tx)
  const timelines = await timelinesOf(ctx, countyCode, [...new Set(pairs.map((pair) => pair.person_digest))])
  const people = new Map<string, PersonTimeline[]>()
  for (const { unit_id, person_digest } of pairs) {
    const timeline = timelines.get(person_digest)
    if (!timeline) continue
    const those = people.get(unit_id)
    if (those) those.push(timeline)
    else people.set(unit_id, [timeline])
  }
  return people
}

async function timelinesOf(
  ctx: Context,
  countyCode: string,
  digests: readonly string[],
): Promise<Map<string, PersonTimeline>> {
  if (digests.length === 0) return new Map()
  const stays = await memberTables(ctx.tx)
    .selectFrom('member')
    .select(['person_digest', 'kind', 'unit_id', 'relation_unit_id', 'valid_from', 'valid_to'])
    .where('county_code', '=', countyCode)
    .where('person_digest', 'in', digests)
    .execute()
  const insured = await insuredOf(ctx, countyCode, digests)
  return new Map(
    [...Map.groupBy(stays, (stay) => stay.person_digest)].map(([digest, own]) => [
      digest,
      { stays: own.map(stayOf), insured: insured.get(digest) ?? [] },
    ]),
  )
}

function stayOf(row: {
  kind: Stay['kind']
  unit_id: string | null
  relation_unit_id: string | null
  valid_from: string
  valid_to: string | null
}): Stay {
  const { kind, unit_id, relation_unit_id, valid_from, valid_to } = row
  return { kind, unitId: unit_id, relationUnitId: relation_unit_id, from: valid_from, to: valid_to }
}

/**
 * From when to when a comparison speaks of each person: from its day until the next that names the person, or that names
 * everybody who is insured.
 */
async function insuredOf(
  ctx: Context,
  countyCode: string,
  digests: readonly string[],
): Promise<Map<string, Insured[]>> {
  const tables = memberTables(ctx.tx)
  const checks = await tables
    .selectFrom('roster_check')
    .select(['id', 'as_of', 'complete'])
    .where('county_code', '=', countyCode)
    .where('state', '=', 'done')
    .orderBy('as_of')
    .orderBy('created_at')
    .execute()
  if (checks.length === 0) return new Map()
  const hits = await tables
    .selectFrom('roster_hit')
    .innerJoin('member_employer', (join) =>
      join
        .onRef('member_employer.county_code', '=', 'roster_hit.county_code')
        .onRef('member_employer.employer_key', '=', 'roster_hit.employer_key'),
    )
    .select(['roster_hit.check_id', 'roster_hit.person_digest', 'member_employer.unit_id'])
    .where('roster_hit.county_code', '=', countyCode)
    .where('roster_hit.person_digest', 'in', digests)
    .execute()
  return new Map(
    [...Map.groupBy(hits, (hit) => hit.person_digest)].map(([digest, own]) => [digest, spansOf(checks, own)]),
  )
}

/** One person's spans out of the county's comparisons, oldest first. Of two of one day the later counts. */
function spansOf(
  checks: readonly { id: string; as_of: string; complete: boolean }[],
  hits: readonly { check_id: string; unit_id: string | null }[],
): Insured[] {
  const byCheck = Map.groupBy(hits, (hit) => hit.check_id)
  const spans: Insured[] = []
  for (const { id, as_of, complete } of checks) {
    const own = byCheck.get(id)
    if (!own && !complete) continue
    const last = spans.at(-1)
    if (last?.to === null) last.to = as_of
    if (last && last.from === last.to) spans.pop()
    if (own) spans.push({ from: as_of, to: null, unitIds: [...new Set(own.flatMap((hit) => hit.unit_id ?? []))] })
  }
  return spans
}

async function reportsOf(ctx: Context, countyCode: string, unitIds: readonly string[]): Promise<Map<string, Report[]>> {
  const rows = await memberTables(ctx.tx)
    .selectFrom('member_count')
    .select(['unit_id', 'as_of', 'formal', 'probationary', 'at'])
    .where('county_code', '=', countyCode)
    .where('unit_id', 'in', unitIds)
    .where('withdrawn_at', 'is', null)
    .execute()
  return new Map(
    [...Map.groupBy(rows, (row) => row.unit_id!)].map(([unitId, own]) => [
      unitId,
      own.map(({ as_of, at, formal, probationary }) => ({ asOf: as_of, order: at.getTime(), formal, probationary })),
    ]),
  )
}
