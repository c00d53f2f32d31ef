import type { ColumnType, Selectable } from 'kysely'
import type { planStates } from './contract-rows.ts'
import type { InstructorSettings, Origin, Wants } from './rules.ts'

/** Rows of the tables that the instructor room owns (migrations/0014-instructor.sql). */
export type InstructorTables = {
  instructor_setting: InstructorSettingTable
  instructor: InstructorTable
  instructor_plan: PlanTable
  instructor_assignment: AssignmentTable
}

type Json<T> = ColumnType<T, string, string>
type JsonOrNull<T> = ColumnType<T | null, string | null | undefined, string | null>

interface InstructorSettingTable {
  county_code: string
  key: keyof InstructorSettings
  effective_on: string
  value: number
  source: string
  author: string
  changed_at: Date
}

export interface InstructorTable {
  county_code: string
  id: string
  area_code: string
  name_sealed: string
  name_masked: string
  person_digest: string
  phone_sealed: string | null
  phone_masked: string | null
  employer: string | null
  origin: Origin
  capacity: number | null
  skills: string[]
  longitude: number | null
  latitude: number | null
  from_on: string
  to_on: string | null
  ended_reason: string | null
  author: string
  at: Date
}

/** Who is proposed for a unit. `metres` null: neither stands at a known place. */
export interface DraftPair {
  unitId: string
  instructorId: string
  metres: number | null
  /** Both places were measured, none was inferred. */
  measured: boolean
  skilled: boolean
  /** Is sent there already. */
  kept: boolean
}

/** A plan's outcome: who goes where, and units that nobody could be found for. */
export interface Draft {
  pairs: DraftPair[]
  short: { unitId: string; missing: number }[]
  units: number
  instructors: number
  /** Earlier pairs that are given up. */
  given: { unitId: string; instructorId: string }[]
}

export interface PlanTold {
  region: string
  which: Wants
  staffMin: number
  settings: InstructorSettings
}

interface PlanTable {
  county_code: string
  id: string
  area_code: string
  title: string
  state: keyof typeof planStates
  told: Json<PlanTold>
  draft: JsonOrNull<Draft>
  job_id: string | null
  error: string | null
  author: string
  at: Date
}
export type PlanRow = Selectable<PlanTable>

export interface AssignmentTable {
  county_code: string
  id: string
  area_code: string
  unit_id: string
  instructor_id: string
  contact_id: string | null
  plan_id: string | null
  metres: number | null
  measured: boolean
  from_on: string
  to_on: string | null
  source: string
  ended_reason: string | null
  author: string
  at: Date
}
