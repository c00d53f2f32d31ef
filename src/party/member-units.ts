import { sql } from 'kysely'
import { nameKey } from '../base/chinese.ts'
import type { Context } from '../host/context.ts'
import { insertRows } from '../host/insert-rows.ts'
import { branchCore, branchNamesEmployer, isResidenceBranch } from './member-branch.ts'
import { looseKey } from './member-names.ts'
import { memberTables } from './member-person.ts'
import type { MemberEmployerTable } from './member-tables.ts'

/** A unit that a text was found to name, and by what; `unknown` leaves it to a person. */
export type FoundUnit = Pick<MemberEmployerTable, 'unit_id' | 'how'>

const unknown: FoundUnit = { unit_id: null, how: 'unknown' }

/** The names of a county's units, read once for a piece of work and asked many times. */
export interface UnitNames {
  /** The unit of an employer's name; names that two units bear name none. */
  find(text: string): FoundUnit
  /** The unit whose organisation a branch is, by the unit's name in the branch's, cut short or not. */
  ofBranch(branch: string): string | null
  /** Whether a branch is the employer's own, where its unit is not known. */
  sameByName(branch: string, employer: string): boolean
  areaOf(unitId: string): string | undefined
}

/** Reads the names and former names of every unit of a county that was not withdrawn. */
export async function readUnitNames(ctx: Context, countyCode: string): Promise<UnitNames> {
  const units = await memberTables(ctx.tx)
    .selectFrom('unit')
    .select(['id', 'area_code', 'name_key', 'former_name'])
    .where('county_code', '=', countyCode)
    .where('withdrawn_at', 'is', null)
    .execute()
  const regions = await memberTables(ctx.tx)
    .selectFrom('region')
    .select('name')
    .where('code', 'in', [countyCode, `${countyCode.slice(0, 4)}00000000`, `${countyCode.slice(0, 2)}0000000000`])
    .execute()
  const names = keyed(units.map((unit) => [unit.name_key, unit.id]))
  const formers = keyed(units.flatMap((unit) => (unit.former_name ? [[nameKey(unit.former_name), unit.id]] : [])))
  const sorted = [...names.keys()].toSorted()
  const places = regions.map((region) => region.name)
  const looseNames = keyed(units.map((unit) => [looseKey(unit.name_key, places) ?? '', unit.id]))
  const areas = new Map(units.map((unit) => [unit.id, unit.area_code]))
  return {
    areaOf: (unitId) => areas.get(unitId),
    find(text) {
      const key = nameKey(text)
      const byName = names.get(key)
      if (byName) return { unit_id: byName, how: 'name' }
      if (names.has(key)) return unknown
      const byFormer = formers.get(key)
      if (byFormer) return { unit_id: byFormer, how: 'formerName' }
      const loose = looseKey(text, places)
      const byLoose = loose ? looseNames.get(loose) : null
      return byLoose ? { unit_id: byLoose, how: 'likeName' } : unknown
    },
    ofBranch(branch) {
      const core = branchCore(branch)
      if (core.length < 4 || isResidenceBranch(branch)) return null
      const whole = names.get(core) ?? formers.get(core) ?? looseNames.get(looseKey(core, places) ?? '')
      return whole ?? onlyOf(startingWith(sorted, core).map((key) => names.get(key) ?? null))
    },
    sameByName: (branch, employer) => branchNamesEmployer(branch, employer, places),
  }
}

/** Values by key; a key that two share has none. */
function keyed(pairs: readonly (readonly [string, string] | string[])[]): Map<string, string | null> {
  const found = new Map<string, string | null>()
  for (const [key, value] of pairs) {
    if (!key || !value) continue
    found.set(key, found.has(key) && found.get(key) !== value ? null : value)
  }
  return found
}

function onlyOf(values: readonly (string | null)[]): string | null {
  const [only, second] = values
  return only && second === undefined ? only : null
}

/** The keys that begin with `start`, two at most: more are as good as none. */
function startingWith(sorted: readonly string[], start: string): string[] {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (sorted[middle]! < start) low = middle + 1
    else high = middle
  }
  return sorted.slice(low, low + 2).filter((key) => key.startsWith(start))
}

/**
 * The units that employers' texts name, by the texts' keys: as it was settled before, else as the county's names say, which
 * is kept too, so that what was not recognised stands in the list for a person.
 */
export async function resolveUnits(
  ctx: Context,
  countyCode: string,
  texts: readonly string[],
  names: UnitNames,
): Promise<Map<string, string | null>> {
  const said = new Map(texts.flatMap((text) => (nameKey(text) === '' ? [] : [[nameKey(text), text]])))
  if (said.size === 0) return new Map()
  const known = await memberTables(ctx.tx)
    .selectFrom('member_employer')
    .select(['employer_key', 'unit_id', 'how'])
    .where('county_code', '=', countyCode)
    .where('employer_key', 'in', [...said.keys()])
    .execute()
  const found = new Map(known.filter((one) => one.how !== 'unknown').map((one) => [one.employer_key, one.unit_id]))
  const fresh = [...said].filter(([key]) => !found.has(key))
  const rows = fresh.map(([key, text]) => ({ key, text, ...names.find(text) }))
  for (const row of rows) found.set(row.key, row.unit_id)
  await keepFound(ctx, countyCode, rows)
  return found
}

async function keepFound(
  ctx: Context,
  countyCode: string,
  rows: readonly (FoundUnit & { key: string; text: string })[],
): Promise<void> {
  const employers = rows.map((row) => ({
    county_code: countyCode,
    employer_key: row.key,
    employer: row.text.slice(0, 200),
    unit_id: row.unit_id,
    how: row.how,
    at: ctx.now,
  }))
  const also = sql`
    on conflict (county_code, employer_key) do update set unit_id = excluded.unit_id, how = excluded.how, at = excluded.at
      where member_employer.how = 'unknown'`
  await insertRows(ctx.tx, 'member_employer', employers, also)
}
