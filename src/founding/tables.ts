import type { ColumnType } from 'kysely'
import type { FormingMode, OrgKind } from '../party/words-contract.ts'
import type { caseStates, stepStates } from './contract.ts'
import type { DossierItem, FoundingForm, FoundingSettings, FoundingStep } from './rules.ts'

/** Rows of the tables that the founding room owns (migrations/0012-founding.sql). */
export type FoundingTables = {
  founding_setting: FoundingSettingTable
  founding_case: CaseTable
  founding_step: StepTable
  founding_evidence: EvidenceTable
}

interface FoundingSettingTable {
  county_code: string
  key: keyof FoundingSettings
  effective_on: string
  value: number
  source: string
  author: string
  changed_at: Date
}

/** `founding_case`: `step` is what comes next, null once the case is done or closed. */
export interface CaseTable {
  county_code: string
  id: string
  area_code: string
  form: FoundingForm
  state: keyof typeof caseStates
  step: FoundingStep | null
  due_on: string | null
  opened_on: string
  proposal_id: string | null
  kind: OrgKind
  forming_mode: FormingMode
  org_name: string
  lead_id: string
  unit_ids: string[]
  host_org_id: string | null
  parent_id: string | null
  parent_name: string | null
  members: number
  org_id: string | null
  author: string
  at: Date
  ended_on: string | null
  closed_reason: string | null
}

/** Numbers that a step brought: of the election, who was entitled and who came. */
export interface StepFacts {
  entitled?: number
  present?: number
  formedBy?: 'election' | 'appointment'
}

export interface StepTable {
  county_code: string
  id: string
  area_code: string
  case_id: string
  step: FoundingStep
  state: keyof typeof stepStates
  on_day: string
  note: string
  doc_no: string | null
  facts: ColumnType<StepFacts, string, string>
  change_ids: string[]
  author: string
  at: Date
  taken_back_at: ColumnType<Date | null, Date | null | undefined, Date | null>
  taken_back_by: ColumnType<string | null, string | null | undefined, string | null>
  taken_back_reason: ColumnType<string | null, string | null | undefined, string | null>
}

interface EvidenceTable {
  county_code: string
  id: string
  area_code: string
  case_id: string
  step: FoundingStep
  item: DossierItem | null
  on_day: string
  note: string
  file_id: string | null
  file_name: string | null
  waived: boolean
  author: string
  at: Date
  removed_at: ColumnType<Date | null, Date | null | undefined, Date | null>
  removed_by: ColumnType<string | null, string | null | undefined, string | null>
  removed_reason: ColumnType<string | null, string | null | undefined, string | null>
}
