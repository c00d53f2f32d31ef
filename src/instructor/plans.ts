import { sql } from 'kysely'
import { newId } from '../base/ids.ts'
import { grouped } from '../base/number.ts'
import { notFound, Problem } from '../base/problem.ts'
import { today } from '../base/time.ts'
import { findGround, within } from '../coverage/service.ts'
import type { Context, JobKind } from '../host/context.ts'
import { regionNames } from '../office/service.ts'
import { runAssign } from './assign-run.ts'
import { planStates } from './contract.ts'
import { gatherTask, type Gathered } from './plan-gather.ts'
import { instructorTables } from './people.ts'
import { wants, type Wants } from './rules.ts'
import { settingsOn } from './settings.ts'
import type { Draft, DraftPair, PlanRow } from './tables.ts'

const unitsMax = 20_000

/** A plan in scope, held against others. @throws Problem('notFound') */
export async function planOf(ctx: Context, id: string): Promise<PlanRow> {
  const row = await instructorTables(ctx.tx)
    .selectFrom('instructor_plan')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  if (!row) throw notFound('次指导员安排')
  return row
}

/** Changes columns of a plan. */
export async function setPlan(
  ctx: Context,
  row: Pick<PlanRow, 'county_code' | 'id'>,
  values: { state?: PlanRow['state']; draft?: Draft; error?: string; job_id?: string },
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
      await job.transaction((ctx) =>
        setPlan(ctx, row, { state: 'failed', error: job.signal.aborted ? '已取消' : '没有算成，请重新安排。' }),
      )
      throw error
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

const headOf = (row: PlanRow) => ({
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
  return { total, rows: rows.map(headOf) }
}

/** Kilometres from which a pair is shown as far. */
const farMetres = 5000
type Shown = 'all' | 'fresh' | 'far' | 'short'

/** 查看一次指导员安排 */
export async function getAssignPlan(input: { id: string; show: Shown; page: number; pageSize: number }, ctx: Context) {
  const row = await planOf(ctx, input.id)
  const draft = row.draft ?? { pairs: [], short: [], units: 0, instructors: 0, given: [] }
  const lacking = draft.short.map(({ unitId }) => ({
    unitId,
    instructorId: null,
    metres: null,
    measured: false,
    skilled: false,
    kept: false,
  }))
  const wanted: Record<Shown, (DraftPair | (typeof lacking)[number])[]> = {
    all: [...lacking, ...draft.pairs],
    fresh: draft.pairs.filter((pair) => !pair.kept),
    far: draft.pairs.filter((pair) => (pair.metres ?? 0) > farMetres),
    short: lacking,
  }
  const all = wanted[input.show]
  const page = all.slice((input.page - 1) * input.pageSize, input.page * input.pageSize)
  const named = await namesOf(ctx, row.county_code, page)
  return {
    plan: headOf(row),
    total: all.length,
    rows: page.map((pair) => ({
      ...pair,
      unitName: named.units.get(pair.unitId)?.name ?? '（已不在台账）',
      areaName: named.units.get(pair.unitId)?.area ?? '',
      instructorName: pair.instructorId === null ? null : (named.instructors.get(pair.instructorId) ?? ''),
    })),
  }
}

async function namesOf(
  ctx: Context,
  countyCode: string,
  pairs: readonly { unitId: string; instructorId: string | null }[],
) {
  const unitIds = [...new Set(pairs.map((pair) => pair.unitId))]
  const ids = [...new Set(pairs.flatMap((pair) => pair.instructorId ?? []))]
  const { rows: units } = await sql<{ id: string; name: string; area_code: string }>`
    select id, name, area_code from unit where county_code = ${countyCode} and id = any (${unitIds}::uuid[])`.execute(
    ctx.tx,
  )
  const areas = await regionNames(
    ctx.tx,
    units.map((unit) => unit.area_code),
  )
  const { rows: people } = await sql<{ id: string; name: string }>`
    select id, name_masked as name from instructor
    where county_code = ${countyCode} and id = any (${ids}::uuid[])`.execute(ctx.tx)
  return {
    units: new Map(
      units.map((unit) => [unit.id, { name: unit.name, area: areas.get(unit.area_code)?.name ?? unit.area_code }]),
    ),
    instructors: new Map(people.map((one) => [one.id, one.name])),
  }
}

/** @throws Problem unless the plan is a draft */
export async function draftPlan(ctx: Context, id: string): Promise<{ row: PlanRow; draft: Draft }> {
  const row = await planOf(ctx, id)
  if (row.state !== 'draft' || row.draft === null)
    throw new Problem('conflict', `这次安排${planStates[row.state]}，不能再改。`)
  return { row, draft: row.draft }
}

/** 调整指导员安排 of one unit; the load of whom it goes to is kept. */
export async function setPair(
  input: { id: string; unitId: string; from: string | null; to: string | null },
  ctx: Context,
) {
  const { row, draft } = await draftPlan(ctx, input.id)
  const { unitId, from, to } = input
  const at = draft.pairs.findIndex((pair) => pair.unitId === unitId && pair.instructorId === from)
  const lacks = draft.short.some((one) => one.unitId === unitId)
  if (from === null ? !lacks : at < 0) throw new Problem('conflict', '这一行已经改动过，请刷新后再调整。')
  if (to !== null && draft.pairs.some((pair) => pair.unitId === unitId && pair.instructorId === to))
    throw new Problem('invalid', '这名指导员已经派在这家单位。')
  const pairs = draft.pairs.filter((_, index) => index !== at || from === null)
  const gathered = await gatherTask(ctx, row.county_code, row.told)
  const given = [...draft.given]
  if (from !== null && gathered.task.previous.some((one) => one.unitId === unitId && one.instructorId === from))
    given.push({ unitId, instructorId: from })
  if (to !== null) pairs.push(pairFor(gathered, pairs, unitId, to))
  const short = shortOf(draft.short, unitId, (from === null ? 0 : 1) - (to === null ? 0 : 1))
  const kept = given.filter((one) => one.unitId !== unitId || one.instructorId !== to)
  await setPlan(ctx, row, { draft: { ...draft, pairs, short, given: kept } })
  ctx.record({
    countyCode: row.county_code,
    subject: `instructorPlan:${row.id}`,
    before: { 单位: unitId, 指导员: from },
    after: { 指导员: to },
  })
  return { done: true as const }
}

function pairFor(
  { task, exact, unknown }: Gathered,
  pairs: readonly DraftPair[],
  unitId: string,
  to: string,
): DraftPair {
  const one = task.instructors.find((other) => other.id === to)
  const unit = task.units.find((other) => other.id === unitId)
  if (!one) throw notFound('名在任的指导员')
  if (!unit) throw new Problem('conflict', '这家单位已不用派指导员，请重新安排。')
  if (pairs.filter((pair) => pair.instructorId === to).length >= one.capacity)
    throw new Problem('invalid', `这名指导员已经派满（还能联系 ${one.capacity} 家）。`)
  const known = !unknown.has(unitId) && !unknown.has(to)
  return {
    unitId,
    instructorId: to,
    metres: known ? Math.round(Math.hypot(one.x - unit.x, one.y - unit.y)) : null,
    measured: exact.has(unitId) && exact.has(to),
    skilled: unit.skill === null || one.skills.includes(unit.skill),
    kept: task.previous.some((pair) => pair.unitId === unitId && pair.instructorId === to),
  }
}

function shortOf(short: Draft['short'], unitId: string, change: number): Draft['short'] {
  const missing = (short.find((one) => one.unitId === unitId)?.missing ?? 0) + change
  const others = short.filter((one) => one.unitId !== unitId)
  return missing > 0 ? [...others, { unitId, missing }] : others
}

/** 放弃指导员安排 */
export async function dropAssign(input: { id: string }, ctx: Context) {
  const { row } = await draftPlan(ctx, input.id)
  await setPlan(ctx, row, { state: 'dropped' })
  ctx.record({ countyCode: row.county_code, subject: `instructorPlan:${row.id}`, after: { 放弃: row.title } })
  return { done: true as const }
}
