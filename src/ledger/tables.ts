import type { ColumnType } from 'kysely'
import type { Department, Ownership, UnitField, UnitKind, UnitStatus } from './field-contract.ts'
import type { DropReason, FunnelSettings } from './standing-contract.ts'
import type { Evidence } from './funnel-rules.ts'
import type { ImportCounts, ImportState, RowOutcome, RowProblem, SheetMapping } from './import-contract.ts'
import type { FieldRule } from './survive.ts'

/** Rows of the tables that the ledger room owns (migrations/0004-ledger.sql, 0007-funnel.sql). */
export type LedgerTables = {
  unit: UnitTable
  import: ImportTable
  source_row: SourceRowTable
  fact: FactTable
  import_profile: ImportProfileTable
  unit_place: { county_code: string; unit_id: string; place_id: string; area_code: string }
  unit_note: UnitNoteTable
  unit_attachment: UnitAttachmentTable
  saved_view: SavedViewTable
  ledger_rules: LedgerRulesTable
  ledger_state: LedgerStateTable
}

/** A jsonb column: read as it is, written as JSON text. */
type Json<T> = ColumnType<T, string, string>

export interface UnitTable {
  county_code: string
  id: string
  area_code: string
  kind: UnitKind
  status: UnitStatus
  name: string
  name_key: string
  sort_key: string
  short_name: string | null
  former_name: string | null
  uscc: string | null
  organisation_code: string | null
  registration_number: string | null
  is_branch: boolean
  industry: string | null
  legal_rep: string | null
  phone: string | null
  address: string | null
  founded_on: string | null
  capital: string | null
  staff_count: number | null
  insured_count: number | null
  tax_status: string | null
  tax_paid: string | null
  registration_level: string | null
  supervising_body: string | null
  member_count: number | null
  has_party_org: boolean | null
  remark: string | null
  departments: Department[]
  search_text: string
  search_grams: string[]
  withdrawn_at: Date | null
  withdrawn_reason: string | null
  created_at: Date
  updated_at: Date
  ownership: Ownership | null
  enterprise_type: string | null
  annual_report: number | null
  has_premises: boolean | null
  in_operation: boolean
  operating_because: Evidence[]
  /** Null: a target. */
  drop_reason: DropReason | null
  is_target: boolean
  conflicts: UnitField[]
}

export interface LedgerRulesTable {
  county_code: string
  id: string
  kind: 'survivorship' | 'funnel'
  version: number
  /** Only what differs from the defaults. */
  value: Json<Partial<Record<UnitField, FieldRule>> | Partial<FunnelSettings>>
  effective_from: string
  reason: string
  by_id: string | null
  by_name: string
  at: Date
}

export interface LedgerStateTable {
  county_code: string
  derived_by: string
  target: string
  target_at: Date | null
  cursor: string | null
  due: boolean
}

export interface ImportTable {
  county_code: string
  id: string
  file_id: string
  file_name: string
  file_sm3: string
  bytes: number
  department: Department | null
  department_because: string | null
  profile_used: string | null
  as_of: string
  state: ImportState
  format: string
  sketches: Json<{ sheet: string; rows: number; firstRows: { row: number; cells: (string | null)[] }[] }[]>
  mapping: Json<SheetMapping[]>
  counts: Json<Partial<ImportCounts>>
  rules: Json<{ rule: string; level: 'error' | 'warning'; rows: number }[]>
  job_id: string | null
  error: string | null
  created_by: string | null
  author: string
  created_at: Date
  committed_at: Date | null
  undone_at: Date | null
  undone_reason: string | null
}

export interface SourceRowTable {
  county_code: string
  id: string
  import_id: string
  area_code: string
  sheet: string
  row_number: number
  cells: Json<{ title: string; value: string }[]>
  fields: Json<Partial<Record<UnitField, string>>>
  digest: string
  name_key: string | null
  outcome: RowOutcome
  problems: Json<Omit<RowProblem, 'sheet' | 'row'>[]>
  warnings: number
  reason: string | null
  unit_id: string | null
  linked_by: string | null
  linked_at: Date | null
}

export interface FactTable {
  county_code: string
  id: string
  unit_id: string
  area_code: string
  field: UnitField
  value: string
  department: Department
  import_id: string | null
  source_row_id: string | null
  valid_from: string
  valid_to: string | null
  closed_by_import_id: string | null
  recorded_at: Date
  recorded_by: string
  reason: string | null
}

export interface ImportProfileTable {
  county_code: string
  id: string
  department: Department
  signature: string
  titles: Json<string[]>
  fields: Json<(UnitField | null)[]>
  used_at: Date
}

export interface UnitNoteTable {
  county_code: string
  id: string
  unit_id: string
  area_code: string
  body: string
  author_id: string | null
  author: string
  at: Date
}

export interface UnitAttachmentTable {
  county_code: string
  id: string
  unit_id: string
  area_code: string
  file_id: string
  file_name: string
  bytes: number
  author_id: string | null
  author: string
  at: Date
}

export interface SavedViewTable {
  id: string
  owner_id: string
  name: string
  filter: Json<Record<string, unknown>>
  columns: Json<string[]>
  sort: string
  sort_order: 'asc' | 'desc'
  created_at: Date
}
