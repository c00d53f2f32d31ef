import { sql } from 'kysely'
import type { Context } from '../host/context.ts'
import { linkageTables } from './queue.ts'

/** For how long an opened row is kept for whoever opened it. */
export const claimMinutes = 10

interface Held {
  county_code: string
  id: string
  claimed_by: string | null
  claimed_by_name: string | null
  claimed_until: Date | null
}

/** Who else holds a row now; null when nobody does, or the actor. */
export function heldByOther(ctx: Context, item: Held): string | null {
  if (!item.claimed_until || item.claimed_until <= ctx.now) return null
  return item.claimed_by === ctx.actor.userId ? null : (item.claimed_by_name ?? '别人')
}

/** Keeps a row for the actor unless another holds it; answers who holds it then. */
export async function claim(ctx: Context, item: Held): Promise<{ mine: boolean; by: string | null; until: Date }> {
  const until = new Date(ctx.now.getTime() + claimMinutes * 60_000)
  const taken = await linkageTables(ctx)
    .updateTable('queue_item')
    .set({ claimed_by: ctx.actor.userId, claimed_by_name: ctx.actor.name, claimed_until: until })
    .where('county_code', '=', item.county_code)
    .where('id', '=', item.id)
    .where('state', 'in', ['open', 'later'])
    .where((eb) =>
      eb.or([
        eb('claimed_until', 'is', null),
        eb('claimed_until', '<=', ctx.now),
        sql<boolean>`claimed_by is not distinct from ${ctx.actor.userId}::uuid`,
      ]),
    )
    .executeTakeFirst()
  if (taken.numUpdatedRows > 0n) return { mine: true, by: ctx.actor.name, until }
  return { mine: false, by: item.claimed_by_name, until: item.claimed_until ?? until }
}

/** Gives a row back before its time. */
export async function release(ctx: Context, item: Held): Promise<void> {
  await linkageTables(ctx)
    .updateTable('queue_item')
    .set({ claimed_by: null, claimed_by_name: null, claimed_until: null })
    .where('county_code', '=', item.county_code)
    .where('id', '=', item.id)
    .where(sql<boolean>`claimed_by is not distinct from ${ctx.actor.userId}::uuid`)
    .execute()
}
