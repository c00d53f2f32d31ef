import { Problem } from '../base/problem.ts'
import type { Context, JobKind } from '../host/context.ts'
import { modelStates } from './contract.ts'
import { type Comparison, comparisons } from './compare.ts'
import type { Standing } from './decisions.ts'
import { type Decided, estimateModel as estimate } from './estimate-model.ts'
import { defaultModel, type Model } from './model.ts'
import { modelOf } from './model-in-use.ts'
import { lockCounty, requireCounty } from './county-lock.ts'
import { type KnownRow } from './neighbours.ts'
import { linkageTables } from './queue.ts'
import { everything } from './relink-all.ts'
import { rowsOfKnown } from './row-features.ts'

interface InCounty {
  countyCode: string
}

/** 重新估计权重 */
export async function estimateModel(input: InCounty, ctx: Context) {
  requireCounty(ctx, input.countyCode)
  const { countyCode } = input
  return {
    jobId: await ctx.enqueue({
      kind: 'linkage.estimate',
      title: '重新估计比对权重',
      input: { countyCode },
      countyCode,
    }),
  }
}

/** Estimates weights and offers them; an earlier offer that nobody took is put away. */
export const estimateJob: JobKind<InCounty> = {
  kind: 'linkage.estimate',
  async run(job) {
    const { countyCode } = job.input
    const { rows, said } = await everything(job, countyCode)
    const before = await job.transaction((ctx) => modelOf(ctx, countyCode))
    const { model, report } = estimate(rowsOfKnown(rows, countyCode), decidedOf(rows, said), before)
    if (report.rows < rowsMin)
      throw new Problem(
        'unavailable',
        `只有 ${report.rows} 行能由代码证实属于哪家，不够估计权重；至少要 ${rowsMin} 行，请先导入两个部门的名单。`,
      )
    const version = await job.transaction((ctx) => offer(ctx, countyCode, model, report))
    return { version, rows: report.rows }
  },
}

const rowsMin = 400

/** What people said of rows, as pairs: each row with the rows of the unit that they named or denied. */
function decidedOf(rows: readonly KnownRow[], said: ReadonlyMap<string, Standing>): Decided[] {
  const byUnit = Map.groupBy(rows.keys(), (at) => rows[at]!.unitId ?? '')
  return rows.flatMap((row, left): Decided[] => {
    const standing = said.get(row.id)
    if (!standing) return []
    const pairs = (unitId: string, same: boolean) =>
      (byUnit.get(unitId) ?? [])
        .filter((at) => at !== left && rows[at]!.fields.uscc)
        .slice(0, 3)
        .map((right) => ({ left, right, same }))
    return [
      ...(standing.must ? pairs(standing.must, true) : []),
      ...[...standing.cannot].flatMap((id) => pairs(id, false)),
    ]
  })
}

async function offer(ctx: Context, countyCode: string, model: Model, report: unknown): Promise<number> {
  await lockCounty(ctx, countyCode)
  const tables = linkageTables(ctx)
  await tables
    .updateTable('link_model')
    .set({ state: 'refused', decided_at: ctx.now, decided_by: ctx.actor.name })
    .where('county_code', '=', countyCode)
    .where('state', '=', 'offered')
    .execute()
  const { last } = await tables
    .selectFrom('link_model')
    .select((eb) => eb.fn.max('version').as('last'))
    .where('county_code', '=', countyCode)
    .executeTakeFirstOrThrow()
  const version = (last ?? 0) + 1
  await tables
    .insertInto('link_model')
    .values({
      county_code: countyCode,
      version,
      model: JSON.stringify(model),
      report: JSON.stringify(report),
      state: 'offered',
      by_name: ctx.actor.name,
      at: ctx.now,
      decided_by: null,
      decided_at: null,
    })
    .execute()
  ctx.record({ countyCode, subject: 'link-model', after: { 估计权重: `第 ${version} 版` } })
  return version
}

/** 采用或放弃权重. Taking version 0 goes back to the weights that come with the platform. */
export async function chooseModel(input: InCounty & { version: number; take: boolean }, ctx: Context) {
  requireCounty(ctx, input.countyCode)
  const { countyCode, version, take } = input
  const state = await lockCounty(ctx, countyCode)
  if (state.model_version === version) throw new Problem('conflict', '这一版正在使用。')
  const models = () => linkageTables(ctx).updateTable('link_model').where('county_code', '=', countyCode)
  const decided = { decided_at: ctx.now, decided_by: ctx.actor.name }
  if (version > 0) {
    const chosen = await models()
      .set({ state: take ? 'active' : 'refused', ...decided })
      .where('version', '=', version)
      .executeTakeFirst()
    if (chosen.numUpdatedRows === 0n) throw new Problem('notFound', `没有第 ${version} 版权重，请刷新后再看。`)
  }
  if (take) {
    await models().set({ state: 'retired' }).where('version', '=', state.model_version).execute()
    await linkageTables(ctx)
      .updateTable('link_state')
      .set({ model_version: version })
      .where('county_code', '=', countyCode)
      .execute()
  }
  ctx.record({
    countyCode,
    subject: 'link-model',
    before: { 在用: `第 ${state.model_version} 版` },
    after: { [take ? '采用' : '不采用']: `第 ${version} 版` },
  })
  return { done: true as const }
}

/** 查看比对模型 */
export async function getModel(input: InCounty, ctx: Context) {
  requireCounty(ctx, input.countyCode)
  const { countyCode } = input
  const rows = await linkageTables(ctx)
    .selectFrom('link_model')
    .selectAll()
    .where('county_code', '=', countyCode)
    .orderBy('version', 'desc')
    .execute()
  const active = rows.find((row) => row.state === 'active')
  const offered = rows.find((row) => row.state === 'offered')
  const { waiting } = await linkageTables(ctx)
    .selectFrom('queue_item')
    .select((eb) => eb.fn.countAll<number>().as('waiting'))
    .where('county_code', '=', countyCode)
    .where('state', '=', 'open')
    .executeTakeFirstOrThrow()
  const version = (row: (typeof rows)[number]) => ({
    version: row.version,
    state: row.state satisfies keyof typeof modelStates,
    by: row.by_name,
    at: row.at.toISOString(),
    decidedBy: row.decided_by,
    decidedAt: row.decided_at?.toISOString() ?? null,
    rows: row.report.rows,
    units: row.report.units,
    decided: row.report.decided,
  })
  return {
    active: active?.version ?? 0,
    offered: offered ? version(offered) : null,
    versions: rows.map(version),
    weights: weightTable(active?.model ?? defaultModel, offered?.model ?? null),
    trial: (offered ?? active)?.report.figures ?? null,
    limits: { before: limitsOf(active?.model ?? defaultModel), after: offered ? limitsOf(offered.model) : null },
    calibration: (offered ?? active)?.report.bands.filter((band) => band.pairs > 0) ?? [],
    queue: waiting,
  }
}

const limitsOf = ({ join, review }: Model) => ({ join, review })

function weightTable(before: Model, after: Model | null) {
  const start = { comparison: '起点', level: '有一项相同的两行', before: before.start, after: after?.start ?? null }
  const others = (Object.keys(comparisons) as Comparison[]).flatMap((name) =>
    Object.entries(comparisons[name].levels).map(([level, words]) => ({
      comparison: comparisons[name].title,
      level: words,
      before: before.bits[name][level] ?? 0,
      after: after?.bits[name][level] ?? null,
    })),
  )
  return [start, ...others]
}
