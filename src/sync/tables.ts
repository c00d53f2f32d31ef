import type { ColumnType, Selectable } from 'kysely'
import type { eventStates, itemStates } from './contract.ts'
import type { SyncTemplate } from './rules.ts'

/** A jsonb column: read as it is, written as JSON text. */
type Json<T> = ColumnType<T, string, string>

/** Rows of the tables that the sync room owns (migrations/0013-sync.sql). */
export type SyncTables = {
  sync_template: TemplateTable
  sync_day: SyncDayTable
  sync_follow: FollowTable
  sync_event: EventTable
  sync_item: ItemTable
}

interface TemplateTable {
  county_code: string
  key: string
  version: number
  told: Json<SyncTemplate>
  in_use: boolean
  effective_on: string
  reason: string
  author: string
  at: Date
}

interface SyncDayTable {
  county_code: string
  day: string
  off: boolean
  source: string
  author: string
  at: Date
}

interface FollowTable {
  county_code: string
  seen_at: Date
  seen_id: string
}

interface EventTable {
  county_code: string
  id: string
  area_code: string
  template_key: string
  told: Json<SyncTemplate>
  title: string
  unit_id: string | null
  event_key: string
  on_day: string
  milestones: Json<Record<string, string>>
  state: keyof typeof eventStates
  source: 'ledger' | 'hand'
  cancelled_reason: string | null
  author: string
  at: Date
}

/** An event as it is read. */
export type EventRow = Selectable<EventTable>

export interface ItemTable {
  county_code: string
  id: string
  area_code: string
  event_id: string
  key: string
  title: string
  place: number
  state: keyof typeof itemStates
  due_on: string | null
  done_on: string | null
  note: string | null
  file_id: string | null
  file_name: string | null
  author: string | null
  at: Date | null
}
