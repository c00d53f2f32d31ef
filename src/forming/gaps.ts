import { sql } from 'kysely'
import { nameKey } from '../base/chinese.ts'
import { Problem } from '../base/problem.ts'
import { today } from '../base/time.ts'
import { findGround, within } from '../coverage/service.ts'
import type { Context } from '../host/context.ts'
import { regionNames } from '../office/service.ts'
import type { DecisionRow, FormingAction } from './decide.ts'
import { decisionSql } from './decide-sql.ts'
import { decisionTable } from './decisions.ts'

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
  partners: number
  code: string
}

/** The gap list made out: the table's rows by code, and the decided units as a query. @throws Problem above a county */
export async function findGaps(ctx: Context, input: WantedGaps) {
  const ground = await findGround(ctx, input.region)
  const { countyCode } = ground
  if (countyCode === null)
    throw new Problem('invalid', '判定表按县（市、区）施行，请选一个县（市、区）或其中的乡镇街道。')
  const { rows: table } = await decisionTable(ctx.tx, countyCode)
  const pattern = input.text ? `%${nameKey(input.text).replace(/[\\%_]/g, (sign) => `\\${sign}`)}%` : null
  const named = pattern
    ? sql`and exists (select from unit u where u.county_code = s.county_code and u.id = s.unit_id and u.name_key like ${pattern})`
    : sql``
  const org = sql`from party_org o where o.county_code = ${countyCode} and o.dissolved_on is null`
  // What coverage has worked out of each unit today, and what stands ready round it.
  const facts = sql`
    select s.*, s.formal as members, s.formal + s.known_elsewhere as members_known,
      case s.state when 'own' then s.own_kind when 'joint' then 'joint' else 'none' end as organisation,
      null::bigint as capital, coalesce(n.small, 0) - (s.lack is not distinct from 'few')::integer as partners,
      exists (select ${org} and o.forming_mode = 'industry') as industry_ready,
      exists (select ${org} and o.forming_mode = 'regional' and o.area_code = s.area_code) as region_ready,
      exists (select ${org} and o.forming_mode = 'solo' and o.area_code = s.area_code) as host_ready
    from (select * from unit_state s where ${within(ground)} and valid_to is null and in_operation
      and state not in ('regional', 'industry', 'attached') ${named}) s
    left join (select area_code, count(*)::integer as small from unit_state
      where county_code = ${countyCode} and valid_to is null and lack = 'few' group by area_code) n
      on n.area_code = s.area_code`
  const decided = sql`select f.*, ${decisionSql(table, today(ctx.now))} as code from (${facts}) f`
  const codesOf = (action: FormingAction) => table.filter((row) => row.action === action).map((row) => row.code)
  const wanted = input.action
    ? sql`code = any (${codesOf(input.action)}::text[])`
    : sql`code is not null and code <> all (${codesOf('none')}::text[])`
  return { countyCode, name: ground.name, table: new Map(table.map((row) => [row.code, row])), decided, wanted }
}

/** A page of gaps as the contract shows them, in the order of area and unit. */
export async function readGaps(
  ctx: Context,
  { countyCode, table, decided, wanted }: Awaited<ReturnType<typeof findGaps>>,
  page: { limit: number; offset: number },
) {
  const { rows } = await sql<GapFound>`
    select d.unit_id as id, u.name, d.area_code, d.members, d.members_known, d.staff, d.partners, d.code
    from (${decided}) d join unit u on u.county_code = d.county_code and u.id = d.unit_id
    where ${wanted} order by d.area_code, d.unit_id limit ${page.limit} offset ${page.offset}`.execute(ctx.tx)
  const areas = await regionNames(ctx.tx, [...new Set(rows.map((row) => row.area_code))])
  return rows.map((row) => {
    const { action, dueDays, source } = table.get(row.code) as DecisionRow
    const { id: unitId, name, members, staff, partners } = row
    return {
      countyCode,
      unitId,
      name,
      members,
      staff,
      partners,
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

/** How many units each action has. */
export async function countGaps(ctx: Context, found: Awaited<ReturnType<typeof findGaps>>) {
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
export async function listGaps(input: WantedGaps & { page: number; pageSize: number }, ctx: Context) {
  const found = await findGaps(ctx, input)
  const counts = await countGaps(ctx, found)
  const rows = await readGaps(ctx, found, { limit: input.pageSize, offset: (input.page - 1) * input.pageSize })
  const total = counts
    .filter((one) => input.action === undefined || one.action === input.action)
    .reduce((sum, one) => sum + one.units, 0)
  return { rows, total, counts }
}
