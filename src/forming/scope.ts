// 编排范围: every unit that is known to have members, and why a plan takes it in or leaves it out.
import { type RawBuilder, sql } from 'kysely'
import { namePattern } from '../base/chinese.ts'
import { Problem } from '../base/problem.ts'
import { today } from '../base/time.ts'
import { findGround, within } from '../coverage/service.ts'
import type { Context } from '../host/context.ts'
import { regionNames } from '../office/service.ts'
import type { ScopeReason } from './contract.ts'
import { settingsInForce } from './settings.ts'

/** Which units a plan takes in beside those with one or two formal members that are in operation. */
export interface PlanScope {
  notOperating: boolean
  elsewhere: boolean
  reported: boolean
}

/** Which units of the scope are looked at. */
export interface WantedScope extends PlanScope {
  region?: string | undefined
  reason?: ScopeReason | undefined
  text?: string | undefined
}

interface ScopeFound {
  unit_id: string
  name: string
  area_code: string
  formal: number
  probationary: number
  elsewhere: number
  reported: number | null
  in_operation: boolean
  reason: ScopeReason
}

/** A column of unit ids that stand in groups approved and not yet founded. */
export const proposedUnits = (countyCode: string): RawBuilder<unknown> => sql`
  select unnest(unit_ids) as unit_id from forming_proposal
  where county_code = ${countyCode} and state in ('approved', 'begun')`

/** Units that stand in groups approved and not yet founded, by the branch that is to take them in. */
export const joiningUnits = (countyCode: string): RawBuilder<unknown> => sql`
  select county_code, host_org_id as org_id, unnest(unit_ids) as unit_id, true as proposed from forming_proposal
  where county_code = ${countyCode} and host_org_id is not null and state in ('approved', 'begun')`

/**
 * Units of a region with members of any kind, as a query: columns county_code, unit_id, name, area_code, the numbers, in_operation,
 * `members` as a plan counts them, and `reason`. @throws Problem above a county
 */
export async function findScope(ctx: Context, input: Omit<WantedScope, 'reason'>) {
  const ground = await findGround(ctx, input.region)
  const { countyCode } = ground
  if (countyCode === null)
    throw new Problem('invalid', '编排以县（市、区）或乡镇街道为范围，请选一个县（市、区）或其中的乡镇街道。')
  const day = today(ctx.now)
  const { membersMin: least } = (await settingsInForce(ctx.tx, countyCode, day)).values
  const pattern = namePattern(input.text)
  const asked = sql`select u.county_code, u.id as unit_id, u.name, u.area_code, u.member_count as reported,
      s.unit_id is not null and u.withdrawn_at is null as listed, s.state, coalesce(s.due, false) as due,
      coalesce(s.in_operation, false) as in_operation, coalesce(s.formal, t.formal, 0) as formal,
      coalesce(s.probationary, t.probationary, 0) as probationary,
      coalesce(s.known_elsewhere, t.known_elsewhere, 0) as elsewhere
    from (select * from unit where ${within(ground)}) u
    left join unit_state s on s.county_code = u.county_code and s.unit_id = u.id and s.valid_to is null
    left join member_tally t on t.county_code = u.county_code and t.unit_id = u.id and t.valid_from <= ${day}::date
      and (t.valid_to is null or t.valid_to > ${day}::date)
    ${pattern === null ? sql`` : sql`where u.name_key like ${pattern}`}`
  const reason = sql`case when not listed then 'gone'
    when state in ('own', 'joint', 'regional', 'industry', 'attached') then 'covered'
    when formal >= ${least}::integer or due then 'own'
    when formal + elsewhere >= ${least}::integer then 'transferFirst'
    when unit_id in (${proposedUnits(countyCode)}) then 'proposed'
    when unit_id in (select unit_id from forming_wish where county_code = ${countyCode} and kind = 'refused') then 'refused'
    when formal + elsewhere = 0 and probationary > 0 then 'probationary'
    when formal + elsewhere = 0 and reported >= ${least}::integer then 'reportedMany'
    when not in_operation and not ${input.notOperating}::boolean then 'notOperating'
    when formal = 0 and elsewhere > 0 and not ${input.elsewhere}::boolean then 'elsewhere'
    when formal + elsewhere = 0 and not ${input.reported}::boolean then 'reported'
    else 'joins' end`
  const members = sql`case when formal + elsewhere = 0 then coalesce(reported, 0)
    when ${input.elsewhere}::boolean then formal + elsewhere else formal end`
  const listed = sql`select *, ${members} as members, ${reason} as reason from (${asked}) f
    where formal + probationary + elsewhere > 0 or reported > 0`
  return { countyCode, name: ground.name, listed }
}

type Found = Awaited<ReturnType<typeof findScope>>

/** How many units there are of each reason, the most first. */
export async function countScope(ctx: Context, { listed }: Found): Promise<{ reason: ScopeReason; units: number }[]> {
  const { rows } = await sql<{ reason: ScopeReason; units: number }>`
    select reason, count(*)::integer as units from (${listed}) d group by reason order by units desc, reason`.execute(
    ctx.tx,
  )
  return rows
}

/** A page of units as the contract shows them, in the order of area and unit. */
export async function readScope(
  ctx: Context,
  { countyCode, listed }: Found,
  page: { reason: ScopeReason | undefined; limit: number; offset: number },
) {
  const { rows } = await sql<ScopeFound>`
    select * from (${listed}) d where ${page.reason === undefined ? sql`true` : sql`reason = ${page.reason}`}
    order by area_code, unit_id limit ${page.limit} offset ${page.offset}`.execute(ctx.tx)
  const areas = await regionNames(ctx.tx, [...new Set(rows.map((row) => row.area_code))])
  return rows.map((row) => ({
    countyCode,
    unitId: row.unit_id,
    name: row.name,
    areaCode: row.area_code,
    areaName: areas.get(row.area_code)?.name ?? row.area_code,
    formal: row.formal,
    probationary: row.probationary,
    elsewhere: row.elsewhere,
    reported: row.reported,
    inOperation: row.in_operation,
    reason: row.reason,
  }))
}

/** 查看编排范围 */
export async function listScope(input: WantedScope & { page: number; pageSize: number }, ctx: Context) {
  const found = await findScope(ctx, input)
  const counts = await countScope(ctx, found)
  const { reason, page, pageSize } = input
  const rows = await readScope(ctx, found, { reason, limit: pageSize, offset: (page - 1) * pageSize })
  return { rows, counts, total: totalOf(counts, reason) }
}

/** How many units a reason has, all of them without one. */
export function totalOf(counts: readonly { reason: ScopeReason; units: number }[], reason: ScopeReason | undefined) {
  return counts.filter((one) => reason === undefined || one.reason === reason).reduce((sum, one) => sum + one.units, 0)
}
