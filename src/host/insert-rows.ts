import { type RawBuilder, sql } from 'kysely'
import type { Transaction } from './context.ts'

/** Columns by name, each with its SQL type: `{ id: 'uuid', fields: 'jsonb' }`. */
export type ColumnTypes<Name extends string = string> = Readonly<Record<Name, string>>
type Row<Name extends string = string> = Readonly<Record<Name, unknown>>

/** What unnest() would take apart, or is written as JSON, goes as text. */
const goesAsText = (type: string) => type === 'jsonb' || type.endsWith('[]')
/** Types whose texts hold no sign that means anything inside an array. */
const plainTypes = new Set(['uuid', 'boolean', 'integer', 'bigint', 'real', 'double precision', 'numeric', 'date'])

/**
 * Rows as a table that a statement can select from: an array a column, and what all rows share once. That is less than half
 * the work, here and for the server, of sending the same rows as JSON. There must be a row.
 */
export function rowsAsTable<Name extends string>(
  types: ColumnTypes<Name>,
  rows: readonly Row<Name>[],
): RawBuilder<unknown> {
  const names = Object.keys(types) as Name[]
  // An array tells how many rows there are.
  const own = names.filter((name, at) => at === 0 || !isShared(rows, name))
  const arrays = own.map((name) => {
    const type = types[name]
    return sql`${arrayText(type, rows, name)}::${sql.raw(goesAsText(type) ? 'text' : type)}[]`
  })
  const values = names.map((name) => {
    const value = own.includes(name) ? sql`u.${sql.ref(name)}` : sql`${textOf(types[name], rows[0]![name])}::text`
    return sql`${value}::${sql.raw(types[name])} as ${sql.ref(name)}`
  })
  return sql`(select ${sql.join(values)} from unnest(${sql.join(arrays)}) as u (${listOf(own)}))`
}

/**
 * Adds rows, all of the columns that the first one names, to a table in one statement; other columns get their defaults.
 * `also`: what the statement ends with, as `on conflict …`. Answers how many rows were written.
 */
export async function insertRows(
  tx: Transaction,
  table: string,
  rows: readonly object[],
  also: RawBuilder<unknown> = sql``,
): Promise<number> {
  const [first] = rows
  if (!first) return 0
  const known = await typesOf(tx, table)
  const types = Object.fromEntries(
    Object.keys(first).map((name) => {
      const type = known.get(name)
      if (type === undefined) throw new Error(`the table ${table} has no column ${name}`)
      return [name, type]
    }),
  )
  const names = listOf(Object.keys(types))
  const given = rowsAsTable(types, rows as readonly Row[])
  const into = sql`insert into ${sql.table(table)} (${names}) select ${names} from ${given} r ${also}`
  return Number((await into.execute(tx)).numAffectedRows)
}

// Tables do not change while the platform runs: migrations come first.
const tables = new Map<string, ReadonlyMap<string, string>>()

async function typesOf(tx: Transaction, table: string): Promise<ReadonlyMap<string, string>> {
  const known = tables.get(table)
  if (known) return known
  const { rows } = await sql<{ name: string; type: string }>`
    select attname as name, format_type(atttypid, null) as type from pg_attribute
    where attrelid = ${table}::regclass and attnum > 0 and not attisdropped`.execute(tx)
  const found = new Map(rows.map(({ name, type }) => [name, type]))
  tables.set(table, found)
  return found
}

const listOf = (names: readonly string[]) => sql.join(names.map((name) => sql.ref(name)))

function isShared<Name extends string>(rows: readonly Row<Name>[], name: Name): boolean {
  const first = rows[0]![name]
  return rows.every((row) => row[name] === first)
}

function arrayText<Name extends string>(type: string, rows: readonly Row<Name>[], name: Name): string {
  const isPlain = plainTypes.has(type)
  let text = ''
  for (const row of rows) {
    const value = textOf(type, row[name])
    text += text === '' ? '{' : ','
    text += value === null ? 'NULL' : isPlain ? value : quoted(value)
  }
  return `${text}}`
}

/** A value as the text that its type is read from. */
function textOf(type: string, value: unknown): string | null {
  if (value === null || value === undefined) return null
  if (type === 'jsonb') return JSON.stringify(value)
  if (Array.isArray(value)) return `{${value.map((one) => (one === null ? 'NULL' : quoted(String(one)))).join(',')}}`
  return value instanceof Date ? value.toISOString() : `${value as string | number | boolean}`
}

function quoted(text: string): string {
  return /["\\]/.test(text) ? `"${text.replace(/["\\]/g, String.raw`\$&`)}"` : `"${text}"`
}
