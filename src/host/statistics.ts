import { sql } from 'kysely'
import { asOwner, type Database } from './database.ts'

/** A table that has grown by less than both is known well enough. */
const grownPart = 2
const grownPages = 256

/** Half of PostgreSQL's own: whether a table is to be read from end to end is seen in half as many rows, in half the time. */
const detail = 50

/** Of the time, at most one part in this many goes into statistics, and it is not looked more often than this. */
const rest = { times: 20, msMin: 2_000 }

/**
 * Keeps what the planner knows of the tables up to date: the embedded database has no autovacuum, and PostgreSQL's comes a
 * minute later, in which an import may have laid a hundred thousand rows into a table that the planner takes for empty, and
 * then reads from end to end for every batch. Answers which tables statistics were taken of; asked too soon, of none.
 */
export function statisticsOf(database: Database, { times, msMin } = rest): () => Promise<string[]> {
  let notBefore = 0
  return async () => {
    if (performance.now() < notBefore) return []
    notBefore = Number.POSITIVE_INFINITY
    const begun = performance.now()
    try {
      const tables = await grownTables(database)
      if (tables.length > 0) {
        const named = tables.map(
          ({ name, columns }) => sql`${sql.table(name)} (${sql.join(columns.map((one) => sql.ref(one)))})`,
        )
        await asOwner(database, async (tx) => {
          await sql`set local default_statistics_target = ${sql.lit(detail)}`.execute(tx)
          await sql`analyze (skip_locked) ${sql.join(named)}`.execute(tx)
        })
      }
      return tables.map(({ name }) => name)
    } finally {
      const now = performance.now()
      notBefore = now + Math.max(msMin, times * (now - begun))
    }
  }
}

interface Grown {
  name: string
  columns: string[]
}

/**
 * Tables without statistics, and those that have grown much since the last; of their columns all but JSON and what has an
 * inverted index, which take half the time and tell the planner nothing that it asks.
 */
async function grownTables(database: Database): Promise<Grown[]> {
  const { rows } = await sql<Grown>`
    select relname as name, columns from (
      select oid, relname, reltuples, relpages, pg_relation_size(oid) / current_setting('block_size')::integer as pages
      from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace
        and pg_has_role(relowner, 'usage')) as tables
    cross join lateral (
      select array_agg(attname::text order by attnum) as columns from pg_attribute a
      where attrelid = tables.oid and attnum > 0 and not attisdropped and atttypid <> 'jsonb'::regtype and not exists (
        select from pg_index x join pg_class i on i.oid = x.indexrelid join pg_am m on m.oid = i.relam
        where x.indrelid = a.attrelid and m.amname = 'gin' and a.attnum = any (x.indkey))) as told
    where reltuples < 0 or pages > relpages * ${sql.lit(1 + grownPart)} + ${sql.lit(grownPages)}`.execute(
    database.kysely,
  )
  return rows
}
