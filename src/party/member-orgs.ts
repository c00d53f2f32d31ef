import type { Context, Transaction } from '../host/context.ts'
import { notFound } from '../base/problem.ts'

/** The party organisations of a county by name, with the units that each covers. */
export interface OrgNames {
  find(branch: string): { id: string; unitIds: readonly string[] } | null
}

/** Reads the names of a county's party organisations and whom they cover today. */
export async function readOrgNames(_ctx: Context, _countyCode: string): Promise<OrgNames> {
  return { find: () => null }
}

/** Names of organisations by id. */
export async function orgNamesOf(_tx: Transaction, _ids: readonly string[]): Promise<Map<string, string>> {
  return new Map()
}

/** @throws Problem */
export async function orgOf(_ctx: Context, _id: string): Promise<{ county_code: string; area_code: string }> {
  throw notFound('个党组织')
}
