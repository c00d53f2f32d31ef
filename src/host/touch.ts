import { newId } from '../base/ids.ts'
import type { Transaction } from './context.ts'
import type { HostTables } from './tables.ts'

// A reader takes a whole row at a time: this many units are worked out in one short transaction.
const unitsMax = 200

/**
 * Notes in the writer's own transaction that something was written about these units (UUIDs, up to any number), so that the
 * room that keeps their coverage looks at them again. Says nothing of what was written, and may be said twice.
 */
export async function touch(tx: Transaction, countyCode: string, unitIds: Iterable<string>, now: Date): Promise<void> {
  const ids = [...new Set(unitIds)]
  const rows = []
  for (let from = 0; from < ids.length; from += unitsMax) {
    rows.push({ county_code: countyCode, id: newId(now), unit_ids: ids.slice(from, from + unitsMax), at: now })
  }
  if (rows.length > 0) await tx.withTables<HostTables>().insertInto('touch').values(rows).execute()
}

/** The counties in which something waits to be read, in no order. */
export async function touchedCounties(tx: Transaction): Promise<string[]> {
  const rows = await tx.withTables<HostTables>().selectFrom('touch').select('county_code').distinct().execute()
  return rows.map((row) => row.county_code)
}

/**
 * Takes the oldest notes of a county away and answers their units, each once; empty when nothing waits. What is read about
 * them afterwards in the same transaction holds all that the writers had written.
 */
export async function takeTouched(tx: Transaction, countyCode: string, notesMax: number): Promise<string[]> {
  const notes = tx.withTables<HostTables>()
  const rows = await notes
    .selectFrom('touch')
    .select(['id', 'unit_ids'])
    .where('county_code', '=', countyCode)
    .orderBy('id')
    .limit(notesMax)
    .execute()
  if (rows.length === 0) return []
  const ids = rows.map((row) => row.id)
  await notes.deleteFrom('touch').where('county_code', '=', countyCode).where('id', 'in', ids).execute()
  return [...new Set(rows.flatMap((row) => row.unit_ids))]
}
