import { type RawBuilder, sql, type SqlBool } from 'kysely'
import { namePattern } from '../base/chinese.ts'
import type { Context } from '../host/context.ts'
import type { Department } from './field-contract.ts'
import { linkedRows, looseRows } from './funnel.ts'
import type { RowFate } from './funnel-contract.ts'
import type { RowOutcome } from './import-contract.ts'
import { inRegion, ledgerTables } from './units.ts'

/** Which rows of the funnel: without a fate, every row of the files that are in the ledger. */
export interface RowFilter {
  region?: string | undefined
  fate?: RowFate | undefined
  department?: Department | undefined
  text?: string | undefined
}

/** 查看甄别的来源行: the rows behind a figure of the funnel, those of one unit beside each other, those of none after them. */
export async function listFunnelRows(input: RowFilter & { page: number; pageSize: number }, ctx: Context) {
  const { linked, loose } = await countRows(ctx, input)
  const at = { limit: input.pageSize, offset: (input.page - 1) * input.pageSize }
  return { rows: await shownRows(ctx, await rowIds(ctx, input, linked, at)), total: linked + loose }
}

/** How many rows of a filter belong to units, and how many to none. */
export async function countRows(ctx: Context, filter: RowFilter): Promise<{ linked: number; loose: number }> {
  const { fate, region } = filter
  const { loose } = await looseOf(ctx, filter)
    .select((eb) => eb.fn.countAll<number>().as('loose'))
    .executeTakeFirstOrThrow()
  if (!ofUnits(fate)) return { linked: 0, loose }
  if (filter.department || filter.text) {
    const { linked } = await linkedOf(ctx, filter)
      .select((eb) => eb.fn.countAll<number>().as('linked'))
      .executeTakeFirstOrThrow()
    return { linked, loose }
  }
  // As the funnel itself counts them: one pass by units, where looking for each row's first would take many.
  const { rows, units } = await linkedRows(ctx, region)
  return { linked: fate === undefined ? rows : fate === 'counted' ? units : rows - units, loose }
}

/** The ids of a filter's rows in their order; `linked` is how many of them belong to units. */
export async function rowIds(
  ctx: Context,
  filter: RowFilter,
  linked: number,
  { limit, offset }: { limit: number; offset: number },
): Promise<string[]> {
  const own =
    offset < linked
      ? await linkedOf(ctx, filter)
          .select('source_row.id')
          .orderBy('source_row.county_code')
          .orderBy('source_row.unit_id')
          .orderBy('source_row.id')
          .limit(limit)
          .offset(offset)
          .execute()
      : []
  const loose =
    own.length < limit
      ? await looseOf(ctx, filter)
          .select('source_row.id')
          .orderBy('source_row.import_id', 'desc')
          .orderBy('source_row.id')
          .limit(limit - own.length)
          .offset(Math.max(0, offset - linked))
          .execute()
      : []
  return [...own, ...loose].map((one) => one.id)
}

const ofUnits = (fate: RowFate | undefined) => fate === undefined || fate === 'counted' || fate === 'repeated'
const told: readonly RowOutcome[] = ['refused', 'queued', 'repeated', 'staged']

// Of the rows of a unit, the one with the smallest id is what it is counted by; the others repeat it.
const isRepeat = sql<SqlBool>`exists (
  select from source_row first where first.county_code = source_row.county_code and first.unit_id = source_row.unit_id
    and first.id < source_row.id)`

/** The rows of a filter that belong to units. */
function linkedOf(ctx: Context, filter: RowFilter) {
  const rows = ledgerTables(ctx.tx)
    .selectFrom('source_row')
    .where('source_row.unit_id', 'is not', null)
    .where(inRegion(filter.region, 'source_row'))
    .where(matching(filter))
  if (filter.fate === undefined) return rows
  return rows.where(filter.fate === 'counted' ? sql<SqlBool>`not ${isRepeat}` : isRepeat)
}

/** The rows of a filter that belong to no unit. */
function looseOf(ctx: Context, filter: RowFilter) {
  const { fate } = filter
  const rows = looseRows(ctx, filter.region).where(matching(filter))
  if (fate === undefined) return rows
  if (fate === 'counted') return rows.where(sql<SqlBool>`false`)
  return fate === 'loose'
    ? rows.where('source_row.outcome', 'not in', told)
    : rows.where('source_row.outcome', '=', fate)
}

function matching({ department, text }: RowFilter): RawBuilder<SqlBool> {
  const pattern = namePattern(text)
  const from = department
    ? sql`exists (select from import f where f.county_code = source_row.county_code and f.id = source_row.import_id
        and f.department = ${department})`
    : sql`true`
  const said = pattern
    ? sql`(source_row.name_key like ${pattern} or source_row.fields ->> 'uscc' like ${pattern})`
    : sql`true`
  return sql<SqlBool>`(${from} and ${said})`
}

/** Rows as the contract shows them, in the order of the ids. */
export async function shownRows(ctx: Context, ids: readonly string[]) {
  if (ids.length === 0) return []
  const rows = await ledgerTables(ctx.tx)
    .selectFrom('source_row')
    .innerJoin('import', (join) =>
      join.onRef('import.county_code', '=', 'source_row.county_code').onRef('import.id', '=', 'source_row.import_id'),
    )
    .leftJoin('unit', (join) =>
      join.onRef('unit.county_code', '=', 'source_row.county_code').onRef('unit.id', '=', 'source_row.unit_id'),
    )
    .select([
      'source_row.id',
      'source_row.county_code',
      'source_row.import_id',
      'source_row.sheet',
      'source_row.row_number',
      'source_row.fields',
      'source_row.reason',
      'source_row.linked_by',
      'source_row.unit_id',
      'source_row.problems',
      'import.file_name',
      'import.department',
      'import.as_of',
      'source_row.outcome',
      'unit.name as unit_name',
      isRepeat.as('repeats'),
    ])
    .where(sql<SqlBool>`source_row.id = any (${ids}::uuid[])`)
    .execute()
  const byId = new Map(rows.map((row) => [row.id, row]))
  return ids.flatMap((id) => {
    const row = byId.get(id)
    if (!row) return []
    const problems = row.problems.filter((one) => one.level === 'error').map((one) => `${one.column}：${one.rule}`)
    return [
      {
        id,
        countyCode: row.county_code,
        importId: row.import_id,
        fileName: row.file_name,
        department: row.department,
        asOf: row.as_of,
        sheet: row.sheet,
        row: row.row_number,
        name: row.fields.name ?? null,
        code: row.fields.uscc ?? null,
        fate: fateOf(row),
        reason: row.reason ?? (problems.join('；') || row.linked_by),
        unitId: row.unit_id,
        unitName: row.unit_name,
      },
    ]
  })
}

function fateOf(row: { unit_id: string | null; outcome: RowOutcome; repeats: SqlBool }): RowFate {
  if (row.unit_id !== null) return row.repeats ? 'repeated' : 'counted'
  return row.outcome === 'joined' || row.outcome === 'created' ? 'loose' : row.outcome
}
