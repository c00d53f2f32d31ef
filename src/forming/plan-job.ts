import type { Updateable } from 'kysely'
import { Problem } from '../base/problem.ts'
import type { Context, JobKind, JobRun } from '../host/context.ts'
import { JobCancelled } from '../host/job-run.ts'
import type { PlanBound } from './bound.ts'
import { measuringPhase } from './gap-words.ts'
import { gatherInput } from './gather.ts'
import type { FormingPlan, LockedGroup } from './plan-input.ts'
import { figuresOf, findPlan, formingTables, heldPlan, type KeptInput, type PlanRow, proposalsOf } from './plan-kept.ts'
import { type PlannerTask, runPlanner } from './plan-run.ts'
import type { PlanStep } from './plan.ts'
import { countScope, findScope } from './scope.ts'
import type { PlanTable } from './tables.ts'

/**
 * What the job is told: the plan; `again` plans what is not locked again, from the plan as it is or (`fresh`) from nothing;
 * `measure` leaves the plan as it is and works out how good it is.
 */
export interface PlanJob {
  id: string
  again?: 'keep' | 'fresh'
  measure?: true
}

const phases: Record<PlanStep['phase'], string> = {
  quick: '快速编排',
  refine: '逐片优化',
  repair: '处理剩余和须说明理由的组',
  done: '编排完成',
  prove: '求证最优（可以随时取当前方案）',
}

/** Plans in a thread, keeps every better plan as it comes, then works out how far the last is from what none can undercut. */
export const planJob: JobKind<PlanJob> = {
  kind: 'forming.plan',
  async run(job) {
    try {
      const task = job.input.measure ? null : await job.transaction((ctx) => begin(ctx, job))
      const bound = task === null ? null : await planned(job, task)
      return await boundKept(job, bound)
    } catch (error) {
      return await planFailed(job, error)
    }
  },
}

/** Keeps every better plan; answers how good the last is, where the planner knows. */
async function planned(job: JobRun<PlanJob>, task: PlannerTask): Promise<PlanBound | null> {
  let bound: PlanBound | null = null
  for await (const message of runPlanner(task, job.signal)) {
    if (message.kind === 'bound') bound = message.bound
    // Whoever said that this plan will do has ended the work.
    else if (!(await job.transaction((ctx) => keepStep(ctx, job, message)))) return null
    else await job.progress(Math.round(message.done * 90), 100, phases[message.phase])
  }
  return (await job.transaction((ctx) => endPlanning(ctx, job))) ? bound : null
}

/** The plan, held, while it is this job that makes it; null once it was taken as it was, or is another job's. */
async function ownPlan(ctx: Context, job: JobRun<PlanJob>): Promise<PlanRow | null> {
  const row = await heldPlan(ctx, job.input.id)
  return row.state === 'running' && row.job_id === job.id ? row : null
}

async function begin(ctx: Context, job: JobRun<PlanJob>): Promise<PlannerTask | null> {
  const row = await ownPlan(ctx, job)
  if (row === null) return null
  const { again } = job.input
  if (again !== undefined && row.plan !== null) {
    const locked = await heldGroups(ctx, row, row.plan)
    const input = { ...(row.input as KeptInput), locked }
    if (again === 'keep') return { kind: 'replan', input, previous: row.plan }
    return { kind: 'plan', input, seed: row.seed, passes: row.passes }
  }
  const { asked } = row.scope
  const input = await gatherInput(ctx, row.area_code, row.county_code, asked)
  if (input.units.length === 0)
    throw new Problem(
      'invalid',
      '按所选的范围，这里没有要联合组建的单位（正式党员一至二名、尚无党组织）。为什么没有列入，见“编排范围”。',
    )
  const counts = await countScope(ctx, await findScope(ctx, { region: row.area_code, ...asked }))
  await update(ctx, row, {
    input: JSON.stringify(input),
    scope: JSON.stringify({ asked, counts }),
    units: input.units.length,
    guessed: input.units.filter((unit) => unit.source !== 'exact').length,
  })
  return { kind: 'plan', input, seed: row.seed, passes: row.passes }
}

/** Groups that planning again leaves alone: locked by hand, or approved. */
async function heldGroups(ctx: Context, row: PlanRow, plan: FormingPlan): Promise<LockedGroup[]> {
  const approved = await proposalsOf(ctx, row)
  return plan.groups.filter((group) => group.locked || approved.has(group.leadId))
}

async function keepStep(ctx: Context, job: JobRun<PlanJob>, step: PlanStep): Promise<boolean> {
  const row = await ownPlan(ctx, job)
  if (row === null) return false
  await update(ctx, row, { ...figuresOf(step.plan), phase: phases[step.phase], done: step.done, bound: null })
  return true
}

/** Whether the plan was still being made. */
async function endPlanning(ctx: Context, job: JobRun<PlanJob>): Promise<boolean> {
  const row = await ownPlan(ctx, job)
  if (row === null) return false
  await update(ctx, row, { state: 'ready', phase: measuringPhase, done: 1, revision: row.revision + 1 })
  return true
}

/** Keeps how good the plan is that stands now, proved unless it is `known`; a plan changed meanwhile keeps no bound. */
async function boundKept(job: JobRun<PlanJob>, known: PlanBound | null) {
  const { id } = job.input
  const { input, plan, revision, state } = await job.transaction((ctx) => findPlan(ctx, id))
  // Another job makes the plan anew: it works the gap out itself.
  if (plan === null || state === 'running') return null
  await job.progress(92, 100, '证明差距')
  const locked = plan.groups.filter((group) => group.locked)
  let bound = known
  const task: PlannerTask = { kind: 'bound', input: { ...(input as KeptInput), locked }, plan }
  if (bound === null)
    for await (const message of runPlanner(task, job.signal)) if (message.kind === 'bound') bound = message.bound
  await job.transaction(async (ctx) => {
    const row = await heldPlan(ctx, id)
    if (row.revision === revision && row.state !== 'running')
      await update(ctx, row, { bound: JSON.stringify(bound), phase: '编排完成' })
  })
  return { planId: id, groups: plan.groups.length, left: plan.leftOver.length, percent: bound?.percent ?? null }
}

async function planFailed(job: JobRun<PlanJob>, error: unknown): Promise<never> {
  const cancelled = job.signal.reason instanceof JobCancelled
  // The platform is stopping: the work goes on when it starts again.
  if (job.signal.aborted && !cancelled) throw error
  const said = error instanceof Problem ? error.message : cancelled ? '编排已取消。' : '编排没有做成，请重新编排。'
  await job.transaction(async (ctx) => {
    const row = await findPlan(ctx, job.input.id)
    if (row.phase === measuringPhase) await update(ctx, row, { phase: '编排完成，差距没有算成' })
    if (row.state !== 'running' || row.job_id !== job.id) return
    // The best plan so far is a whole plan: it stays.
    const stays = row.plan !== null ? ({ state: 'ready', phase: said, revision: row.revision + 1 } as const) : null
    await update(ctx, row, stays ?? { state: 'failed' as const, error: said })
  })
  throw error
}

async function update(ctx: Context, row: PlanRow, set: Updateable<PlanTable>) {
  await formingTables(ctx.tx)
    .updateTable('forming_plan')
    .set(set)
    .where('county_code', '=', row.county_code)
    .where('id', '=', row.id)
    .execute()
}
