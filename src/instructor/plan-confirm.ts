import { grouped } from '../base/number.ts'
import { Problem } from '../base/problem.ts'
import { addDays, today } from '../base/time.ts'
import type { Context, JobKind, JobRun } from '../host/context.ts'
import { ledgerTables } from '../ledger/service.ts'
import { recall, send } from './assignments.ts'
import { instructorTables } from './people.ts'
import { draftPlan, planOf, planStopped, setPlan } from './plans.ts'
import type { DraftPair, PlanRow } from './tables.ts'

interface ConfirmJob {
  id: string
  on: string
  source: string
}

/** 确认指导员安排: a job sends them, some at a time. */
export async function confirmAssign(input: ConfirmJob, ctx: Context) {
  const { row, draft } = await draftPlan(ctx, input.id)
  if (input.on > today(ctx.now)) throw new Problem('invalid', '日期不能晚于今天。')
  const jobId = await ctx.enqueue({
    kind: 'instructor.confirm',
    title: `登记${row.title}（${grouped(draft.pairs.length)} 家）`,
    input,
    countyCode: row.county_code,
  })
  await setPlan(ctx, row, { state: 'confirming', job_id: jobId, error: null })
  ctx.record({
    countyCode: row.county_code,
    subject: `instructorPlan:${row.id}`,
    after: { 确认: row.title, 起: input.on, 依据: input.source },
  })
  return { jobId }
}

const batchPairs = 50

/** Sends whom a plan sends and recalls whom it gives up; begun again, it goes on where it was left. */
export const confirmJob: JobKind<ConfirmJob> = {
  kind: 'instructor.confirm',
  async run(job) {
    try {
      return await confirmed(job)
    } catch (error) {
      return planStopped(job, error)
    }
  },
}

async function confirmed(job: JobRun<ConfirmJob>) {
  const { id, on, source } = job.input
  const { row, draft } = await job.transaction(async (ctx) => {
    const found = await planOf(ctx, id)
    return { row: found, draft: found.draft! }
  })
  const fresh = draft.pairs.filter((pair) => !pair.kept)
  const result = { sent: 0, recalled: 0, left: [] as string[] }
  for (let at = 0; at < draft.given.length; at += batchPairs) {
    job.signal.throwIfAborted()
    await job.transaction(async (ctx) => {
      for (const pair of draft.given.slice(at, at + batchPairs)) {
        const held = await heldPair(ctx, row.county_code, pair)
        if (!held) continue
        // Sent on this day or later: what is given up on the day it began never was.
        await recall(ctx, held, on > held.from_on ? on : addDays(held.from_on, 1), source)
        result.recalled += 1
      }
    })
  }
  for (let at = 0; at < fresh.length; at += batchPairs) {
    job.signal.throwIfAborted()
    await job.transaction((ctx) => sendSome(ctx, row, fresh.slice(at, at + batchPairs), { on, source }, result))
    await job.progress(Math.min(at + batchPairs, fresh.length), fresh.length, `已登记 ${result.sent} 家`)
  }
  const left = result.left.length
  await job.transaction(async (ctx) => {
    const error = left > 0 ? `${grouped(left)} 家没有登记：单位已不在台账，或指导员已离任、那天还没有到任。` : null
    await setPlan(ctx, row, { state: 'confirmed', error })
    ctx.record({
      countyCode: row.county_code,
      subject: `instructorPlan:${row.id}`,
      after: { 新派: result.sent, 撤换: result.recalled, 没有登记: left },
    })
  })
  return result
}

async function heldPair(ctx: Context, countyCode: string, pair: { unitId: string; instructorId: string }) {
  return instructorTables(ctx.tx)
    .selectFrom('instructor_assignment')
    .selectAll()
    .where('county_code', '=', countyCode)
    .where('unit_id', '=', pair.unitId)
    .where('instructor_id', '=', pair.instructorId)
    .where('to_on', 'is', null)
    .executeTakeFirst()
}

/** Sends a batch; a unit or an instructor that left meanwhile, or who came after the day, is told of and stops nobody else. */
async function sendSome(
  ctx: Context,
  row: PlanRow,
  pairs: readonly DraftPair[],
  { on, source }: { on: string; source: string },
  result: { sent: number; left: string[] },
): Promise<void> {
  const people = await instructorTables(ctx.tx)
    .selectFrom('instructor')
    .selectAll()
    .where('county_code', '=', row.county_code)
    .where(
      'id',
      'in',
      pairs.map((pair) => pair.instructorId),
    )
    .execute()
  const units = await unitsThere(
    ctx,
    row.county_code,
    pairs.map((pair) => pair.unitId),
  )
  for (const pair of pairs) {
    const person = people.find((one) => one.id === pair.instructorId)
    if (await heldPair(ctx, row.county_code, pair)) continue
    if (!units.has(pair.unitId) || !person || person.to_on !== null || person.from_on > on) {
      result.left.push(pair.unitId)
      continue
    }
    const { metres, measured } = pair
    await send(ctx, person, pair.unitId, { on, source, planId: row.id, metres, measured })
    result.sent += 1
  }
}

/** Of these units, those that the ledger still has. */
async function unitsThere(ctx: Context, countyCode: string, ids: readonly string[]): Promise<Set<string>> {
  const rows = await ledgerTables(ctx.tx)
    .selectFrom('unit')
    .select('id')
    .where('county_code', '=', countyCode)
    .where('id', 'in', ids)
    .where('withdrawn_at', 'is', null)
    .execute()
  return new Set(rows.map((row) => row.id))
}
