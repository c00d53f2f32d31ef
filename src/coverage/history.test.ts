import { array, assert, asyncProperty, constantFrom, nat, oneof, record } from 'fast-check'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { newId } from '../base/ids.ts'
import { addDays, today } from '../base/time.ts'
import { asOwner } from '../host/database.ts'
import { weigh, identities } from './identities.ts'
import { figures } from './definitions.ts'
import { county, otherTown, tallyLike, town, trialCoverage, type Trial, unitLike } from './testing.ts'

const start = '2026-01-20'
const unit = nat(4)
const backdated = nat(90)
const modes = ['own', 'joint', 'regional', 'industry', 'attached', 'fallback']
const event = oneof(
  record({ did: constantFrom('members'), unit, formal: nat(8), backdated }),
  record({ did: constantFrom('move'), unit, to: constantFrom(town, otherTown, county) }),
  record({ did: constantFrom('close', 'reopen', 'idle', 'wake'), unit }),
  record({ did: constantFrom('mark'), unit, backdated }),
  record({ did: constantFrom('form'), unit, mode: constantFrom(...modes), more: nat(4), backdated, lasts: nat(60) }),
  record({ did: constantFrom('split', 'dissolve'), unit, backdated: nat(10) }),
  record({ did: constantFrom('instruct'), unit, backdated, lasts: nat(60) }),
  record({ did: constantFrom('days'), days: nat(20) }),
)
interface Happening {
  did: string
  unit?: number
  formal?: number
  backdated?: number
  to?: string
  days?: number
  mode?: string
  more?: number
  lasts?: number
}

/** Lets something happen to a unit, on the trial's own day. */
async function happen(trial: Trial, units: readonly string[], day: string, event: Happening): Promise<void> {
  const id = units[event.unit ?? 0]!
  const from = addDays(day, -(event.backdated ?? 0))
  const until = event.lasts ? addDays(day, event.lasts) : null
  const set = (what: ReturnType<typeof sql>) => trial.change(sql`update unit set ${what} where id = ${id}`, [id])
  if (event.did === 'move') await set(sql`area_code = ${event.to}`)
  if (event.did === 'close') await set(sql`status = 'cancelled'`)
  if (event.did === 'reopen') await set(sql`status = 'active'`)
  if (event.did === 'idle') await set(sql`in_operation = false`)
  if (event.did === 'wake') await set(sql`in_operation = true`)
  if (event.did === 'mark') {
    await trial.call('markUnits', { kind: 'dueByPlan', unitIds: [id], on: true, from, source: '组建计划' })
  }
  if (event.did === 'form') {
    const covered = event.mode === 'own' ? [id] : units.slice(event.unit, event.unit! + 1 + event.more!)
    await trial.form(covered, event.mode!, { from, ...(until && until > from ? { to: until } : {}) })
  }
  // A unit leaves its organisations; the organisations of a unit are dissolved.
  const leave = sql`valid_to = greatest(valid_from + 1, ${from}::date) where (valid_to is null or valid_to > ${from}::date)`
  if (event.did === 'split') await trial.change(sql`update party_cover set ${leave} and unit_id = ${id}`, [id])
  if (event.did === 'dissolve') {
    const theirs = sql`org_id in (select org_id from party_cover where unit_id = ${id})`
    await trial.change(sql`update party_cover set ${leave} and ${theirs}`, units)
  }
  if (event.did === 'instruct') {
    const contact = { id: newId(), unit_id: id, kind: 'instructor', valid_from: from, valid_to: until }
    await trial.write('work_contact', [contact])
  }
  if (event.did === 'members') {
    await trial.change(sql`delete from member_tally where unit_id = ${id} and valid_from >= ${from}::date`, [id])
    await trial.change(
      sql`update member_tally set valid_to = ${from}::date where unit_id = ${id} and valid_to is null`,
      [id],
    )
    await trial.write('member_tally', [tallyLike(id, event.formal!, { valid_from: from })])
  }
}

const regions = [county, town, otherTown]

/** Every figure and ratio of every region on a day. */
async function numbersOn(trial: Trial, day: string): Promise<Map<string, Map<number, number>>> {
  const found = new Map<string, Map<number, number>>()
  for (const region of regions) {
    const answer = await trial.call('getDashboard', { region, asOf: day, months: 1 })
    expect([answer.asOf, answer.settled]).toEqual([day, true])
    const bySlot = new Map(
      figures.map((one) => [one.measure.slot, answer.figures.find((said) => said.key === one.key)!.value]),
    )
    answer.ratios.forEach((one, at) => bySlot.set(1000 + 2 * at, one.numerator).set(1001 + 2 * at, one.denominator))
    found.set(region, bySlot)
  }
  return found
}

/** Runs a history; answers the numbers of every day on which it stopped, as they were when that day was the present. */
async function live(trial: Trial, events: readonly Happening[]) {
  const units = [0, 1, 2, 3, 4].map((n) => unitLike({ area_code: n % 2 ? town : otherTown, staff_count: 5 }))
  await trial.write('unit', units)
  await trial.settle()
  const said = new Map<string, Map<string, Map<number, number>>>()
  let day = start
  for (const one of events) {
    if (one.did === 'days') {
      await trial.settle()
      said.set(day, await numbersOn(trial, day))
      day = addDays(day, one.days! + 1)
      await trial.day(day)
    } else {
      await happen(
        trial,
        units.map((unit) => unit.id),
        day,
        one,
      )
      await trial.settle()
    }
  }
  return said
}

test('whatever happens in whatever order, days that are over keep their numbers and the identities close on each', async () => {
  await assert(
    asyncProperty(array(event, { minLength: 10, maxLength: 24 }), async (events) => {
      const trial = await trialCoverage(start)
      const said = await live(trial, events)
      for (const [day, numbers] of said) {
        expect(await numbersOn(trial, day), day).toEqual(numbers)
        for (const sums of numbers.values()) {
          for (const identity of identities.filter((one) => one.kind === 'identity')) {
            expect(weigh(identity, sums), identity.title).toMatchObject({ holds: true })
          }
        }
        await sumsAreCounts(trial, day, numbers)
      }
      await oneStateADay(trial)
      await nothingWasMissed(trial)
    }),
    { numRuns: 3 },
  )
})

/** The sums that were kept are what counting the units one by one answers, and townships add up to the county. */
async function sumsAreCounts(trial: Trial, day: string, numbers: Map<string, Map<number, number>>): Promise<void> {
  for (const [region, sums] of numbers) {
    for (const { key, measure } of figures.filter((one) => one.measure.sum === null && one.measure.slot <= 20)) {
      const { total } = await trial.call('listUnits', { of: { figure: key }, region, asOf: day, pageSize: 1 })
      expect([key, region, day, total]).toEqual([key, region, day, sums.get(measure.slot)])
    }
  }
}

/** Working every unit out anew, and summing everything up anew, changes no number. */
async function nothingWasMissed(trial: Trial): Promise<void> {
  await trial.settle()
  const day = today(trial.clock.now)
  const before = await numbersOn(trial, day)
  await trial.call('rebuildCoverage', { countyCode: county })
  await trial.settle()
  expect(await numbersOn(trial, day)).toEqual(before)
}

/** No unit has two states on one day, and a state that follows another at once differs from it. */
async function oneStateADay(trial: Trial): Promise<void> {
  const { rows } = await asOwner(trial.platform.database, (tx) =>
    sql`select 1 from unit_state a join unit_state b on b.county_code = a.county_code and b.unit_id = a.unit_id
      and b.valid_from > a.valid_from and (a.valid_to is null or b.valid_from < a.valid_to)`.execute(tx),
  )
  expect(rows).toEqual([])
}
