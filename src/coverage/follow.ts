import { sql, type Updateable } from 'kysely'
import { addMonths, today } from '../base/time.ts'
import type { Chore } from '../host/chores.ts'
import type { Transaction } from '../host/context.ts'
import { insertRows } from '../host/insert-rows.ts'
import { takeTouched, touchedCounties } from '../host/touch.ts'
import { monthEnds } from './calendar.ts'
import { loadFacts } from './facts.ts'
import { brokenIn } from './identities.ts'
import { type Definitions, loadDefinitions, loadSettings } from './measures.ts'
import { jointMates } from './party-facts.ts'
import { addDelta, applyDeltas, buildSums, closeMonths, type Deltas, fillSums, latestSums } from './rollup.ts'
import type { SettingVersion } from './setting-words.ts'
import { currentRows, endRows, historyRows, rowOf, sameStanding, setTurns, standing, standingOf } from './state-rows.ts'
import type { Broken, CoverageTables, UnitStateTable } from './tables.ts'

// Units worked out in one transaction when a day brings many at once.
const unitsMax = 200
/** How far back the first build of a county tells, in months. */
const historyMonths = 36

/** A county as one step finds it, held against other processes until the step's transaction ends. */
interface Held {
  countyCode: string
  day: string
  openedOn: string | null
  definitions: Definitions
  versions: SettingVersion[]
  /** When the last rule was changed, and the last that the county's rows were worked out with. */
  rulesAt: Date | null
  rulesKnown: Date | null
  slotsKnown: number
  broken: readonly Broken[]
}

/** Keeps states and sums of every county up with what was written and with the days as they pass. */
export const followChore: Chore = {
  name: 'coverage.follow',
  async run(run) {
    const step = (countyCode: string) => run.transaction((tx, now) => followStep(tx, countyCode, today(now)))
    for (const countyCode of await run.transaction(waitingCounties)) {
      let more = true
      while (more && !run.signal.aborted) more = await step(countyCode)
    }
  },
}

/** Counties in which something was written, or that a day has passed over. */
async function waitingCounties(tx: Transaction, now: Date): Promise<string[]> {
  const { slots } = await loadDefinitions(tx)
  const { changedAt } = await loadSettings(tx)
  const behind = await tx
    .withTables<CoverageTables>()
    .selectFrom('coverage_county')
    .select('county_code')
    .where((eb) =>
      eb.or([
        eb('day', '<', today(now)),
        eb('opened_on', 'is', null),
        eb('slots_known', '<', slots),
        ...(changedAt ? [eb('settings_known', 'is distinct from', changedAt)] : []),
      ]),
    )
    .execute()
  const touched = await touchedCounties(tx)
  return [...new Set([...touched, ...behind.map((row) => row.county_code)])].sort()
}

/**
 * One short step of a county towards `day`: a batch of the first build, a passing of days, a batch of units whose day has
 * come, or a batch of units that were written to. Resolves to false when nothing is left to do. Days are taken in order, so
 * that a day that is over never changes (decision 0010).
 */
export async function followStep(tx: Transaction, countyCode: string, day: string): Promise<boolean> {
  const held = await holdCounty(tx, countyCode, day)
  if (held.openedOn === null) return buildStep(tx, held)
  if (await learnSettings(tx, held)) return true
  if (await fillSlots(tx, held)) return true
  const due = await dueUnits(tx, held)
  if (due.length > 0) {
    await workOut(tx, held, due)
    return true
  }
  if (held.day < day) {
    await passDays(tx, held, day)
    return true
  }
  const touched = await takeTouched(tx, countyCode, 1)
  if (touched.length === 0) return false
  await workOut(tx, held, [...new Set([...touched, ...(await jointMates(tx, countyCode, touched))])])
  return true
}

async function holdCounty(tx: Transaction, countyCode: string, day: string): Promise<Held> {
  const row = (await lockCounty(tx, countyCode)) ?? (await addCounty(tx, countyCode, day))
  const rules = await loadSettings(tx)
  return {
    countyCode,
    day: row.day,
    openedOn: row.opened_on,
    definitions: await loadDefinitions(tx),
    versions: rules.versions,
    rulesAt: rules.changedAt,
    rulesKnown: row.settings_known,
    slotsKnown: row.slots_known,
    broken: row.broken,
  }
}

function lockCounty(tx: Transaction, countyCode: string) {
  return tx
    .withTables<CoverageTables>()
    .selectFrom('coverage_county')
    .selectAll()
    .where('county_code', '=', countyCode)
    .forUpdate()
    .executeTakeFirst()
}

async function addCounty(tx: Transaction, countyCode: string, day: string) {
  await tx
    .withTables<CoverageTables>()
    .insertInto('coverage_county')
    .values({ county_code: countyCode, day, opened_on: null, settings_known: null, slots_known: 0, broken: '[]' })
    .onConflict((conflict) => conflict.column('county_code').doNothing())
    .execute()
  const row = await lockCounty(tx, countyCode)
  if (!row) throw new Error(`the county ${countyCode} could not be held`)
  return row
}

async function setCounty(tx: Transaction, held: Held, values: Updateable<CoverageTables['coverage_county']>) {
  await tx
    .withTables<CoverageTables>()
    .updateTable('coverage_county')
    .set(values)
    .where('county_code', '=', held.countyCode)
    .execute()
}

/** The first day that the first build of a county tells of. */
export function historyFrom(day: string): string {
  return `${addMonths(day, -historyMonths).slice(0, 7)}-01`
}

/** First build: units with their past, batch by batch; then the sums of the months' ends and of the day. */
async function buildStep(tx: Transaction, held: Held): Promise<boolean> {
  const { countyCode, day, versions } = held
  const ids = await takeTouched(tx, countyCode, 1)
  if (ids.length > 0) {
    const facts = await loadFacts(tx, countyCode, ids)
    await clearStates(tx, countyCode, ids)
    const from = historyFrom(day)
    await insertRows(
      tx,
      'unit_state',
      [...facts].flatMap(([id, one]) => historyRows(countyCode, id, one, versions, from, day)),
    )
    return true
  }
  await buildSums(tx, countyCode, held.definitions, [...monthEnds(historyFrom(day), day), day])
  await setCounty(tx, held, { opened_on: day, settings_known: held.rulesAt, slots_known: held.definitions.slots })
  return true
}

/**
 * Removes what an earlier batch of the first build wrote of units that were written to since. Unit by unit: of a table without
 * statistics the planner would read the whole county for every batch.
 */
async function clearStates(tx: Transaction, countyCode: string, unitIds: readonly string[]): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select u.id from unnest(${unitIds}::uuid[]) as u (id) where exists (
      select from unit_state s where s.county_code = ${countyCode} and s.unit_id = u.id offset 0)`.execute(tx)
  if (rows.length === 0) return
  const known = rows.map((row) => row.id)
  await sql`delete from unit_state where county_code = ${countyCode} and unit_id = any (${known}::uuid[])`.execute(tx)
}

/** Units whose last row may change on the county's day or before. */
async function dueUnits(tx: Transaction, held: Held): Promise<string[]> {
  const rows = await tx
    .withTables<CoverageTables>()
    .selectFrom('unit_state')
    .select('unit_id')
    .where('county_code', '=', held.countyCode)
    .where('valid_to', 'is', null)
    .where('next_turn', '<=', held.day)
    .limit(unitsMax)
    .execute()
  return rows.map((row) => row.unit_id)
}

/** Brings the county to the next day on which anything turns, at most to `day`, and closes the months in between. */
async function passDays(tx: Transaction, held: Held, day: string): Promise<void> {
  const row = await tx
    .withTables<CoverageTables>()
    .selectFrom('unit_state')
    .select((eb) => eb.fn.min('next_turn').as('turn'))
    .where('county_code', '=', held.countyCode)
    .where('valid_to', 'is', null)
    .where('next_turn', '<=', day)
    .executeTakeFirst()
  const next = row?.turn ?? day
  await closeMonths(tx, held.countyCode, held.day, next)
  await setCounty(tx, held, { day: next })
}

/** A rule that was changed meanwhile makes every unit due; those that hold from a later day turn on it by themselves. */
async function learnSettings(tx: Transaction, held: Held): Promise<boolean> {
  if ((held.rulesAt?.getTime() ?? 0) === (held.rulesKnown?.getTime() ?? 0)) return false
  await sql`
    update unit_state set next_turn = least(next_turn, ${held.day}::date)
    where county_code = ${held.countyCode} and valid_to is null`.execute(tx)
  await setCounty(tx, held, { settings_known: held.rulesAt })
  return true
}

/** Fills the sums of what was defined since. */
async function fillSlots(tx: Transaction, held: Held): Promise<boolean> {
  const { countyCode, definitions, slotsKnown } = held
  if (definitions.slots <= slotsKnown) return false
  const fresh = definitions.measures.filter((one) => one.slot > slotsKnown)
  await fillSums(tx, countyCode, fresh, definitions.slots)
  await setCounty(tx, held, { slots_known: definitions.slots })
  await checkSums(tx, held, null)
  return true
}

/** Works units out anew as of the county's day: their rows, and what that does to the sums. */
async function workOut(tx: Transaction, held: Held, unitIds: readonly string[]): Promise<void> {
  const { countyCode, day, definitions, versions } = held
  const facts = await loadFacts(tx, countyCode, unitIds)
  const current = await currentRows(tx, countyCode, unitIds)
  const deltas: Deltas = new Map()
  const fresh: UnitStateTable[] = []
  const ended: string[] = []
  const turns: { unit_id: string; next_turn: string | null }[] = []
  for (const [id, one] of facts) {
    const now = standing(one, day, versions)
    const before = current.get(id) ?? null
    const after = now.state && rowOf(countyCode, id, day, { ...now, state: now.state })
    if (before && after && sameStanding(before, after)) {
      if (before.next_turn !== after.next_turn) turns.push({ unit_id: id, next_turn: after.next_turn })
      continue
    }
    addDelta(deltas, definitions.measures, standingOf(before), standingOf(after))
    if (before) ended.push(id)
    if (after) fresh.push(after)
  }
  await endRows(tx, countyCode, ended, day)
  await insertRows(tx, 'unit_state', fresh)
  await setTurns(tx, countyCode, turns)
  const areas = await applyDeltas(tx, countyCode, day, deltas, definitions.slots)
  if (areas.length > 0) await checkSums(tx, held, areas)
}

/** Checks the identities between the sums of some areas, or of all, and keeps where they do not hold. */
async function checkSums(tx: Transaction, held: Held, areas: readonly string[] | null): Promise<void> {
  const latest = await latestSums(tx, held.countyCode, areas, held.day)
  const found = [...latest].flatMap(([area, counts]) => brokenIn(counts).map((key) => ({ area, key })))
  const others = areas ? held.broken.filter((one) => !areas.includes(one.area)) : []
  if (found.length === 0 && others.length === held.broken.length) return
  await setCounty(tx, held, { broken: JSON.stringify([...others, ...found]) })
}
