import { sql } from 'kysely'
import type { Transaction } from '../host/context.ts'
import { type Column, columns } from './condition-contract.ts'
import type { Standing } from './rollup.ts'
import { settingsOn, type SettingVersion } from './setting-words.ts'
import { nextTurn, stateOf, type UnitFacts, type UnitState } from './state.ts'
import type { CoverageTables, UnitStateTable } from './tables.ts'

const columnNames = Object.keys(columns) as Column[]

/** How a unit stands by its facts on a day, with the first later day on which that may differ. */
export function standing(facts: UnitFacts, day: string, versions: readonly SettingVersion[]) {
  const settings = settingsOn(versions, day)
  const state = stateOf(facts, day, settings)
  const rules = versions.map((one) => one.effectiveFrom).filter((from) => from > day)
  const turn = [nextTurn(facts, day, settings), ...rules].filter((one) => one !== null).sort()[0] ?? null
  return { state, area: facts.areaCode, turn }
}

/** A row of `unit_state` from how a unit stands. */
export function rowOf(
  countyCode: string,
  unitId: string,
  from: string,
  now: { state: UnitState; area: string; turn: string | null },
): UnitStateTable {
  return {
    county_code: countyCode,
    unit_id: unitId,
    valid_from: from,
    valid_to: null,
    area_code: now.area,
    next_turn: now.turn,
    ...now.state,
  }
}

/** The last row of each of these units that is in scope. */
export async function currentRows(
  tx: Transaction,
  countyCode: string,
  unitIds: readonly string[],
): Promise<Map<string, UnitStateTable>> {
  const rows = await tx
    .withTables<CoverageTables>()
    .selectFrom('unit_state')
    .selectAll()
    .where('county_code', '=', countyCode)
    .where('unit_id', 'in', unitIds)
    .where('valid_to', 'is', null)
    .execute()
  return new Map(rows.map((row) => [row.unit_id, row]))
}

/** True where two rows tell the same of a unit, whatever their days. */
export function sameStanding(one: UnitStateTable, other: UnitStateTable): boolean {
  return one.area_code === other.area_code && columnNames.every((column) => one[column] === other[column])
}

/** A row as the sums see it. */
export function standingOf(row: UnitStateTable | null): Standing {
  return row && { area: row.area_code, values: row }
}

/** Ends the last rows of units on a day; a row that began on that very day goes. */
export async function endRows(
  tx: Transaction,
  countyCode: string,
  unitIds: readonly string[],
  day: string,
): Promise<void> {
  if (unitIds.length === 0) return
  const open = () => sql`county_code = ${countyCode} and unit_id = any (${unitIds}::uuid[]) and valid_to is null`
  await sql`delete from unit_state where ${open()} and valid_from = ${day}::date`.execute(tx)
  await sql`update unit_state set valid_to = ${day}::date, next_turn = null where ${open()}`.execute(tx)
}

/** Says on which day the last rows of units may change next. */
export async function setTurns(
  tx: Transaction,
  countyCode: string,
  turns: readonly { unit_id: string; next_turn: string | null }[],
): Promise<void> {
  if (turns.length === 0) return
  await sql`
    update unit_state s set next_turn = t.next_turn
    from jsonb_to_recordset(${JSON.stringify(turns)}::jsonb) as t (unit_id uuid, next_turn date)
    where s.county_code = ${countyCode} and s.unit_id = t.unit_id and s.valid_to is null`.execute(tx)
}

/** All rows of a unit from a day on, as its facts tell them; for the first build, which alone tells of days gone by. */
export function historyRows(
  countyCode: string,
  unitId: string,
  facts: UnitFacts,
  versions: readonly SettingVersion[],
  from: string,
  to: string,
): UnitStateTable[] {
  const rows: UnitStateTable[] = []
  for (let day: string | null = from; day !== null && day <= to;) {
    const now = standing(facts, day, versions)
    const before = rows.at(-1)
    const row = now.state && rowOf(countyCode, unitId, day, { ...now, state: now.state })
    const open = before?.valid_to === null ? before : null
    if (row && open && sameStanding(row, open)) open.next_turn = row.next_turn
    else {
      if (open) Object.assign(open, { valid_to: day, next_turn: null })
      if (row) rows.push(row)
    }
    day = now.turn
  }
  return rows
}
