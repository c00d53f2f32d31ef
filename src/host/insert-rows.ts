import { type RawBuilder, sql } from 'kysely'
import { binaryArray } from './binary-array.ts'
import type { Transaction } from './context.ts'

/** Columns by name, each with its SQL type: `{ id: 'uuid', fields: 'jsonb' }`. */
export type ColumnTypes<Name extends string = string> = Readonly<Record<Name, string>>
type Row<Name extends string = string> = Readonly<Record<Name, unknown>>

/**
 * Rows as a table that a statement can select from: an array a column, and what all rows share once. That is less than half
 * the work, here and for the server, of sending the same rows as JSON; only what is JSON goes as one text of JSON a column.
 * There must be a row.
 */
export function rowsAsTable<Name extends string>(
  types: ColumnTypes<Name>,
  rows: readonly Row<Name>[],
): RawBuilder<unknown> {
  const names = Object.keys(types) as Name[]
  const columns = names.map((name, at) => {
    const values = rows.map((row) => row[name] ?? null)
    // An array tells how many rows there are.
    return columnOf(sql`u.${sql.ref(name)}`, types[name], values, at === 0)
  })
  const values = columns.map(({ value }, at) => {
    const name = names[at]!
    return sql`${value}::${sql.raw(types[name])} as ${sql.ref(name)}`
  })
  const sets = columns.flatMap(({ set }) => set ?? [])
  const own = names.filter((_, at) => columns[at]!.set)
  return sql`(select ${sql.join(values)} from rows from (${sql.join(sets)}) as u (${listOf(own)}))`
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

/** How a column is sent: a set that has a row for each of its values, none where they share one, and what is made of such a row. */
interface Column {
  set: RawBuilder<unknown> | null
  value: RawBuilder<unknown>
}

function columnOf(sent: RawBuilder<unknown>, type: string, values: readonly unknown[], isFirst: boolean): Column {
  const placed = placesOf(values, fewMax(type, values.length))
  if (placed && !isFirst && placed.isShared) return { set: null, value: sql`${textOf(type, values[0])}::text` }
  if (type === 'jsonb') {
    return { set: sql`jsonb_array_elements(${JSON.stringify(values)}::jsonb)`, value: sql`nullif(${sent}, 'null')` }
  }
  if (!placed) return { set: sql`unnest(${arrayOf(type, values)})`, value: sent }
  const { few, places } = placed
  return { set: sql`unnest(${arrayOf('integer', places)})`, value: sql`(${arrayOf(type, few)})[${sent}]` }
}

/** Of how many different values a column may be to be sent as these and the place of each row's. */
function fewMax(type: string, rows: number): number {
  if (type === 'jsonb') return 1
  // An element of an array is found by counting, save where all are of one length.
  return Math.max(1, Math.min(rows / 3, type === 'uuid' ? rows : 16))
}

/** The different values of a column, and by row the place of its own, from 1; null where there are more than so many. */
function placesOf(values: readonly unknown[], most: number) {
  const known = new Map<unknown, number>()
  const places: (number | null)[] = []
  for (const value of values) {
    const place = value === null ? null : (known.get(value) ?? known.size + 1)
    places.push(place)
    if (place === null || place <= known.size) continue
    if (place > most) return null
    known.set(value, place)
  }
  return { few: [...known.keys()], places, isShared: places.every((place) => place === places[0]) }
}

/** Most types go as their texts; so do lists, which unnest() would take apart. */
function arrayOf(type: string, values: readonly unknown[]): RawBuilder<unknown> {
  if (type === 'uuid' || type === 'integer') {
    return sql`${binaryArray(type, values as (string | number | null)[])}::${sql.raw(type)}[]`
  }
  const texts = values.map((value) => textOf(type, value))
  const array = sql`${binaryArray('text', texts)}::text[]`
  return type === 'text' || type.endsWith('[]') ? array : sql`${array}::${sql.raw(type)}[]`
}

/** A value as the text that its type is read from. */
function textOf(type: string, value: unknown): string | null {
  if (value === null || value === undefined) return null
  if (type === 'jsonb') return JSON.stringify(value)
  if (Array.isArray(value)) return `{${value.map((one) => (one === null ? 'NULL' : quoted(String(one)))).join(',')}}`
  return value instanceof Date ? value.toISOString() : `${value as string | number | boolean}`
}

/** A text as an element of a list that is written as text. */
function quoted(text: string): string {
  return /["\\]/.test(text) ? `"${text.replace(/["\\]/g, String.raw`\$&`)}"` : `"${text}"`
}
