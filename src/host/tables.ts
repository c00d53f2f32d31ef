/** Rows of the tables that the host owns (migrations/0002-journal.sql, touch in 0010-coverage.sql). */
export type HostTables = {
  journal: JournalTable
  stored_answer: StoredAnswerTable
  job: JobTable
  upload: UploadTable
  touch: TouchTable
}

export interface JournalTable {
  county_code: string
  seq: number
  at: Date
  actor_id: string | null
  actor_name: string
  session_id: string | null
  address: string
  operation: string
  subject: string | null
  purpose: string | null
  detail: unknown
  input_digest: string | null
  outcome: 'done' | 'refused' | 'failed'
  request_id: string
  previous_hash: string
  hash: string
}

export interface StoredAnswerTable {
  actor_id: string
  request_id: string
  operation: string
  input_digest: string
  answer: unknown
  at: Date
}

export interface JobTable {
  id: string
  kind: string
  title: string
  state: 'queued' | 'running' | 'done' | 'failed' | 'cancelled'
  done: number
  total: number
  message: string | null
  input: unknown
  result: unknown
  error: string | null
  owner_id: string | null
  owner_name: string
  county_code: string | null
  address: string
  attempts: number
  runner: string | null
  seen_at: Date | null
  cancel_asked: boolean
  created_at: Date
  started_at: Date | null
  finished_at: Date | null
}

export interface UploadTable {
  file_id: string
  owner_id: string | null
  file_name: string
  bytes: number
  sm3: string
  at: Date
}

export interface TouchTable {
  county_code: string
  id: string
  unit_ids: string[]
  at: Date
}
