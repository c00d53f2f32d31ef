import { Problem } from '../base/problem.ts'
import type { Context } from '../host/context.ts'
import { sm3 } from '../host/crypto.ts'
import { attempted, forgetFailures } from './lockout.ts'
import { hashPassword, isOutdated, passwordFits } from './password.ts'
import { acceptCode } from './second-factor.ts'
import { openSession } from './session.ts'
import type { AccountTable, OfficeTables } from './tables.ts'

interface SignInInput {
  account: string
  password: string
  code?: string | undefined
}

/**
 * Signs in. Unknown account, wrong password and an account that has no password yet are one refusal, in words and in time;
 * only who knows the password learns that the account is suspended or that a code is asked for.
 */
export function signIn(input: SignInInput, ctx: Context) {
  const name = input.account.toLowerCase()
  return attempted(ctx, name, async (countFailure) => {
    const office = ctx.tx.withTables<OfficeTables>()
    const account = await office.selectFrom('account').selectAll().where('account', '=', name).executeTakeFirst()
    if (account) ctx.record({ subject: `user:${account.id}` })
    if (!(await passwordFits(account?.password_hash ?? null, input.password)) || !account) {
      countFailure()
      throw new Problem('unauthenticated', '账号或密码不对，请核对后再试。')
    }
    if (account.state !== 'active') throw new Problem('forbidden', '这个账号已停用，请与管理员联系。')
    if (account.totp_confirmed_at) {
      if (!input.code) return { status: 'secondFactor' as const }
      if (!(await acceptCode(ctx, account, input.code))) {
        countFailure()
        throw new Problem('unauthenticated', '动态验证码不对，或已经用过。请等下一个验证码再试。')
      }
    }
    await enter(ctx, account, input.password)
    return { status: 'signedIn' as const }
  })
}

async function enter(ctx: Context, account: AccountTable, password: string): Promise<void> {
  ctx.record({ actor: { userId: account.id, name: account.name } })
  await forgetFailures(ctx, account.account)
  await openSession(ctx, account.id)
  await ctx.tx
    .withTables<OfficeTables>()
    .updateTable('account')
    .set({ last_sign_in_at: ctx.now, ...(await renewedHash(account, password)) })
    .where('id', '=', account.id)
    .execute()
}

async function renewedHash(account: AccountTable, password: string): Promise<{ password_hash?: string }> {
  if (!account.password_hash || !isOutdated(account.password_hash)) return {}
  return { password_hash: await hashPassword(password) }
}

/** Ends the session that the request came with. */
export async function signOut(_input: unknown, ctx: Context) {
  if (ctx.sessionToken) {
    const office = ctx.tx.withTables<OfficeTables>()
    await office.deleteFrom('session').where('token_hash', '=', sm3(ctx.sessionToken)).execute()
  }
  ctx.setSessionToken(null)
  return { done: true as const }
}
