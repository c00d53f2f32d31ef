import type { Context } from '../host/context.ts'
import { ledgerTables } from '../ledger/service.ts'

/** A unit with its code. */
export interface Coded {
  id: string
  uscc: string | null
}

/** The unit of the ledger that holds a code. */
export async function codeHolder(ctx: Context, countyCode: string, uscc: string | undefined) {
  if (!uscc) return null
  const found = await ledgerTables(ctx.tx)
    .selectFrom('unit')
    .select(['id', 'name', 'uscc'])
    .where('county_code', '=', countyCode)
    .where('uscc', '=', uscc)
    .where('withdrawn_at', 'is', null)
    .executeTakeFirst()
  return found ?? null
}

/**
 * Whether a row's code cannot go with the row to a unit (null: a new one), because it belongs to another unit (a branch
 * under its parent's code) or differs from the unit's own. It is then not taken over, and the row says it no longer.
 */
export function isForeign(uscc: string | undefined, unit: Coded | null, holder: Coded | null): boolean {
  if (!uscc) return false
  if (holder && holder.id !== unit?.id) return true
  return unit !== null && unit.uscc !== null && unit.uscc !== uscc
}
