import { sql } from 'kysely'
import { Problem } from '../base/problem.ts'
import type { Context, JobKind, JobRun } from '../host/context.ts'
import { insertRows } from '../host/insert-rows.ts'
import { isUnderWay } from '../host/job-list.ts'
import { partsOf } from './assign.ts'
import { linkedBy } from './contract.ts'
import { holdAnchors, redirectsOf, type Standing, standingFor, subjectOf } from './decisions.ts'
import { modelAt, modelVersionOf } from './model-in-use.ts'
import { lockCounty, requireCounty } from './county-lock.ts'
import { allRows, type KnownRow, rowsById, typedRows } from './neighbours.ts'
import { linkageTables } from './queue.ts'
import { placed } from './placing.ts'
import { settleRows } from './settle-rows.ts'
import { carryOut, type Change, changesPlace, type Outcome } from './settlement.ts'
import { namesOf } from './unit-links.ts'

const pageRows = 5000
const writeRows = 2000

interface CountyJob {
  countyCode: string
}

interface RehearseJob extends CountyJob {
  /** Of the weights. */
  version: number
}

/** Links all rows of a county afresh without doing it, and notes which rows would be elsewhere. */
export const rehearseJob: JobKind<RehearseJob> = {
  kind: 'linkage.rehearse',
  async run(job) {
    const { countyCode, version } = job.input
    const { rows, said } = await everything(job, countyCode)
    await job.progress(rows.length, rows.length, '正在逐行比对')
    const [model, holders] = await job.transaction(async (ctx) => [
      await modelAt(ctx, countyCode, version),
      await codeHolders(ctx, countyCode),
    ])
    const [members, free] = [
      rows.filter((row) => row.outcome === 'typed'),
      rows.filter((row) => row.outcome !== 'typed'),
    ]
    const outcomes = settleRows({ countyCode, free, members, said, common: new Map() }, model, new Date())
    const changes = placed(rows, outcomes, said, holders).filter(({ row, outcome }) => changesPlace(row, outcome))
    await writeChanges(job, changes)
    return { rows: rows.length, changes: changes.length }
  },
}

/** All rows of a county, what people typed of its units, and what they said of rows. */
export async function everything(job: JobRun<unknown>, countyCode: string) {
  const rows: KnownRow[] = []
  const said = new Map<string, Standing>()
  for (let after = ''; ;) {
    job.signal.throwIfAborted()
    const start = after
    const page = await job.transaction(async (ctx) => {
      const found = await allRows(ctx, countyCode, start, pageRows)
      const subjects = found.map((row) => ({ id: row.id, subject: subjectOf(row) }))
      return { found, standing: await standingFor(ctx, countyCode, subjects) }
    })
    rows.push(...page.found)
    for (const [id, standing] of page.standing) said.set(id, standing)
    await job.progress(rows.length, 0, `已读 ${rows.length.toLocaleString('zh-CN')} 行`)
    after = page.found.at(-1)?.id ?? ''
    if (page.found.length < pageRows) break
  }
  await job.transaction(async (ctx) => {
    for (const [id, unitId] of await mergedRows(ctx, countyCode)) {
      const standing = said.get(id) ?? { must: null, dropCode: false, cannot: new Set() }
      said.set(id, { ...standing, must: standing.must ?? unitId })
    }
    rows.push(...(await typedRows(ctx, countyCode, null)))
  })
  holdAnchors(
    rows.map((row) => ({ id: row.id, unitId: row.unitId, isCoded: Boolean(row.fields.uscc) })),
    said,
  )
  return { rows, said }
}

/** Rows of units that people merged: they stay where they were merged to. */
export async function mergedRows(ctx: Context, countyCode: string): Promise<[string, string][]> {
  const ends = await redirectsOf(ctx, countyCode)
  const merges = await linkageTables(ctx)
    .selectFrom('link_redirect')
    .select(['from_unit', 'source_rows'])
    .where('county_code', '=', countyCode)
    .execute()
  return merges.flatMap((merge) =>
    merge.source_rows.map((id): [string, string] => [id, ends.get(merge.from_unit) ?? merge.from_unit]),
  )
}

/** By code, the unit that has it: of all codes, or of those given. */
export async function codeHolders(
  ctx: Context,
  countyCode: string,
  codes?: readonly string[],
): Promise<Map<string, string>> {
  if (codes?.length === 0) return new Map()
  const rows = await linkageTables(ctx)
    .selectFrom('unit')
    .select(['id', 'uscc'])
    .where('county_code', '=', countyCode)
    .where('uscc', 'is not', null)
    .where((eb) => (codes ? sql<boolean>`uscc = any (${codes}::text[])` : eb.val(true)))
    .where('withdrawn_at', 'is', null)
    .execute()
  return new Map(rows.map((row) => [row.uscc!, row.id]))
}

async function writeChanges(job: JobRun<RehearseJob>, changes: readonly Change[]): Promise<void> {
  const { countyCode, version } = job.input
  const parts = partsOf(
    changes.map(({ row, outcome }) => ({ from: row.unitId, to: outcome.kind === 'queue' ? null : outcome.unitId })),
  )
  const rows = changes.map(({ row, outcome }, at) => ({
    county_code: countyCode,
    source_row_id: row.id,
    part: parts[at],
    from_unit: row.unitId,
    outcome,
  }))
  await job.transaction(async (ctx) => {
    await lockCounty(ctx, countyCode)
    await linkageTables(ctx).deleteFrom('link_rehearsal').where('county_code', '=', countyCode).execute()
    await linkageTables(ctx)
      .updateTable('link_state')
      .set({ rehearsed_version: version, rehearsed_at: null, rehearsed_by: ctx.actor.name })
      .where('county_code', '=', countyCode)
      .execute()
  })
  for (let from = 0; from < rows.length; from += writeRows) {
    job.signal.throwIfAborted()
    const some = rows.slice(from, from + writeRows)
    await job.transaction((ctx) => insertRows(ctx.tx, 'link_rehearsal', some))
  }
  // A trial that was stopped on the way is none.
  await job.transaction((ctx) =>
    linkageTables(ctx)
      .updateTable('link_state')
      .set({ rehearsed_at: ctx.now })
      .where('county_code', '=', countyCode)
      .execute(),
  )
}

const batchParts = 200

/** The trial that a person looked at. */
interface RelinkAllJob extends CountyJob {
  /** When it was made. */
  tried: string
}

/** Does what was rehearsed, part by part: killed in between, it goes on where it was. Rows that moved meanwhile are left. */
export const relinkAllJob: JobKind<RelinkAllJob> = {
  kind: 'linkage.relink-all',
  async run(job) {
    const { countyCode } = job.input
    const total = await job.transaction((ctx) => leftOf(ctx, countyCode))
    let changed = 0
    let passedOver = 0
    for (;;) {
      job.signal.throwIfAborted()
      const step = await job.transaction((ctx) => relinkParts(ctx, job.input))
      if (step === null) break
      changed += step.changed
      passedOver += step.passedOver
      await job.progress(changed + passedOver, total, '正在改动归属')
    }
    return { changed, passedOver }
  },
}

async function leftOf(ctx: Context, countyCode: string): Promise<number> {
  const { n } = await linkageTables(ctx)
    .selectFrom('link_rehearsal')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('county_code', '=', countyCode)
    .executeTakeFirstOrThrow()
  return n
}

/**
 * Does some parts of the trial; null when none was left: the trial stays, so that who was asked to do it again finds it done.
 * @throws Problem('conflict') when it is no longer the one looked at.
 */
async function relinkParts(ctx: Context, { countyCode, tried }: RelinkAllJob) {
  const state = await lockCounty(ctx, countyCode)
  if (state.rehearsed_at?.toISOString() !== tried || state.rehearsed_version !== state.model_version)
    throw new Problem('conflict', '试算结果或现用的权重在此期间变了。请重新试算，看过再办。')
  const tables = linkageTables(ctx)
  const parts = await tables
    .selectFrom('link_rehearsal')
    .select('part')
    .distinct()
    .where('county_code', '=', countyCode)
    .orderBy('part')
    .limit(batchParts)
    .execute()
  if (parts.length === 0) return null
  const found = await tables
    .deleteFrom('link_rehearsal')
    .where('county_code', '=', countyCode)
    .where(
      'part',
      'in',
      parts.map((one) => one.part),
    )
    .returningAll()
    .execute()
  const ids = found.map((one) => one.source_row_id)
  const rows = new Map((await rowsById(ctx, countyCode, ids)).map((row) => [row.id, row]))
  const stale = await staleParts(ctx, countyCode, found, rows)
  const changes = found.flatMap((one) =>
    stale.has(one.part) ? [] : [{ row: rows.get(one.source_row_id)!, outcome: one.outcome }],
  )
  const modelVersion = await modelVersionOf(ctx, countyCode)
  await carryOut(ctx, { countyCode, modelVersion, cause: 'relink', recordedBy: '重新比对' }, changes)
  return { changed: changes.length, passedOver: found.length - changes.length }
}

interface Rehearsed {
  part: number
  source_row_id: string
  from_unit: string | null
  outcome: Outcome
}

/**
 * Parts that were overtaken since they were tried: a row is elsewhere by now, the unit it was to go to is withdrawn, or a
 * person has said otherwise.
 */
async function staleParts(
  ctx: Context,
  countyCode: string,
  found: readonly Rehearsed[],
  rows: ReadonlyMap<string, KnownRow>,
): Promise<Set<number>> {
  const targets = found.flatMap(({ outcome }) => (outcome.kind === 'queue' ? [] : [outcome.unitId]))
  const withdrawn = await withdrawnOf(ctx, countyCode, targets)
  const subjects = [...rows.values()].map((row) => ({ id: row.id, subject: subjectOf(row) }))
  const said = await standingFor(ctx, countyCode, subjects)
  const isStale = ({ source_row_id: id, from_unit: from, outcome }: Rehearsed) => {
    if (rows.get(id)?.unitId !== from) return true
    const standing = said.get(id)
    const unitId = outcome.kind === 'queue' ? null : outcome.unitId
    if (standing?.must && standing.must !== unitId) return true
    return unitId !== null && (withdrawn.has(unitId) || (standing?.cannot.has(unitId) ?? false))
  }
  return new Set(found.flatMap((one) => (isStale(one) ? [one.part] : [])))
}

async function withdrawnOf(ctx: Context, countyCode: string, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set()
  const units = await linkageTables(ctx)
    .selectFrom('unit')
    .select('id')
    .where('county_code', '=', countyCode)
    .where('id', 'in', [...new Set(ids)])
    .where('withdrawn_at', 'is not', null)
    .execute()
  return new Set(units.map((unit) => unit.id))
}

/** 试算全库重新比对: with the weights in use, or with others before they are taken. */
export async function rehearseRelink(input: CountyJob & { version?: number | undefined }, ctx: Context) {
  const { countyCode } = input
  requireCounty(ctx, countyCode)
  const version = input.version ?? (await modelVersionOf(ctx, countyCode))
  await modelAt(ctx, countyCode, version)
  const title = `试算全库重新比对（第 ${version} 版权重）`
  return { jobId: await ctx.enqueue({ kind: 'linkage.rehearse', title, input: { countyCode, version }, countyCode }) }
}

/** 全库重新比对: only what was rehearsed and looked at. */
export async function relinkAll(input: CountyJob, ctx: Context) {
  const { countyCode } = input
  requireCounty(ctx, countyCode)
  if (await isUnderWay(ctx, relinkAllJob.kind, countyCode))
    throw new Problem('conflict', '本县正在全库重新比对，不用再办；办完以后刷新，可以看到结果。')
  const left = await leftOf(ctx, countyCode)
  const tried = await triedOf(ctx, countyCode)
  if (!tried) throw new Problem('conflict', '没有试算结果，请先试算，看过会改动哪些行再办。')
  if (left === 0)
    throw new Problem('conflict', '这次试算没有要改动的行，或已经照它改完了。要再比对，请重新试算，看过再办。')
  if (!tried.isInUse)
    throw new Problem(
      'conflict',
      `这次试算用的是第 ${tried.version} 版权重，不是现用的。请先采用第 ${tried.version} 版，或用现用的权重重新试算。`,
    )
  ctx.record({ countyCode, subject: 'link-model', after: { 重新比对全库: `改动 ${left} 行` } })
  const title = `重新比对全库（改动 ${left.toLocaleString('zh-CN')} 行）`
  const asked: RelinkAllJob = { countyCode, tried: tried.at }
  return { jobId: await ctx.enqueue({ kind: 'linkage.relink-all', title, input: asked, countyCode }) }
}

/** The last trial of a county; null where there was none. */
async function triedOf(ctx: Context, countyCode: string) {
  const state = await linkageTables(ctx)
    .selectFrom('link_state')
    .selectAll()
    .where('county_code', '=', countyCode)
    .executeTakeFirst()
  if (!state?.rehearsed_at || state.rehearsed_version === null) return null
  return {
    version: state.rehearsed_version,
    at: state.rehearsed_at.toISOString(),
    by: state.rehearsed_by ?? '',
    isInUse: state.rehearsed_version === state.model_version,
  }
}

/** 查看试算结果 */
export async function listRehearsal(input: CountyJob & { page: number; pageSize: number }, ctx: Context) {
  const { countyCode } = input
  const tried = await triedOf(ctx, countyCode)
  const rows = await linkageTables(ctx)
    .selectFrom('link_rehearsal')
    .innerJoin('source_row', (join) =>
      join
        .onRef('source_row.county_code', '=', 'link_rehearsal.county_code')
        .onRef('source_row.id', '=', 'link_rehearsal.source_row_id'),
    )
    .innerJoin('import', (join) =>
      join.onRef('import.county_code', '=', 'source_row.county_code').onRef('import.id', '=', 'source_row.import_id'),
    )
    .selectAll('link_rehearsal')
    .select(['source_row.fields', 'source_row.sheet', 'source_row.row_number', 'import.file_name'])
    .where('link_rehearsal.county_code', '=', countyCode)
    .orderBy('link_rehearsal.part')
    .orderBy('link_rehearsal.source_row_id')
    .limit(input.pageSize)
    .offset((input.page - 1) * input.pageSize)
    .execute()
  const target = (outcome: Outcome) => (outcome.kind === 'queue' ? null : outcome.unitId)
  const names = await namesOf(
    ctx,
    countyCode,
    rows.flatMap((row) => [row.from_unit, target(row.outcome)]),
  )
  return {
    total: tried ? await leftOf(ctx, countyCode) : 0,
    tried,
    rows: (tried ? rows : []).map(({ outcome, ...row }) => {
      const to = target(outcome)
      return {
        sourceRowId: row.source_row_id,
        name: row.fields.name ?? null,
        fileName: row.file_name,
        sheet: row.sheet,
        row: row.row_number,
        from: row.from_unit ? { unitId: row.from_unit, name: names.get(row.from_unit) ?? null } : null,
        to: to ? { unitId: names.has(to) ? to : null, name: names.get(to) ?? null } : null,
        outcome: outcome.kind,
        linkedBy: outcome.kind === 'queue' ? null : linkedBy[outcome.by],
        probability: outcome.kind === 'queue' ? outcome.probability : (outcome.waterfall?.probability ?? null),
      }
    }),
  }
}
