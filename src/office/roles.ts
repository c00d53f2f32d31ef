import { sql } from 'kysely'
import { newId } from '../base/ids.ts'
import { notFound, Problem } from '../base/problem.ts'
import type { Context, Transaction } from '../host/context.ts'
import { isVisible, lackingOf, ownGrants, requireManagerLeft, titles } from './grants.ts'
import { officeSettings } from './settings.ts'
import type { OfficeTables, RoleTable } from './tables.ts'

interface RoleInput {
  name: string
  description: string
  secondFactorRequired: boolean
  permissions: string[]
}

const done = { done: true } as const

/** All roles, with how many accounts that the actor sees hold each, and every permission that a role may have. */
export async function listRoles(_input: unknown, ctx: Context) {
  const visible = isVisible(await ownGrants(ctx), ctx.actor.userId)
  const rows = await ctx.tx
    .withTables<OfficeTables>()
    .selectFrom('role')
    .selectAll()
    .select(
      sql<number>`(select count(*) from account_role h join account on account.id = h.account_id
        where h.role_id = role.id and ${visible})`.as('users'),
    )
    .orderBy('built_in', 'desc')
    .orderBy('created_at')
    .orderBy('id')
    .execute()
  return {
    rows: rows.map((row) => ({
      id: row.id,
      name: row.name,
      description: row.description,
      builtIn: row.built_in,
      secondFactorRequired: row.second_factor_required,
      permissions: row.permissions,
      userCount: row.users,
    })),
    permissions: [...officeSettings().permissions],
  }
}

/** Makes a role out of permissions that the actor holds. */
export async function createRole(input: RoleInput, ctx: Context) {
  requirePermissions(ctx, input.permissions)
  const id = newId(ctx.now)
  const made = await ctx.tx
    .withTables<OfficeTables>()
    .insertInto('role')
    .values({ ...columnsOf(input), id, built_in: false, created_at: ctx.now, updated_at: ctx.now })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!made) throw taken(input.name)
  ctx.record({ subject: `role:${id}`, after: input })
  return { id }
}

/**
 * Changes a role for everybody who holds it, at once. Of a built-in role only whether it requires a second factor can be
 * changed.
 */
export async function updateRole(input: RoleInput & { id: string }, ctx: Context) {
  const { id, ...values } = input
  const before = await changeableRole(ctx, id)
  requirePermissions(ctx, values.permissions)
  if (before.built_in && !isSameWithoutFactor(before, values)) {
    throw new Problem('conflict', `“${before.name}”是内置角色，名称、说明和权限不能改。需要不同的权限时请新建角色。`)
  }
  const office = ctx.tx.withTables<OfficeTables>()
  const other = await office
    .selectFrom('role')
    .select('id')
    .where('name', '=', values.name)
    .where('id', '!=', id)
    .executeTakeFirst()
  if (other) throw taken(values.name)
  await office
    .updateTable('role')
    .set({ ...columnsOf(values), updated_at: ctx.now })
    .where('id', '=', id)
    .execute()
  await requireManagerLeft(ctx.tx)
  ctx.record({ subject: `role:${id}`, before: shown(before), after: values })
  return done
}

/** Removes a role that nobody holds. */
export async function removeRole(input: { id: string }, ctx: Context) {
  const before = await changeableRole(ctx, input.id)
  if (before.built_in) throw new Problem('conflict', `“${before.name}”是内置角色，不能删除。`)
  const office = ctx.tx.withTables<OfficeTables>()
  const { holders } = await office
    .selectFrom('account_role')
    .select((eb) => eb.fn.countAll<number>().as('holders'))
    .where('role_id', '=', input.id)
    .executeTakeFirstOrThrow()
  if (holders > 0)
    throw new Problem('conflict', `还有 ${holders} 人持有“${before.name}”，请先给他们换别的角色，再删除。`)
  await office.deleteFrom('role').where('id', '=', input.id).execute()
  ctx.record({ subject: `role:${input.id}`, before: shown(before) })
  return done
}

/**
 * A role the actor may change: they hold all its permissions, and see everybody who holds it, for a change reaches them all.
 * @throws Problem
 */
async function changeableRole(ctx: Context, id: string): Promise<RoleTable> {
  const office = ctx.tx.withTables<OfficeTables>()
  const role = await office.selectFrom('role').selectAll().where('id', '=', id).executeTakeFirst()
  if (!role) throw notFound('个角色')
  const lacking = lackingOf(ctx, role.permissions)
  if (lacking.length > 0)
    throw new Problem('forbidden', `这个角色含有您没有的权限（${titles(lacking)}），您不能改动它。`)
  const visible = isVisible(await ownGrants(ctx), ctx.actor.userId)
  const beyond = await office
    .selectFrom('account_role')
    .innerJoin('account', 'account.id', 'account_role.account_id')
    .select('account.id')
    .where('role_id', '=', id)
    .where(sql<boolean>`not ${visible}`)
    .limit(1)
    .executeTakeFirst()
  if (beyond) throw new Problem('forbidden', '您管理范围以外也有人持有这个角色，请由上级管理员改动，或另建一个角色。')
  return role
}

function requirePermissions(ctx: Context, permissions: readonly string[]): void {
  const known = new Set(officeSettings().permissions.map((one) => one.name))
  const unknown = permissions.filter((one) => !known.has(one))
  if (unknown.length > 0) throw new Problem('invalid', `没有名为 ${unknown.join('、')} 的权限，请刷新页面后重新选择。`)
  const lacking = lackingOf(ctx, permissions)
  if (lacking.length === 0) return
  const message = `您自己没有这些权限，不能放进角色：${titles(lacking)}。`
  throw new Problem('forbidden', message, { fields: [{ path: 'permissions', message }] })
}

function isSameWithoutFactor(before: RoleTable, next: RoleInput): boolean {
  const same = new Set(before.permissions)
  return (
    before.name === next.name &&
    before.description === next.description &&
    same.size === new Set(next.permissions).size &&
    next.permissions.every((one) => same.has(one))
  )
}

function columnsOf(input: RoleInput) {
  return {
    name: input.name,
    description: input.description,
    second_factor_required: input.secondFactorRequired,
    permissions: [...new Set(input.permissions)].sort(),
  }
}

function shown(role: RoleTable) {
  const { name, description, permissions, second_factor_required: secondFactorRequired } = role
  return { name, description, permissions, secondFactorRequired }
}

function taken(name: string): Problem {
  const message = `已有名为“${name}”的角色，请换一个名称。`
  return new Problem('conflict', message, { fields: [{ path: 'name', message }] })
}

const reading = /\.read$/

/** The roles that are always there. The three kinds of administration share no permission (等保: 三权分立). */
const builtInRoles: readonly { name: string; description: string; holds: (permission: string) => boolean }[] = [
  {
    name: '系统管理员',
    description: '维护区划、区域，查看所有作业',
    holds: (one) => /^office\.(region|place|job)\./.test(one),
  },
  { name: '安全管理员', description: '管理用户和角色', holds: (one) => /^office\.(user|role)\./.test(one) },
  { name: '审计管理员', description: '查看和校验操作日志', holds: (one) => one.startsWith('office.journal.') },
  {
    name: '台账专员',
    description: '导入、核对、维护、导出台账',
    holds: (one) => /^(ledger|linkage|office\.place)\./.test(one),
  },
  {
    name: '党建专员',
    description: '维护党组织和党员，导入党员信息、比对名册，看覆盖',
    holds: (one) =>
      /^(party|coverage|forming|founding|sync|instructor)\./.test(one) ||
      one === 'ledger.unit.read' ||
      one === 'office.place.read',
  },
  {
    name: '查看人员',
    description: '只查看台账，不看党员名单，不下载材料',
    holds: (one) => (reading.test(one) && !/^(office|party\.member)\./.test(one)) || one === 'office.place.read',
  },
]

/** Brings the built-in roles up to date with the permissions of this version; whether they need a second factor stays. */
export async function seedRoles(tx: Transaction, now: Date): Promise<void> {
  const office = tx.withTables<OfficeTables>()
  const all = officeSettings().permissions.map((one) => one.name)
  for (const { name, description, holds } of builtInRoles) {
    const permissions = all.filter(holds).sort()
    await office
      .insertInto('role')
      .values({
        id: newId(now),
        name,
        description,
        built_in: true,
        second_factor_required: false,
        permissions,
        created_at: now,
        updated_at: now,
      })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ description, permissions, built_in: true }))
      .execute()
  }
}
