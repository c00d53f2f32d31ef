import type { Context } from '../host/context.ts'
import { makeKeys } from './link-keys.ts'
import { linkageTables } from './queue.ts'

/**
 * The county's state, locked until the transaction ends: links of one county change one transaction at a time, and each
 * counts. The keys by which its rows find each other are there then.
 */
export async function lockCounty(ctx: Context, countyCode: string) {
  const found = await linkageTables(ctx)
    .insertInto('link_state')
    .values({ county_code: countyCode, keyed_until: null, model_version: 0, keys_version: 0, changes: 1 })
    .onConflict((conflict) =>
      conflict.column('county_code').doUpdateSet((eb) => ({ changes: eb('link_state.changes', '+', 1) })),
    )
    .returningAll()
    .executeTakeFirstOrThrow()
  await makeKeys(ctx, countyCode, found.keys_version)
  return found
}
