import type { Context } from '../host/context.ts'
import { seesAll } from './county-lock.ts'
import { writeKeys } from './link-keys.ts'
import { typedRows } from './neighbours.ts'
import { linkageTables } from './queue.ts'

// A transaction that began before the last look may have committed after it.
const overlapMs = 10 * 60_000

/** Notes the keys of units that people typed or corrected since linking last looked. */
export async function keyTyped(ctx: Context, countyCode: string, until: Date | null): Promise<void> {
  const since = until === null ? new Date(0) : new Date(until.getTime() - overlapMs)
  const recent = await typedRows(ctx, countyCode, null, since)
  const units = recent.map((row) => row.id)
  // All that was typed of them makes the keys, not only what is new.
  const typed = units.length > 0 ? await typedRows(ctx, countyCode, units) : []
  await writeKeys(ctx, countyCode, typed)
  // Who sees only some townships has not looked at the others.
  if (!seesAll(ctx)) return
  await linkageTables(ctx)
    .updateTable('link_state')
    .set({ keyed_until: ctx.now })
    .where('county_code', '=', countyCode)
    .execute()
}
