import { sql } from 'kysely'
import { Problem } from '../base/problem.ts'
import type { Context, JobRun } from '../host/context.ts'
import { planBulk, type BulkPlan } from './bulk-plan.ts'
import { type CountyRows, readCounty } from './county-rows.ts'
import { isComing } from './coming.ts'
import { lockCounty } from './county-lock.ts'
import { keyTyped } from './keying.ts'
import { writeKeysOf } from './link-keys.ts'
import { modelOf, modelVersionOf } from './model-in-use.ts'
import { rowsById } from './neighbours.ts'
import { codeHolders } from './relink-all.ts'
import { markRepeats } from './repeats.ts'
import { carryOut, type Change } from './settlement.ts'

/** When a county is linked all at once. */
export interface BulkLimits {
  /** Fewer new rows are settled with what lies around them, a thousand at a time. */
  newRowsMin: number
  /** In a county so many times as large, most of what would be read is of no use. */
  standingTimesMax: number
  /** More do not fit in memory: some kilobyte a row. */
  rowsMax: number
  /** Rows that are written in one transaction, or some more: those of a unit are not parted. */
  partRows: number
}

export const bulkLimits: BulkLimits = {
  newRowsMin: 5_000,
  standingTimesMax: 20,
  rowsMax: 2_000_000,
  partRows: 2_000,
}
const repeatsAtOnce = 5_000

/**
 * Links all rows of a county at once where many of them are new, whichever of its imports that are being committed brought
 * them: settled together in a thread, written part by part. Where this does not pay, and from where people have changed the
 * county's links meanwhile, the rows stay staged. Killed in between, it starts over with what is left.
 */
export async function linkInBulk(job: JobRun<unknown>, countyCode: string, limits: BulkLimits): Promise<void> {
  if (!(await job.transaction((ctx) => doesPay(ctx, countyCode, limits)))) return
  const start = await job.transaction(async (ctx) => {
    const { keyed_until: keyedUntil, changes } = await lockCounty(ctx, countyCode)
    await keyTyped(ctx, countyCode, keyedUntil)
    return { changes, model: await modelOf(ctx, countyCode), holders: await codeHolders(ctx, countyCode) }
  })
  const county = await readCounty(job, countyCode)
  await job.progress(0, county.list.length, `正在比对 ${county.list.length.toLocaleString('zh-CN')} 行`)
  const plan = await planBulk(county, { ...start, partRows: limits.partRows }, job.signal)
  let done = 0
  for (const [at, part] of plan.parts.entries()) {
    job.signal.throwIfAborted()
    const isDone = await writePart(job, { countyCode, county, plan, part }, start.changes + at + 1)
    if (!isDone) return
    done += part.length
    await job.progress(done, plan.count, '正在并入台账')
  }
  await writeRepeats(job, countyCode, [...county.repeats])
}

/** Whether so many rows wait to be linked that the county is better read whole. */
async function doesPay(ctx: Context, countyCode: string, limits: BulkLimits): Promise<boolean> {
  const { newRowsMin, standingTimesMax, rowsMax } = limits
  const staged = await sql<{ n: number }>`
    select count(*) as n from source_row r join import i on i.county_code = r.county_code and i.id = r.import_id
    where r.county_code = ${countyCode} and r.outcome = 'staged' and r.unit_id is null and ${isComing}`.execute(ctx.tx)
  const fresh = staged.rows[0]?.n ?? 0
  if (fresh < newRowsMin) return false
  const { rows } = await sql<{ n: number }>`
    select count(*) as n from source_row r join import i on i.county_code = r.county_code and i.id = r.import_id
    where r.county_code = ${countyCode} and r.outcome in ('joined', 'created', 'queued')
      and i.state not in ('undone', 'undoing')`.execute(ctx.tx)
  const standing = rows[0]?.n ?? 0
  return standing <= fresh * standingTimesMax && fresh + standing <= rowsMax
}

interface Part {
  countyCode: string
  county: CountyRows
  plan: BulkPlan
  /** Numbers of rows. */
  part: readonly number[]
}

/** Writes one part; answers false where people have changed the county meanwhile, be it only a unit with a code of the part. */
async function writePart(job: JobRun<unknown>, part: Part, changesThen: number): Promise<boolean> {
  try {
    return await job.transaction(async (ctx) => {
      const { changes } = await lockCounty(ctx, part.countyCode)
      return changes === changesThen && (await write(ctx, part))
    })
  } catch (error) {
    if (error instanceof Problem && error.code === 'conflict') return false
    throw error
  }
}

/** Carries one part of a plan out; answers false, and does nothing, where a row is no longer as it was read. */
async function write(ctx: Context, { countyCode, county, plan, part }: Part): Promise<boolean> {
  const ids = part.map((number) => county.list[number]!.id)
  const rows = new Map((await rowsById(ctx, countyCode, ids)).map((row) => [row.id, row]))
  const changes: Change[] = []
  const fresh: { id: string; number: number }[] = []
  for (const number of part) {
    const { id, unitId, staged } = county.list[number]!
    const row = rows.get(id)
    if (!row || row.unitId !== unitId || (row.outcome === 'staged') !== staged) return false
    changes.push({ row, outcome: plan.outcomeOf(number) })
    if (staged) fresh.push({ id, number })
  }
  // What a row says was read with the county, and is the same as long as its links are.
  await writeKeysOf(ctx, countyCode, county.rows, fresh)
  const modelVersion = await modelVersionOf(ctx, countyCode)
  await carryOut(ctx, { countyCode, modelVersion, cause: 'import', recordedBy: null }, changes)
  return true
}

async function writeRepeats(job: JobRun<unknown>, countyCode: string, repeats: readonly [string, string][]) {
  for (let from = 0; from < repeats.length; from += repeatsAtOnce) {
    const some = new Map(repeats.slice(from, from + repeatsAtOnce))
    await job.transaction(async (ctx) => {
      await lockCounty(ctx, countyCode)
      await markRepeats(ctx, countyCode, some)
    })
  }
}
