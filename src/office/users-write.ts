import { Problem } from '../base/problem.ts'
import { pinyinFull } from '../base/chinese.ts'
import type { Context } from '../host/context.ts'
import { seal } from '../host/crypto.ts'
import {
  giveRegions,
  giveRoles,
  manageableAccount,
  requireManagerLeft,
  requireRegions,
  requireRoles,
} from './grants.ts'
import { insertAccount, makeLink } from './links.ts'
import { forgetFailures } from './lockout.ts'
import { passwordsRemembered } from './password-rules.ts'
import type { Grant } from './scope.ts'
import { clearSecondFactor } from './second-factor.ts'
import { endSessions } from './session.ts'
import type { OfficeTables } from './tables.ts'
import { phonePurpose } from './users.ts'

interface UserInput {
  name: string
  phone: string | null
  roleIds: string[]
  regions: string[]
  excludedRegions: string[]
}

const done = { done: true } as const

/** Makes an account within the actor's own rights and regions; its owner sets the password through the link. */
export async function createUser(input: UserInput & { account: string }, ctx: Context) {
  const grants = grantsIn(input)
  await requireRoles(ctx, input.roleIds)
  await requireRegions(ctx, grants)
  const account = await insertAccount(ctx, {
    account: input.account,
    name: input.name,
    phoneSealed: sealedPhone(ctx, input.phone),
  })
  await giveRoles(ctx.tx, account.id, input.roleIds)
  await giveRegions(ctx.tx, account.id, grants)
  const link = await makeLink(ctx, 'invite', account.id)
  ctx.record({ subject: `user:${account.id}`, after: summary(input) })
  return { id: account.id, link }
}

/** Changes name, roles and regions; a telephone number left empty stays as it is. */
export async function updateUser(input: UserInput & { id: string }, ctx: Context) {
  const account = await manageableAccount(ctx, input.id)
  const grants = grantsIn(input)
  await requireRoles(ctx, input.roleIds)
  await requireRegions(ctx, grants)
  const phone = input.phone === null ? {} : { phone_sealed: sealedPhone(ctx, input.phone) }
  await ctx.tx
    .withTables<OfficeTables>()
    .updateTable('account')
    .set({ name: input.name, sort_key: pinyinFull(input.name), ...phone, updated_at: ctx.now })
    .where('id', '=', account.id)
    .execute()
  await giveRoles(ctx.tx, account.id, input.roleIds)
  await giveRegions(ctx.tx, account.id, grants)
  await requireManagerLeft(ctx.tx)
  ctx.record({ subject: `user:${account.id}`, after: summary(input) })
  return done
}

/** Takes the password away at once and makes a link to set another; sessions end, locks are lifted. */
export async function resetUser(input: { id: string; secondFactor: boolean }, ctx: Context) {
  refuseSelf(ctx, input.id, '请在“我的账号”中修改自己的密码。')
  const account = await manageableAccount(ctx, input.id)
  if (account.state === 'suspended') throw new Problem('conflict', '该账号已停用，请先恢复，再重置密码。')
  const earlier = [...(account.password_hash ? [account.password_hash] : []), ...account.earlier_hashes]
  await ctx.tx
    .withTables<OfficeTables>()
    .updateTable('account')
    .set({ password_hash: null, earlier_hashes: earlier.slice(0, passwordsRemembered), updated_at: ctx.now })
    .where('id', '=', account.id)
    .execute()
  if (input.secondFactor) await clearSecondFactor(ctx, account.id)
  await endSessions(ctx.tx, account.id)
  await forgetFailures(ctx, account.account)
  const link = await makeLink(ctx, account.state === 'invited' ? 'invite' : 'reset', account.id)
  ctx.record({ subject: `user:${account.id}`, after: { secondFactorRemoved: input.secondFactor } })
  return { link }
}

/** Suspends an account: its sessions and links end with this command. */
export async function suspendUser(input: { id: string; reason: string }, ctx: Context) {
  refuseSelf(ctx, input.id, '不能停用自己的账号，请由另一位管理员办理。')
  const account = await manageableAccount(ctx, input.id)
  const office = ctx.tx.withTables<OfficeTables>()
  await office
    .updateTable('account')
    .set({ state: 'suspended', state_reason: input.reason, updated_at: ctx.now })
    .where('id', '=', account.id)
    .execute()
  await office.deleteFrom('account_link').where('account_id', '=', account.id).execute()
  await endSessions(ctx.tx, account.id)
  await requireManagerLeft(ctx.tx)
  ctx.record({
    subject: `user:${account.id}`,
    before: { state: account.state },
    after: { state: 'suspended' },
    purpose: input.reason,
  })
  return done
}

/** Takes an account back into use; without a password it waits for a new link. */
export async function resumeUser(input: { id: string }, ctx: Context) {
  const account = await manageableAccount(ctx, input.id)
  if (account.state !== 'suspended') throw new Problem('conflict', '该账号没有停用，无须恢复。')
  const state = account.password_hash ? 'active' : 'invited'
  await ctx.tx
    .withTables<OfficeTables>()
    .updateTable('account')
    .set({ state, state_reason: null, updated_at: ctx.now })
    .where('id', '=', account.id)
    .execute()
  ctx.record({ subject: `user:${account.id}`, before: { state: 'suspended' }, after: { state } })
  return done
}

function refuseSelf(ctx: Context, id: string, sentence: string): void {
  if (ctx.actor.userId === id) throw new Problem('conflict', sentence)
}

function grantsIn(input: UserInput): Grant[] {
  return [
    ...input.regions.map((code) => ({ code, excluded: false })),
    ...input.excludedRegions.map((code) => ({ code, excluded: true })),
  ]
}

function sealedPhone(ctx: Context, phone: string | null): string | null {
  return phone ? seal(ctx.settings.secretKey, phonePurpose, phone) : null
}

/** What the journal keeps: never the telephone number. */
function summary(input: UserInput) {
  return { name: input.name, roleIds: input.roleIds, regions: input.regions, excludedRegions: input.excludedRegions }
}
