import { sql, type SqlBool } from 'kysely'
import type { Context } from '../host/context.ts'
import { linkedRows, looseRows } from './funnel.ts'
import type { RowDrop } from './funnel-contract.ts'
import type { RowOutcome } from './import-contract.ts'
import { inRegion, ledgerTables } from './units.ts'

interface Wanted {
  region?: string | undefined
  drop: RowDrop
  page: number
  pageSize: number
}

/** 甄别中未成为单位的行: the rows behind one figure of the funnel, those of one unit beside each other. */
export async function listFunnelRows(input: Wanted, ctx: Context) {
  const { region, drop } = input
  const { total } = await looseOf(ctx, region, drop)
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  const linked = drop === 'repeated' ? await linkedRows(ctx, region) : { rows: 0, units: 0 }
  const repeats = linked.rows - linked.units
  const offset = (input.page - 1) * input.pageSize
  const repeated = offset < repeats ? await repeatIds(ctx, region, offset, input.pageSize) : []
  const loose =
    repeated.length < input.pageSize
      ? await looseOf(ctx, region, drop)
          .select('source_row.id')
          .orderBy('source_row.import_id', 'desc')
          .orderBy('source_row.id')
          .limit(input.pageSize - repeated.length)
          .offset(Math.max(0, offset - repeats))
          .execute()
      : []
  return {
    rows: await shown(
      ctx,
      [...repeated, ...loose].map((one) => one.id),
    ),
    total: total + repeats,
  }
}

const told: readonly RowOutcome[] = ['refused', 'queued', 'repeated', 'staged']

function looseOf(ctx: Context, region: string | undefined, drop: RowDrop) {
  const rows = looseRows(ctx, region)
  return drop === 'loose'
    ? rows.where('source_row.outcome', 'not in', told)
    : rows.where('source_row.outcome', '=', drop)
}

// Of the rows of a unit, the one with the smallest id is what it is counted by; the others repeat it.
const isRepeat = sql<SqlBool>`exists (
  select from source_row first where first.county_code = source_row.county_code and first.unit_id = source_row.unit_id
    and first.id < source_row.id)`

function repeatIds(ctx: Context, region: string | undefined, offset: number, limit: number) {
  return ledgerTables(ctx.tx)
    .selectFrom('source_row')
    .select('id')
    .where('unit_id', 'is not', null)
    .where(inRegion(region))
    .where(isRepeat)
    .orderBy('county_code')
    .orderBy('unit_id')
    .orderBy('id')
    .limit(limit)
    .offset(offset)
    .execute()
}

async function shown(ctx: Context, ids: readonly string[]) {
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
      'unit.name as unit_name',
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
        reason: row.reason ?? (problems.join('；') || row.linked_by),
        unitId: row.unit_id,
        unitName: row.unit_name,
      },
    ]
  })
}
