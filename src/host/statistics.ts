import { sql } from 'kysely'
import type { Database } from './database.ts'

/** A table that has grown by less than both is known well enough. */
const grownPart = 0.25
const grownPages = 256

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
        const names = sql.join(tables.map((name) => sql.table(name)))
        await sql`analyze (skip_locked) ${names}`.execute(database.kysely)
      }
      return tables
    } finally {
      const now = performance.now()
      notBefore = now + Math.max(msMin, times * (now - begun))
    }
  }
}

/** Tables without statistics, and those that have grown much since the last. */
async function grownTables(database: Database): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select relname as name from (
      select relname, reltuples, relpages, pg_relation_size(oid) / current_setting('block_size')::integer as pages
      from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace
        and pg_has_role(relowner, 'usage')) as tables
    where reltuples < 0 or pages > relpages * ${sql.lit(1 + grownPart)} + ${sql.lit(grownPages)}`.execute(
    database.kysely,
  )
  return rows.map(({ name }) => name)
}
