import { notFound, Problem } from '../base/problem.ts'
import type { Context } from '../host/context.ts'
import { accessOf } from './access.ts'
import { attempted } from './lockout.ts'
import { newPassword, passwordFits } from './password.ts'
import { regionNames } from './regions.ts'
import { endSessions, isExpired, openSession } from './session.ts'
import { officeSettings } from './settings.ts'
import type { AccountTable, OfficeTables } from './tables.ts'

const countiesShownMax = 200

/** The account of the person who asks. @throws Problem `unauthenticated` on the command line. */
export async function ownAccount(ctx: Context): Promise<AccountTable> {
  const account = ctx.actor.userId
    ? await ctx.tx
        .withTables<OfficeTables>()
        .selectFrom('account')
        .selectAll()
        .where('id', '=', ctx.actor.userId)
        .executeTakeFirst()
    : undefined
  if (!account) throw new Problem('unauthenticated', '请先登录。')
  return account
}

/** Asks for the password again before something grave; wrong ones count as at sign-in. @throws Problem on the field `path` */
export function provePassword(ctx: Context, account: AccountTable, password: string, path: string): Promise<void> {
  return attempted(ctx, account.account, async (countFailure) => {
    if (await passwordFits(account.password_hash, password)) return
    countFailure()
    throw new Problem('invalid', '密码不对，请重新输入。', { fields: [{ path, message: '密码不对，请重新输入。' }] })
  })
}

/** Who is signed in, what they may do, where, and what they still owe. */
export async function me(_input: unknown, ctx: Context) {
  const account = await ownAccount(ctx)
  const { grants, secondFactorRequired } = await accessOf(ctx.tx, account.id)
  const counties = ctx.actor.scope.counties.slice(0, countiesShownMax)
  const names = await regionNames(ctx.tx, [...counties, ...grants.map((grant) => grant.code)])
  const named = (code: string) => ({ code, name: names.get(code)?.name ?? code })
  const given = grants.filter((grant) => !grant.excluded)
  return {
    id: account.id,
    account: account.account,
    name: account.name,
    permissions: [...ctx.actor.permissions].sort(),
    regions: given.map(({ code }) => ({ ...named(code), level: names.get(code)?.level ?? ('county' as const) })),
    excludedRegions: grants.filter((grant) => grant.excluded).map(({ code }) => named(code)),
    counties: counties.map(named),
    secondFactor: account.totp_confirmed_at
      ? ('on' as const)
      : secondFactorRequired
        ? ('required' as const)
        : ('off' as const),
    passwordExpired: isExpired(account.password_set_at, ctx.now),
    ownerOffice: ctx.settings.ownerOffice,
  }
}

/** Changes one's own password: other sessions end, this one goes on under a new token. */
export async function changePassword(input: { current: string; next: string }, ctx: Context) {
  const account = await ownAccount(ctx)
  await provePassword(ctx, account, input.current, 'current')
  const columns = await newPassword(account, input.next, 'next')
  await ctx.tx
    .withTables<OfficeTables>()
    .updateTable('account')
    .set({ ...columns, password_set_at: ctx.now, updated_at: ctx.now })
    .where('id', '=', account.id)
    .execute()
  await endSessions(ctx.tx, account.id)
  await openSession(ctx, account.id)
  ctx.record({ subject: `user:${account.id}` })
  return { done: true as const }
}

/** One's own sessions, latest used first. */
export async function listSessions(_input: unknown, ctx: Context) {
  const account = await ownAccount(ctx)
  const rows = await ctx.tx
    .withTables<OfficeTables>()
    .selectFrom('session')
    .select(['id', 'address', 'user_agent', 'created_at', 'last_seen_at'])
    .where('account_id', '=', account.id)
    .where('expires_at', '>', ctx.now)
    .where('last_seen_at', '>', new Date(ctx.now.getTime() - officeSettings().idleMinutes * 60_000))
    .orderBy('last_seen_at', 'desc')
    .execute()
  return {
    rows: rows.map((row) => ({
      id: row.id,
      current: row.id === ctx.actor.sessionId,
      address: row.address,
      userAgent: row.user_agent,
      createdAt: row.created_at.toISOString(),
      lastSeenAt: row.last_seen_at.toISOString(),
    })),
  }
}

/** Ends one of one's own sessions. @throws Problem `notFound` for anybody else's */
export async function endSession(input: { id: string }, ctx: Context) {
  const account = await ownAccount(ctx)
  const ended = await ctx.tx
    .withTables<OfficeTables>()
    .deleteFrom('session')
    .where('id', '=', input.id)
    .where('account_id', '=', account.id)
    .executeTakeFirst()
  if (ended.numDeletedRows === 0n) throw notFound('处登录')
  if (input.id === ctx.actor.sessionId) ctx.setSessionToken(null)
  return { done: true as const }
}
