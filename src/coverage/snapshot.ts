import { newId } from '../base/ids.ts'
import { notFound, Problem } from '../base/problem.ts'
import { today } from '../base/time.ts'
import type { Context, JobKind } from '../host/context.ts'
import { monthEnd } from './calendar.ts'
import { findGround, type Ground } from './ground.ts'
import { closedContent, restatedContent, type SnapshotContent } from './snapshot-content.ts'
import { missingBelow, type SnapshotRow as Row } from './snapshot-read.ts'
import { approvalWords, awaitedOf, type SnapshotStep, takenPart, whollyHeld } from './snapshot-steps.ts'
import { tellDay } from './sums.ts'
import type { CoverageTables, SnapshotTable } from './tables.ts'

function snapshots(ctx: Context) {
  return ctx.tx.withTables<CoverageTables>()
}

/** @throws Problem('notFound') */
async function findSnapshot(ctx: Context, id: string): Promise<Row> {
  const row = await snapshots(ctx).selectFrom('coverage_snapshot').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) throw notFound('份上报')
  return row as Row
}

/** A county or township, and the last snapshot that it has of a month. */
async function lastOf(ctx: Context, ground: Ground, period: string): Promise<Row | undefined> {
  const row = await snapshots(ctx)
    .selectFrom('coverage_snapshot')
    .selectAll()
    .where('county_code', '=', ground.countyCode)
    .where('area_code', '=', ground.code)
    .where('period', '=', period)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row as Row | undefined
}

type Held = Ground & { countyCode: string }

/** @throws Problem where figures cannot be sent up from a region by this account */
async function findHeld(ctx: Context, region: string): Promise<Held> {
  const ground = await findGround(ctx, region)
  if (ground.countyCode === null) throw new Problem('invalid', '由县、乡镇街道上报；市、省的数字由下级汇总。')
  if (ground.areaCode === null && ctx.actor.scope.areas !== '*') {
    throw new Problem('forbidden', '您只管理部分乡镇街道，请选择乡镇街道上报。')
  }
  return { ...ground, countyCode: ground.countyCode }
}

/**
 * 生成上报数据: the first version of a month holds the figures that its last day was closed with. After it was locked, a new
 * version (订正) is worked out from all that is known now, by a job.
 */
export async function prepareSnapshot(
  input: { region: string; period: string; reason?: string | undefined },
  ctx: Context,
): Promise<{ id: string | null; jobId: string | null }> {
  const ground = await findHeld(ctx, input.region)
  const asOf = monthEnd(`${input.period}-01`)
  if (asOf >= today(ctx.now)) throw new Problem('invalid', '这个月还没有结束，请在下月上报。')
  const last = await lastOf(ctx, ground, input.period)
  if (last && awaitedOf(last)) throw new Problem('conflict', '这个月的数据已经上报，正等待审核。')
  if (last?.state === 'locked' || last?.basis === 'restated') return restate(ctx, ground, input, last)
  const told = await tellDay(ctx, ground, asOf)
  if (told.asOf !== asOf || told.openedOn === null)
    throw new Problem('conflict', '这个月的数字还没有算完，请稍后再试。')
  const content = await closedContent(ctx, ground, asOf)
  const id = await write(ctx, ground, { ...input, asOf }, content, last ?? null, 'closed')
  return { id, jobId: null }
}

async function restate(
  ctx: Context,
  ground: Held,
  input: { region: string; period: string; reason?: string | undefined },
  last: Row,
) {
  if (!input.reason) throw new Problem('invalid', '这个月的数据已经锁定，订正请写明理由。')
  const jobId = await ctx.enqueue({
    kind: 'coverage.restate',
    title: `订正上报数据：${ground.name} ${input.period}`,
    input: { ...input, reason: input.reason },
    countyCode: ground.countyCode,
  })
  ctx.record({ countyCode: ground.countyCode, subject: `snapshot:${last.id}`, after: { 订正: input.reason } })
  return { id: null, jobId }
}

/** Works a month's last day out anew from all that is known, and leaves it as a version to be sent up. */
export const restateJob: JobKind<{ region: string; period: string; reason: string }> = {
  kind: 'coverage.restate',
  async run(job) {
    const asOf = monthEnd(`${job.input.period}-01`)
    const ground = await job.transaction((ctx) => findHeld(ctx, job.input.region))
    const content = await restatedContent(job, ground, asOf)
    const id = await job.transaction(async (ctx) => {
      const last = await lastOf(ctx, ground, job.input.period)
      if (last && awaitedOf(last)) throw new Problem('conflict', '这个月的数据已经上报，正等待审核。')
      return write(
        ctx,
        ground,
        { ...job.input, asOf },
        content,
        last?.state === 'locked' ? null : (last ?? null),
        'restated',
        (last?.version ?? 0) + 1,
      )
    })
    return { id }
  },
}

/** Writes a version, or an unsent one anew. */
async function write(
  ctx: Context,
  ground: Held,
  about: { period: string; asOf: string; reason?: string | undefined },
  content: SnapshotContent,
  over: Row | null,
  basis: SnapshotTable['basis'],
  version = 1,
): Promise<string> {
  const prepared = stepOf(ctx, 'prepared', ground.code, about.reason ?? null)
  const values = {
    basis,
    state: 'draft' as const,
    content: JSON.stringify(content),
    steps: JSON.stringify([...(over?.steps ?? []), prepared]),
    reason: about.reason ?? null,
    prepared_by: ctx.actor.userId,
    prepared_by_name: ctx.actor.name,
    prepared_at: ctx.now,
  }
  const id = over?.id ?? newId(ctx.now)
  if (over) await set(ctx, over, values)
  else {
    const place = { county_code: ground.countyCode, area_code: ground.code, period: about.period, as_of: about.asOf }
    const unsent = { submitted_by: null, submitted_by_name: null, submitted_at: null }
    await snapshots(ctx)
      .insertInto('coverage_snapshot')
      .values({ ...place, id, version, ...values, ...unsent })
      .execute()
  }
  ctx.record({
    countyCode: ground.countyCode,
    subject: `snapshot:${id}`,
    after: { 生成: `${ground.name} ${about.period}`, 版本: over?.version ?? version },
  })
  return id
}

function stepOf(ctx: Context, did: SnapshotStep['did'], region: string, reason: string | null): SnapshotStep {
  return { at: ctx.now.toISOString(), by: ctx.actor.name, byId: ctx.actor.userId, did, region, reason }
}

function set(ctx: Context, row: Row, values: Partial<{ [K in keyof SnapshotTable]: unknown }>) {
  return snapshots(ctx)
    .updateTable('coverage_snapshot')
    .set(values as never)
    .where('county_code', '=', row.county_code)
    .where('id', '=', row.id)
    .execute()
}

/** 上报: refused while an identity does not hold, and while townships that send figures up have not all been approved. */
export async function submitSnapshot(input: { id: string }, ctx: Context) {
  const row = await findSnapshot(ctx, input.id)
  if (row.state !== 'draft') throw new Problem('conflict', '只有待上报的数据可以上报；退回的请先重新生成。')
  await findHeld(ctx, row.area_code)
  const content = row.content as SnapshotContent
  const broken = content.checks.filter((check) => check.kind === 'identity' && !check.holds)
  if (broken.length > 0) throw new Problem('conflict', `数据核验不通过：${broken[0]!.title}。请核实后重新生成。`)
  const { missing, used } = await missingBelow(ctx, row)
  if (used && missing.length > 0) {
    throw new Problem('conflict', `还有 ${missing.length} 个乡镇街道未审核通过：${missing[0]!.name}等。`)
  }
  await set(ctx, row, {
    state: 'submitted',
    submitted_by: ctx.actor.userId,
    submitted_by_name: ctx.actor.name,
    submitted_at: ctx.now,
    steps: JSON.stringify([...row.steps, stepOf(ctx, 'submitted', row.area_code, null)]),
  })
  journal(ctx, row, { 上报: row.period })
  return { done: true as const }
}

function journal(ctx: Context, row: Row, after: object) {
  ctx.record({ countyCode: row.county_code, subject: `snapshot:${row.id}`, after: { ...after, 版本: row.version } })
}

/** The office whose turn it is, if the account may act for it. @throws Problem */
async function awaited(ctx: Context, row: Row): Promise<string> {
  const approver = awaitedOf(row)
  if (!approver) throw new Problem('conflict', '这份数据不在等待审核。')
  if (!(await whollyHeld(ctx, [approver])).has(approver)) {
    throw new Problem('forbidden', `等待${approvalWords(approver)}，您的管理范围不是那一级。`)
  }
  return approver
}

/** 审核通过: by the next office up, never by whoever sent the figures up or approved them below. */
export async function approveSnapshot(input: { id: string }, ctx: Context) {
  const row = await findSnapshot(ctx, input.id)
  const approver = await awaited(ctx, row)
  if (takenPart(row.steps).has(ctx.actor.userId)) {
    throw new Problem('forbidden', '上报人与各级审核人须是不同的人，请由他人审核。')
  }
  const steps = [...row.steps, stepOf(ctx, 'approved', approver, null)]
  const state = awaitedOf({ ...row, steps }) === null ? ('locked' as const) : ('approved' as const)
  await set(ctx, row, { state, steps: JSON.stringify(steps) })
  journal(ctx, row, { [approvalWords(approver)]: '通过', 锁定: state === 'locked' })
  return { state }
}

/** 退回: back to whoever sent the figures up, with a reason. */
export async function returnSnapshot(input: { id: string; reason: string }, ctx: Context) {
  const row = await findSnapshot(ctx, input.id)
  const approver = await awaited(ctx, row)
  const steps = [...row.steps, stepOf(ctx, 'returned', approver, input.reason)]
  await set(ctx, row, { state: 'returned', reason: input.reason, steps: JSON.stringify(steps) })
  journal(ctx, row, { [approvalWords(approver)]: '退回', 理由: input.reason })
  return { done: true as const }
}
