import { newId } from '../base/ids.ts'
import { notFound, Problem } from '../base/problem.ts'
import type { Context } from '../host/context.ts'
import { uploadOf } from '../host/uploads.ts'
import type { UnitFilter } from './contract.ts'
import type { SavedViewTable } from './tables.ts'
import { findUnit } from './unit-page.ts'
import { ledgerTables } from './units.ts'

/** 查看备忘 */
export async function listNotes(input: { id: string }, ctx: Context) {
  const unit = await findUnit(ctx, input.id)
  const notes = await ledgerTables(ctx.tx)
    .selectFrom('unit_note')
    .selectAll()
    .where('county_code', '=', unit.county_code)
    .where('unit_id', '=', unit.id)
    .orderBy('at', 'desc')
    .execute()
  const rows = notes.map((note) => ({
    id: note.id,
    text: note.body,
    author: note.author,
    mine: note.author_id === ctx.actor.userId,
    at: note.at.toISOString(),
  }))
  return { rows }
}

/** What hangs on a unit says by whom and when it was put there. */
function signed(unit: { county_code: string; id: string; area_code: string }, ctx: Context) {
  return {
    county_code: unit.county_code,
    id: newId(ctx.now),
    unit_id: unit.id,
    area_code: unit.area_code,
    author_id: ctx.actor.userId,
    author: ctx.actor.name,
    at: ctx.now,
  }
}

/** 添加备忘 */
export async function addNote(input: { id: string; text: string }, ctx: Context) {
  const unit = await findUnit(ctx, input.id)
  const row = { ...signed(unit, ctx), body: input.text }
  await ledgerTables(ctx.tx).insertInto('unit_note').values(row).execute()
  ctx.record({ countyCode: unit.county_code, subject: `unit:${unit.id}`, after: { 备忘: row.id } })
  return { id: row.id }
}

/** 删除备忘; only its author may. */
export async function removeNote(input: { id: string; noteId: string }, ctx: Context) {
  const unit = await findUnit(ctx, input.id)
  const gone = await ledgerTables(ctx.tx)
    .deleteFrom('unit_note')
    .where('county_code', '=', unit.county_code)
    .where('unit_id', '=', unit.id)
    .where('id', '=', input.noteId)
    .where('author_id', '=', ctx.actor.userId)
    .executeTakeFirst()
  if (gone.numDeletedRows === 0n) throw notFound('条备忘')
  ctx.record({ countyCode: unit.county_code, subject: `unit:${unit.id}`, before: { 备忘: input.noteId } })
  return { done: true as const }
}

/** 查看附件 */
export async function listAttachments(input: { id: string }, ctx: Context) {
  const unit = await findUnit(ctx, input.id)
  const files = await ledgerTables(ctx.tx)
    .selectFrom('unit_attachment')
    .selectAll()
    .where('county_code', '=', unit.county_code)
    .where('unit_id', '=', unit.id)
    .orderBy('at', 'desc')
    .execute()
  const rows = files.map((file) => ({
    id: file.id,
    fileName: file.file_name,
    bytes: file.bytes,
    author: file.author,
    mine: file.author_id === ctx.actor.userId,
    at: file.at.toISOString(),
  }))
  return { rows }
}

const attachmentBytesMax = 20 * 1024 * 1024

/** 添加附件; kinds and contents were checked when the file was uploaded. */
export async function addAttachment(input: { id: string; fileId: string }, ctx: Context) {
  const unit = await findUnit(ctx, input.id)
  const upload = await uploadOf(ctx, input.fileId)
  if (upload.bytes > attachmentBytesMax) throw new Problem('tooLarge', '附件超过 20 MB，请压缩或拆分后再上传。')
  const row = { ...signed(unit, ctx), file_id: upload.file_id, file_name: upload.file_name, bytes: upload.bytes }
  await ledgerTables(ctx.tx).insertInto('unit_attachment').values(row).execute()
  ctx.record({ countyCode: unit.county_code, subject: `unit:${unit.id}`, after: { 附件: upload.file_name } })
  return { id: row.id }
}

async function findAttachment(input: { id: string; attachmentId: string }, ctx: Context) {
  const unit = await findUnit(ctx, input.id)
  const file = await ledgerTables(ctx.tx)
    .selectFrom('unit_attachment')
    .selectAll()
    .where('county_code', '=', unit.county_code)
    .where('unit_id', '=', unit.id)
    .where('id', '=', input.attachmentId)
    .executeTakeFirst()
  if (!file) throw notFound('个附件')
  return file
}

/** 下载附件 */
export async function downloadAttachment(input: { id: string; attachmentId: string }, ctx: Context) {
  const file = await findAttachment(input, ctx)
  ctx.record({ countyCode: file.county_code, subject: `unit:${file.unit_id}`, after: { 下载附件: file.file_name } })
  return { url: ctx.downloadPath({ fileId: file.file_id, fileName: file.file_name }) }
}

/** 删除附件 */
export async function removeAttachment(input: { id: string; attachmentId: string }, ctx: Context) {
  const file = await findAttachment(input, ctx)
  await ledgerTables(ctx.tx)
    .deleteFrom('unit_attachment')
    .where('county_code', '=', file.county_code)
    .where('id', '=', file.id)
    .execute()
  ctx.record({ countyCode: file.county_code, subject: `unit:${file.unit_id}`, before: { 附件: file.file_name } })
  return { done: true as const }
}

const viewsMax = 50

/** 我的视图 */
export async function listViews(_input: undefined, ctx: Context) {
  const views = await ledgerTables(ctx.tx)
    .selectFrom('saved_view')
    .selectAll()
    .where('owner_id', '=', ctx.actor.userId ?? '')
    .orderBy('created_at')
    .execute()
  return { rows: views.map(viewOf) }
}

function viewOf(
  view: Omit<SavedViewTable, 'filter' | 'columns'> & { filter: Record<string, unknown>; columns: string[] },
) {
  return {
    id: view.id,
    name: view.name,
    filter: view.filter as Partial<UnitFilter>,
    columns: view.columns,
    sort: view.sort as 'name',
    order: view.sort_order,
  }
}

interface ViewInput {
  id?: string | undefined
  name: string
  filter: object
  columns: string[]
  sort: string
  order: 'asc' | 'desc'
}

/** 保存视图; a view of the same name is written over. */
export async function saveView(input: ViewInput, ctx: Context) {
  if (!ctx.actor.userId) throw new Problem('forbidden', '命令行没有自己的视图。')
  const owner = ctx.actor.userId
  const tables = ledgerTables(ctx.tx)
  const { n } = await tables
    .selectFrom('saved_view')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('owner_id', '=', owner)
    .executeTakeFirstOrThrow()
  if (n >= viewsMax && !input.id) throw new Problem('conflict', `视图已有 ${viewsMax} 个，请先删除不用的。`)
  const said = {
    name: input.name,
    filter: JSON.stringify(input.filter),
    columns: JSON.stringify(input.columns),
    sort: input.sort,
    sort_order: input.order,
  }
  const row = { ...said, id: input.id ?? newId(ctx.now), owner_id: owner, created_at: ctx.now }
  const { id } = await tables
    .insertInto('saved_view')
    .values(row)
    .onConflict((oc) => oc.columns(['owner_id', 'name']).doUpdateSet(said))
    .returning('id')
    .executeTakeFirstOrThrow()
  return { id }
}

/** 删除视图 */
export async function removeView(input: { id: string }, ctx: Context) {
  const gone = await ledgerTables(ctx.tx)
    .deleteFrom('saved_view')
    .where('id', '=', input.id)
    .where('owner_id', '=', ctx.actor.userId ?? '')
    .executeTakeFirst()
  if (gone.numDeletedRows === 0n) throw notFound('个视图')
  return { done: true as const }
}
