import type { Context } from '../host/context.ts'
import { newId } from '../base/ids.ts'
import { Problem } from '../base/problem.ts'
import { hmacSm3 } from '../host/crypto.ts'
import type { OfficeTables } from './tables.ts'

/** Wrong attempts within a quarter of an hour after which nothing is tried for another quarter. */
export const attemptsMax = { account: 5, address: 30 } as const
const windowMs = 15 * 60_000

/** What is kept of an account's name as typed. */
function accountHash(ctx: Context, name: string): string {
  return hmacSm3(ctx.settings.secretKey, 'sign-in', name)
}

/** The end of a lock, from the times of wrong attempts, latest first; null where there is none now. */
export function lockedUntil(attempts: readonly Date[], max: number, now: Date): Date | null {
  const [latest, first] = [attempts[0], attempts[max - 1]]
  if (!latest || !first || latest.getTime() - first.getTime() > windowMs) return null
  const until = new Date(latest.getTime() + windowMs)
  return until > now ? until : null
}

/** Ends of the locks of several accounts, by account name. */
export async function accountLocks(ctx: Context, names: readonly string[]): Promise<Map<string, Date>> {
  const byHash = new Map(names.map((name) => [accountHash(ctx, name), name]))
  if (byHash.size === 0) return new Map()
  const rows = await ctx.tx
    .withTables<OfficeTables>()
    .selectFrom('sign_in_failure')
    .select(['account_hash', 'at'])
    .where('account_hash', 'in', [...byHash.keys()])
    .where('at', '>', new Date(ctx.now.getTime() - 2 * windowMs))
    .orderBy('at', 'desc')
    .execute()
  const locks = new Map<string, Date>()
  for (const [hash, failures] of Map.groupBy(rows, (row) => row.account_hash)) {
    const until = lockedUntil(
      failures.map((row) => row.at),
      attemptsMax.account,
      ctx.now,
    )
    if (until) locks.set(byHash.get(hash)!, until)
  }
  return locks
}

/** Refuses an attempt while the account or the address is locked, known or unknown alike. @throws Problem `tooMany` */
export async function refuseWhenLocked(ctx: Context, name: string): Promise<void> {
  const locks = await accountLocks(ctx, [name])
  const failures = await ctx.tx
    .withTables<OfficeTables>()
    .selectFrom('sign_in_failure')
    .select('at')
    .where('address', '=', ctx.request.address)
    .orderBy('at', 'desc')
    .limit(attemptsMax.address)
    .execute()
  const fromAddress = lockedUntil(
    failures.map((row) => row.at),
    attemptsMax.address,
    ctx.now,
  )
  const until = Math.max(locks.get(name)?.getTime() ?? 0, fromAddress?.getTime() ?? 0)
  if (until === 0) return
  const seconds = Math.ceil((until - ctx.now.getTime()) / 1000)
  const minutes = Math.ceil(seconds / 60)
  throw new Problem('tooMany', `失败次数过多，已暂停尝试，请 ${minutes} 分钟后再试，或请管理员重置密码。`, {
    retryAfterSeconds: seconds,
  })
}

/** Counts a wrong attempt; it outlives the refusal that follows. */
export function countFailure(ctx: Context, name: string): void {
  const row = { id: newId(ctx.now), account_hash: accountHash(ctx, name), address: ctx.request.address, at: ctx.now }
  ctx.keepIfRefused(async (tx) => {
    const office = tx.withTables<OfficeTables>()
    await office.insertInto('sign_in_failure').values(row).execute()
    const old = new Date(ctx.now.getTime() - 24 * 3_600_000)
    await office.deleteFrom('sign_in_failure').where('at', '<', old).execute()
  })
}

/** Forgets the wrong attempts of an account: it has signed in, or an administrator has reset it. */
export async function forgetFailures(ctx: Context, name: string): Promise<void> {
  await ctx.tx
    .withTables<OfficeTables>()
    .deleteFrom('sign_in_failure')
    .where('account_hash', '=', accountHash(ctx, name))
    .execute()
}
