import { type RawBuilder, sql } from 'kysely'
import { nameKey } from '../base/chinese.ts'
import { notFound, Problem } from '../base/problem.ts'
import type { Context } from '../host/context.ts'
import type { UnitKind } from '../ledger/field-contract.ts'
import { nextSteps } from './condition-contract.ts'
import { conditionSql } from './condition-sql.ts'
import type { ListOf } from './contract.ts'
import { figures } from './definitions.ts'
import { findGround, within } from './ground.ts'
import { loadDefinitions, ratiosOn } from './measures.ts'
import { reasonOf } from './state.ts'
import { onDay, tellDay } from './sums.ts'
import type { CoverageTables, UnitStateTable } from './tables.ts'

type Row = UnitStateTable & { name: string }

/** A row as the contract shows it. */
function shown(row: Row) {
  const step = nextSteps[row.step]
  return {
    countyCode: row.county_code,
    unitId: row.unit_id,
    name: row.name,
    unitKind: row.kind as UnitKind,
    areaCode: row.area_code,
    inOperation: row['in_operation'] === true,
    isTarget: row['is_target'] === true,
    staff: row.staff,
    formal: row.formal,
    probationary: row.probationary,
    knownElsewhere: row.known_elsewhere,
    state: row.state,
    lack: row.lack,
    due: row.due,
    jointUnits: row.joint_units,
    since: row.valid_from,
    reason: reasonOf(row),
    step: { key: row.step, ...step },
  }
}

const partWords = { numerator: '分子', denominator: '分母', gap: '差距' } as const

/** Which rows a list is of, and what it is called. @throws Problem('notFound') for a ratio or figure that is not known */
async function rowsOf(ctx: Context, of: ListOf, day: string): Promise<{ where: RawBuilder<unknown>; title: string }> {
  if ('condition' in of) return { where: conditionSql(of.condition), title: '符合条件的单位' }
  if ('figure' in of) {
    const figure = figures.find((one) => one.key === of.figure)
    if (!figure) throw notFound('个数')
    return { where: conditionSql(figure.measure.where), title: figure.name }
  }
  const { ratios } = await loadDefinitions(ctx.tx)
  const ratio = ratiosOn(ratios, day).find((one) => one.key === of.ratio)
  if (!ratio) throw new Problem('notFound', '这一天没有这个指标，请换一天，或到指标定义里查看。')
  const title = `${ratio.name}（第 ${ratio.version} 版）· ${partWords[of.part]}`
  const { numeratorMeasure, denominatorMeasure } = ratio
  const inside = (measure: typeof numeratorMeasure) =>
    measure.sum === null
      ? conditionSql(measure.where)
      : sql<boolean>`(${conditionSql(measure.where)} and coalesce(${sql.ref(measure.sum)}, 0) > 0)`
  if (of.part === 'numerator') return { where: inside(numeratorMeasure), title }
  if (of.part === 'denominator') return { where: inside(denominatorMeasure), title }
  if (numeratorMeasure.sum === null || denominatorMeasure.sum === null) {
    return { where: sql`${inside(denominatorMeasure)} and not ${inside(numeratorMeasure)}`, title }
  }
  const missing = sql`coalesce(${sql.ref(denominatorMeasure.sum)}, 0) >
    case when ${conditionSql(numeratorMeasure.where)} then coalesce(${sql.ref(numeratorMeasure.sum)}, 0) else 0 end`
  return { where: sql`${conditionSql(denominatorMeasure.where)} and ${missing}`, title }
}

interface ListInput {
  of: ListOf
  region?: string | undefined
  asOf?: string | undefined
  text?: string | undefined
  page: number
  pageSize: number
}

/** 覆盖名单: the units behind a number, as they stood on a day and in the region they were in then. */
export async function listUnits(input: ListInput, ctx: Context) {
  const ground = await findGround(ctx, input.region)
  const { asOf } = await tellDay(ctx, ground, input.asOf)
  const { where, title } = await rowsOf(ctx, input.of, asOf)
  const pattern = input.text ? `%${nameKey(input.text).replace(/[\\%_]/g, (sign) => `\\${sign}`)}%` : null
  const named = pattern
    ? sql`and exists (select from unit u where u.county_code = s.county_code and u.id = s.unit_id
        and u.name_key like ${pattern})`
    : sql``
  const from = sql`from unit_state s where ${within(ground)} and ${onDay(asOf)} and ${where} ${named}`
  const { rows: counted } = await sql<{ total: number }>`select count(*) as total ${from}`.execute(ctx.tx)
  const { rows } = await sql<Row>`
    select page.*, coalesce(u.name, '（已不在台账）') as name
    from (
      select s.* ${from} order by county_code, area_code, unit_id
      limit ${input.pageSize} offset ${(input.page - 1) * input.pageSize}
    ) page
    left join unit u on u.county_code = page.county_code and u.id = page.unit_id
    order by page.county_code, page.area_code, page.unit_id`.execute(ctx.tx)
  return { rows: rows.map(shown), total: counted[0]?.total ?? 0, asOf, title }
}

/** 单位覆盖情况: how a unit stands, how it stood, and what the office stated of it. */
export async function getUnitCoverage(input: { id: string }, ctx: Context) {
  const { rows } = await sql<Row>`
    select s.*, u.name from unit_state s
    join unit u on u.county_code = s.county_code and u.id = s.unit_id
    where s.unit_id = ${input.id} order by valid_from desc limit 200`.execute(ctx.tx)
  const known = await sql`select 1 from unit where id = ${input.id}`.execute(ctx.tx)
  if (known.rows.length === 0) throw notFound('家单位')
  const marks = await ctx.tx
    .withTables<CoverageTables>()
    .selectFrom('unit_mark')
    .select(['kind', 'valid_from as from', 'valid_to as to', 'source'])
    .where('unit_id', '=', input.id)
    .orderBy('valid_from', 'desc')
    .execute()
  const now = rows.find((row) => row.valid_to === null)
  return {
    now: now ? shown(now) : null,
    history: rows.map((row) => ({ from: row.valid_from, to: row.valid_to, row: shown(row) })),
    marks,
  }
}
