import { sql } from 'kysely'
import { today } from '../base/time.ts'
import type { Transaction } from '../host/context.ts'
import { loadCovers, loadWork } from './party-facts.ts'
import type { UnitFacts } from './state.ts'

/** Facts being gathered: the same, open to writing. */
type Gathered = { [K in keyof UnitFacts]: UnitFacts[K] extends readonly (infer T)[] ? T[] : UnitFacts[K] }

interface UnitRow {
  id: string
  area_code: string
  kind: string
  status: string
  industry: string | null
  staff_count: number | null
  ownership: string | null
  in_operation: boolean
  is_target: boolean
  founded_on: string | null
  created_at: Date
  withdrawn_at: Date | null
}

/**
 * All that is known of these units, by unit: about ten statements however many they are. A unit that is gone has facts
 * that list it nowhere. `day` bounds nothing: facts of all days are there.
 */
export async function loadFacts(
  tx: Transaction,
  countyCode: string,
  unitIds: readonly string[],
): Promise<Map<string, UnitFacts>> {
  const { rows: units } = await sql<UnitRow>`
    select id, area_code, kind, status, industry, staff_count, ownership, in_operation, is_target, founded_on, created_at,
      withdrawn_at
    from unit where county_code = ${countyCode} and id = any (${unitIds}::uuid[])`.execute(tx)
  const found = new Map<string, Gathered>(unitIds.map((id) => [id, { ...nowhere(countyCode) }]))
  for (const unit of units) found.set(unit.id, factsOf(unit, countyCode))
  for (const [id, covers] of await loadCovers(tx, countyCode, unitIds)) found.get(id)?.covers.push(...covers)
  const { contacts, charters } = await loadWork(tx, countyCode, unitIds)
  for (const one of contacts) found.get(one.unit_id)?.contacts.push(one)
  for (const one of charters) found.get(one.unit_id)?.charters.push(one)
  await addTallies(tx, countyCode, found)
  await addMarks(tx, countyCode, found)
  return found
}

function nowhere(countyCode: string): Gathered {
  return {
    kind: 'other',
    listed: null,
    inOperation: false,
    isTarget: false,
    staff: null,
    industry: null,
    ownership: null,
    areaCode: countyCode,
    tallies: [],
    covers: [],
    contacts: [],
    charters: [],
    marks: [],
  }
}

const outOfScope = new Set(['cancelled', 'movedOut'])

function factsOf(unit: UnitRow, countyCode: string): Gathered {
  const known = today(unit.created_at)
  const from = unit.founded_on && unit.founded_on < known ? unit.founded_on : known
  return {
    ...nowhere(countyCode),
    kind: unit.kind,
    listed: unit.withdrawn_at || outOfScope.has(unit.status) ? null : { from, to: null },
    inOperation: unit.in_operation,
    isTarget: unit.is_target,
    staff: unit.staff_count,
    industry: unit.industry,
    ownership: unit.ownership,
    areaCode: unit.area_code,
  }
}

async function addTallies(tx: Transaction, countyCode: string, found: Map<string, Gathered>): Promise<void> {
  const { rows } = await sql<{
    unit_id: string
    valid_from: string
    valid_to: string | null
    formal: number
    probationary: number
    known_elsewhere: number
  }>`
    select unit_id, valid_from, valid_to, formal, probationary, known_elsewhere from member_tally
    where county_code = ${countyCode} and unit_id = any (${[...found.keys()]}::uuid[])`.execute(tx)
  for (const row of rows) {
    found.get(row.unit_id)?.tallies.push({
      from: row.valid_from,
      to: row.valid_to,
      formal: row.formal,
      probationary: row.probationary,
      knownElsewhere: row.known_elsewhere,
    })
  }
}

async function addMarks(tx: Transaction, countyCode: string, found: Map<string, Gathered>): Promise<void> {
  const { rows } = await sql<{ unit_id: string; kind: string; valid_from: string; valid_to: string | null }>`
    select unit_id, kind, valid_from, valid_to from unit_mark
    where county_code = ${countyCode} and unit_id = any (${[...found.keys()]}::uuid[])`.execute(tx)
  for (const row of rows) {
    found.get(row.unit_id)?.marks.push({ kind: row.kind, from: row.valid_from, to: row.valid_to })
  }
}
