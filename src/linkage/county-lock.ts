import type { Context } from '../host/context.ts'
import { makeKeys } from './link-keys.ts'
import { linkageTables } from './queue.ts'

/**
 * The county's state, locked until the transaction ends: links of one county change one transaction at a time. The keys by
 * which its rows find each other are there then.
 */
export async function lockCounty(ctx: Context, countyCode: string) {
  const tables = linkageTables(ctx)
  const read = () =>
    tables.selectFrom('link_state').selectAll().where('county_code', '=', countyCode).forUpdate().executeTakeFirst()
  let found = await read()
  if (!found) {
    await tables
      .insertInto('link_state')
      .values({ county_code: countyCode, keyed_until: null, model_version: 0, keys_version: 0 })
      .onConflict((conflict) => conflict.column('county_code').doNothing())
      .execute()
    found = (await read())!
  }
  await makeKeys(ctx, countyCode, found.keys_version)
  return found
}
