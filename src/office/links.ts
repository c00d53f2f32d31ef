import { newId } from '../base/ids.ts'
import { pinyinFull } from '../base/chinese.ts'
import { notFound, Problem } from '../base/problem.ts'
import type { Context, Transaction } from '../host/context.ts'
import { newToken, sm3 } from '../host/crypto.ts'
import { giveRegions, giveRoles } from './grants.ts'
import { forgetFailures } from './lockout.ts'
import { newPassword } from './password.ts'
import { endSessions, openSession } from './session.ts'
import { officeSettings } from './settings.ts'
import type { AccountLinkTable, AccountTable, OfficeTables } from './tables.ts'

type Purpose = AccountLinkTable['purpose']

const hoursValid: Record<Purpose, number> = { setUp: 24, invite: 72, reset: 72 }

/** Makes a one-time link and returns its address, `…/set-up?token=…`; earlier links of the same account stop working. */
export async function makeLink(
  { tx, now, settings }: Pick<Context, 'tx' | 'now' | 'settings'>,
  purpose: Purpose,
  accountId: string | null,
): Promise<string> {
  const office = tx.withTables<OfficeTables>()
  await office
    .deleteFrom('account_link')
    .where('account_id', accountId === null ? 'is' : '=', accountId)
    .execute()
  const token = newToken()
  await office
    .insertInto('account_link')
    .values({
      token_hash: sm3(token),
      purpose,
      account_id: accountId,
      created_at: now,
      expires_at: new Date(now.getTime() + hoursValid[purpose] * 3_600_000),
      used_at: null,
    })
    .execute()
  return `${settings.origin}/set-up?token=${token}`
}

/**
 * A fresh set-up link while no account exists, else null. Each start makes a new one, and the one before stops working; it is
 * printed once and kept only as a hash.
 */
export async function setUpLink(ctx: Pick<Context, 'tx' | 'now' | 'settings'>): Promise<string | null> {
  return (await anyAccount(ctx.tx)) ? null : makeLink(ctx, 'setUp', null)
}

async function anyAccount(tx: Transaction): Promise<boolean> {
  const first = await tx.withTables<OfficeTables>().selectFrom('account').select('id').limit(1).executeTakeFirst()
  return first !== undefined
}

/** Whether the platform still waits for its first account. */
export async function setUpState(_input: unknown, ctx: Context) {
  return { needed: !(await anyAccount(ctx.tx)) }
}

/** Whose link this is and how long it works. @throws Problem `notFound` for one that is unknown, used or too old */
export async function linkState(input: { token: string }, ctx: Context) {
  const link = await ctx.tx
    .withTables<OfficeTables>()
    .selectFrom('account_link')
    .leftJoin('account', 'account.id', 'account_link.account_id')
    .select(['purpose', 'expires_at', 'account.account', 'account.name'])
    .where('token_hash', '=', sm3(input.token))
    .where('used_at', 'is', null)
    .where('expires_at', '>', ctx.now)
    .executeTakeFirst()
  if (!link) throw deadLink()
  return { purpose: link.purpose, account: link.account, name: link.name, expiresAt: link.expires_at.toISOString() }
}

interface AcceptInput {
  token: string
  account?: string | undefined
  name?: string | undefined
  password: string
}

/** Sets a password through a one-time link and signs in, unless the account also has a second factor to show. */
export async function acceptLink(input: AcceptInput, ctx: Context) {
  const office = ctx.tx.withTables<OfficeTables>()
  const link = await office
    .updateTable('account_link')
    .set({ used_at: ctx.now })
    .where('token_hash', '=', sm3(input.token))
    .where('used_at', 'is', null)
    .where('expires_at', '>', ctx.now)
    .returning(['purpose', 'account_id'])
    .executeTakeFirst()
  if (!link) throw deadLink()
  const account = link.account_id ? await heldAccount(ctx, link.account_id) : await firstAccount(ctx, input)
  const columns = await newPassword(account, input.password, 'password')
  await office
    .updateTable('account')
    .set({ ...columns, state: 'active', password_set_at: ctx.now, updated_at: ctx.now })
    .where('id', '=', account.id)
    .execute()
  await endSessions(ctx.tx, account.id)
  await forgetFailures(ctx, account.account)
  ctx.record({
    actor: { userId: account.id, name: account.name },
    subject: `user:${account.id}`,
    after: { purpose: link.purpose },
  })
  if (account.totp_confirmed_at) return { status: 'secondFactor' as const }
  await openSession(ctx, account.id)
  await office.updateTable('account').set({ last_sign_in_at: ctx.now }).where('id', '=', account.id).execute()
  return { status: 'signedIn' as const }
}

function deadLink(): Problem {
  return new Problem('notFound', '链接无效、已用过或已过期。请向管理员要一个新链接；初始设置请重新启动平台取得。')
}

async function heldAccount(ctx: Context, id: string): Promise<AccountTable> {
  const office = ctx.tx.withTables<OfficeTables>()
  const account = await office.selectFrom('account').selectAll().where('id', '=', id).executeTakeFirst()
  if (!account) throw notFound('个用户')
  if (account.state === 'suspended') throw new Problem('forbidden', '这个账号已停用，请与管理员联系。')
  return account
}

/** The first account: every built-in role, the regions of the setting (the whole country unless told otherwise). */
async function firstAccount(ctx: Context, input: AcceptInput): Promise<AccountTable> {
  if (await anyAccount(ctx.tx)) throw new Problem('conflict', '平台已有账号，初始设置链接不再有效，请登录。')
  const missing = (['account', 'name'] as const).filter((path) => !input[path])
  if (missing.length > 0) {
    const fields = missing.map((path) => ({ path, message: path === 'account' ? '请填写账号' : '请填写姓名' }))
    throw new Problem('invalid', '请填写账号和姓名。', { fields })
  }
  const account = await insertAccount(ctx, { account: input.account!, name: input.name!, phoneSealed: null })
  const roles = await ctx.tx
    .withTables<OfficeTables>()
    .selectFrom('role')
    .select('id')
    .where('built_in', '=', true)
    .execute()
  await giveRoles(
    ctx.tx,
    account.id,
    roles.map((role) => role.id),
  )
  await giveRegions(
    ctx.tx,
    account.id,
    officeSettings().setUpRegions.map((code) => ({ code, excluded: false })),
  )
  return account
}

/** A new account, invited and without a password. @throws Problem `conflict` when the name is taken */
export async function insertAccount(
  ctx: Pick<Context, 'tx' | 'now'>,
  values: { account: string; name: string; phoneSealed: string | null; id?: string },
): Promise<AccountTable> {
  const account = await ctx.tx
    .withTables<OfficeTables>()
    .insertInto('account')
    .values({
      id: values.id ?? newId(ctx.now),
      account: values.account,
      name: values.name,
      sort_key: pinyinFull(values.name),
      phone_sealed: values.phoneSealed,
      state: 'invited',
      earlier_hashes: [],
      recovery_hashes: [],
      created_at: ctx.now,
      updated_at: ctx.now,
    } as never)
    .onConflict((conflict) => conflict.column('account').doNothing())
    .returningAll()
    .executeTakeFirst()
  if (account) return account
  const message = `账号“${values.account}”已有人使用，请换一个。`
  throw new Problem('conflict', message, { fields: [{ path: 'account', message }] })
}
