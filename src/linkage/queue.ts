import { sql } from 'kysely'
import { nameKey } from '../base/chinese.ts'
import { newId } from '../base/ids.ts'
import type { Context } from '../host/context.ts'
import { insertRows } from '../host/insert-rows.ts'
import { ledgerTables } from '../ledger/service.ts'
import type { QueueReason } from './contract.ts'
import type { KnownRow } from './neighbours.ts'
import type { LinkageTables } from './tables.ts'

/** The linkage room's tables with those of the ledger that it reads. */
export function linkageTables(ctx: Pick<Context, 'tx'>) {
  return ledgerTables(ctx.tx).withTables<LinkageTables>()
}

interface Waiting {
  row: KnownRow
  outcome: { reason: QueueReason; candidates: readonly string[]; probability: number | null }
}

/** Leaves rows to a person; what is known of one that waits already is brought up to date, its state and holder stay. */
export async function queueRows(ctx: Context, countyCode: string, waiting: readonly Waiting[]): Promise<void> {
  if (waiting.length === 0) return
  const items = waiting.map(({ row, outcome }) => ({
    county_code: countyCode,
    id: newId(ctx.now),
    source_row_id: row.id,
    import_id: row.importId,
    area_code: countyCode,
    reason: outcome.reason,
    state: 'open',
    name: row.fields.name ?? null,
    name_key: row.fields.name ? nameKey(row.fields.name) : null,
    code: row.fields.uscc ?? row.fields.organisationCode ?? row.fields.registrationNumber ?? null,
    department: row.department,
    candidates: outcome.candidates,
    probability: outcome.probability,
    created_at: ctx.now.toISOString(),
  }))
  // An item that was closed opens again when its row has lost its unit.
  const also = sql`
    on conflict (county_code, source_row_id) do update set
      reason = excluded.reason, candidates = excluded.candidates, probability = excluded.probability,
      state = case when queue_item.state = 'later' then 'later' else 'open' end,
      decision = null, decided_by = null, decided_by_name = null, decided_at = null`
  await insertRows(ctx.tx, 'queue_item', items, also)
}
