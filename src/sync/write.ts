// Writing events and their items down; shared by commands and by the chore that follows the ledger.
import { newId } from '../base/ids.ts'
import type { Transaction } from '../host/context.ts'
import type { Calendar } from './calendar.ts'
import { dueOn, type SyncTemplate } from './rules.ts'
import type { EventRow, ItemTable } from './tables.ts'
import { syncTables } from './templates.ts'

/** An event that is to be opened. */
export interface NewEvent {
  countyCode: string
  areaCode: string
  templateKey: string
  told: SyncTemplate
  title: string
  unitId: string | null
  /** Whether the ledger was followed, or somebody told of it. */
  source: EventRow['source']
  /** Null where it stands for itself. */
  eventKey: string | null
  on: string
  author: string
}

/** Opens an event with its items; null where the same event was opened before. */
export async function writeEvent(
  tx: Transaction,
  now: Date,
  event: NewEvent,
  calendar: Calendar,
): Promise<string | null> {
  const id = newId(now)
  const written = await syncTables(tx)
    .insertInto('sync_event')
    .values({
      county_code: event.countyCode,
      id,
      area_code: event.areaCode,
      template_key: event.templateKey,
      told: JSON.stringify(event.told),
      title: event.title,
      unit_id: event.unitId,
      event_key: event.eventKey ?? id,
      on_day: event.on,
      milestones: JSON.stringify({ begin: event.on }),
      state: 'open',
      source: event.source,
      cancelled_reason: null,
      author: event.author,
      at: now,
    })
    .onConflict((conflict) => conflict.columns(['county_code', 'template_key', 'event_key']).doNothing())
    .executeTakeFirst()
  if (Number(written.numInsertedOrUpdatedRows ?? 0) === 0) return null
  await syncTables(tx)
    .insertInto('sync_item')
    .values(
      event.told.items.map((item, place): ItemTable => ({
        county_code: event.countyCode,
        id: newId(now),
        area_code: event.areaCode,
        event_id: id,
        key: item.key,
        title: item.title,
        place,
        state: item.milestone === 'begin' ? 'open' : 'waiting',
        due_on: item.milestone === 'begin' ? dueOn(item, event.on, calendar) : null,
        done_on: null,
        note: null,
        file_id: null,
        file_name: null,
        author: null,
        at: null,
      })),
    )
    .execute()
  return id
}

/** An event is done when nothing of it waits or is open. */
export async function settle(tx: Transaction, event: Pick<EventRow, 'county_code' | 'id' | 'state'>): Promise<void> {
  const left = await syncTables(tx)
    .selectFrom('sync_item')
    .select('id')
    .where('county_code', '=', event.county_code)
    .where('event_id', '=', event.id)
    .where('state', 'in', ['open', 'waiting'])
    .limit(1)
    .executeTakeFirst()
  const state = left ? 'open' : 'done'
  if (event.state === state) return
  await syncTables(tx)
    .updateTable('sync_event')
    .set({ state })
    .where('county_code', '=', event.county_code)
    .where('id', '=', event.id)
    .execute()
}
