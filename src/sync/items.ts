import { type RawBuilder, sql, type SqlBool } from 'kysely'
import { notFound, Problem } from '../base/problem.ts'
import { addDays, addMonths, today } from '../base/time.ts'
import { findGround, within } from '../coverage/service.ts'
import type { Context } from '../host/context.ts'
import { uploadOf } from '../host/uploads.ts'
import { regionNames } from '../office/service.ts'
import { itemStates } from './contract.ts'
import type { EventRow, ItemTable } from './tables.ts'
import { syncTables } from './templates.ts'
import { settle } from './write.ts'

/** Which items. */
export interface WantedItems {
  region?: string | undefined
  state?: ItemTable['state'] | undefined
  overdue?: boolean | undefined
  running?: boolean | undefined
  templateKey?: string | undefined
  dueFrom?: string | undefined
  dueTo?: string | undefined
  text?: string | undefined
}

type ItemRow = ItemTable & {
  event_title: string
  template_title: string
  unit_id: string | null
  total: number
  lane: string
}

/** Items `i` with their events `e`, as far as they are wanted. */
async function findItems(ctx: Context, input: WantedItems) {
  const ground = await findGround(ctx, input.region)
  const now = today(ctx.now)
  const conditions: RawBuilder<SqlBool>[] = []
  if (input.state) conditions.push(sql`i.state = ${input.state}`)
  if (input.overdue) conditions.push(sql`i.state = 'open' and i.due_on < ${now}::date`)
  if (input.running) conditions.push(sql`e.state = 'open'`)
  if (input.templateKey) conditions.push(sql`e.template_key = ${input.templateKey}`)
  if (input.dueFrom) conditions.push(sql`i.due_on >= ${input.dueFrom}::date`)
  if (input.dueTo) conditions.push(sql`i.due_on <= ${input.dueTo}::date`)
  if (input.text) {
    const pattern = `%${input.text.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`
    conditions.push(sql`(e.title like ${pattern} or i.title like ${pattern})`)
  }
  const where = conditions.length > 0 ? sql`where ${sql.join(conditions, sql` and `)}` : sql``
  return {
    name: ground.name,
    from: sql`(select * from sync_item where ${within(ground)}) i
      join sync_event e on e.county_code = i.county_code and e.id = i.event_id ${where}`,
  }
}

const columns = sql`i.*, e.title as event_title, e.told->>'title' as template_title, e.unit_id`

async function shown(ctx: Context, rows: readonly ItemRow[]) {
  const areas = await regionNames(
    ctx.tx,
    rows.map((row) => row.area_code),
  )
  const now = today(ctx.now)
  return rows.map((row) => ({
    countyCode: row.county_code,
    id: row.id,
    eventId: row.event_id,
    templateTitle: row.template_title,
    eventTitle: row.event_title,
    unitId: row.unit_id,
    areaName: areas.get(row.area_code)?.name ?? row.area_code,
    key: row.key,
    title: row.title,
    state: row.state,
    dueOn: row.due_on,
    overdue: row.state === 'open' && row.due_on !== null && row.due_on < now,
    doneOn: row.done_on,
    note: row.note,
    fileName: row.file_name,
    author: row.author,
  }))
}

const orders = { dueOn: sql`i.due_on`, eventTitle: sql`e.title`, doneOn: sql`i.done_on` }

/** A page of items with the count of all. */
export async function readItems(
  ctx: Context,
  input: WantedItems & { sort: keyof typeof orders; order: 'asc' | 'desc'; limit: number; offset: number },
) {
  const { from, name } = await findItems(ctx, input)
  const { rows } = await sql<ItemRow>`
    select ${columns}, count(*) over () as total from ${from}
    order by ${orders[input.sort]} ${sql.raw(input.order)} nulls last, i.id
    limit ${input.limit} offset ${input.offset}`.execute(ctx.tx)
  return { name, total: rows[0]?.total ?? 0, rows: await shown(ctx, rows) }
}

/** 查看同步事项 */
export async function listItems(
  input: WantedItems & { sort: keyof typeof orders; order: 'asc' | 'desc'; page: number; pageSize: number },
  ctx: Context,
) {
  const { page, pageSize } = input
  const { total, rows } = await readItems(ctx, { ...input, limit: pageSize, offset: (page - 1) * pageSize })
  return { total, rows }
}

/** The items of one event in the template's order. */
export async function itemsOf(ctx: Context, event: EventRow) {
  const { rows } = await sql<ItemRow>`
    select ${columns} from sync_item i join sync_event e on e.county_code = i.county_code and e.id = i.event_id
    where i.county_code = ${event.county_code} and i.event_id = ${event.id}::uuid order by i.place`.execute(ctx.tx)
  return shown(ctx, rows)
}

const lanes = ['overdue', 'soon', 'later', 'waiting'] as const
const cardsShown = 20
const soonDays = 7

/** 查看同步看板: what is overdue, what is due within a week, later, and what waits for its milestone. */
export async function getSyncBoard(
  input: { region?: string | undefined; templateKey?: string | undefined },
  ctx: Context,
) {
  const { from } = await findItems(ctx, input)
  const now = today(ctx.now)
  const lane = sql`case when i.state = 'waiting' then 'waiting' when i.due_on < ${now}::date then 'overdue'
    when i.due_on <= ${addDays(now, soonDays)}::date then 'soon' else 'later' end`
  const every = sql`(select ${columns}, ${lane} as lane from ${from}) every`
  const { rows } = await sql<ItemRow>`
    select * from (select *, count(*) over (partition by lane) as total,
        row_number() over (partition by lane order by due_on nulls last, id) as rank
      from ${every} where state in ('open', 'waiting')) ranked
    where rank <= ${cardsShown} order by due_on nulls last, id`.execute(ctx.tx)
  const ended = await sql<{ done: number; skipped: number }>`
    select count(*) filter (where state = 'done')::integer as done,
      count(*) filter (where state = 'skipped')::integer as skipped from ${every}`.execute(ctx.tx)
  const cards = await shown(ctx, rows)
  return {
    columns: lanes.map((key) => ({
      key,
      total: rows.find((row) => row.lane === key)?.total ?? 0,
      items: cards.filter((_, at) => rows[at]!.lane === key),
    })),
    ...ended.rows[0]!,
  }
}

/** 查看同步日历: how many items are due on each day of a month. */
export async function getCalendar(input: { region?: string | undefined; month: string }, ctx: Context) {
  const dueFrom = `${input.month}-01`
  const { from } = await findItems(ctx, {
    region: input.region,
    dueFrom,
    dueTo: addDays(addMonths(dueFrom, 1), -1),
  })
  const { rows } = await sql<{ day: string; open: number; done: number; skipped: number }>`
    select i.due_on as day, count(*) filter (where i.state = 'open')::integer as open,
      count(*) filter (where i.state = 'done')::integer as done,
      count(*) filter (where i.state = 'skipped')::integer as skipped
    from ${from} group by i.due_on order by i.due_on`.execute(ctx.tx)
  return { days: rows }
}

async function itemOf(ctx: Context, id: string) {
  const item = await syncTables(ctx.tx).selectFrom('sync_item').selectAll().where('id', '=', id).executeTakeFirst()
  const event = item
    ? await syncTables(ctx.tx)
        .selectFrom('sync_event')
        .selectAll()
        .where('county_code', '=', item.county_code)
        .where('id', '=', item.event_id)
        .forUpdate()
        .executeTakeFirst()
    : undefined
  if (!item || !event) throw notFound('件同步事项')
  return { item, event }
}

async function turnItem(
  ctx: Context,
  { item, event }: Awaited<ReturnType<typeof itemOf>>,
  values: Partial<ItemTable>,
  words: Record<string, unknown>,
): Promise<void> {
  await syncTables(ctx.tx)
    .updateTable('sync_item')
    .set({ ...values, author: ctx.actor.name, at: ctx.now })
    .where('county_code', '=', item.county_code)
    .where('id', '=', item.id)
    .execute()
  await settle(ctx.tx, event)
  ctx.record({
    countyCode: item.county_code,
    subject: `syncEvent:${event.id}`,
    before: { 状态: itemStates[item.state], 情况: item.note },
    after: { 事件: event.title, 事项: item.title, ...words },
  })
}

/** 办结同步事项; one that waits for its milestone may be done before it. */
export async function doItem(
  input: { id: string; on: string; note: string; fileId?: string | undefined },
  ctx: Context,
) {
  const found = await itemOf(ctx, input.id)
  const { state } = found.item
  if (state !== 'open' && state !== 'waiting')
    throw new Problem('conflict', `这一项${itemStates[state]}，请刷新后再看。`)
  if (input.on > today(ctx.now)) throw new Problem('invalid', '办理日期不能晚于今天。')
  const upload = input.fileId ? await uploadOf(ctx, input.fileId) : null
  const file = { file_id: upload?.file_id ?? null, file_name: upload?.file_name ?? null }
  const words = { 办结: input.on, 情况: input.note }
  await turnItem(ctx, found, { state: 'done', done_on: input.on, note: input.note, ...file }, words)
  return { done: true as const }
}

/** 不办同步事项, with its reason. */
export async function skipItem(input: { id: string; reason: string }, ctx: Context) {
  const found = await itemOf(ctx, input.id)
  const { state } = found.item
  if (state !== 'open' && state !== 'waiting')
    throw new Problem('conflict', `这一项${itemStates[state]}，请刷新后再看。`)
  await turnItem(ctx, found, { state: 'skipped', done_on: today(ctx.now), note: input.reason }, { 不办: input.reason })
  return { done: true as const }
}

/** 重新办理同步事项: within the term it had. */
export async function reopenItem(input: { id: string; reason: string }, ctx: Context) {
  const found = await itemOf(ctx, input.id)
  const { state, due_on: due } = found.item
  if (state !== 'done' && state !== 'skipped') throw new Problem('conflict', '只有已办或不办的可以重新办理。')
  if (found.event.state === 'cancelled') throw new Problem('conflict', '事件已取消，请先恢复。')
  const none = { done_on: null, note: null, file_id: null, file_name: null }
  await turnItem(ctx, found, { state: due ? 'open' : 'waiting', ...none }, { 重新办理: input.reason })
  return { done: true as const }
}

/** 下载同步材料, with its purpose. */
export async function downloadItemFile(input: { id: string; purpose: string }, ctx: Context) {
  const { item } = await itemOf(ctx, input.id)
  if (!item.file_id) throw notFound('个文件')
  ctx.record({
    countyCode: item.county_code,
    subject: `syncEvent:${item.event_id}`,
    after: { 下载: item.file_name },
    purpose: input.purpose,
  })
  return { url: ctx.downloadPath({ fileId: item.file_id, fileName: item.file_name ?? '材料' }) }
}
