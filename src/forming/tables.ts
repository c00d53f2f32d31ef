import type { ColumnType } from 'kysely'
import type { PlanBound } from './bound.ts'
import type { proposalStates, wishKinds } from './contract.ts'
import type { DecisionRow } from './decide.ts'
import type { FormingPlan, FormingSettings } from './plan-input.ts'
import type { planStates } from './plan-contract.ts'
import type { KeptInput, KeptScope } from './plan-kept.ts'

/** A jsonb column: read as it is, written as JSON text. */
type Json<T> = ColumnType<T, string, string>
type JsonOrNull<T> = ColumnType<T | null, string | null | undefined, string | null>

/** Rows of the tables that the forming room owns (migrations/0011-forming.sql, 0017-forming-scope.sql). */
export type FormingTables = {
  forming_decisions: DecisionsTable
  forming_setting: FormingSettingTable
  forming_place: PlaceTable
  forming_wish: WishTable
  forming_geocoder: GeocoderTable
  forming_plan: PlanTable
  forming_proposal: ProposalTable
}

interface DecisionsTable {
  county_code: string
  version: number
  rows: Json<DecisionRow[]>
  reason: string
  author: string
  at: Date
}

interface FormingSettingTable {
  county_code: string
  key: keyof FormingSettings
  effective_on: string
  value: number
  source: string
  author: string
  changed_at: Date
}

interface PlaceTable {
  county_code: string
  unit_id: string
  longitude: number
  latitude: number
  accuracy_metres: number
  source: string
  surveyed_on: string
  author: string
  at: Date
}

interface GeocoderTable {
  county_code: string
  url: string
  accuracy_metres: number
  author: string
  at: Date
}

interface WishTable {
  county_code: string
  id: string
  kind: keyof typeof wishKinds
  unit_id: string
  other_id: string | null
  reason: string
  author: string
  at: Date
}

/** `forming_plan`: `input` is what was planned for, empty until the job has gathered it; `plan` the best groups so far. */
export interface PlanTable {
  county_code: string
  id: string
  area_code: string
  title: string
  state: keyof typeof planStates
  phase: string
  done: number
  job_id: string | null
  revision: number
  seed: number
  passes: number
  scope: Json<KeptScope>
  input: Json<Partial<KeptInput>>
  plan: JsonOrNull<FormingPlan>
  bound: JsonOrNull<PlanBound>
  units: number
  guessed: number
  groups: number
  left_over: number
  flagged: number
  metres: number
  approved: number
  author: string
  created_at: Date
  error: ColumnType<string | null, string | null | undefined, string | null>
}

interface ProposalTable {
  county_code: string
  id: string
  area_code: string
  plan_id: string
  state: keyof typeof proposalStates
  lead_id: string
  host_org_id: string | null
  unit_ids: string[]
  members: number
  reason: string | null
  approved_by: string
  approved_at: Date
}
