import { sql } from 'kysely'
import { newId } from '../base/ids.ts'
import { notFound, Problem } from '../base/problem.ts'
import { childRange } from '../base/region.ts'
import type { Context } from '../host/context.ts'
import { insertRows } from '../host/insert-rows.ts'
import type { TaskKind, TaskSort, TaskState } from './member-contract.ts'
import { likeText } from './member-figures.ts'
import { memberTables } from './member-person.ts'
import { requireWholeCounty } from './member-scope.ts'
import type { Standing } from './roster-standings.ts'

/** Which tasks, in which order. */
export interface WantedTasks {
  text?: string | undefined
  region?: string | undefined
  state?: TaskState | undefined
  kind?: TaskKind | undefined
  unitId?: string | undefined
  checkId?: string | undefined
  sort: TaskSort
  order: 'asc' | 'desc'
}

const taskSorts = {
  createdAt: 'member_task.created_at',
  unitName: 'unit.sort_key',
  branch: 'member.branch_key',
  kind: 'member_task.kind',
  state: 'member_task.state',
} as const

/** 党员任务列表 */
export async function listMemberTasks(input: WantedTasks & { page: number; pageSize: number }, ctx: Context) {
  let query = memberTables(ctx.tx)
    .selectFrom('member_task')
    .leftJoin('unit', (join) =>
      join.onRef('unit.county_code', '=', 'member_task.county_code').onRef('unit.id', '=', 'member_task.unit_id'),
    )
    .leftJoin('member', (join) =>
      join
        .onRef('member.county_code', '=', 'member_task.county_code')
        .onRef('member.person_digest', '=', 'member_task.person_digest')
        .on('member.valid_to', 'is', null),
    )
  if (input.state) query = query.where('member_task.state', '=', input.state)
  if (input.kind) query = query.where('member_task.kind', '=', input.kind)
  if (input.unitId) query = query.where('member_task.unit_id', '=', input.unitId)
  if (input.checkId) query = query.where('member_task.check_id', '=', input.checkId)
  const like = likeText(input.text)
  if (like) query = query.where((eb) => eb.or([eb('unit.name', 'like', like), eb('member.branch', 'like', like)]))
  if (input.region) {
    const { from, to } = childRange(input.region)
    query = query.where('member_task.area_code', '>=', from).where('member_task.area_code', '<', to)
  }
  const { total } = await query.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const rows = await query
    .leftJoin('region', 'region.code', 'unit.area_code')
    .selectAll('member_task')
    .select([
      'unit.name as unit_name',
      'region.name as area_name',
      'member.id as member_id',
      'member.name_masked',
      'member.branch',
    ])
    .orderBy(taskSorts[input.sort], (by) => (input.order === 'asc' ? by.asc() : by.desc()).nullsLast())
    .orderBy('unit.sort_key')
    .orderBy('member_task.id')
    .limit(input.pageSize)
    .offset((input.page - 1) * input.pageSize)
    .execute()
  return {
    total,
    rows: rows.map((row) => ({
      id: row.id,
      kind: row.kind,
      state: row.state,
      memberId: row.member_id,
      name: row.name_masked ?? '（已不在册）',
      branch: row.branch,
      unitId: row.unit_id,
      unitName: row.unit_name ?? '（已不在台账）',
      areaName: row.area_name ?? '',
      reason: row.reason,
      decidedBy: row.decided_by_name,
      decidedAt: row.decided_at?.toISOString() ?? null,
      createdAt: row.created_at.toISOString(),
    })),
  }
}

interface DecideInput {
  id: string
  state: 'open' | 'done' | 'dismissed'
  reason: string
}

/** 办理党员任务 */
export async function decideMemberTask(input: DecideInput, ctx: Context) {
  const found = await memberTables(ctx.tx)
    .selectFrom('member_task')
    .selectAll()
    .where('id', '=', input.id)
    .executeTakeFirst()
  if (!found) throw notFound('项任务')
  if (found.state === input.state) throw new Problem('conflict', '这项任务已经是这个状态，请刷新页面。')
  await memberTables(ctx.tx)
    .updateTable('member_task')
    .set({
      state: input.state,
      reason: input.reason,
      decided_by: ctx.actor.userId,
      decided_by_name: ctx.actor.name,
      decided_at: ctx.now,
    })
    .where('county_code', '=', found.county_code)
    .where('id', '=', found.id)
    .execute()
  ctx.record({
    countyCode: found.county_code,
    subject: `memberTask:${found.id}`,
    before: { 状态: found.state },
    after: { 状态: input.state, 说明: input.reason },
  })
  return { done: true as const }
}

/**
 * Closes open tasks of these persons that time has settled: the relation has come to the unit, or the person is no member any
 * more. What a person decided stays as it is.
 */
export async function settleTasks(ctx: Context, countyCode: string, digests: readonly string[]): Promise<void> {
  await sql`
    update member_task t set state = 'settled', reason = ${'名册上组织关系已在这家单位，或已不在册'}, decided_at = ${ctx.now}
    where t.county_code = ${countyCode} and t.state = 'open' and t.person_digest = any (${digests}::text[])
      and not exists (
        select from member m where m.county_code = t.county_code and m.person_digest = t.person_digest
          and m.valid_to is null and (t.kind <> 'transfer' or m.relation_unit_id is distinct from t.unit_id))`.execute(
    ctx.tx,
  )
}

/**
 * Lays down what a finished comparison leaves to people, once for a person, a unit and a kind: 转接组织关系 where the roster has
 * a member work at a unit whose organisation does not have the relation; 核实 where a roster of everybody does not name a
 * member. Resolves to how many are new.
 */
export async function layTasks(
  ctx: Context,
  check: { county_code: string; id: string; complete: boolean },
  standings: readonly Standing[],
): Promise<number> {
  const areas = await areasOf(
    ctx,
    check.county_code,
    standings.flatMap((one) => one.unitId ?? []),
  )
  const rows = standings.flatMap(({ personDigest, unitId, standing }) => {
    const area = unitId === null ? undefined : areas.get(unitId)
    if (unitId === null || area === undefined || standing === 'here') return []
    if (standing === 'notFound' && !check.complete) return []
    const kind: TaskKind = standing === 'notFound' ? 'verify' : 'transfer'
    return [{ kind, person_digest: personDigest, unit_id: unitId, area_code: area }]
  })
  const tasks = rows.map((row) => ({
    ...row,
    county_code: check.county_code,
    id: newId(ctx.now),
    check_id: check.id,
    state: 'open',
    created_at: ctx.now.toISOString(),
  }))
  const also = sql`
    on conflict (county_code, kind, person_digest, unit_id) do update
      set state = 'open', check_id = excluded.check_id, reason = null, decided_at = null, created_at = excluded.created_at
      where member_task.state = 'settled'`
  return insertRows(ctx.tx, 'member_task', tasks, also)
}

/** The areas of units that were not withdrawn. */
async function areasOf(ctx: Context, countyCode: string, unitIds: readonly string[]): Promise<Map<string, string>> {
  const rows = await memberTables(ctx.tx)
    .selectFrom('unit')
    .select(['id', 'area_code'])
    .where('county_code', '=', countyCode)
    .where('withdrawn_at', 'is', null)
    .where((eb) => eb('id', '=', eb.fn.any(eb.val([...new Set(unitIds)]))))
    .execute()
  return new Map(rows.map((row) => [row.id, row.area_code]))
}

/** Takes the tasks away that only this comparison laid and nobody has touched. */
export async function removeTasksOf(ctx: Context, check: { county_code: string; id: string }): Promise<void> {
  requireWholeCounty(ctx, check.county_code)
  await memberTables(ctx.tx)
    .deleteFrom('member_task')
    .where('county_code', '=', check.county_code)
    .where('check_id', '=', check.id)
    .where('state', '=', 'open')
    .execute()
}
