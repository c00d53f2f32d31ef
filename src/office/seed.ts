import { Problem } from '../base/problem.ts'
import { type Context, emptyScope } from '../host/context.ts'
import { type Database, scoped } from '../host/database.ts'
import { giveRegions, giveRoles, requireRegions, requireRoles } from './grants.ts'
import { insertAccount, makeLink } from './links.ts'
import { newPassword } from './password.ts'
import { loadShippedRegions } from './regions-load.ts'
import { seedRoles } from './roles.ts'
import type { OfficeTables } from './tables.ts'

/** At every start, after migration: the national regions once (and when a newer list is shipped), the built-in roles. */
export async function seedOffice(database: Database, now: Date): Promise<void> {
  await scoped(database, emptyScope, async (tx) => {
    await loadShippedRegions(tx)
    await seedRoles(tx, now)
  })
}

/** An account as the command line names it. */
export interface CommandUser {
  account: string
  name: string
  /** Names of roles, e.g. 台账专员. */
  roles: readonly string[]
  /** Region codes, 12 digits. */
  regions: readonly string[]
  excludedRegions?: readonly string[]
  /** Set at once (the rules for passwords hold); without it a one-time link is made. */
  password?: string | undefined
}

/** Makes an account from the command line. `link` is null when a password was given. @throws Problem */
export async function createUserFromCommand(
  ctx: Context,
  user: CommandUser,
): Promise<{ id: string; link: string | null }> {
  const office = ctx.tx.withTables<OfficeTables>()
  const known = await office.selectFrom('role').select(['id', 'name']).where('name', 'in', user.roles).execute()
  const missing = user.roles.filter((name) => !known.some((role) => role.name === name))
  if (missing.length > 0) throw new Problem('notFound', `没有名为 ${missing.join('、')} 的角色。`)
  const roleIds = known.map((role) => role.id)
  const grants = [
    ...user.regions.map((code) => ({ code, excluded: false })),
    ...(user.excludedRegions ?? []).map((code) => ({ code, excluded: true })),
  ]
  await requireRoles(ctx, roleIds)
  await requireRegions(ctx, grants)
  const account = await insertAccount(ctx, { account: user.account.toLowerCase(), name: user.name, phoneSealed: null })
  await giveRoles(ctx.tx, account.id, roleIds)
  await giveRegions(ctx.tx, account.id, grants)
  ctx.record({
    subject: `user:${account.id}`,
    after: { account: user.account, roles: user.roles, regions: user.regions },
  })
  if (user.password === undefined) return { id: account.id, link: await makeLink(ctx, 'invite', account.id) }
  await office
    .updateTable('account')
    .set({ ...(await newPassword(account, user.password, 'password')), state: 'active', password_set_at: ctx.now })
    .where('id', '=', account.id)
    .execute()
  return { id: account.id, link: null }
}
