import { newId } from '../base/ids.ts'
import { type Actor, type Context, emptyScope, type Transaction } from '../host/context.ts'
import { newToken, sm3 } from '../host/crypto.ts'
import { accessOf } from './access.ts'
import { officeSettings } from './settings.ts'
import type { OfficeTables } from './tables.ts'

// A request within this of the last one noted is not noted again, so that reading does not write.
const noteAfterMs = 30_000

/** Opens a session under a fresh token and puts it on the answer; whatever session the request came with is over. */
export async function openSession(ctx: Context, accountId: string): Promise<string> {
  const office = ctx.tx.withTables<OfficeTables>()
  if (ctx.sessionToken) await office.deleteFrom('session').where('token_hash', '=', sm3(ctx.sessionToken)).execute()
  await office.deleteFrom('session').where('expires_at', '<', ctx.now).execute()
  const token = newToken()
  const id = newId(ctx.now)
  await office
    .insertInto('session')
    .values({
      id,
      token_hash: sm3(token),
      account_id: accountId,
      address: ctx.request.address,
      user_agent: ctx.request.userAgent.slice(0, 300),
      created_at: ctx.now,
      last_seen_at: ctx.now,
      expires_at: new Date(ctx.now.getTime() + officeSettings().sessionHours * 3_600_000),
    })
    .execute()
  ctx.setSessionToken(token)
  return id
}

/** Ends every session of an account, but for `except`. */
export async function endSessions(tx: Transaction, accountId: string, except?: string): Promise<void> {
  let query = tx.withTables<OfficeTables>().deleteFrom('session').where('account_id', '=', accountId)
  if (except) query = query.where('id', '!=', except)
  await query.execute()
}

/**
 * Who a session token belongs to, with permissions and scope as they are at this moment; null when the session is over,
 * unknown, or its account is not in use. `attended: false` (a page refreshing itself) does not count as use.
 */
export async function authenticate(
  tx: Transaction,
  token: string,
  now: Date,
  { attended = true }: { attended?: boolean } = {},
): Promise<Actor | null> {
  const office = tx.withTables<OfficeTables>()
  const row = await office
    .selectFrom('session')
    .select(['id', 'account_id', 'last_seen_at'])
    .where('token_hash', '=', sm3(token))
    .where('expires_at', '>', now)
    .where('last_seen_at', '>', new Date(now.getTime() - officeSettings().idleMinutes * 60_000))
    .executeTakeFirst()
  if (!row) return null
  const actor = await actorOf(tx, row.account_id, now)
  if (!actor) return null
  if (attended && now.getTime() - row.last_seen_at.getTime() >= noteAfterMs) {
    await office.updateTable('session').set({ last_seen_at: now }).where('id', '=', row.id).execute()
  }
  return { ...actor, sessionId: row.id }
}

const day = 86_400_000

/** An account as an actor without a session, for jobs that run on its behalf; null when it is not in use. */
export async function actorOf(tx: Transaction, accountId: string, now: Date): Promise<Actor | null> {
  const account = await tx
    .withTables<OfficeTables>()
    .selectFrom('account')
    .select(['id', 'name', 'password_set_at', 'totp_confirmed_at'])
    .where('id', '=', accountId)
    .where('state', '=', 'active')
    .executeTakeFirst()
  if (!account) return null
  const access = await accessOf(tx, accountId)
  const owes = isExpired(account.password_set_at, now)
    ? `密码已用满 ${officeSettings().passwordDays} 天，请先修改密码，再办理业务。`
    : access.secondFactorRequired && !account.totp_confirmed_at
      ? '您的角色要求绑定动态验证码，请先绑定，再办理业务。'
      : undefined
  const actor = { userId: account.id, name: account.name, sessionId: null }
  // The pipeline refuses whoever owes something; should a way past it be found, there is nothing to be had.
  if (owes) return { ...actor, permissions: new Set(), scope: emptyScope, owes }
  return { ...actor, permissions: access.permissions, scope: await access.scope() }
}

/** Whether a password is so old that it must be changed. */
export function isExpired(setAt: Date | null, now: Date): boolean {
  const days = officeSettings().passwordDays
  return days > 0 && setAt !== null && now.getTime() - setAt.getTime() >= days * day
}
