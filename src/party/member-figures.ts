import { sql } from 'kysely'
import { newId } from '../base/ids.ts'
import { notFound, Problem } from '../base/problem.ts'
import { childRange, countryCode } from '../base/region.ts'
import { today } from '../base/time.ts'
import type { Context } from '../host/context.ts'
import type { MemberUnitSort } from './member-contract.ts'
import { orgOf } from './member-orgs.ts'
import { memberTables } from './member-person.ts'
import { requireWholeCounty } from './member-scope.ts'
import { retally } from './member-tally-store.ts'
import type { MemberTallyTable } from './member-tables.ts'
import { readUnitNames } from './member-units.ts'

/** A pattern that finds a text anywhere; null for none. */
export const likeText = (text: string | undefined) =>
  text ? `%${text.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%` : null

/** 党员概况 */
export async function memberSummary(input: { region?: string | undefined }, ctx: Context) {
  const { from, to } = childRange(input.region ?? countryCode)
  const { rows } = await sql<{
    formal: number
    probationary: number
    floating: number
    unplaced: number
  }>`
    select (count(*) filter (where kind = 'formal'))::int as formal,
      (count(*) filter (where kind = 'probationary'))::int as probationary,
      (count(*) filter (where floating))::int as floating,
      (count(*) filter (where unit_id is null))::int as unplaced
    from member where valid_to is null and area_code >= ${from} and area_code < ${to}`.execute(ctx.tx)
  const { rows: tallies } = await sql<{ units: number; elsewhere: number }>`
    select count(*)::int as units, coalesce(sum(known_elsewhere), 0)::int as elsewhere
    from member_tally t join unit u on u.county_code = t.county_code and u.id = t.unit_id
    where t.valid_from <= ${today(ctx.now)}::date and (t.valid_to is null or t.valid_to > ${today(ctx.now)}::date)
      and u.area_code >= ${from} and u.area_code < ${to}`.execute(ctx.tx)
  const { rows: waiting } = await sql<{ tasks: number; employers: number }>`
    select (select count(*) from member_task where state = 'open' and area_code >= ${from} and area_code < ${to})::int
        as tasks,
      (select count(*) from member_employer where how = 'unknown')::int as employers`.execute(ctx.tx)
  const { formal, probationary, floating, unplaced } = rows[0]!
  const { units, elsewhere } = tallies[0]!
  return {
    asOf: ctx.now.toISOString(),
    formal,
    probationary,
    floating,
    elsewhere,
    unplaced,
    units,
    openTasks: waiting[0]!.tasks,
    unknownEmployers: waiting[0]!.employers,
  }
}

/** Which units, in which order. */
export interface WantedUnits {
  text?: string | undefined
  region?: string | undefined
  formalMin?: number | undefined
  formalMax?: number | undefined
  only?: 'elsewhere' | undefined
  sort: MemberUnitSort
  order: 'asc' | 'desc'
}

const unitSorts: Record<MemberUnitSort, string> = {
  name: 'u.sort_key',
  area: 'u.area_code',
  formal: 't.formal',
  probationary: 't.probationary',
  knownElsewhere: 't.known_elsewhere',
}

/** 各单位党员数, as of today. */
export async function listMemberUnits(input: WantedUnits & { page: number; pageSize: number }, ctx: Context) {
  const { from, to } = childRange(input.region ?? countryCode)
  const text = likeText(input.text)
  const day = today(ctx.now)
  const { rows } = await sql<{
    unit_id: string
    name: string
    area_name: string | null
    formal: number
    probationary: number
    known_elsewhere: number
    total: number
  }>`
    select t.unit_id, u.name, r.name as area_name, t.formal, t.probationary, t.known_elsewhere,
      (count(*) over ())::int as total
    from member_tally t
    join unit u on u.county_code = t.county_code and u.id = t.unit_id
    left join region r on r.code = u.area_code
    where t.valid_from <= ${day}::date and (t.valid_to is null or t.valid_to > ${day}::date)
      and u.area_code >= ${from} and u.area_code < ${to}
      and (${text}::text is null or u.name like ${text})
      and t.formal between ${input.formalMin ?? 0} and ${input.formalMax ?? 1_000_000}
      and t.known_elsewhere >= ${input.only === 'elsewhere' ? 1 : 0}
    order by ${sql.ref(unitSorts[input.sort])} ${input.order === 'asc' ? sql`asc` : sql`desc`}, u.sort_key, u.id
    limit ${input.pageSize} offset ${(input.page - 1) * input.pageSize}`.execute(ctx.tx)
  return {
    total: rows[0]?.total ?? 0,
    rows: rows.map((row) => ({
      unitId: row.unit_id,
      name: row.name,
      areaName: row.area_name ?? '',
      formal: row.formal,
      probationary: row.probationary,
      knownElsewhere: row.known_elsewhere,
    })),
  }
}

/** 各党组织党员数, by the organisation as the rosters write it. */
export async function listMemberOrgs(
  input: { text?: string | undefined; page: number; pageSize: number },
  ctx: Context,
) {
  const text = likeText(input.text)
  const { rows } = await sql<{
    branch: string
    party_org_id: string | null
    formal: number
    probationary: number
    floating: number
    elsewhere: number
    total: number
  }>`
    select branch, max(party_org_id::text) as party_org_id,
      (count(*) filter (where kind = 'formal'))::int as formal,
      (count(*) filter (where kind = 'probationary'))::int as probationary,
      (count(*) filter (where floating))::int as floating,
      (count(*) filter (where not relation_here))::int as elsewhere,
      (count(*) over ())::int as total
    from member where valid_to is null and branch is not null and (${text}::text is null or branch like ${text})
    group by branch order by branch
    limit ${input.pageSize} offset ${(input.page - 1) * input.pageSize}`.execute(ctx.tx)
  return {
    total: rows[0]?.total ?? 0,
    rows: rows.map(({ party_org_id, total: _total, ...row }) => ({ ...row, orgId: party_org_id })),
  }
}

async function unitOf(ctx: Context, unitId: string) {
  const unit = await memberTables(ctx.tx)
    .selectFrom('unit')
    .select(['county_code', 'id', 'area_code', 'name'])
    .where('id', '=', unitId)
    .executeTakeFirst()
  if (!unit) throw notFound('家单位')
  return unit
}

const stepOf = (row: MemberTallyTable) => ({
  formal: row.formal,
  probationary: row.probationary,
  knownElsewhere: row.known_elsewhere,
  validFrom: row.valid_from,
  validTo: row.valid_to,
})

/** 单位党员数 */
export async function unitMembers(input: { unitId: string }, ctx: Context) {
  const unit = await unitOf(ctx, input.unitId)
  const tables = memberTables(ctx.tx)
  const history = await tables
    .selectFrom('member_tally')
    .selectAll()
    .where('county_code', '=', unit.county_code)
    .where('unit_id', '=', unit.id)
    .orderBy('valid_from')
    .execute()
  const reports = await tables
    .selectFrom('member_count')
    .selectAll()
    .where('county_code', '=', unit.county_code)
    .where('unit_id', '=', unit.id)
    .where('withdrawn_at', 'is', null)
    .orderBy('as_of', 'desc')
    .orderBy('at', 'desc')
    .execute()
  const { n } = await tables
    .selectFrom('member_task')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('county_code', '=', unit.county_code)
    .where('unit_id', '=', unit.id)
    .where('state', '=', 'open')
    .executeTakeFirstOrThrow()
  const day = today(ctx.now)
  const now = history.find((row) => row.valid_from <= day && (row.valid_to === null || row.valid_to > day))
  return {
    now: now ? stepOf(now) : null,
    history: history.map(stepOf),
    reports: reports.map((row) => ({
      id: row.id,
      unitId: row.unit_id,
      orgId: row.party_org_id,
      formal: row.formal,
      probationary: row.probationary,
      asOf: row.as_of,
      source: row.source,
      author: row.author,
      at: row.at.toISOString(),
    })),
    openTasks: n,
  }
}

interface ReportInput {
  unitId?: string | undefined
  orgId?: string | undefined
  formal: number
  probationary: number
  asOf: string
  source: string
}

/** 填报党员人数, where no names are kept. */
export async function reportMembers(input: ReportInput, ctx: Context) {
  if ((input.unitId === undefined) === (input.orgId === undefined)) {
    throw new Problem('invalid', '请指明是哪家单位，或者哪个党组织，只能一个。')
  }
  if (input.asOf > today(ctx.now)) throw new Problem('invalid', '“截至哪一天”不能晚于今天。')
  const owner = input.unitId ? await unitOf(ctx, input.unitId) : await orgOf(ctx, input.orgId!)
  requireWholeCounty(ctx, owner.county_code)
  const row = {
    county_code: owner.county_code,
    id: newId(ctx.now),
    area_code: owner.area_code,
    unit_id: input.unitId ?? null,
    party_org_id: input.orgId ?? null,
    formal: input.formal,
    probationary: input.probationary,
    as_of: input.asOf,
    source: input.source,
    author_id: ctx.actor.userId,
    author: ctx.actor.name,
    at: ctx.now,
  }
  await memberTables(ctx.tx).insertInto('member_count').values(row).execute()
  await tallyAgain(ctx, owner.county_code, input.unitId ?? null)
  ctx.record({
    countyCode: owner.county_code,
    subject: input.unitId ? `unit:${input.unitId}` : `partyOrg:${input.orgId}`,
    after: { 正式党员: input.formal, 预备党员: input.probationary, 截至: input.asOf, 依据: input.source },
  })
  return { id: row.id }
}

/** 撤回填报的人数 */
export async function withdrawReport(input: { id: string }, ctx: Context) {
  const tables = memberTables(ctx.tx)
  const found = await tables
    .selectFrom('member_count')
    .selectAll()
    .where('id', '=', input.id)
    .where('withdrawn_at', 'is', null)
    .executeTakeFirst()
  if (!found) throw notFound('次填报')
  requireWholeCounty(ctx, found.county_code)
  await tables
    .updateTable('member_count')
    .set({ withdrawn_at: ctx.now })
    .where('county_code', '=', found.county_code)
    .where('id', '=', found.id)
    .execute()
  await tallyAgain(ctx, found.county_code, found.unit_id)
  ctx.record({
    countyCode: found.county_code,
    subject: found.unit_id ? `unit:${found.unit_id}` : `partyOrg:${found.party_org_id}`,
    before: { 正式党员: found.formal, 预备党员: found.probationary, 截至: found.as_of },
  })
  return { done: true as const }
}

async function tallyAgain(ctx: Context, countyCode: string, unitId: string | null): Promise<void> {
  if (unitId) await retally(ctx, countyCode, [unitId], await readUnitNames(ctx, countyCode))
}
