import { sql } from 'kysely'
import { narrow } from '../base/chinese.ts'
import type { Context } from '../host/context.ts'
import type { Department, UnitField } from '../ledger/field-contract.ts'
import { linkedBy } from './contract.ts'
import { linkageTables } from './queue.ts'

/** A row as linking sees it; what people typed of a unit is a row too, with the unit's id. */
export interface KnownRow {
  id: string
  /** Null: it waits, or has not been linked yet. */
  unitId: string | null
  department: Department
  fields: Partial<Record<UnitField, string>>
  /** The code cell as it was written, where no valid number was found in it; else empty. */
  written: string
  /** How it came to its unit, in words; null when people typed it. */
  linkedBy: string | null
  outcome: string
  importId: string | null
  digest: string
  asOf: string
  sheet: string
  rowNumber: number
  author: string
}

/** The sender's cells of a row without any valid number: what was written as its code may be one mistyped. */
export const writtenCells = sql<{ title: string; value: string }[] | null>`
  case when not source_row.fields ?| array['uscc', 'organisationCode', 'registrationNumber'] then source_row.cells end
`.as('written')

/** The code among such cells, or empty. */
export function writtenOf(cells: readonly { title: string; value: string }[] | null): string {
  const found = cells?.find(
    ({ title, value }) => /代码|信用|税号|识别号|注册号/.test(title) && /^[0-9A-Z]{15,20}$/i.test(narrow(value)),
  )
  return found?.value ?? ''
}

/** Whether a row may leave its unit without a person. */
export const mayMove = ({ outcome, linkedBy: by }: Pick<KnownRow, 'outcome' | 'linkedBy'>) =>
  outcome !== 'typed' && by !== linkedBy.manual && by !== linkedBy.remembered

const rowsQuery = (ctx: Pick<Context, 'tx'>, countyCode: string) =>
  anyRowsQuery(ctx, countyCode).where('import.state', 'not in', ['undone', 'undoing'])

function anyRowsQuery(ctx: Pick<Context, 'tx'>, countyCode: string) {
  return linkageTables(ctx)
    .selectFrom('source_row')
    .innerJoin('import', (join) =>
      join.onRef('import.county_code', '=', 'source_row.county_code').onRef('import.id', '=', 'source_row.import_id'),
    )
    .select([
      'source_row.id',
      'source_row.unit_id',
      'source_row.fields',
      writtenCells,
      'source_row.linked_by',
      'source_row.outcome',
      'source_row.import_id',
      'source_row.digest',
      'source_row.sheet',
      'source_row.row_number',
      'import.department',
      'import.as_of',
      'import.author',
    ])
    .where('source_row.county_code', '=', countyCode)
}

type Found = Awaited<ReturnType<ReturnType<typeof rowsQuery>['execute']>>[number]

function knownRowOf(row: Found): KnownRow {
  return {
    id: row.id,
    unitId: row.unit_id,
    department: row.department ?? 'other',
    fields: row.fields,
    written: writtenOf(row.written),
    linkedBy: row.linked_by,
    outcome: row.outcome,
    importId: row.import_id,
    digest: row.digest,
    asOf: row.as_of,
    sheet: row.sheet,
    rowNumber: row.row_number,
    author: row.author,
  }
}

/** A page of the rows that an import had brought, also one that is being undone, after an id. */
export async function rowsOfImport(
  ctx: Context,
  countyCode: string,
  importId: string,
  after: string,
  limit: number,
): Promise<KnownRow[]> {
  const rows = await anyRowsQuery(ctx, countyCode)
    .where('source_row.import_id', '=', importId)
    .where('source_row.outcome', 'in', ['joined', 'created', 'queued'])
    .where((eb) => (after ? sql<boolean>`source_row.id > ${after}::uuid` : eb.val(true)))
    .orderBy('source_row.id')
    .limit(limit)
    .execute()
  return rows.map(knownRowOf)
}

/** Rows by their ids; those of imports that were undone, and repeats, are left out. */
export async function rowsById(ctx: Context, countyCode: string, ids: readonly string[]): Promise<KnownRow[]> {
  if (ids.length === 0) return []
  const rows = await rowsQuery(ctx, countyCode)
    .where(sql<boolean>`source_row.id = any (${ids}::uuid[])`)
    .where('source_row.outcome', 'in', ['staged', 'joined', 'created', 'queued'])
    .execute()
  return rows.map(knownRowOf)
}

/** The units that holders of keys are in, null for rows that are in none: what was typed of a unit is held by its own id. */
export async function unitsOfRows(
  ctx: Pick<Context, 'tx'>,
  countyCode: string,
  ids: ReadonlySet<string>,
): Promise<Map<string, string | null>> {
  if (ids.size === 0) return new Map()
  const rows = await linkageTables(ctx)
    .selectFrom('source_row')
    .select(['id', 'unit_id'])
    .where('county_code', '=', countyCode)
    .where(sql<boolean>`id = any (${[...ids]}::uuid[])`)
    .execute()
  const unitOf = new Map<string, string | null>(Iterator.from(ids).map((id) => [id, id]))
  for (const row of rows) unitOf.set(row.id, row.unit_id)
  return unitOf
}

/** Those of some units that carry a code. */
export async function unitsWithCode(
  ctx: Pick<Context, 'tx'>,
  countyCode: string,
  ids: readonly string[],
): Promise<Set<string>> {
  if (ids.length === 0) return new Set()
  const rows = await linkageTables(ctx)
    .selectFrom('unit')
    .select('id')
    .where('county_code', '=', countyCode)
    .where(sql<boolean>`id = any (${ids}::uuid[])`)
    .where('uscc', 'is not', null)
    .execute()
  return new Set(rows.map((row) => row.id))
}

/** All that is known of units: their rows, and what people typed of them. */
export async function rowsOfUnits(ctx: Context, countyCode: string, ids: readonly string[]): Promise<KnownRow[]> {
  if (ids.length === 0) return []
  const rows = await rowsQuery(ctx, countyCode)
    .where(sql<boolean>`source_row.unit_id = any (${ids}::uuid[])`)
    .where('source_row.outcome', 'in', ['joined', 'created'])
    .execute()
  return [...rows.map(knownRowOf), ...(await typedRows(ctx, countyCode, ids))]
}

/** What people typed of units, a row each; of all units since a moment when no ids are given. */
export async function typedRows(
  ctx: Pick<Context, 'tx'>,
  countyCode: string,
  ids: readonly string[] | null,
  since: Date | null = null,
): Promise<KnownRow[]> {
  const facts = await linkageTables(ctx)
    .selectFrom('fact')
    .innerJoin('unit', (join) =>
      join.onRef('unit.county_code', '=', 'fact.county_code').onRef('unit.id', '=', 'fact.unit_id'),
    )
    .select(['fact.unit_id', 'fact.field', 'fact.value', 'fact.valid_from'])
    .where('fact.county_code', '=', countyCode)
    .where('fact.import_id', 'is', null)
    .where('fact.valid_to', 'is', null)
    .where('unit.withdrawn_at', 'is', null)
    .where((eb) => (ids ? sql<boolean>`fact.unit_id = any (${ids}::uuid[])` : eb.val(true)))
    .where((eb) => (since ? eb('fact.recorded_at', '>=', since) : eb.val(true)))
    .execute()
  const byUnit = Map.groupBy(facts, (fact) => fact.unit_id)
  return [...byUnit].map(([id, said]) => ({
    id,
    unitId: id,
    department: 'office' as const,
    fields: Object.fromEntries(said.map((fact) => [fact.field, fact.value])),
    written: '',
    linkedBy: null,
    outcome: 'typed',
    importId: null,
    digest: '',
    asOf: said.map((fact) => fact.valid_from).sort()[0]!,
    sheet: '',
    rowNumber: 0,
    author: '',
  }))
}

/** A page of all rows of a county that are linked or wait, after an id. */
export async function allRows(
  ctx: Pick<Context, 'tx'>,
  countyCode: string,
  after: string,
  limit: number,
): Promise<KnownRow[]> {
  const rows = await rowsQuery(ctx, countyCode)
    .where('source_row.outcome', 'in', ['joined', 'created', 'queued'])
    .where((eb) => (after ? sql<boolean>`source_row.id > ${after}::uuid` : eb.val(true)))
    .orderBy('source_row.id')
    .limit(limit)
    .execute()
  return rows.map(knownRowOf)
}
