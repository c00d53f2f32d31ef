import { type RawBuilder, sql } from 'kysely'
import { namePattern } from '../base/chinese.ts'
import { notFound, Problem } from '../base/problem.ts'
import type { Context } from '../host/context.ts'
import type { UnitKind } from '../ledger/field-contract.ts'
import { regionNames } from '../office/service.ts'
import { type Condition, nextSteps } from './condition-contract.ts'
import { conditionSql } from './condition-sql.ts'
import type { ListOf, UnitSort } from './contract.ts'
import { figures } from './definitions.ts'
import type { Measure } from './condition.ts'
import { findGround, type Ground, within } from './ground.ts'
import { loadDefinitions, ratiosOn } from './measures.ts'
import { reasonOf } from './state.ts'
import { onDay, readSums, type Sums, tellDay, type Told } from './sums.ts'
import type { CoverageTables, UnitStateTable } from './tables.ts'

type Row = UnitStateTable & { name: string }

/** Rows as the contract shows them, with the names of their areas. */
export async function shownRows(ctx: Context, rows: readonly Row[]) {
  const names = await regionNames(
    ctx.tx,
    rows.map((row) => row.area_code),
  )
  return rows.map((row) => shown(row, names.get(row.area_code)?.name ?? row.area_code))
}

function shown(row: Row, areaName: string) {
  const step = nextSteps[row.step]
  return {
    countyCode: row.county_code,
    unitId: row.unit_id,
    name: row.name,
    unitKind: row.kind as UnitKind,
    areaCode: row.area_code,
    areaName,
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

/** A list: which rows it is of, what it is called, and whose sums, plus or minus, say how long it is; null: none do. */
interface Wanted {
  where: RawBuilder<unknown>
  title: string
  counted: { plus: Measure; minus: Measure | null } | null
}

/** Makes out what a list is of. @throws Problem('notFound') for a ratio or figure that is not known */
async function wantedBy(ctx: Context, of: ListOf, day: string): Promise<Wanted> {
  if ('condition' in of) return { where: conditionSql(of.condition), title: '符合条件的单位', counted: null }
  if ('figure' in of) {
    const figure = figures.find((one) => one.key === of.figure)
    if (!figure) throw notFound('个数')
    const counted = figure.measure.sum === null ? { plus: figure.measure, minus: null } : null
    return { where: conditionSql(figure.measure.where), title: figure.name, counted }
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
  const byUnits = numeratorMeasure.sum === null && denominatorMeasure.sum === null
  if (of.part !== 'gap') {
    const plus = of.part === 'numerator' ? numeratorMeasure : denominatorMeasure
    return { where: inside(plus), title, counted: byUnits ? { plus, minus: null } : null }
  }
  if (numeratorMeasure.sum === null || denominatorMeasure.sum === null) {
    const where = sql`${inside(denominatorMeasure)} and not ${inside(numeratorMeasure)}`
    return { where, title, counted: byUnits ? { plus: denominatorMeasure, minus: numeratorMeasure } : null }
  }
  const missing = sql`coalesce(${sql.ref(denominatorMeasure.sum)}, 0) >
    case when ${conditionSql(numeratorMeasure.where)} then coalesce(${sql.ref(numeratorMeasure.sum)}, 0) else 0 end`
  return { where: sql`${conditionSql(denominatorMeasure.where)} and ${missing}`, title, counted: null }
}

/** Which list, as the contract asks for it. */
export interface WantedList {
  of: ListOf
  where?: Condition | undefined
  region?: string | undefined
  unplaced?: boolean | undefined
  asOf?: string | undefined
  text?: string | undefined
}

/** A list made out: the rows of `unit_state` that are in it, what it is called and, where sums say so, how long it is. */
export async function findList(input: WantedList, ctx: Context) {
  const ground = await findGround(ctx, input.region)
  const told = await tellDay(ctx, ground, input.asOf)
  const { where, title, counted } = await wantedBy(ctx, input.of, told.asOf)
  const pattern = namePattern(input.text)
  const named = pattern
    ? sql`and exists (select from unit u where u.county_code = s.county_code and u.id = s.unit_id
        and u.name_key like ${pattern})`
    : sql``
  const narrowed = input.where ? sql`and ${conditionSql(input.where)}` : sql``
  const unplaced = input.unplaced ? sql`and area_code = county_code` : sql``
  const rows = sql`${where} ${narrowed} ${unplaced} ${named}`
  const from = (county: RawBuilder<unknown>) =>
    sql`from unit_state s where ${within(ground)} and ${county} and ${onDay(told.asOf)} and ${rows}`
  const whole = counted && !pattern && !input.where && !input.unplaced
  const lengths = whole ? await lengthsOf(ctx, ground, told, counted) : null
  return { from, title, lengths, told }
}

interface Ordered {
  sort: UnitSort
  order: 'asc' | 'desc'
}

/** 覆盖名单: the units behind a number, as they stood on a day and in the region they were in then. */
export async function listUnits(input: WantedList & Ordered & { page: number; pageSize: number }, ctx: Context) {
  const { from, title, lengths, told } = await findList(input, ctx)
  const total = lengths ? sumOf(lengths.values()) : await countOf(ctx, from(sql`true`))
  const byPlace = input.sort === 'place' && input.order === 'asc'
  const rows: Row[] = []
  for (const part of partsOf(byPlace ? lengths : null, (input.page - 1) * input.pageSize, input.pageSize)) {
    const county = part.county === null ? sql`true` : sql`county_code = ${part.county}`
    rows.push(...(await pageOf(ctx, from(county), part, input)))
  }
  return { rows: await shownRows(ctx, rows), total, asOf: told.asOf, title }
}

const sortColumns = {
  state: 'state',
  formal: 'formal',
  staff: 'staff',
  since: 'valid_from',
  elsewhere: 'known_elsewhere',
}

/** The order of rows that are called `of` in the statement; the name as the ledger's list sorts it, places break ties. */
function orderBy({ sort, order }: Ordered, of: 's' | 'page'): RawBuilder<unknown> {
  const way = order === 'asc' ? sql`asc` : sql`desc`
  const column = (name: string) => sql.ref(`${of}.${name}`)
  const place = sql.join(['county_code', 'area_code', 'unit_id'].map((name) => sql`${column(name)} ${way}`))
  if (sort === 'place') return place
  const name = sql`(select n.sort_key from unit n where n.county_code = ${column('county_code')}
    and n.id = ${column('unit_id')})`
  return sql`${sort === 'name' ? name : column(sortColumns[sort])} ${way} nulls last, ${place}`
}

const sumOf = (numbers: Iterable<number>) => [...numbers].reduce((sum, one) => sum + one, 0)

/** How long a list is in each county, from the sums. */
async function lengthsOf(ctx: Context, ground: Ground, told: Told, counted: NonNullable<Wanted['counted']>) {
  const { plus, minus } = counted
  const group = sql<string>`county_code`
  const sums = await readSums(ctx, ground, told, minus ? [plus, minus] : [plus], [told.asOf], { group })
  const of = (county: Sums | undefined) => (county?.get(plus.slot) ?? 0) - (minus ? (county?.get(minus.slot) ?? 0) : 0)
  return new Map([...sums].map(([code, byDay]) => [code, of(byDay.get(told.asOf))]))
}

interface Part {
  county: string | null
  offset: number
  limit: number
}

/**
 * Where the rows of a page lie. A list is in the order of counties: when it is known how long it is in each, only those are
 * read that the page falls into, however many units the others have.
 */
function partsOf(lengths: ReadonlyMap<string, number> | null, offset: number, limit: number): Part[] {
  if (!lengths) return [{ county: null, offset, limit }]
  const parts: Part[] = []
  let before = 0
  for (const [county, length] of [...lengths].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const from = Math.max(offset - before, 0)
    const to = Math.min(offset + limit - before, length)
    if (from < to) parts.push({ county, offset: from, limit: to - from })
    before += length
  }
  return parts
}

/** How many rows a list has. */
export async function countOf(ctx: Context, from: RawBuilder<unknown>): Promise<number> {
  const { rows } = await sql<{ total: number }>`select count(*) as total ${from}`.execute(ctx.tx)
  return rows[0]?.total ?? 0
}

async function pageOf(ctx: Context, from: RawBuilder<unknown>, part: Part, by: Ordered): Promise<Row[]> {
  const { rows } = await sql<Row>`
    select page.*, coalesce(u.name, '（已不在台账）') as name
    from (
      select s.* ${from} order by ${orderBy(by, 's')} limit ${part.limit} offset ${part.offset}
    ) page
    left join unit u on u.county_code = page.county_code and u.id = page.unit_id
    order by ${orderBy(by, 'page')}`.execute(ctx.tx)
  return rows
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
  const history = (await shownRows(ctx, rows)).map((row, at) => ({
    from: rows[at]!.valid_from,
    to: rows[at]!.valid_to,
    row,
  }))
  return { now: history.find((one) => one.to === null)?.row ?? null, history, marks }
}
