import { newId } from '../base/ids.ts'
import { Problem } from '../base/problem.ts'
import type { Context } from '../host/context.ts'
import { brokenRules, comparePlans, MoveEvaluator, type PlanMove } from './evaluate.ts'
import { ruleWords } from './locked.ts'
import type { FormingPlan, PlanGroup } from './plan-input.ts'
import { approvedLeads, findPlan, formingTables, keepPlan, type KeptInput, plannedOf } from './plan-kept.ts'

interface Edited {
  id: string
  revision: number
}

/** Moves one after another: the sums, what the touched groups break at the end, and the plan they leave. */
function moved(input: KeptInput, plan: FormingPlan, moves: readonly PlanMove[]) {
  let now = plan
  for (const move of moves) {
    const evaluator = new MoveEvaluator(input, now)
    if (!evaluator.rules.units.has(move.unitId)) throw new Problem('notFound', '方案里没有这家单位，请刷新。')
    const known = move.to === null || move.to === 'new' || now.groups.some((group) => group.leadId === move.to)
    if (!known && !evaluator.rules.hosts.has(move.to!) && !now.leftOver.includes(move.to!))
      throw new Problem('notFound', '要去的组已不在方案里，请刷新。')
    now = evaluator.evaluate(move).plan
  }
  const before = new Set(plan.groups)
  const touched = { ...now, groups: now.groups.filter((group) => !before.has(group)) }
  const { metres, flagged, leftOver } = comparePlans(plan, now)
  return { now, effect: { metres, flagged, leftOver, broken: brokenRules(input, touched).map(plain) } }
}

const plain = ({ leadId, rules }: { leadId: string; rules: (keyof typeof ruleWords)[] }) => ({ leadId, rules })

/** 试算移动单位 */
export async function evaluateMove(asked: { id: string; moves: PlanMove[] }, ctx: Context) {
  const { input, plan } = await plannedOf(ctx, asked.id)
  return moved(input, plan, asked.moves).effect
}

/** 移动单位: groups that were approved stay as they are; a broken rule is answered, and stops the approval, not the move. */
export async function applyMoves(asked: Edited & { moves: PlanMove[] }, ctx: Context) {
  const { row, input, plan } = await plannedOf(ctx, asked.id, asked.revision)
  const approved = await approvedLeads(ctx, row)
  const held = new Set(plan.groups.filter((one) => approved.has(one.leadId)).flatMap((one) => one.unitIds))
  if (asked.moves.some(({ unitId, to }) => held.has(unitId) || (to !== null && approved.has(to))))
    throw new Problem('conflict', '已批准的组不能再改动。')
  const { now, effect } = moved(input, plan, asked.moves)
  const revision = await keepPlan(ctx, row, now)
  ctx.record({ countyCode: row.county_code, subject: `plan:${row.id}`, after: { 移动: asked.moves, ...effect } })
  return { ...effect, revision }
}

/** 锁定或解锁编组 */
export async function lockGroups(asked: Edited & { leadIds: string[]; locked: boolean }, ctx: Context) {
  const { row, plan } = await plannedOf(ctx, asked.id, asked.revision)
  const chosen = chosenGroups(plan, asked.leadIds)
  const groups = plan.groups.map((group) => (chosen.has(group) ? { ...group, locked: asked.locked } : group))
  const revision = await keepPlan(ctx, row, { ...plan, groups })
  ctx.record({
    countyCode: row.county_code,
    subject: `plan:${row.id}`,
    after: { [asked.locked ? '锁定' : '解锁']: asked.leadIds },
  })
  return { revision }
}

function chosenGroups(plan: FormingPlan, leadIds: readonly string[]): Set<PlanGroup> {
  const byLead = new Map(plan.groups.map((group) => [group.leadId, group]))
  return new Set(
    leadIds.map((leadId) => {
      const group = byLead.get(leadId)
      if (!group) throw new Problem('notFound', '选的组有的已不在方案里，请刷新。')
      return group
    }),
  )
}

/** 重排其余单位: what is locked or approved stays; a job does the rest. */
export async function replanRest(asked: Edited & { fresh: boolean }, ctx: Context) {
  const { row } = await plannedOf(ctx, asked.id, asked.revision)
  const jobId = await ctx.enqueue({
    kind: 'forming.plan',
    title: `重排${row.title}`,
    input: { id: row.id, again: asked.fresh ? 'fresh' : 'keep' },
    countyCode: row.county_code,
  })
  await formingTables(ctx.tx)
    .updateTable('forming_plan')
    .set({ state: 'running', phase: '重排其余单位', done: 0, job_id: jobId, error: null, bound: null })
    .where('county_code', '=', row.county_code)
    .where('id', '=', row.id)
    .execute()
  ctx.record({
    countyCode: row.county_code,
    subject: `plan:${row.id}`,
    after: { 重排: asked.fresh ? '从头' : '少改动' },
  })
  return { jobId }
}

/** 就用目前的方案: the best so far is the plan; the job stops at its next step. */
export async function takePlan({ id }: { id: string }, ctx: Context) {
  const row = await findPlan(ctx, id)
  if (row.state !== 'running') throw new Problem('conflict', '编排已经结束，不用再取。')
  if (row.plan === null) throw new Problem('conflict', '还没有可用的方案，请稍等几秒。')
  const revision = row.revision + 1
  await formingTables(ctx.tx)
    .updateTable('forming_plan')
    .set({ state: 'ready', phase: '按要求停在此处', revision })
    .where('county_code', '=', row.county_code)
    .where('id', '=', id)
    .execute()
  ctx.record({ countyCode: row.county_code, subject: `plan:${id}`, after: { 取用: row.phase } })
  return { revision }
}

/** 批准编组: every chosen group becomes a proposal; one that breaks a rule is refused, one that is flagged needs a reason. */
export async function approvePlan(
  asked: Edited & { leadIds?: string[] | undefined; reason?: string | undefined },
  ctx: Context,
) {
  const { row, input, plan } = await plannedOf(ctx, asked.id, asked.revision)
  const done = await approvedLeads(ctx, row)
  const chosen = [...(asked.leadIds ? chosenGroups(plan, asked.leadIds) : plan.groups)].filter(
    (group) => !done.has(group.leadId),
  )
  if (chosen.length === 0) throw new Problem('invalid', '所选的组都已批准。')
  refuseBroken(input, { ...plan, groups: chosen })
  const flagged = chosen.filter((group) => group.flagged).length
  if (flagged > 0 && !asked.reason)
    throw new Problem('invalid', `其中 ${flagged} 个组偏大或偏远，须填写理由。`, {
      fields: [{ path: 'reason', message: '请填写理由。' }],
    })
  const members = new Map(input.units.map((unit) => [unit.id, unit.members]))
  const hosts = new Map(input.hosts.map((host) => [host.id, host.members]))
  const proposals = chosen.map((group) => ({
    county_code: row.county_code,
    id: newId(ctx.now),
    area_code: row.area_code,
    plan_id: row.id,
    state: 'approved' as const,
    lead_id: group.leadId,
    host_org_id: hosts.has(group.leadId) ? group.leadId : null,
    unit_ids: group.unitIds,
    members: group.unitIds.reduce((sum, id) => sum + members.get(id)!, hosts.get(group.leadId) ?? 0),
    reason: group.flagged ? (asked.reason ?? null) : null,
    approved_by: ctx.actor.name,
    approved_at: ctx.now,
  }))
  for (let from = 0; from < proposals.length; from += 500)
    await formingTables(ctx.tx)
      .insertInto('forming_proposal')
      .values(proposals.slice(from, from + 500))
      .execute()
  const approved = done.size + chosen.length
  await formingTables(ctx.tx)
    .updateTable('forming_plan')
    .set({ approved, revision: row.revision + 1, state: approved === plan.groups.length ? 'approved' : 'ready' })
    .where('county_code', '=', row.county_code)
    .where('id', '=', row.id)
    .execute()
  ctx.record({
    countyCode: row.county_code,
    subject: `plan:${row.id}`,
    after: { 批准组数: chosen.length, 理由: asked.reason ?? null },
  })
  return { revision: row.revision + 1, approved: chosen.length }
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
