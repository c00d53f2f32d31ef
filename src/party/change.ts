import { type Insertable, sql, type Updateable } from 'kysely'
import { newId } from '../base/ids.ts'
import type { Context } from '../host/context.ts'
import { insertRows } from '../host/insert-rows.ts'
import {
  type ChangeableRows as Rows,
  type ChangeableTable,
  changeableTables,
  deleteImages,
  type Image,
  imagesOf,
  orgsOf,
  partyTables,
  type WrittenRow,
} from './change-rows.ts'
import { retargetMembers } from './org-members.ts'
import type { ChangeKind } from './words-contract.ts'

export interface ChangeWords {
  countyCode: string
  kind: ChangeKind
  title: string
  reason: string | null
  /** The day from which it holds, `YYYY-MM-DD`. */
  effectiveOn: string | null
}

/** A change being made: every row written through it is kept as it was and as it became. */
export interface Change {
  id: string
  countyCode: string
  add<T extends ChangeableTable>(table: T, rows: readonly Insertable<Rows[T]>[]): Promise<void>
  set<T extends ChangeableTable>(table: T, ids: readonly string[], patch: Updateable<Rows[T]>): Promise<void>
  drop(table: ChangeableTable, ids: readonly string[]): Promise<void>
  /** Writes the change down, in the journal too, and tells whose coverage it bears on. Resolves to the change's id. */
  finish(): Promise<string>
}

export function startChange(ctx: Context, words: ChangeWords): Change {
  const id = newId(ctx.now)
  const written: WrittenRow[] = []
  const { countyCode } = words
  const note = (table: ChangeableTable, before: Map<string, Image>, after: Map<string, Image>) => {
    for (const row of new Set([...before.keys(), ...after.keys()])) {
      written.push({ table, id: row, before: before.get(row) ?? null, after: after.get(row) ?? null })
    }
  }
  return {
    id,
    countyCode,
    async add(table, rows) {
      if (rows.length === 0) return
      const ids = rows.map((row) => (row as unknown as { id: string }).id)
      await insertRows(ctx.tx, table, rows)
      note(table, new Map(), await imagesOf(ctx.tx, table, countyCode, ids))
    },
    async set(table, ids, patch) {
      if (ids.length === 0) return
      const before = await imagesOf(ctx.tx, table, countyCode, ids)
      await partyTables(ctx.tx)
        .updateTable(table as 'party_cover')
        .set(patch as never)
        .where('county_code', '=', countyCode)
        .where('id', 'in', ids)
        .execute()
      note(table, before, await imagesOf(ctx.tx, table, countyCode, ids))
    },
    async drop(table, ids) {
      if (ids.length === 0) return
      const before = await imagesOf(ctx.tx, table, countyCode, ids)
      await deleteImages(ctx.tx, table, countyCode, ids)
      note(table, before, new Map())
    },
    finish: () => finishChange(ctx, id, words, written),
  }
}

async function finishChange(ctx: Context, id: string, words: ChangeWords, written: WrittenRow[]): Promise<string> {
  const { countyCode } = words
  const orgIds = orgsOf(written)
  const tables = partyTables(ctx.tx)
  await tables
    .insertInto('party_change')
    .values({
      county_code: countyCode,
      id,
      kind: words.kind,
      title: words.title,
      reason: words.reason,
      effective_on: words.effectiveOn,
      org_ids: orgIds,
      author_id: ctx.actor.userId,
      author: ctx.actor.name,
      at: ctx.now,
    })
    .execute()
  const rows = written.map((row, seq) => ({
    county_code: countyCode,
    change_id: id,
    seq,
    table_name: row.table,
    row_id: row.id,
    before: row.before,
    after: row.after,
  }))
  await insertRows(ctx.tx, 'party_change_row', rows)
  await touchUnits(ctx, countyCode, written)
  await retargetMembers(ctx, countyCode, written)
  ctx.record({
    countyCode,
    subject: orgIds.length === 1 ? `partyOrg:${orgIds[0]}` : `partyChange:${id}`,
    ...journalOf(words, written),
  })
  return id
}

// Lines and networks say nothing of coverage.
const bearing = new Set<ChangeableTable>(['party_org', 'party_org_version', 'party_cover', 'party_post', 'party_term'])

/** Tells the coverage of every unit that these rows bear on: those named, and all that their organisations ever covered. */
export async function touchUnits(
  ctx: Pick<Context, 'tx' | 'touch'>,
  countyCode: string,
  written: readonly WrittenRow[],
): Promise<void> {
  const named = written.flatMap((row) => [row.before?.['unit_id'], row.after?.['unit_id']])
  const units = new Set(named.filter((id): id is string => typeof id === 'string'))
  const orgs = orgsOf(written.filter((row) => bearing.has(row.table)))
  if (orgs.length > 0) {
    const { rows } = await sql<{ unit_id: string }>`
      select distinct unit_id from party_cover
      where county_code = ${countyCode} and org_id = any (${orgs}::uuid[])`.execute(ctx.tx)
    for (const row of rows) units.add(row.unit_id)
  }
  if (units.size > 0) await ctx.touch(countyCode, units)
}

const unsaid = /_(sealed|digest|key)$|^(county_code|id|org_id|search_text|created_at|updated_at)$/
/** Rows that a journal row tells one by one. */
const toldMax = 20

function journalOf(words: ChangeWords, written: readonly WrittenRow[]) {
  const said = { 变动: words.title, ...(words.reason ? { 原因: words.reason } : {}) }
  if (written.length > toldMax) return { after: { ...said, 写入行数: written.length } }
  const before = written.flatMap((row) => (row.before ? [plain(row.table, row.before, row.after)] : []))
  const after = written.flatMap((row) => (row.after ? [plain(row.table, row.after, row.before)] : []))
  return { ...(before.length > 0 ? { before } : {}), after: [said, ...after] }
}

/** What a row says that the other image of it does not. */
function plain(table: ChangeableTable, image: Image, other: Image | null): Image {
  const told = Object.entries(image).filter(
    ([name, value]) => !unsaid.test(name) && value !== null && value !== other?.[name],
  )
  return { 表: changeableTables[table], ...Object.fromEntries(told) }
}
