import { type RawBuilder, sql } from 'kysely'
import { countryCode, level, prefixOf } from '../base/region.ts'
import { notFound, Problem } from '../base/problem.ts'
import type { Context, Transaction } from '../host/context.ts'
import { accessOf, grantsOf, scopeOf } from './access.ts'
import { regionNames } from './regions.ts'
import { coversCountry, coversGrants, type Grant, isGranted } from './scope.ts'
import { officeSettings } from './settings.ts'
import type { AccountTable, OfficeTables } from './tables.ts'

// A scope that lists areas is compared row by row; beyond a province's worth of townships that is too slow.
const areasMax = 4_000

/** The region grants of whoever acts; on the command line, which has no account, the whole country. */
export async function ownGrants(ctx: Context): Promise<Grant[]> {
  return ctx.actor.userId ? grantsOf(ctx.tx, ctx.actor.userId) : [{ code: countryCode, excluded: false }]
}

/**
 * Whether a row of `account` lies wholly within grants: nothing is given to it that they do not give, and something is given.
 * An account without regions is seen by who looks after the whole country, and every account by itself.
 */
export function isVisible(own: readonly Grant[], selfId: string | null): RawBuilder<boolean> {
  const narrowestFirst = [...own].sort((a, b) => prefixOf(b.code).length - prefixOf(a.code).length)
  const branches = narrowestFirst.map(
    ({ code, excluded }) => sql`when starts_with(r.region_code, ${prefixOf(code)}) then ${!excluded}`,
  )
  const given = branches.length > 0 ? sql`case ${sql.join(branches, sql` `)} else false end` : sql`false`
  const taken = own
    .filter((grant) => grant.excluded)
    .map(
      ({ code }) => sql`and not coalesce((
      select not r.excluded from account_region r
      where r.account_id = account.id and starts_with(${code}, r.prefix)
      order by length(r.prefix) desc limit 1
    ), false)`,
    )
  const something = coversCountry(own)
    ? sql`true`
    : sql`exists (select from account_region r where r.account_id = account.id and not r.excluded)`
  return sql<boolean>`(account.id = ${selfId}::uuid or (${something}
    and not exists (select from account_region r where r.account_id = account.id and not r.excluded and not ${given})
    ${sql.join(taken, sql` `)}))`
}

/** An account that the actor sees. @throws Problem `notFound` */
export async function visibleAccount(ctx: Context, id: string): Promise<AccountTable> {
  const account = await ctx.tx
    .withTables<OfficeTables>()
    .selectFrom('account')
    .selectAll()
    .where('id', '=', id)
    .where(isVisible(await ownGrants(ctx), ctx.actor.userId))
    .executeTakeFirst()
  if (!account) throw notFound('个用户')
  return account
}

/** An account that the actor sees and that holds no permission the actor lacks: who could reset it could become it. */
export async function manageableAccount(ctx: Context, id: string): Promise<AccountTable> {
  const account = await visibleAccount(ctx, id)
  const lacking = lackingOf(ctx, (await accessOf(ctx.tx, id)).permissions)
  if (lacking.length === 0) return account
  throw new Problem('forbidden', `该用户持有您没有的权限（${titles(lacking)}），请由持有这些权限的管理员办理。`)
}

/** The permissions among `wanted` that the actor lacks. */
export function lackingOf(ctx: Context, wanted: Iterable<string>): string[] {
  return [...wanted].filter((permission) => !ctx.actor.permissions.has(permission))
}

/** Chinese titles of permissions, for a sentence. */
export function titles(permissions: readonly string[]): string {
  const known = new Map(officeSettings().permissions.map((one) => [one.name, one.title]))
  return permissions.map((one) => known.get(one) ?? one).join('、')
}

/** Checks that the actor may give these roles. @throws Problem */
export async function requireRoles(ctx: Context, roleIds: readonly string[]): Promise<void> {
  const roles = await ctx.tx
    .withTables<OfficeTables>()
    .selectFrom('role')
    .select(['id', 'name', 'permissions'])
    .where('id', 'in', roleIds)
    .execute()
  if (roles.length < new Set(roleIds).size) throw notFound('个角色')
  for (const role of roles) {
    const lacking = lackingOf(ctx, role.permissions)
    if (lacking.length === 0) continue
    const message = `角色“${role.name}”含有您没有的权限（${titles(lacking)}），不能授予他人。`
    throw new Problem('forbidden', message, { fields: [{ path: 'roleIds', message }] })
  }
}

/** Checks that regions exist, make sense together, and lie within the actor's own. @throws Problem */
export async function requireRegions(ctx: Context, grants: readonly Grant[]): Promise<void> {
  const own = await ownGrants(ctx)
  const included = grants.filter((grant) => !grant.excluded)
  const names = await regionNames(
    ctx.tx,
    grants.map((grant) => grant.code),
  )
  for (const grant of grants) {
    const problem = grantProblem(grant, names.get(grant.code)?.name, included)
    if (problem) throw refusal('invalid', grant.excluded ? 'excludedRegions' : 'regions', problem)
  }
  if (included.length === 0 && !coversCountry(own)) throw refusal('invalid', 'regions', '请至少选择一个管理的区划。')
  const beyond = included.filter((grant) => !isGranted(own, grant.code))
  if (beyond.length > 0) {
    const list = beyond.map((grant) => names.get(grant.code)?.name).join('、')
    throw refusal('forbidden', 'regions', `${list}不在您自己的管理范围内，不能分给他人。`)
  }
  if (!coversGrants(own, grants)) {
    throw refusal('forbidden', 'excludedRegions', '您自己的管理范围排除了一些下级区划，请同样排除它们。')
  }
  const scope = await scopeOf(ctx.tx, grants)
  if (scope.areas !== '*' && scope.areas.length > areasMax) {
    throw refusal('invalid', 'regions', '选到或排除乡镇街道时，管理范围应在一个省以内。请改为按市、县选择。')
  }
}

function grantProblem(grant: Grant, name: string | undefined, included: readonly Grant[]): string | null {
  if (!name) return `没有代码为 ${grant.code} 的区划，请重新选择。`
  if (level(grant.code) === 'village') return `“${name}”是村（社区），管理范围最细到乡镇街道。`
  if (!grant.excluded) return null
  if (included.some((one) => one.code === grant.code)) return `“${name}”不能既选上又排除。`
  return isGranted(included, grant.code) ? null : `“${name}”不在所选区划之内，无须排除。`
}

function refusal(code: 'invalid' | 'forbidden', path: string, message: string): Problem {
  return new Problem(code, message, { fields: [{ path, message }] })
}

/** Replaces the roles of an account. */
export async function giveRoles(tx: Transaction, accountId: string, roleIds: readonly string[]): Promise<void> {
  const office = tx.withTables<OfficeTables>()
  await office.deleteFrom('account_role').where('account_id', '=', accountId).execute()
  const rows = [...new Set(roleIds)].map((role_id) => ({ account_id: accountId, role_id }))
  if (rows.length > 0) await office.insertInto('account_role').values(rows).execute()
}

/** Replaces the regions of an account. */
export async function giveRegions(tx: Transaction, accountId: string, grants: readonly Grant[]): Promise<void> {
  const office = tx.withTables<OfficeTables>()
  await office.deleteFrom('account_region').where('account_id', '=', accountId).execute()
  const rows = [...new Map(grants.map((grant) => [grant.code, grant])).values()].map(({ code, excluded }) => ({
    account_id: accountId,
    region_code: code,
    prefix: prefixOf(code),
    excluded,
  }))
  if (rows.length > 0) await office.insertInto('account_region').values(rows).execute()
}

// Any number that no other lock of ours has.
const managerLock = 52_001

/**
 * Called after a change that may have taken user management from somebody: someone must be left who can sign in and manage
 * users. @throws Problem `conflict`, which takes the change back
 */
export async function requireManagerLeft(tx: Transaction): Promise<void> {
  await sql`select pg_advisory_xact_lock(${managerLock})`.execute(tx)
  const left = await tx
    .withTables<OfficeTables>()
    .selectFrom('account')
    .innerJoin('account_role', 'account_role.account_id', 'account.id')
    .innerJoin('role', 'role.id', 'account_role.role_id')
    .select('account.id')
    .where('account.state', '=', 'active')
    .where('account.password_hash', 'is not', null)
    .where(sql<boolean>`'office.user.write' = any (role.permissions)`)
    .limit(1)
    .executeTakeFirst()
  if (!left) throw new Problem('conflict', '这样就没有人能管理用户了。请先让另一位用户持有“管理用户”权限并启用账号。')
}
