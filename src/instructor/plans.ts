import { newId } from '../base/ids.ts'
import { grouped } from '../base/number.ts'
import { notFound, Problem } from '../base/problem.ts'
import { today } from '../base/time.ts'
import { findGround, within } from '../coverage/service.ts'
import type { Context, JobKind, JobRun } from '../host/context.ts'
import { endedEarly } from '../host/job-list.ts'
import { JobCancelled } from '../host/job-run.ts'
import { runAssign } from './assign-run.ts'
import { planStates } from './contract-rows.ts'
import { gatherTask, type Gathered } from './plan-gather.ts'
import { instructorTables } from './people.ts'
import { wants, type Wants } from './rules.ts'
import { settingsOn } from './settings.ts'
import type { Draft, DraftPair, PlanRow } from './tables.ts'

const unitsMax = 20_000

/** A plan in scope, held against others where it is to be changed. @throws Problem('notFound') */
export async function planOf(ctx: Context, id: string, { held = true } = {}): Promise<PlanRow> {
  const asked = instructorTables(ctx.tx).selectFrom('instructor_plan').selectAll().where('id', '=', id)
  const row = await (held ? asked.forUpdate() : asked).executeTakeFirst()
  if (!row) throw notFound('次指导员安排')
  return (await standing(ctx, [row]))[0]!
}

/** Plans as they stand: one whose job ended before it could tell is worked on no more. */
async function standing(ctx: Context, rows: readonly PlanRow[]): Promise<PlanRow[]> {
  const working = rows.filter((row) => row.state in unfinished)
  const ended = await endedEarly(
    ctx,
    working.map((row) => row.job_id),
  )
  return rows.map((row) =>
    row.state in unfinished && ended.has(row.job_id ?? '')
      ? { ...row, ...unfinished[row.state as keyof typeof unfinished] }
      : row,
  )
}

/** What becomes of a plan whose job did not end its work. */
const unfinished = {
  running: { state: 'failed', error: '安排没有算完，请重新安排。' },
  confirming: { state: 'draft', error: '登记没有做完，已登记的仍有效；要登记其余的，请再次确认。' },
} as const

/** Notes why the job of a plan did not end its work. @throws the error */
export async function planStopped(job: JobRun<{ id: string }>, error: unknown): Promise<never> {
  // The platform is stopping: the work goes on when it starts again.
  if (job.signal.aborted && !(job.signal.reason instanceof JobCancelled)) throw error
  await job.transaction(async (ctx) => {
    const row = await planOf(ctx, job.input.id)
    if (row.state !== 'running' && row.state !== 'confirming') return
    const { state, error: said } = unfinished[row.state]
    await setPlan(ctx, row, { state, error: error instanceof Problem ? `${error.message}${said}` : said })
  })
  throw error
}

/** Changes columns of a plan. */
export async function setPlan(
  ctx: Context,
  row: Pick<PlanRow, 'county_code' | 'id'>,
  values: { state?: PlanRow['state']; draft?: Draft; error?: string | null; job_id?: string },
): Promise<void> {
  const { draft, ...rest } = values
  await instructorTables(ctx.tx)
    .updateTable('instructor_plan')
    .set({ ...rest, ...(draft ? { draft: JSON.stringify(draft) } : {}) })
    .where('county_code', '=', row.county_code)
    .where('id', '=', row.id)
    .execute()
}

/** 安排指导员: a job works it out; nobody is sent before it is confirmed. */
export async function startAssign(
  input: { region: string; which: Wants; staffMin?: number | undefined; each?: number | undefined },
  ctx: Context,
) {
  const ground = await findGround(ctx, input.region)
  const { countyCode } = ground
  if (countyCode === null) throw new Problem('invalid', '请选一个县（市、区）或其中的乡镇街道。')
  const settings = await settingsOn(ctx.tx, countyCode, today(ctx.now))
  const told = {
    region: input.region,
    which: input.which,
    staffMin: input.staffMin ?? settings.staffMin,
    settings: { ...settings, each: input.each ?? settings.each },
  }
  const { task } = await gatherTask(ctx, countyCode, told)
  if (task.instructors.length === 0) throw new Problem('invalid', '名册里还没有在任的指导员，请先登记或导入。')
  if (task.units.length === 0)
    throw new Problem(
      'invalid',
      `没有符合条件的单位（${wants[input.which]}，从业 ${told.staffMin} 人以上或注册资本 ${settings.capitalMin} 万元以上）。`,
    )
  if (task.units.length > unitsMax)
    throw new Problem(
      'invalid',
      `符合条件的有 ${grouped(task.units.length)} 家，一次最多安排 ${grouped(unitsMax)} 家，请按乡镇街道分别安排，或提高从业人数。`,
    )
  const id = newId(ctx.now)
  const title = `${ground.name}指导员安排 ${today(ctx.now)}`
  const jobId = await ctx.enqueue({
    kind: 'instructor.assign',
    title: `安排指导员（${grouped(task.units.length)} 家，${grouped(task.instructors.length)} 名）`,
    input: { id },
    countyCode,
  })
  await instructorTables(ctx.tx)
    .insertInto('instructor_plan')
    .values({
      county_code: countyCode,
      id,
      area_code: ground.areaCode ?? countyCode,
      title,
      state: 'running',
      told: JSON.stringify(told),
      job_id: jobId,
      error: null,
      author: ctx.actor.name,
      at: ctx.now,
    })
    .execute()
  ctx.record({
    countyCode,
    subject: `instructorPlan:${id}`,
    after: { 安排: title, 单位: wants[input.which], 从业人数: told.staffMin },
  })
  return { id, jobId }
}

/** Works a plan out in a thread of its own and keeps it as a draft. */
export const assignJob: JobKind<{ id: string }> = {
  kind: 'instructor.assign',
  async run(job) {
    const { row, gathered } = await job.transaction(async (ctx) => {
      const found = await planOf(ctx, job.input.id)
      return { row: found, gathered: await gatherTask(ctx, found.county_code, found.told) }
    })
    if (row.state !== 'running') return { id: row.id }
    await job.progress(0, gathered.task.units.length, '正在安排')
    try {
      const assignment = await runAssign(gathered.task, job.signal)
      const draft = draftOf(gathered, assignment)
      await job.transaction((ctx) => setPlan(ctx, row, { state: 'draft', draft }))
      await job.progress(draft.units, draft.units, `派到 ${grouped(draft.pairs.length)} 家`)
      return { id: row.id, pairs: draft.pairs.length, short: draft.short.length }
    } catch (error) {
      return planStopped(job, error)
    }
  },
}

function draftOf({ task, exact, unknown }: Gathered, found: Awaited<ReturnType<typeof runAssign>>): Draft {
  const chosen = new Set(found.pairs.map((pair) => `${pair.unitId} ${pair.instructorId}`))
  return {
    pairs: found.pairs.map((pair): DraftPair => {
      const both = [pair.unitId, pair.instructorId]
      return {
        ...pair,
        metres: both.some((id) => unknown.has(id)) ? null : pair.metres,
        measured: both.every((id) => exact.has(id)),
      }
    }),
    short: found.short,
    units: task.units.length,
    instructors: task.instructors.length,
    given: task.previous.filter((pair) => !chosen.has(`${pair.unitId} ${pair.instructorId}`)),
  }
}

export const headOf = (row: PlanRow) => ({
  countyCode: row.county_code,
  id: row.id,
  title: row.title,
  state: row.state,
  jobId: row.job_id,
  units: row.draft?.units ?? 0,
  pairs: row.draft?.pairs.length ?? 0,
  fresh: row.draft?.pairs.filter((pair) => !pair.kept).length ?? 0,
  given: row.draft?.given.length ?? 0,
  short: row.draft?.short.length ?? 0,
  author: row.author,
  at: row.at.toISOString(),
  error: row.error,
})

/** 查看指导员安排: newest first. */
export async function listAssignPlans(
  input: { region?: string | undefined; page: number; pageSize: number },
  ctx: Context,
) {
  const ground = await findGround(ctx, input.region)
  const listed = instructorTables(ctx.tx).selectFrom('instructor_plan').where(within(ground))
  const { total } = await listed.select((of) => of.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const rows = await listed
    .selectAll()
    .orderBy('at', 'desc')
    .orderBy('id')
    .limit(input.pageSize)
    .offset((input.page - 1) * input.pageSize)
    .execute()
  return { total, rows: (await standing(ctx, rows)).map(headOf) }
}

/** @throws Problem unless the plan is a draft */
export async function draftPlan(ctx: Context, id: string): Promise<{ row: PlanRow; draft: Draft }> {
  const row = await planOf(ctx, id)
  if (row.state !== 'draft' || row.draft === null)
    throw new Problem('conflict', `这次安排${planStates[row.state]}，不能再改。`)
  return { row, draft: row.draft }
}

/** 放弃指导员安排 */
export async function dropAssign(input: { id: string }, ctx: Context) {
  const { row } = await draftPlan(ctx, input.id)
  await setPlan(ctx, row, { state: 'dropped' })
  ctx.record({ countyCode: row.county_code, subject: `instructorPlan:${row.id}`, after: { 放弃: row.title } })
  return { done: true as const }
}
