import { type RawBuilder, sql, type SqlBool } from 'kysely'
import { today } from '../base/time.ts'
import type { Chore } from '../host/chores.ts'
import type { Transaction } from '../host/context.ts'
import type { UnitKind } from '../ledger/field-contract.ts'
import type { SyncTemplate } from './rules.ts'
import { calendarIn, syncTables, templatesOf } from './templates.ts'
import { writeEvent } from './write.ts'

const batchUnits = 500
/** A unit is looked at this long after it was written, when every transaction that wrote at the time is over. */
const settledMs = 60_000
const first = '00000000-0000-0000-0000-000000000000'

interface Seen {
  id: string
  area_code: string
  name: string
  kind: UnitKind
  uscc: string | null
  founded_on: string | null
  annual_report: number | null
  in_park: boolean
  updated_at: Date
}

/** Opens events for units of the ledger that were registered or that reported since a template is in use. */
export const syncChore: Chore = {
  name: 'sync.follow',
  async run(run) {
    const counties = await run.transaction(async (tx) => {
      const rows = await syncTables(tx)
        .selectFrom('sync_template')
        .select('county_code')
        .distinct()
        .where('in_use', '=', true)
        .execute()
      return rows.map((row) => row.county_code).sort()
    })
    for (const countyCode of counties) {
      let more = true
      while (more && !run.signal.aborted) more = await run.transaction((tx, now) => followStep(tx, countyCode, now))
    }
  },
}

/** One batch of units in the order they were written. Resolves to false when nothing is left. */
async function followStep(tx: Transaction, countyCode: string, now: Date): Promise<boolean> {
  const templates = (await templatesOf(tx, countyCode)).filter(
    (one) => one.inUse && (one.told.trigger === 'registration' || one.told.trigger === 'annualReport'),
  )
  if (templates.length === 0) return false
  const follow = await hold(tx, countyCode)
  const { rows } = await sql<Seen>`
    select id, area_code, name, kind, uscc, founded_on, annual_report, updated_at,
      exists (select from unit_place m join place p on p.county_code = m.county_code and p.id = m.place_id
        where m.county_code = u.county_code and m.unit_id = u.id and p.kind = 'park') as in_park
    from unit u
    where county_code = ${countyCode} and withdrawn_at is null and ${after(follow)}
      and updated_at < ${new Date(now.getTime() - settledMs)}
    order by updated_at, id limit ${batchUnits}`.execute(tx)
  const calendar = await calendarIn(tx, countyCode)
  for (const unit of rows)
    for (const { key, told, effectiveOn } of templates) {
      const found = eventOf(told.trigger, unit, effectiveOn!, today(now))
      if (!found || !concerns(told, unit)) continue
      const event = { countyCode, areaCode: unit.area_code, templateKey: key, told, title: unit.name, unitId: unit.id }
      await writeEvent(tx, now, { ...event, ...found, source: 'ledger', author: '台账' }, calendar)
    }
  const last = rows.at(-1)
  if (!last) return false
  await syncTables(tx)
    .updateTable('sync_follow')
    .set({ seen_at: last.updated_at, seen_id: last.id })
    .where('county_code', '=', countyCode)
    .execute()
  return rows.length === batchUnits
}

/** Where the county was left, held against other processes. */
async function hold(tx: Transaction, countyCode: string) {
  await syncTables(tx)
    .insertInto('sync_follow')
    .values({ county_code: countyCode, seen_at: new Date(0), seen_id: first })
    .onConflict((conflict) => conflict.column('county_code').doNothing())
    .execute()
  return syncTables(tx)
    .selectFrom('sync_follow')
    .selectAll()
    .where('county_code', '=', countyCode)
    .forUpdate()
    .executeTakeFirstOrThrow()
}

const after = (follow: { seen_at: Date; seen_id: string }): RawBuilder<SqlBool> =>
  sql`(updated_at, id) > (${follow.seen_at}, ${follow.seen_id}::uuid)`

/** The event that a unit stands for since a day; null for none. */
function eventOf(trigger: string, unit: Seen, from: string, day: string) {
  if (trigger === 'registration') {
    const on = unit.founded_on
    return on !== null && on >= from && on <= day ? { eventKey: `registration:${unit.id}`, on } : null
  }
  const year = unit.annual_report
  // A report tells of the year before: one for 2025 is made in 2026.
  return year !== null && `${year + 1}` >= from.slice(0, 4) ? { eventKey: `annual-${year}:${unit.id}`, on: day } : null
}

function concerns(told: SyncTemplate, unit: Seen): boolean {
  if (told.inPark === true && !unit.in_park) return false
  if (told.kinds.length > 0 && !told.kinds.includes(unit.kind)) return false
  return told.codePrefix === '' || (unit.uscc ?? '').startsWith(told.codePrefix)
}
