import { sql } from 'kysely'
import { maskPhone } from '../base/mask.ts'
import type { Context } from '../host/context.ts'
import { unseal } from '../host/crypto.ts'
import { isVisible, ownGrants, visibleAccount } from './grants.ts'
import { accountLocks } from './lockout.ts'
import { regionNames } from './regions.ts'
import type { AccountTable, OfficeTables } from './tables.ts'

/** What a telephone number of an account is sealed for. */
export const phonePurpose = 'account.phone'

export interface UserFilter {
  text?: string | undefined
  state?: AccountTable['state'] | undefined
  roleId?: string | undefined
  sort: 'account' | 'name' | 'lastSignInAt' | 'createdAt'
  order: 'asc' | 'desc'
  page: number
  pageSize: number
}

const sortColumns = {
  account: 'account.account',
  name: 'account.sort_key',
  lastSignInAt: 'account.last_sign_in_at',
  createdAt: 'account.created_at',
} as const

/** Accounts whose whole scope lies within the actor's. */
export async function listUsers(input: UserFilter, ctx: Context) {
  let query = ctx.tx
    .withTables<OfficeTables>()
    .selectFrom('account')
    .where(isVisible(await ownGrants(ctx), ctx.actor.userId))
  if (input.text) {
    const text = `%${input.text.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`
    query = query.where((eb) =>
      eb.or([eb('account.account', 'like', text), eb('account.name', 'like', text), eb(pinyinLetters, 'like', text)]),
    )
  }
  if (input.state) query = query.where('account.state', '=', input.state)
  if (input.roleId) {
    const { roleId } = input
    query = query.where((eb) =>
      eb.exists(
        eb
          .selectFrom('account_role')
          .select('role_id')
          .whereRef('account_role.account_id', '=', 'account.id')
          .where('role_id', '=', roleId),
      ),
    )
  }
  const { total } = await query.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const rows = await query
    .selectAll('account')
    .orderBy(sortColumns[input.sort], (by) => (input.order === 'asc' ? by.asc() : by.desc()).nullsLast())
    .orderBy('account.id')
    .limit(input.pageSize)
    .offset((input.page - 1) * input.pageSize)
    .execute()
  return { rows: await withAccess(ctx, rows), total }
}

/** First letters of each sound: the sort key's words cut to one letter. */
const pinyinLetters = sql<string>`regexp_replace(account.sort_key, '([a-z0-9])[a-z0-9]* ?', '\\1', 'g')`

/** One account. @throws Problem `notFound` also for one that lies outside the actor's regions */
export async function getUser(input: { id: string }, ctx: Context) {
  const [user] = await withAccess(ctx, [await visibleAccount(ctx, input.id)])
  return user!
}

async function withAccess(ctx: Context, accounts: readonly AccountTable[]) {
  if (accounts.length === 0) return []
  const ids = accounts.map((account) => account.id)
  const office = ctx.tx.withTables<OfficeTables>()
  const roles = await office
    .selectFrom('account_role')
    .innerJoin('role', 'role.id', 'account_role.role_id')
    .select(['account_role.account_id', 'role.id', 'role.name'])
    .where('account_role.account_id', 'in', ids)
    .orderBy('role.name')
    .execute()
  const regions = await office
    .selectFrom('account_region')
    .select(['account_id', 'region_code', 'excluded'])
    .where('account_id', 'in', ids)
    .orderBy('region_code')
    .execute()
  const names = await regionNames(
    ctx.tx,
    regions.map((region) => region.region_code),
  )
  const locks = await accountLocks(
    ctx,
    accounts.map((account) => account.account),
  )
  return accounts.map((account) => {
    const own = regions.filter((region) => region.account_id === account.id)
    const named = (excluded: boolean) =>
      own
        .filter((region) => region.excluded === excluded)
        .map(({ region_code: code }) => ({ code, name: names.get(code)?.name ?? code }))
    return {
      id: account.id,
      account: account.account,
      name: account.name,
      phone: shownPhone(ctx, account),
      state: account.state,
      lockedUntil: locks.get(account.account)?.toISOString() ?? null,
      secondFactor: account.totp_confirmed_at !== null,
      roles: roles.filter((role) => role.account_id === account.id).map(({ id, name }) => ({ id, name })),
      regions: named(false),
      excludedRegions: named(true),
      lastSignInAt: account.last_sign_in_at?.toISOString() ?? null,
      createdAt: account.created_at.toISOString(),
    }
  })
}

function shownPhone(ctx: Context, account: AccountTable): string | null {
  const phone = account.phone_sealed && unseal(ctx.settings.secretKey, phonePurpose, account.phone_sealed)
  return phone ? maskPhone(phone) : null
}
