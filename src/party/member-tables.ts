import type { ColumnType } from 'kysely'
import type { MemberKind, TaskKind, TaskState } from './member-contract.ts'
import type {
  MemberCounts,
  MemberImportState,
  MemberOutcome,
  MemberProblem,
  MemberSheet,
} from './member-import-contract.ts'
import type { RosterCounts, RosterState } from './roster-contract.ts'

/** A jsonb column: read as it is, written as JSON text. */
type Json<T> = ColumnType<T, string, string>

/** Rows of the tables of members and rosters, which the party room owns (migrations/0009-members.sql). */
export type MemberTables = {
  member_import: MemberImportTable
  member_row: MemberRowTable
  member: MemberTable
  member_employer: MemberEmployerTable
  roster_check: RosterCheckTable
  roster_hit: {
    county_code: string
    check_id: string
    person_digest: string
    employer_key: string
    employer: string
  }
  member_task: MemberTaskTable
  member_count: MemberCountTable
  member_tally: MemberTallyTable
}

export interface MemberImportTable {
  county_code: string
  id: string
  /** Null once the file is removed. */
  file_id: string | null
  file_name: string
  bytes: number
  as_of: string
  complete: boolean
  state: MemberImportState
  mapping: Json<MemberSheet[]>
  sketch: Json<{ sheet: string; rows: number; firstRows: { row: number; cells: (string | null)[] }[] }[]>
  counts: Json<Partial<MemberCounts>>
  job_id: string | null
  error: string | null
  created_by: string | null
  author: string
  created_at: Date
  committed_at: Date | null
  undone_at: Date | null
  undone_reason: string | null
}

export interface MemberRowTable {
  county_code: string
  id: string
  import_id: string
  sheet: string
  row_number: number
  outcome: MemberOutcome
  problems: Json<MemberProblem[]>
  warnings: number
  person_digest: string | null
  name_sealed: string | null
  name_masked: string | null
  name_digest: string | null
  kind: MemberKind | null
  floating: boolean
  joined_on: string | null
  formal_on: string | null
  branch: string | null
  employer: string | null
  employer_key: string | null
}

export interface MemberTable {
  county_code: string
  id: string
  area_code: string
  person_digest: string
  name_sealed: string
  name_masked: string
  name_digest: string
  kind: MemberKind
  floating: boolean
  joined_on: string | null
  formal_on: string | null
  branch: string | null
  branch_key: string | null
  party_org_id: string | null
  relation_unit_id: string | null
  employer: string | null
  employer_key: string | null
  unit_id: string | null
  relation_here: boolean
  import_id: string
  valid_from: string
  valid_to: string | null
}

export interface MemberEmployerTable {
  county_code: string
  employer_key: string
  employer: string
  unit_id: string | null
  how: 'name' | 'formerName' | 'likeName' | 'person' | 'outside' | 'unknown'
  said_by: string | null
  /** The unit before it was merged into this one. */
  merged_from: string | null
  at: Date
}

export interface RosterCheckTable {
  county_code: string
  id: string
  /** Null once the file is removed. */
  file_id: string | null
  file_name: string
  bytes: number
  as_of: string
  complete: boolean
  state: RosterState
  counts: Json<Partial<RosterCounts>>
  job_id: string | null
  error: string | null
  created_by: string | null
  author: string
  created_at: Date
  finished_at: Date | null
}

export interface MemberTaskTable {
  county_code: string
  id: string
  area_code: string
  kind: TaskKind
  person_digest: string
  unit_id: string
  check_id: string
  state: TaskState
  reason: string | null
  decided_by: string | null
  decided_by_name: string | null
  decided_at: Date | null
  created_at: Date
}

export interface MemberCountTable {
  county_code: string
  id: string
  area_code: string
  unit_id: string | null
  party_org_id: string | null
  formal: number
  probationary: number
  as_of: string
  source: string
  author_id: string | null
  author: string
  at: Date
  withdrawn_at: Date | null
}

export interface MemberTallyTable {
  county_code: string
  unit_id: string
  area_code: string
  valid_from: string
  valid_to: string | null
  formal: number
  probationary: number
  known_elsewhere: number
}
