import { sql } from 'kysely'
import { notFound, Problem } from '../base/problem.ts'
import type { Context } from '../host/context.ts'
import { insertRows } from '../host/insert-rows.ts'
import {
  type ChangeableTable,
  changeableTables,
  deleteImages,
  type Image,
  imagesOf,
  partyTables,
  type WrittenRow,
} from './change-rows.ts'
import { touchUnits } from './change.ts'
import { retargetMembers } from './org-members.ts'

/** 撤销党组织变动: every row as it was before, unless something was built upon the change since. */
export async function undoChange(input: { id: string; reason: string }, ctx: Context) {
  const change = await partyTables(ctx.tx)
    .selectFrom('party_change')
    .selectAll()
    .where('id', '=', input.id)
    .executeTakeFirst()
  if (!change) throw notFound('次变动')
  if (change.undone_at) throw new Problem('conflict', '这次变动已经撤销过了。')
  if (change.kind === 'import') throw new Problem('conflict', '这是一次导入，请到导入记录里整批撤销。')
  if (change.kind === 'unitMerge') throw new Problem('conflict', '这是随单位合并而来的，请到单位的比对记录里撤销合并。')
  const written = await takeBack(ctx, change.county_code, change.id, input.reason)
  await retargetMembers(ctx, change.county_code, written)
  ctx.record({
    countyCode: change.county_code,
    subject: `partyChange:${change.id}`,
    before: { 变动: change.title },
    after: { 撤销原因: input.reason },
  })
  return { done: true as const }
}

/** What taking back needs; members whose branch changed are left to the caller. */
type Taking = Pick<Context, 'tx' | 'now' | 'touch'> & { actor: { name: string } }

/** Puts every row that a change wrote back as it was. @throws Problem where something later stands on it */
export async function takeBack(
  ctx: Taking,
  countyCode: string,
  changeId: string,
  reason: string,
): Promise<readonly WrittenRow[]> {
  const written = await writtenBy(ctx, countyCode, changeId)
  const byTable = Map.groupBy(written, (row) => row.table)
  for (const [table, rows] of byTable) await requireUnchanged(ctx, countyCode, changeId, table, rows)
  await touchUnits(ctx, countyCode, written)
  // Children first: what hangs on an organisation that goes must have been written by the same change.
  for (const table of Object.keys(changeableTables).toReversed() as ChangeableTable[]) {
    const made = (byTable.get(table) ?? []).filter((row) => row.before === null).map((row) => row.id)
    if (made.length === 0) continue
    if (table === 'party_org') await requireBare(ctx, countyCode, made)
    await deleteImages(ctx.tx, table, countyCode, made)
  }
  for (const [table, rows] of byTable) {
    const altered = rows.filter((row) => row.before && row.after).map((row) => row.before!)
    if (altered.length > 0) await putBack(ctx, table, altered)
    const removed = rows.filter((row) => row.before && !row.after).map((row) => row.before!)
    await insertRows(ctx.tx, table, removed)
  }
  await partyTables(ctx.tx)
    .updateTable('party_change')
    .set({ undone_at: ctx.now, undone_by: ctx.actor.name, undone_reason: reason })
    .where('county_code', '=', countyCode)
    .where('id', '=', changeId)
    .execute()
  return written
}

/** What a change wrote, each row once: as it was first and as it became last. */
async function writtenBy(ctx: Taking, countyCode: string, changeId: string): Promise<WrittenRow[]> {
  const rows = await partyTables(ctx.tx)
    .selectFrom('party_change_row')
    .select(['table_name', 'row_id', 'before', 'after'])
    .where('county_code', '=', countyCode)
    .where('change_id', '=', changeId)
    .orderBy('seq')
    .execute()
  const found = new Map<string, WrittenRow>()
  for (const row of rows) {
    const key = `${row.table_name} ${row.row_id}`
    const before = found.has(key) ? found.get(key)!.before : row.before
    found.set(key, { table: row.table_name as ChangeableTable, id: row.row_id, before, after: row.after })
  }
  return [...found.values()].filter((row) => row.before !== null || row.after !== null)
}

async function requireUnchanged(
  ctx: Taking,
  countyCode: string,
  changeId: string,
  table: ChangeableTable,
  rows: readonly WrittenRow[],
): Promise<void> {
  const now = await imagesOf(
    ctx.tx,
    table,
    countyCode,
    rows.map((row) => row.id),
  )
  const moved = rows.filter((row) => JSON.stringify(now.get(row.id) ?? null) !== JSON.stringify(row.after))
  if (moved.length === 0) return
  const later = await partyTables(ctx.tx)
    .selectFrom('party_change_row')
    .innerJoin('party_change', (join) =>
      join
        .onRef('party_change.county_code', '=', 'party_change_row.county_code')
        .onRef('party_change.id', '=', 'party_change_row.change_id'),
    )
    .select('party_change.title')
    .where('party_change_row.county_code', '=', countyCode)
    .where(
      'party_change_row.row_id',
      'in',
      moved.slice(0, 1000).map((row) => row.id),
    )
    .where('party_change.id', '>', changeId)
    .where('party_change.undone_at', 'is', null)
    .orderBy('party_change.id', 'desc')
    .executeTakeFirst()
  throw later ? blockedBy(`又有变动（${later.title}）`) : blockedBy('又有改动')
}

const blockedBy = (what: string) =>
  new Problem('conflict', `这次变动之后${what}，请先撤销后来的变动，或者另作一次变动改正。`)

const hanging = ['party_org_version', 'party_org_line', 'party_cover', 'party_post', 'party_term', 'org_link'] as const

/** @throws Problem where something that a later change added hangs on these organisations */
async function requireBare(ctx: Taking, countyCode: string, orgIds: readonly string[]): Promise<void> {
  for (const table of hanging) {
    const { rows } = await sql<{ n: number }>`
      select count(*)::int as n from ${sql.table(table)}
      where county_code = ${countyCode} and org_id = any (${orgIds}::uuid[])`.execute(ctx.tx)
    if (rows[0]!.n > 0) throw blockedBy(`又登记了${changeableTables[table]}`)
  }
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from party_org_line where parent_id = any (${orgIds}::uuid[])`.execute(ctx.tx)
  if (rows[0]!.n > 0) throw blockedBy('又有党组织以它为上级')
}

async function putBack(ctx: Taking, table: ChangeableTable, images: readonly Image[]): Promise<void> {
  const names = Object.keys(images[0]!).filter((name) => name !== 'county_code' && name !== 'id')
  const sets = sql.join(names.map((name) => sql`${sql.ref(name)} = r.${sql.ref(name)}`))
  await sql`update ${sql.table(table)} t set ${sets}
    from jsonb_populate_recordset(null::${sql.table(table)}, ${JSON.stringify(images)}::jsonb) r
    where t.county_code = r.county_code and t.id = r.id`.execute(ctx.tx)
}
