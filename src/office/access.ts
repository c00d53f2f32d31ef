import { sql } from 'kysely'
import { childRange, isCounty } from '../base/region.ts'
import type { Scope, Transaction } from '../host/context.ts'
import { dividedCounties, type Grant, resolveScope } from './scope.ts'
import type { OfficeTables } from './tables.ts'

/** What an account may do and where, read afresh at every request so that a change holds at once. */
export interface Access {
  permissions: Set<string>
  secondFactorRequired: boolean
  grants: Grant[]
  scope(): Promise<Scope>
}

/** Reads the roles and the region grants of an account. */
export async function accessOf(tx: Transaction, accountId: string): Promise<Access> {
  const roles = await tx
    .withTables<OfficeTables>()
    .selectFrom('account_role')
    .innerJoin('role', 'role.id', 'account_role.role_id')
    .select(['role.permissions', 'role.second_factor_required'])
    .where('account_role.account_id', '=', accountId)
    .execute()
  const grants = await grantsOf(tx, accountId)
  return {
    permissions: new Set(roles.flatMap((role) => role.permissions)),
    secondFactorRequired: roles.some((role) => role.second_factor_required),
    grants,
    scope: () => scopeOf(tx, grants),
  }
}

/** The region grants of an account, widest first. */
export async function grantsOf(tx: Transaction, accountId: string): Promise<Grant[]> {
  const rows = await tx
    .withTables<OfficeTables>()
    .selectFrom('account_region')
    .select(['region_code', 'excluded'])
    .where('account_id', '=', accountId)
    .orderBy('region_code')
    .execute()
  return rows.map((row) => ({ code: row.region_code, excluded: row.excluded }))
}

// Codes change once a year and never with a person's rights, so that keeping them a minute delays no revocation.
const keptMs = 60_000
let kept: { at: number; counties: readonly string[] } | undefined

/** To be called when regions were loaded: the next request reads the counties again. */
export function forgetCounties(): void {
  kept = undefined
}

async function allCounties(tx: Transaction): Promise<readonly string[]> {
  if (kept && performance.now() - kept.at < keptMs) return kept.counties
  const rows = await tx
    .withTables<OfficeTables>()
    .selectFrom('region')
    .select('code')
    .where('level', 'in', ['city', 'county'])
    .orderBy('code')
    .execute()
  const counties = rows.map((row) => row.code).filter(isCounty)
  // An empty table is one that is about to be filled.
  if (counties.length > 0) kept = { at: performance.now(), counties }
  return counties
}

/** What grants mean for rows, with today's regions; retired codes stay, for rows may still carry them. */
export async function scopeOf(tx: Transaction, grants: readonly Grant[]): Promise<Scope> {
  if (!grants.some((grant) => !grant.excluded)) return { counties: [], areas: [] }
  const counties = await allCounties(tx)
  if (dividedCounties(grants).length === 0) return resolveScope(grants, counties, () => [])
  const townships = await townshipsIn(tx, grants)
  return resolveScope(grants, counties, (county) => townships.get(county) ?? [])
}

async function townshipsIn(tx: Transaction, grants: readonly Grant[]): Promise<Map<string, string[]>> {
  const ranges = grants.filter((grant) => !grant.excluded).map((grant) => childRange(grant.code))
  const rows = await tx
    .withTables<OfficeTables>()
    .selectFrom('region')
    .select(['code', sql<string>`parent_code`.as('county')])
    .where('level', '=', 'township')
    .where((eb) => eb.or(ranges.map(({ from, to }) => eb.and([eb('code', '>=', from), eb('code', '<', to)]))))
    .orderBy('code')
    .execute()
  const byCounty = Map.groupBy(rows, (row) => row.county)
  return new Map([...byCounty].map(([county, below]) => [county, below.map((row) => row.code)]))
}
