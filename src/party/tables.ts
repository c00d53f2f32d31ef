import type { ColumnType } from 'kysely'
import type {
  OrgImportCounts,
  OrgImportState,
  OrgOutcome,
  OrgProblem,
  OrgRowValues,
  OrgSheet,
  OrgSketch,
} from './org-import-contract.ts'

/** A jsonb column: read as it is, written as JSON text. */
type Json<T> = ColumnType<T, string, string>

interface CountyRow {
  county_code: string
  id: string
}

interface Dated {
  valid_from: string
  valid_to: string | null
}

/** `party_org`: an organisation with its latest name, kind and mode. Days are `YYYY-MM-DD`, dissolved_on the first without it. */
export interface OrgTable extends CountyRow {
  area_code: string
  kind: string
  forming_mode: string
  base_kind: string
  base_unit_id: string | null
  base_text: string | null
  name: string
  full_name: string
  name_key: string
  full_name_key: string
  sort_key: string
  search_text: string
  code: string | null
  founded_on: string
  approval_no: string | null
  approved_on: string | null
  planned_end: string | null
  dissolved_on: string | null
  dissolved_reason: string | null
  premises: string | null
  premises_area_m2: string | null
  remark: string | null
  created_at: Date
  updated_at: Date
}

export interface OrgVersionTable extends CountyRow, Dated {
  org_id: string
  area_code: string
  kind: string
  forming_mode: string
  name: string
  full_name: string
  reason: string | null
}

export interface OrgLineTable extends CountyRow, Dated {
  org_id: string
  line: string
  parent_county_code: string | null
  parent_id: string | null
  parent_name: string
}

export interface CoverTable extends CountyRow, Dated {
  org_id: string
  unit_id: string
  mode: string
  reason: string | null
}

export interface PostTable extends CountyRow, Dated {
  org_id: string
  area_code: string
  post: string
  name_sealed: string
  name_masked: string
  name_digest: string
  in_management: boolean
  management_position: string | null
  secretary_source: string | null
}

/** `party_term`: expires_on is the last day, delayed_until stands in its place where there is one. */
export interface TermTable extends CountyRow {
  org_id: string
  area_code: string
  ordinal: number | null
  formed_by: string
  elected_on: string
  expires_on: string
  delayed_until: string | null
  delay_approval: string | null
  delay_reason: string | null
}

export interface ContactTable extends CountyRow, Dated {
  unit_id: string
  kind: string
  name_sealed: string | null
  name_masked: string | null
  name_digest: string | null
  employer: string | null
  phone_sealed: string | null
  source: string | null
  reason: string | null
}

export interface CharterTable extends CountyRow, Dated {
  unit_id: string
  has_clause: boolean
  file_id: string | null
  file_name: string | null
  source: string | null
}

export interface OrgLinkTable extends CountyRow, Dated {
  org_id: string
  kind: string
  to_org_id: string | null
  to_unit_id: string | null
}

export interface ChangeTable extends CountyRow {
  kind: string
  title: string
  reason: string | null
  effective_on: string | null
  org_ids: string[]
  author_id: string | null
  author: string
  at: Date
  undone_at: Date | null
  undone_by: string | null
  undone_reason: string | null
}

export interface ChangeRowTable {
  county_code: string
  change_id: string
  seq: number
  table_name: string
  row_id: string
  before: Json<Record<string, unknown> | null>
  after: Json<Record<string, unknown> | null>
}

export interface PartyImportTable extends CountyRow {
  file_id: string | null
  file_name: string
  bytes: number
  as_of: string
  state: OrgImportState
  sketch: Json<OrgSketch[]>
  mapping: Json<OrgSheet[]>
  counts: Json<Partial<OrgImportCounts>>
  change_ids: string[]
  job_id: string | null
  error: string | null
  created_by: string | null
  author: string
  created_at: Date
  committed_at: Date | null
  undone_at: Date | null
  undone_reason: string | null
}

export interface PartyImportRowTable {
  county_code: string
  import_id: string
  seq: number
  sheet: string
  row_number: number
  outcome: OrgOutcome
  done: boolean
  org_key: string | null
  org_id: string | null
  values: Json<OrgRowValues>
  secretary_sealed: string | null
  problems: Json<OrgProblem[]>
  warnings: number
}

export interface PartySettingTable {
  key: string
  effective_from: string
  value: number
  source: string
  author: string
  changed_at: Date
}

/** The tables of party organisations; those of members are in member-tables.ts. */
export type PartyTables = {
  party_org: OrgTable
  party_org_version: OrgVersionTable
  party_org_line: OrgLineTable
  party_cover: CoverTable
  party_post: PostTable
  party_term: TermTable
  work_contact: ContactTable
  charter_clause: CharterTable
  org_link: OrgLinkTable
  party_change: ChangeTable
  party_change_row: ChangeRowTable
  party_import: PartyImportTable
  party_import_row: PartyImportRowTable
  party_setting: PartySettingTable
}
