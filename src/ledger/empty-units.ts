import { sql } from 'kysely'
import type { Context } from '../host/context.ts'
import { ledgerTables } from './units.ts'

/**
 * Units without a fact are withdrawn with a word; without one (null) they go, but for those on which people's notes, files or
 * places hang: these are withdrawn, with what is said then (`kept`).
 */
export async function leaveEmpty(
  ctx: Pick<Context, 'tx' | 'now'>,
  countyCode: string,
  ids: readonly string[],
  reason: string | null,
  kept = '来源行都已归到别的单位',
): Promise<void> {
  if (ids.length === 0) return
  if (reason === null) {
    await sql`
      delete from unit u where u.county_code = ${countyCode} and u.id = any (${ids}::uuid[])
        and not exists (select from unit_note n where n.county_code = ${countyCode} and n.unit_id = u.id)
        and not exists (select from unit_attachment a where a.county_code = ${countyCode} and a.unit_id = u.id)
        and not exists (select from unit_place p where p.county_code = ${countyCode} and p.unit_id = u.id)`.execute(
      ctx.tx,
    )
  }
  await withdraw(ctx, countyCode, ids, reason ?? kept)
}

/** Withdraws units, with a word why. */
export async function withdraw(
  ctx: Pick<Context, 'tx' | 'now'>,
  countyCode: string,
  ids: readonly string[],
  reason: string,
): Promise<void> {
  await ledgerTables(ctx.tx)
    .updateTable('unit')
    .set({ withdrawn_at: ctx.now, withdrawn_reason: reason })
    .where('county_code', '=', countyCode)
    .where(sql<boolean>`id = any (${ids}::uuid[])`)
    .execute()
}
