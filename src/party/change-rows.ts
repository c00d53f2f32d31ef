import { sql } from 'kysely'
import type { Transaction } from '../host/context.ts'
import { ledgerTables } from '../ledger/service.ts'
import type { MemberTables } from './member-tables.ts'
import type { PartyTables } from './tables.ts'

/** The tables of the party room with those of the ledger and the office that they are read with. */
export function partyTables(tx: Transaction) {
  return ledgerTables(tx).withTables<PartyTables & MemberTables>()
}

/** Tables whose rows a change may write, with the word for a row of each. */
export const changeableTables = {
  party_org: '党组织',
  party_org_version: '名称与类别',
  party_org_line: '上级关系',
  party_cover: '覆盖',
  party_post: '班子成员',
  party_term: '届次',
  work_contact: '工作覆盖',
  charter_clause: '党建入章',
  org_link: '组织网络',
  member_count: '党员数',
} as const
export type ChangeableTable = keyof typeof changeableTables
export type ChangeableRows = Pick<PartyTables & MemberTables, ChangeableTable>

/** A row as the database tells it in JSON. */
export type Image = Record<string, unknown>

export interface WrittenRow {
  table: ChangeableTable
  id: string
  before: Image | null
  after: Image | null
}

/** The rows of these ids as JSON, by id. */
export async function imagesOf(
  tx: Transaction,
  table: ChangeableTable,
  countyCode: string,
  ids: readonly string[],
): Promise<Map<string, Image>> {
  const { rows } = await sql<{ id: string; image: Image }>`
    select id, to_jsonb(t) as image from ${sql.table(table)} t
    where county_code = ${countyCode} and id = any (${ids}::uuid[])`.execute(tx)
  return new Map(rows.map((row) => [row.id, row.image]))
}

export async function deleteImages(
  tx: Transaction,
  table: ChangeableTable,
  countyCode: string,
  ids: readonly string[],
): Promise<void> {
  await sql`delete from ${sql.table(table)}
    where county_code = ${countyCode} and id = any (${ids}::uuid[])`.execute(tx)
}

/** The organisations that these rows are of. */
export function orgsOf(written: readonly WrittenRow[]): string[] {
  const ids = written.map((row) => (row.table === 'party_org' ? row.id : (row.after ?? row.before)?.['org_id']))
  return [...new Set(ids.filter((id): id is string => typeof id === 'string'))]
}
