import { sql } from 'kysely'
import { newId } from '../base/ids.ts'
import { Problem } from '../base/problem.ts'
import type { Context } from '../host/context.ts'
import type { proposalStates } from './contract.ts'
import { brokenRules } from './evaluate.ts'
import { jointBranches } from './gather.ts'
import { ruleWords } from './locked.ts'
import { chosenGroups } from './plan-edit.ts'
import type { FormingPlan, PlanGroup } from './plan-input.ts'
import { formingTables, type KeptInput, plannedOf, type PlanRow, proposalsOf } from './plan-kept.ts'
import { proposedUnits } from './scope.ts'

interface Approval {
  id: string
  revision: number
  leadIds?: string[] | undefined
  reason?: string | undefined
}

/** 批准编组: every chosen group becomes a proposal; one that breaks a rule is refused, one that is flagged needs a reason. */
export async function approvePlan(asked: Approval, ctx: Context) {
  const { row, input, plan } = await plannedOf(ctx, asked.id, asked.revision)
  const done = await proposalsOf(ctx, row)
  const asking = [...(asked.leadIds ? chosenGroups(plan, asked.leadIds) : plan.groups)].filter(
    (group) => !done.has(group.leadId),
  )
  if (asking.length === 0) throw new Problem('invalid', '所选的组都已批准。')
  refuseBroken(input, { ...plan, groups: asking })
  // One approval in a county at a time: another plan's would not be seen before it is committed.
  await sql`select pg_advisory_xact_lock(7214, hashtext(${row.county_code}))`.execute(ctx.tx)
  await refuseTaken(ctx, row, asking)
  const chosen = await withRoom(ctx, row, input, asking)
  const flagged = chosen.filter((group) => group.flagged).length
  if (flagged > 0 && !asked.reason)
    throw new Problem('invalid', `其中 ${flagged} 个组偏大或偏远，须填写理由。`, {
      fields: [{ path: 'reason', message: '请填写理由。' }],
    })
  const proposals = await proposalRows(ctx, row, input, chosen, asked.reason)
  for (let from = 0; from < proposals.length; from += 500)
    await formingTables(ctx.tx)
      .insertInto('forming_proposal')
      .values(proposals.slice(from, from + 500))
      .execute()
  await countApproved(ctx, row, done.size + chosen.length, plan.groups.length)
  ctx.record({
    countyCode: row.county_code,
    subject: `plan:${row.id}`,
    after: { 批准组数: chosen.length, 理由: asked.reason ?? null },
  })
  return { revision: row.revision + 1, approved: chosen.length }
}

async function proposalRows(
  ctx: Context,
  row: PlanRow,
  input: KeptInput,
  chosen: readonly PlanGroup[],
  reason: string | undefined,
) {
  const members = new Map(input.units.map((unit) => [unit.id, unit.members]))
  const hosts = new Map(input.hosts.map((host) => [host.id, host.members]))
  const { rows: areas } = await sql<{ id: string; area_code: string }>`
    select id, area_code from unit where county_code = ${row.county_code}
      and id = any (${chosen.map((group) => group.unitIds[0]!)}::uuid[])`.execute(ctx.tx)
  const areaOf = new Map(areas.map((one) => [one.id, one.area_code]))
  const usual = (group: PlanGroup) => (hosts.has(group.leadId) ? group.unitIds[0]! : group.leadId)
  return chosen.map((group) => ({
    county_code: row.county_code,
    id: newId(ctx.now),
    area_code: areaOf.get(usual(group)) ?? row.area_code,
    plan_id: row.id,
    state: 'approved' as const,
    lead_id: group.leadId,
    host_org_id: hosts.has(group.leadId) ? group.leadId : null,
    unit_ids: group.unitIds,
    members: group.unitIds.reduce((sum, id) => sum + members.get(id)!, hosts.get(group.leadId) ?? 0),
    reason: group.flagged ? (reason ?? null) : null,
    approved_by: ctx.actor.name,
    approved_at: ctx.now,
  }))
}

/** Notes how many groups of a plan are approved, as its next revision. */
async function countApproved(ctx: Context, row: PlanRow, approved: number, groups: number): Promise<void> {
  await formingTables(ctx.tx)
    .updateTable('forming_plan')
    .set({ approved, revision: row.revision + 1, state: approved === groups ? 'approved' : 'ready' })
    .where('county_code', '=', row.county_code)
    .where('id', '=', row.id)
    .execute()
}

function refuseBroken(input: KeptInput, plan: FormingPlan): void {
  const broken = brokenRules(input, plan)
  if (broken.length === 0) return
  const names = new Map([...input.units, ...input.hosts].map((one) => [one.id, one.name]))
  const { leadId, rules } = broken[0]!
  const words = rules.map((rule) => ruleWords[rule]).join('、')
  throw new Problem(
    'invalid',
    `有 ${broken.length} 个组违反规则，不能批准，如“${names.get(leadId)}”牵头的组：${words}。请先调整。`,
  )
}

/** @throws Problem where a unit has got an organisation, is gone, or stands in a group of another plan that was approved */
async function refuseTaken(ctx: Context, row: PlanRow, chosen: readonly PlanGroup[]): Promise<void> {
  const ids = chosen.flatMap((group) => group.unitIds)
  const { rows } = await sql<{ name: string; proposed: boolean; gone: boolean }>`
    select u.name, p.unit_id is not null as proposed, s.unit_id is null as gone
    from unit u
    left join unit_state s on s.county_code = u.county_code and s.unit_id = u.id and s.valid_to is null
    left join (select distinct unit_id from (${proposedUnits(row.county_code)}) x) p on p.unit_id = u.id
    where u.county_code = ${row.county_code} and u.id = any (${ids}::uuid[])
      and (p.unit_id is not null or s.unit_id is null or s.state in ('own', 'joint', 'regional', 'industry', 'attached'))
    order by u.id`.execute(ctx.tx)
  const first = rows[0]
  if (!first) return
  const why = first.proposed ? '已在另一个批准的编组里' : first.gone ? '已注销、迁出或撤出台账' : '已有党组织'
  throw new Problem(
    'conflict',
    `编排以后有 ${rows.length} 家单位情况变了，如“${first.name}”${why}。请把它们移出再批准，或重新编排。`,
  )
}

/**
 * Groups flagged as they are now, beside whom the branch that leads them got or is to get since.
 * @throws Problem where it stands no more or has no room
 */
async function withRoom(
  ctx: Context,
  row: PlanRow,
  input: KeptInput,
  chosen: readonly PlanGroup[],
): Promise<readonly PlanGroup[]> {
  const planned = new Map(input.hosts.map((host) => [host.id, host]))
  if (!chosen.some((group) => planned.has(group.leadId))) return chosen
  const now = new Map((await jointBranches(ctx, row.area_code, row.county_code)).map((one) => [one.id, one]))
  const membersOf = new Map(input.units.map((unit) => [unit.id, unit.members]))
  const { unitsNormal, unitsMax, membersMax } = input.settings
  return chosen.map((group) => {
    const name = planned.get(group.leadId)?.name
    if (name === undefined) return group
    const host = now.get(group.leadId)
    if (!host)
      throw new Problem('conflict', `“${name}”已撤销或不再覆盖单位，不能再加单位。请把单位移到别的组，或重新编排。`)
    const units = host.unit_ids.length + group.unitIds.length
    const members = group.unitIds.reduce((sum, id) => sum + membersOf.get(id)!, host.members)
    if (units > unitsMax || members > membersMax)
      throw new Problem(
        'conflict',
        `编排以后“${name}”有了新的单位，连同已批准待加入的和这组共 ${units} 家、党员 ${members} 名，最多 ${unitsMax} 家、${membersMax} 名。请移出几家再批准，或重新编排。`,
      )
    return { ...group, flagged: group.flagged || units > unitsNormal }
  })
}

/** 撤回批准: while nobody has begun on the group. */
export async function withdrawApproval(
  asked: { id: string; revision: number; leadIds: string[]; reason: string },
  ctx: Context,
) {
  const { row, plan } = await plannedOf(ctx, asked.id, asked.revision)
  const proposals = await proposalsOf(ctx, row)
  const leads = [...new Set(asked.leadIds)]
  if (leads.some((lead) => !proposals.has(lead))) throw new Problem('conflict', '所选的组有的没有批准，请刷新。')
  if (leads.some((lead) => proposals.get(lead) === 'founded'))
    throw new Problem('conflict', '党组织已成立，不能撤回；要撤回请先在组建办理里撤回批复。')
  if (leads.some((lead) => proposals.get(lead) !== 'approved'))
    throw new Problem('conflict', '所选的组有的已在办理，请先到组建办理里终止，再撤回批准。')
  const { numDeletedRows } = await formingTables(ctx.tx)
    .deleteFrom('forming_proposal')
    .where('county_code', '=', row.county_code)
    .where('plan_id', '=', row.id)
    .where('lead_id', 'in', leads)
    .where('state', '=', 'approved')
    .executeTakeFirst()
  if (numDeletedRows !== BigInt(leads.length)) throw new Problem('conflict', '所选的组有的刚开办，请刷新。')
  await countApproved(ctx, row, proposals.size - leads.length, plan.groups.length)
  ctx.record({
    countyCode: row.county_code,
    subject: `plan:${row.id}`,
    after: { 撤回批准: leads, 原因: asked.reason },
  })
  return { revision: row.revision + 1 }
}

/** Notes what became of groups that were approved; for the room that founds them. */
export async function setProposalState(
  ctx: Context,
  ids: readonly string[],
  state: keyof typeof proposalStates,
): Promise<void> {
  if (ids.length === 0) return
  await formingTables(ctx.tx).updateTable('forming_proposal').set({ state }).where('id', 'in', ids).execute()
}
