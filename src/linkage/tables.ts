import type { ColumnType } from 'kysely'
import type { Department } from '../ledger/field-contract.ts'
import type { GoneFact } from '../ledger/service.ts'
import type { EstimateReport } from './estimate-model.ts'
import type { Outcome } from './settlement.ts'
import type { Model } from './model.ts'
import type { DecisionOrigin, LinkCause, ModelState, QueueReason, Waterfall } from './contract.ts'

/** A jsonb column: read as it is, written as JSON text. */
type Json<T> = ColumnType<T, string, string>

/**
 * Rows of the tables that the linkage room owns (migrations/0005-linkage.sql, 0006-linkage.sql, 0015-link-rows.sql,
 * 0016-linkage-follow.sql).
 */
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
    candidates: Json<string[]>
    decision: ColumnType<{ kind: string; unitId?: string; reason?: string } | null, string | null, string | null>
    decided_by: string | null
    decided_by_name: string | null
    decided_at: Date | null
    created_at: Date
    claimed_by: string | null
    claimed_by_name: string | null
    claimed_until: Date | null
    probability: number | null
  }
  link_row: { county_code: string; id: string; keys: string[] }
  link_state: {
    county_code: string
    keyed_until: Date | null
    model_version: number
    keys_version: number
    changes: number
    rehearsed_version: number | null
    rehearsed_at: Date | null
    rehearsed_by: string | null
  }
  link_event: {
    county_code: string
    id: string
    source_row_id: string | null
    from_unit: string | null
    to_unit: string | null
    cause: LinkCause
    linked_by: string | null
    probability: number | null
    weight: number | null
    waterfall: ColumnType<Waterfall | null, string | null, never>
    model_version: number
    undoes: string | null
    gone: ColumnType<GoneFact[] | null, string | null, never>
    reason: string | null
    by_id: string | null
    by_name: string
    at: Date
  }
  link_decision: {
    county_code: string
    id: string
    kind: 'must' | 'cannot'
    subject: string
    source_row_id: string
    unit_id: string
    origin: DecisionOrigin
    origin_id: string | null
    dropped_code: string | null
    reason: string | null
    by_id: string | null
    by_name: string
    at: Date
    undone_at: Date | null
    undone_by: string | null
  }
  link_redirect: {
    county_code: string
    from_unit: string
    to_unit: string
    reason: string
    source_rows: string[]
    typed_facts: string[]
    gone: Json<GoneFact[]>
    by_id: string | null
    by_name: string
    at: Date
  }
  link_model: {
    county_code: string
    version: number
    model: Json<Model>
    report: Json<EstimateReport>
    state: ModelState
    by_name: string
    at: Date
    decided_by: string | null
    decided_at: Date | null
  }
  link_rehearsal: {
    county_code: string
    source_row_id: string
    part: number
    from_unit: string | null
    outcome: Json<Outcome>
  }
}
