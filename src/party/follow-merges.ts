import { sql } from 'kysely'
import { newId } from '../base/ids.ts'
import { Problem } from '../base/problem.ts'
import type { Chore } from '../host/chores.ts'
import type { Transaction } from '../host/context.ts'
import { insertRows } from '../host/insert-rows.ts'
import { touch } from '../host/touch.ts'
import {
  type ChangeableTable,
  deleteImages,
  type Image,
  imagesOf,
  orgsOf,
  partyTables,
  type WrittenRow,
} from './change-rows.ts'
import { takeBack } from './undo.ts'

/** Tables whose rows are about a unit. */
const about = ['party_cover', 'work_contact', 'charter_clause'] as const
const author = '平台'
const rowsMax = 200

/**
 * Two units that a person found to be one: what is written of the one that is gone goes over to the one that stays, and comes
 * back when the merging is undone. Each is a change like any other, in nobody's name.
 */
export const followMerges: Chore = {
  name: 'party.followMerges',
  async run(run) {
    let more = true
    while (more && !run.signal.aborted) more = await run.transaction(moveOver)
    more = true
    while (more && !run.signal.aborted) more = await run.transaction(bringBack)
  },
}

interface Moved {
  county_code: string
  id: string
  from_unit: string
  to_unit: string
}

/** Moves a batch; false when nothing is left. */
async function moveOver(tx: Transaction, now: Date): Promise<boolean> {
  for (const table of about) {
    const { rows } = await sql<Moved>`
      select t.county_code, t.id, r.from_unit, r.to_unit from link_redirect r
      join ${sql.table(table)} t on t.county_code = r.county_code and t.unit_id = r.from_unit
      order by r.county_code, r.from_unit limit ${rowsMax}`.execute(tx)
    const [first] = rows
    if (!first) continue
    const same = rows.filter((row) => row.county_code === first.county_code && row.from_unit === first.from_unit)
    await moveRows(tx, now, table, same)
    return true
  }
  return false
}

/** Rows of one table about one unit. */
async function moveRows(tx: Transaction, now: Date, table: (typeof about)[number], rows: Moved[]): Promise<void> {
  const { county_code: countyCode, from_unit: from, to_unit: to } = rows[0]!
  const ids = rows.map((row) => row.id)
  const before = await imagesOf(tx, table, countyCode, ids)
  const there = await standingOf(tx, table, countyCode, to)
  const written: WrittenRow[] = []
  for (const [id, image] of before) {
    // What the other unit has already is not there twice.
    const twice = image['valid_to'] === null && there.has(keyOf(table, image))
    const after = twice ? null : { ...image, unit_id: to }
    if (after) there.add(keyOf(table, image))
    written.push({ table, id, before: image, after })
  }
  await deleteImages(tx, table, countyCode, ids)
  const kept = written.flatMap((row) => (row.after ? [row.after] : []))
  await insertRows(tx, table, kept)
  await noteChange(tx, now, countyCode, written)
  await touch(tx, countyCode, [from, to], now)
}

/** What says that two rows say the same of a unit. */
function keyOf(table: ChangeableTable, image: Image): string {
  if (table === 'party_cover') return String(image['org_id'])
  return table === 'work_contact' ? `${String(image['kind'])} ${String(image['name_digest'])}` : 'charter'
}

async function standingOf(tx: Transaction, table: (typeof about)[number], countyCode: string, unitId: string) {
  const { rows } = await sql<{ image: Image }>`
    select to_jsonb(t) as image from ${sql.table(table)} t
    where county_code = ${countyCode} and unit_id = ${unitId} and valid_to is null`.execute(tx)
  return new Set(rows.map((row) => keyOf(table, row.image)))
}

async function noteChange(tx: Transaction, now: Date, countyCode: string, written: WrittenRow[]): Promise<void> {
  const id = newId(now)
  await partyTables(tx)
    .insertInto('party_change')
    .values({
      county_code: countyCode,
      id,
      kind: 'unitMerge',
      title: '单位合并，党建事项随之转到合并后的单位',
      reason: null,
      effective_on: null,
      org_ids: orgsOf(written),
      author_id: null,
      author,
      at: now,
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
  await insertRows(tx, 'party_change_row', rows)
}

/** Takes one such change back whose merging was undone; false when there is none. The latest first. */
async function bringBack(tx: Transaction, now: Date): Promise<boolean> {
  const { rows } = await sql<{ county_code: string; id: string }>`
    select c.county_code, c.id from party_change c
    where c.kind = 'unitMerge' and c.undone_at is null and not exists (
      select from party_change_row w
      join link_redirect r on r.county_code = w.county_code and r.from_unit = (w.before ->> 'unit_id')::uuid
      where w.county_code = c.county_code and w.change_id = c.id)
    order by c.id desc limit 1`.execute(tx)
  const change = rows[0]
  if (!change) return false
  const taking = {
    tx,
    now,
    actor: { name: author },
    touch: (countyCode: string, unitIds: Iterable<string>) => touch(tx, countyCode, unitIds, now),
  }
  try {
    await takeBack(taking, change.county_code, change.id, '单位合并已撤销')
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    // Something later stands on it: it stays with the unit that it went to, and a person sees why.
    await partyTables(tx)
      .updateTable('party_change')
      .set({ undone_at: now, undone_by: author, undone_reason: `单位合并已撤销，但没有转回：${error.message}` })
      .where('county_code', '=', change.county_code)
      .where('id', '=', change.id)
      .execute()
  }
  return true
}
