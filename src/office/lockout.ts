import type { Context } from '../host/context.ts'
import { newId } from '../base/ids.ts'
import { Problem } from '../base/problem.ts'
import { hmacSm3 } from '../host/crypto.ts'
import type { OfficeTables } from './tables.ts'

/** Wrong attempts within a quarter of an hour after which nothing is tried for another quarter. */
const attemptsMax = { account: 5, address: 30 } as const
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

// Attempts whose outcome is not written yet, by account hash: of many at once not all may find the count at nought. In
// memory, so the bound holds for each process; what never ended (a crash in between) is dropped after a while.
const underWay = new Map<string, Map<Context, number>>()
const underWayMs = 10_000

function begin(ctx: Context, hash: string): number {
  const attempts = underWay.get(hash) ?? new Map<Context, number>()
  const now = performance.now()
  for (const [other, since] of attempts) if (now - since > underWayMs) attempts.delete(other)
  underWay.set(hash, attempts.set(ctx, now))
  return attempts.size
}

function end(ctx: Context, hash: string): void {
  const attempts = underWay.get(hash)
  attempts?.delete(ctx)
  if (attempts?.size === 0) underWay.delete(hash)
}

/**
 * Runs an attempt to prove who one is, unless the account or the address is locked, known or unknown alike. `attempt` is given
 * what counts it as wrong, which outlives the refusal that must follow. @throws Problem `tooMany`
 */
export async function attempted<T>(
  ctx: Context,
  name: string,
  attempt: (countFailure: () => void) => Promise<T>,
): Promise<T> {
  const hash = accountHash(ctx, name)
  let counted = false
  // Noted before the count is read: an attempt that ends in between is then seen twice, never not at all.
  const others = begin(ctx, hash) - 1
  try {
    await refuseWhenLocked(ctx, name, hash, others)
    return await attempt(() => {
      counted = true
      keepFailure(ctx, hash)
    })
  } finally {
    if (!counted) end(ctx, hash)
  }
}

async function refuseWhenLocked(ctx: Context, name: string, hash: string, others: number): Promise<void> {
  const failures = ctx.tx.withTables<OfficeTables>().selectFrom('sign_in_failure').select('at').orderBy('at', 'desc')
  const fromAddress = await failures.where('address', '=', ctx.request.address).limit(attemptsMax.address).execute()
  const addressLock = lockedUntil(
    fromAddress.map((row) => row.at),
    attemptsMax.address,
    ctx.now,
  )
  const accountLock = (await accountLocks(ctx, [name])).get(name)
  const until = Math.max(accountLock?.getTime() ?? 0, addressLock?.getTime() ?? 0)
  if (until > 0) throw locked(Math.ceil((until - ctx.now.getTime()) / 1000))
  if (others === 0) return
  const recent = await failures
    .where('account_hash', '=', hash)
    .where('at', '>', new Date(ctx.now.getTime() - windowMs))
    .execute()
  if (recent.length + others >= attemptsMax.account) throw locked(1)
}

function locked(seconds: number): Problem {
  const minutes = Math.ceil(seconds / 60)
  return new Problem('tooMany', `失败次数过多，已暂停尝试，请 ${minutes} 分钟后再试，或请管理员重置密码。`, {
    retryAfterSeconds: seconds,
  })
}

function keepFailure(ctx: Context, hash: string): void {
  const row = { id: newId(ctx.now), account_hash: hash, address: ctx.request.address, at: ctx.now }
  ctx.keepIfRefused(async (tx) => {
    const office = tx.withTables<OfficeTables>()
    await office.insertInto('sign_in_failure').values(row).execute()
    const old = new Date(ctx.now.getTime() - 24 * 3_600_000)
    await office.deleteFrom('sign_in_failure').where('at', '<', old).execute()
    end(ctx, hash)
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
