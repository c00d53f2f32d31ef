import { newId } from '../base/ids.ts'
import type { Context } from '../host/context.ts'
import { insertRows } from '../host/insert-rows.ts'
import type { GoneFact } from '../ledger/service.ts'
import type { LinkCause, Waterfall } from './contract.ts'

/** One change of a link, as it is noted. */
export interface LinkChange {
  sourceRowId: string | null
  from: string | null
  to: string | null
  cause: LinkCause
  /** How the row came to the unit, in words. */
  linkedBy: string | null
  waterfall?: Waterfall | null
  undoes?: string | null
  gone?: readonly GoneFact[]
  reason?: string | null
  /** Whoever acts where left out. */
  by?: string
}

/** Notes changes of links. Answers the events' ids in order. */
export async function noteEvents(
  ctx: Context,
  countyCode: string,
  modelVersion: number,
  changes: readonly LinkChange[],
): Promise<string[]> {
  if (changes.length === 0) return []
  const rows = changes.map((change) => ({
    county_code: countyCode,
    id: newId(ctx.now),
    source_row_id: change.sourceRowId,
    from_unit: change.from,
    to_unit: change.to,
    cause: change.cause,
    linked_by: change.linkedBy,
    probability: change.waterfall?.probability ?? null,
    weight: change.waterfall?.weight ?? null,
    waterfall: change.waterfall ?? null,
    model_version: modelVersion,
    undoes: change.undoes ?? null,
    gone: change.gone ?? null,
    reason: change.reason ?? null,
    by_id: ctx.actor.userId,
    by_name: change.by ?? ctx.actor.name,
    at: ctx.now,
  }))
  await insertRows(ctx.tx, 'link_event', rows)
  return rows.map((row) => row.id)
}
