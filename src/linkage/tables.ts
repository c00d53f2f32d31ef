import type { ColumnType } from 'kysely'
import type { Department } from '../ledger/field-contract.ts'
import type { QueueReason } from './contract.ts'

/** Rows of the tables that the linkage room owns (migrations/0005-linkage.sql). */
export type LinkageTables = {
  queue_item: {
    county_code: string
    id: string
    source_row_id: string
    import_id: string
    area_code: string
    reason: QueueReason
    state: 'open' | 'later' | 'joined' | 'created' | 'refused'
    name: string | null
    name_key: string | null
    code: string | null
    department: Department
    candidates: ColumnType<string[], string, string>
    decision: ColumnType<{ kind: string; unitId?: string; reason?: string } | null, string | null, string | null>
    decided_by: string | null
    decided_by_name: string | null
    decided_at: Date | null
    created_at: Date
  }
}
