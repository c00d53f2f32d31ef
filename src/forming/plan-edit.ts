import { Problem } from '../base/problem.ts'
import type { Context } from '../host/context.ts'
import { brokenRules, comparePlans, MoveEvaluator, type PlanMove } from './evaluate.ts'
import { ruleWords } from './locked.ts'
import type { FormingPlan, PlanGroup } from './plan-input.ts'
import { formingTables, heldPlan, keepPlan, plannedOf, proposalsOf } from './plan-kept.ts'
import type { KeptInput } from './plan-kept.ts'
import type { PlanJob } from './plan-job.ts'

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
    if (!known && move.to === move.unitId)
      throw new Problem('invalid', '单位不能与自己编成一组，请另选一家单位或一个组。')
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
  const approved = await proposalsOf(ctx, row)
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

/** The groups of a plan with these leads. @throws Problem where one is there no more */
export function chosenGroups(plan: FormingPlan, leadIds: readonly string[]): Set<PlanGroup> {
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
    input: { id: row.id, again: asked.fresh ? 'fresh' : 'keep' } satisfies PlanJob,
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

/** 重算差距: of a plan that was changed by hand; a job works it out, the plan stays as it is. */
export async function measurePlan({ id }: { id: string }, ctx: Context) {
  const { row } = await plannedOf(ctx, id)
  if (row.state === 'running') throw new Problem('conflict', '方案正在编排，编完自会算出差距。')
  const jobId = await ctx.enqueue({
    kind: 'forming.plan',
    title: `重算${row.title}的差距`,
    input: { id, measure: true } satisfies PlanJob,
    countyCode: row.county_code,
  })
  ctx.record({ countyCode: row.county_code, subject: `plan:${id}`, after: { 重算差距: row.revision } })
  return { jobId }
}

/** 就用目前的方案: the best so far is the plan; the job stops at its next step. */
export async function takePlan({ id }: { id: string }, ctx: Context) {
  const row = await heldPlan(ctx, id)
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

/** 删除组建方案: the journal keeps that there was one. What was approved of it is withdrawn first. */
export async function discardPlan({ id, reason }: { id: string; reason: string }, ctx: Context) {
  const row = await heldPlan(ctx, id)
  if (row.state === 'running') throw new Problem('conflict', '方案正在编排，请先取消或“就用目前的方案”。')
  if (row.approved > 0)
    throw new Problem('conflict', `方案里有 ${row.approved} 个组已批准，不能删除；要删除请先逐组撤回批准。`)
  await formingTables(ctx.tx)
    .deleteFrom('forming_plan')
    .where('county_code', '=', row.county_code)
    .where('id', '=', id)
    .execute()
  const { title, units, groups } = row
  ctx.record({
    countyCode: row.county_code,
    subject: `plan:${id}`,
    before: { 方案: title, 单位: units, 组: groups },
    after: { 删除原因: reason },
  })
  return { done: true as const }
}
