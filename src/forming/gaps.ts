import { sql, type SqlBool } from 'kysely'
import { namePattern } from '../base/chinese.ts'
import { Problem } from '../base/problem.ts'
import { today } from '../base/time.ts'
import { findGround, within } from '../coverage/service.ts'
import type { Context } from '../host/context.ts'
import { regionNames } from '../office/service.ts'
import type { proposalStates } from './contract.ts'
import type { DecisionRow, FormingAction, UnitFacts } from './decide.ts'
import { decisionSql } from './decide-sql.ts'
import { decisionTable } from './decisions.ts'
import { stoppedPlans } from './plan-kept.ts'

/** Which units of the gap list. */
export interface WantedGaps {
  region?: string | undefined
  action?: FormingAction | undefined
  text?: string | undefined
}

interface GapFound {
  id: string
  name: string
  area_code: string
  members: number
  members_known: number
  staff: number | null
  capital: string | null
  organisation: UnitFacts['organisation']
  partners: number
  industry_ready: boolean
  region_ready: boolean
  host_ready: boolean
  left_over: boolean
  code: string
}

/**
 * Units left over by the newest plan that covers them, the county's or their township's: nobody near enough is there for them, so
 * that other rows of the table decide. Read once: looked up in the plan unit by unit, a county's list takes half a minute.
 */
async function leftOvers(ctx: Context, countyCode: string): Promise<string[]> {
  const stopped = await stoppedPlans(ctx, sql<SqlBool>`county_code = ${countyCode}`)
  const ready = stopped.flatMap((plan) => (plan.state === 'ready' ? [plan.id] : []))
  const { rows } = await sql<{ id: string }>`
    with newest as (
      select distinct on (area_code) area_code, id, created_at from forming_plan
      where county_code = ${countyCode} and plan is not null
        and (state in ('ready', 'approved') or id = any (${ready}::uuid[]))
      order by area_code, created_at desc),
    standing as (
      select n.area_code, n.id from newest n where not exists (
        select from newest c where c.area_code = ${countyCode} and c.created_at > n.created_at))
    select u.id from standing s
    join forming_plan p on p.county_code = ${countyCode} and p.id = s.id
    cross join lateral jsonb_array_elements_text(p.plan->'leftOver') l (unit_id)
    join unit u on u.county_code = ${countyCode} and u.id = l.unit_id::uuid
    where u.area_code = s.area_code
      or s.area_code = ${countyCode} and u.area_code not in (select area_code from standing)`.execute(ctx.tx)
  return rows.map((row) => row.id)
}

/** The gap list made out: the table's rows by code, and the decided units as a query. @throws Problem above a county */
export async function findGaps(ctx: Context, input: WantedGaps & { rows?: readonly DecisionRow[] }) {
  const ground = await findGround(ctx, input.region)
  const { countyCode } = ground
  if (countyCode === null)
    throw new Problem('invalid', '判定表按县（市、区）施行，请选一个县（市、区）或其中的乡镇街道。')
  const table = input.rows ?? (await decisionTable(ctx.tx, countyCode)).rows
  const pattern = namePattern(input.text)
  const named = pattern === null ? sql`` : sql`where u.name_key like ${pattern}`
  const leftOver = await leftOvers(ctx, countyCode)
  const org = sql`from party_org o where o.county_code = ${countyCode} and o.dissolved_on is null`
  // What coverage has worked out of each unit today, and what stands ready round it.
  const facts = sql`
    select s.county_code, s.unit_id, s.area_code, s.staff, u.name, u.capital, s.formal as members,
      s.formal + s.known_elsewhere as members_known, l.left_over,
      case when s.state = 'own' then s.own_kind when s.state in ('joint', 'regional', 'industry', 'attached') then 'joint'
        else 'none' end as organisation,
      case when l.left_over then 0 else coalesce(n.small, 0) - (s.lack is not distinct from 'few')::integer end as partners,
      exists (select ${org} and o.forming_mode = 'industry') as industry_ready,
      exists (select ${org} and o.forming_mode = 'regional' and o.area_code = s.area_code) as region_ready,
      exists (select ${org} and o.forming_mode = 'solo' and o.area_code = s.area_code) as host_ready
    from (select * from unit_state where ${within(ground)} and valid_to is null and in_operation) s
    join unit u on u.county_code = s.county_code and u.id = s.unit_id
    cross join lateral (select s.unit_id = any (${leftOver}::uuid[]) as left_over) l
    left join (select area_code, count(*)::integer as small from unit_state
      where county_code = ${countyCode} and valid_to is null and in_operation and lack = 'few' group by area_code) n
      on n.area_code = s.area_code
    ${named}`
  const decided = sql`select f.*, ${decisionSql(table, today(ctx.now))} as code from (${facts}) f`
  const codesOf = (action: FormingAction) => table.filter((row) => row.action === action).map((row) => row.code)
  const wanted = input.action
    ? sql`code = any (${codesOf(input.action)}::text[])`
    : sql`code is not null and code <> all (${codesOf('none')}::text[])`
  return { countyCode, name: ground.name, table: new Map(table.map((row) => [row.code, row])), decided, wanted }
}

type Found = Awaited<ReturnType<typeof findGaps>>

const orders = {
  areaName: sql`d.area_code`,
  members: sql`d.members`,
  membersKnown: sql`d.members_known`,
  partners: sql`d.partners`,
  staff: sql`d.staff`,
  capital: sql`d.capital`,
}
export type GapOrder = { sort: keyof typeof orders; order: 'asc' | 'desc' }

/** A page of gaps as the contract shows them. */
export async function readGaps(
  ctx: Context,
  { countyCode, table, decided, wanted }: Found,
  page: { limit: number; offset: number },
  { sort, order }: GapOrder = { sort: 'areaName', order: 'asc' },
) {
  const { rows } = await sql<GapFound>`
    select d.*, d.unit_id as id from (${decided}) d
    where ${wanted} order by ${orders[sort]} ${sql.raw(order)} nulls last, d.area_code, d.unit_id
    limit ${page.limit} offset ${page.offset}`.execute(ctx.tx)
  const areas = await regionNames(ctx.tx, [...new Set(rows.map((row) => row.area_code))])
  const proposals = await proposalsOfUnits(
    ctx,
    countyCode,
    rows.map((row) => row.id),
  )
  return rows.map((row) => {
    const { action, dueDays, source } = table.get(row.code) as DecisionRow
    const { id: unitId, name, members, staff, organisation } = row
    return {
      countyCode,
      unitId,
      name,
      members,
      staff,
      capital: row.capital === null ? null : Number(row.capital),
      organisation,
      partners: row.area_code === countyCode && !row.left_over ? null : row.partners,
      industryReady: row.industry_ready,
      regionReady: row.region_ready,
      hostReady: row.host_ready,
      leftOver: row.left_over,
      proposal: proposals.get(unitId) ?? null,
      action,
      dueDays,
      source,
      areaCode: row.area_code,
      areaName: areas.get(row.area_code)?.name ?? row.area_code,
      membersKnown: row.members_known,
      rowCode: row.code,
    }
  })
}

/** The groups approved and not yet founded that units of a page stand in. */
async function proposalsOfUnits(ctx: Context, countyCode: string, unitIds: readonly string[]) {
  const { rows } = await sql<{ unit_id: string; plan_id: string; state: keyof typeof proposalStates }>`
    select u.unit_id, q.plan_id, q.state from forming_proposal q cross join lateral unnest(q.unit_ids) u (unit_id)
    where q.county_code = ${countyCode} and q.state <> 'founded' and q.unit_ids && ${unitIds}::uuid[]`.execute(ctx.tx)
  return new Map(rows.map((row) => [row.unit_id, { planId: row.plan_id, state: row.state }]))
}

/** How many units each action has, the most first. */
export async function countGaps(ctx: Context, found: Found) {
  const { rows } = await sql<{ code: string; units: number }>`
    select code, count(*)::integer as units from (${found.decided}) d where code is not null group by code`.execute(
    ctx.tx,
  )
  const counts = new Map<FormingAction, number>()
  for (const { code, units } of rows) {
    const { action } = found.table.get(code)!
    if (action !== 'none') counts.set(action, (counts.get(action) ?? 0) + units)
  }
  return [...counts].map(([action, units]) => ({ action, units })).toSorted((a, b) => b.units - a.units)
}

/** 查看组建缺口: units that lack an organisation of the right kind, by what the table proposes. */
export async function listGaps(input: WantedGaps & GapOrder & { page: number; pageSize: number }, ctx: Context) {
  const found = await findGaps(ctx, input)
  const counts = await countGaps(ctx, found)
  const rows = await readGaps(ctx, found, { limit: input.pageSize, offset: (input.page - 1) * input.pageSize }, input)
  const total = counts
    .filter((one) => input.action === undefined || one.action === input.action)
    .reduce((sum, one) => sum + one.units, 0)
  return { rows, total, counts }
}
