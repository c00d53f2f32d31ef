import type { ColumnType } from 'kysely'
import type { Column } from './condition-contract.ts'
import type { markKinds, settingKeys, snapshotStates } from './contract.ts'
import type { UnitState } from './state.ts'

/** A jsonb column: read as it is, written as JSON text. */
type Json<T> = ColumnType<T, string, string>

/** Rows of the tables that the coverage room owns (migrations/0010-coverage.sql). */
export type CoverageTables = {
  coverage_county: CountyTable
  unit_state: UnitStateTable
  rollup: { county_code: string; area_code: string; day: string; counts: number[] }
  coverage_ratio: RatioTable
  coverage_ratio_retired: { key: string; retired_from: string; reason: string; author: string; at: Date }
  coverage_setting: SettingTable
  unit_mark: UnitMarkTable
  coverage_snapshot: SnapshotTable
}

export interface CountyTable {
  county_code: string
  day: string
  opened_on: string | null
  settings_known: Date | null
  slots_known: number
  broken: Json<Broken[]>
}

/** An identity (its key) that does not hold in an area. */
export interface Broken {
  area: string
  key: string
}

export interface UnitStateTable extends Pick<UnitState, Column> {
  county_code: string
  unit_id: string
  valid_from: string
  valid_to: string | null
  area_code: string
  next_turn: string | null
}

export interface RatioTable {
  key: string
  version: number
  slot: number
  told: Json<unknown>
  effective_from: string
  author: string
  defined_at: Date
}

export interface SettingTable {
  key: (typeof settingKeys)[number]
  effective_from: string
  value: number
  source: string
  author: string
  changed_at: Date
}

export interface UnitMarkTable {
  county_code: string
  id: string
  unit_id: string
  kind: keyof typeof markKinds
  valid_from: string
  valid_to: string | null
  source: string
  author: string
  at: Date
}

export interface SnapshotTable {
  county_code: string
  id: string
  area_code: string
  period: string
  as_of: string
  version: number
  basis: 'closed' | 'restated'
  state: keyof typeof snapshotStates
  content: Json<unknown>
  steps: Json<unknown>
  reason: string | null
  prepared_by: string | null
  prepared_by_name: string
  prepared_at: Date
  submitted_by: string | null
  submitted_by_name: string | null
  submitted_at: Date | null
}
