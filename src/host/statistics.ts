import { sql } from 'kysely'
import type { Database } from './database.ts'

/** How much has to be written before statistics are taken again. */
const grownBytes = 8 * 1024 * 1024

/** Of the time, at most one part in this many goes into statistics. */
const restTimes = 20

/**
 * Keeps what the embedded database's planner knows of its tables up to date: there is no autovacuum, and without statistics a
 * join of a few thousand units under row security is done row against row. Answers whether statistics were taken.
 */
export function statisticsOf(database: Database): () => Promise<boolean> {
  let seen: number | null = null
  let notBefore = 0
  return async () => {
    if (database.kind !== 'embedded' || performance.now() < notBefore) return false
    const { bytes, lacking } = await stateOf(database)
    if (seen === null && !lacking) seen = bytes
    if (seen !== null && !lacking && bytes - seen < grownBytes) return false
    const begun = performance.now()
    await sql`analyze`.execute(database.kysely)
    seen = bytes
    notBefore = performance.now() + restTimes * (performance.now() - begun)
    return true
  }
}

/** How much the database has written in all, and whether a table has no statistics yet. */
async function stateOf(database: Database): Promise<{ bytes: number; lacking: boolean }> {
  const { rows } = await sql<{ bytes: string; lacking: boolean }>`
    select (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::text as bytes,
      exists (select from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace and reltuples < 0) as lacking`.execute(
    database.kysely,
  )
  return { bytes: Number(rows[0]!.bytes), lacking: rows[0]!.lacking }
}
