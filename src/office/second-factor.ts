import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { generateSecret, generateURI, verifySync } from 'otplib'
import { Problem } from '../base/problem.ts'
import type { Context } from '../host/context.ts'
import { hmacSm3, seal, unseal } from '../host/crypto.ts'
import { ownAccount, provePassword } from './account.ts'
import { attempted } from './lockout.ts'
import { endSessions, openSession } from './session.ts'
import type { AccountTable, OfficeTables } from './tables.ts'

// RFC 6238 with its usual numbers: SHA-1, 6 digits, 30 seconds, one step either way for clocks that differ.
const stepSeconds = 30
const issuer = '两新党建工作平台'
const recoveryCodeCount = 10
const base32 = 'abcdefghijklmnopqrstuvwxyz234567'

/** Begins binding: a new seed, which counts for nothing until a code of it was typed. */
export async function startSecondFactor(input: { password: string }, ctx: Context) {
  const account = await ownAccount(ctx)
  await provePassword(ctx, account, input.password, 'password')
  if (account.totp_confirmed_at) throw new Problem('conflict', '已绑定动态验证码。要换手机，请先解除再重新绑定。')
  const secret = generateSecret()
  await ctx.tx
    .withTables<OfficeTables>()
    .updateTable('account')
    .set({ totp_secret: seal(ctx.settings.secretKey, sealPurpose(account), secret), totp_last_step: null })
    .where('id', '=', account.id)
    .execute()
  return { secret, uri: generateURI({ issuer, label: account.account, secret }) }
}

/** Ends binding with a first code: recovery codes are shown once, other sessions end, this one goes on under a new id. */
export async function confirmSecondFactor(input: { code: string }, ctx: Context) {
  const account = await ownAccount(ctx)
  if (account.totp_confirmed_at) throw new Problem('conflict', '已绑定动态验证码。')
  if (!account.totp_secret) throw new Problem('conflict', '请先开始绑定，用验证器扫描二维码。')
  if (!(await acceptStep(ctx, account, input.code))) {
    const message = '验证码不对。请核对手机时间是否自动校准，再输入当前显示的 6 位数字。'
    throw new Problem('invalid', message, { fields: [{ path: 'code', message }] })
  }
  const codes = Array.from({ length: recoveryCodeCount }, newRecoveryCode)
  await ctx.tx
    .withTables<OfficeTables>()
    .updateTable('account')
    .set({
      totp_confirmed_at: ctx.now,
      recovery_hashes: codes.map((code) => recoveryHash(ctx, code)),
      updated_at: ctx.now,
    })
    .where('id', '=', account.id)
    .execute()
  await endSessions(ctx.tx, account.id)
  await openSession(ctx, account.id)
  ctx.record({ subject: `user:${account.id}` })
  return { recoveryCodes: codes }
}

/** Unbinds, against the password and a code. Where a role requires a second factor, business waits for the next binding. */
export async function removeSecondFactor(input: { password: string; code: string }, ctx: Context) {
  const account = await ownAccount(ctx)
  await provePassword(ctx, account, input.password, 'password')
  if (!account.totp_confirmed_at) throw new Problem('conflict', '尚未绑定动态验证码。')
  await attempted(ctx, account.account, async (countFailure) => {
    if (await acceptCode(ctx, account, input.code)) return
    countFailure()
    const message = '验证码不对，或已经用过。请等下一个验证码再试。'
    throw new Problem('invalid', message, { fields: [{ path: 'code', message }] })
  })
  await clearSecondFactor(ctx, account.id)
  ctx.record({ subject: `user:${account.id}` })
  return { done: true as const }
}

/** Takes the second factor off an account. */
export async function clearSecondFactor(ctx: Context, accountId: string): Promise<void> {
  await ctx.tx
    .withTables<OfficeTables>()
    .updateTable('account')
    .set({ totp_secret: null, totp_confirmed_at: null, totp_last_step: null, recovery_hashes: [], updated_at: ctx.now })
    .where('id', '=', accountId)
    .execute()
}

/** Whether a dynamic code or a recovery code is right and unused; using it up is part of the answer. */
export async function acceptCode(ctx: Context, account: AccountTable, code: string): Promise<boolean> {
  return /^\d{6}$/.test(code) ? acceptStep(ctx, account, code) : acceptRecovery(ctx, account, code)
}

/** A code stands for a step of the clock; a step is taken once and never an earlier one after it. */
async function acceptStep(ctx: Context, account: AccountTable, code: string): Promise<boolean> {
  const secret = account.totp_secret && unseal(ctx.settings.secretKey, sealPurpose(account), account.totp_secret)
  if (!secret) return false
  const epoch = Math.floor(ctx.now.getTime() / 1000)
  const answer = verifySync({ secret, token: code, epoch, period: stepSeconds, epochTolerance: stepSeconds })
  if (!answer.valid || !('timeStep' in answer)) return false
  const step = answer.timeStep
  const taken = await ctx.tx
    .withTables<OfficeTables>()
    .updateTable('account')
    .set({ totp_last_step: step })
    .where('id', '=', account.id)
    .where((eb) => eb.or([eb('totp_last_step', 'is', null), eb('totp_last_step', '<', step)]))
    .executeTakeFirst()
  return taken.numUpdatedRows === 1n
}

async function acceptRecovery(ctx: Context, account: AccountTable, code: string): Promise<boolean> {
  const hash = recoveryHash(ctx, code)
  const taken = await ctx.tx
    .withTables<OfficeTables>()
    .updateTable('account')
    .set({ recovery_hashes: sql<string[]>`array_remove(recovery_hashes, ${hash})` })
    .where('id', '=', account.id)
    .where(sql<boolean>`${hash} = any (recovery_hashes)`)
    .executeTakeFirst()
  return taken.numUpdatedRows === 1n
}

/** The seed is sealed for its own account, so that no seed can be moved to another. */
function sealPurpose(account: { id: string }): string {
  return `totp:${account.id}`
}

function newRecoveryCode(): string {
  const letters = Array.from(randomBytes(10), (byte) => base32[byte % 32]!).join('')
  return `${letters.slice(0, 5)}-${letters.slice(5)}`
}

function recoveryHash(ctx: Context, code: string): string {
  return hmacSm3(ctx.settings.secretKey, 'recovery', code.toLowerCase().replace('-', ''))
}
