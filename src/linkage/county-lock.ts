import { notFound, Problem } from '../base/problem.ts'
import type { Context } from '../host/context.ts'
import { keysVersion, makeKeys } from './link-keys.ts'
import { linkageTables } from './queue.ts'

/** Whether the actor's transactions see all of their counties: row security hides no township. */
export const seesAll = (ctx: Context) => ctx.actor.scope.areas === '*'

/** @throws Problem('notFound') when the county is not the actor's, Problem('forbidden') when only some of its townships are. */
export function requireCounty(ctx: Context, countyCode: string): void {
  if (!ctx.actor.scope.counties.includes(countyCode)) throw notFound('个县')
  if (!seesAll(ctx)) throw new Problem('forbidden', '比对全县一起进行，请由管理全县的账号办理。')
}

/**
 * The county's state, locked until the transaction ends: links of one county change one transaction at a time, and each
 * counts. The keys by which its rows find each other are there then. @throws Problem('unavailable') where they are still to be
 * made, and the actor sees only a part of the rows.
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
  if (found.keys_version !== keysVersion) {
    if (!seesAll(ctx)) throw new Problem('unavailable', '正在准备比对用的索引，请过几分钟再试。')
    await makeKeys(ctx, countyCode)
  }
  return found
}
