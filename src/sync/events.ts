import { notFound, Problem } from '../base/problem.ts'
import { countyOf } from '../base/region.ts'
import { today } from '../base/time.ts'
import type { Context } from '../host/context.ts'
import { ledgerTables } from '../ledger/service.ts'
import { regionNames } from '../office/service.ts'
import { eventStates } from './contract.ts'
import { itemsOf } from './items.ts'
import { dueOn, dueUnits, type TemplateItem } from './rules.ts'
import type { EventRow } from './tables.ts'
import { calendarIn, syncTables, templatesOf } from './templates.ts'
import { settle, writeEvent } from './write.ts'

function refuse(path: string, message: string): Problem {
  return new Problem('invalid', message, { fields: [{ path, message }] })
}

/** An event in scope, held against others. @throws Problem('notFound') */
export async function eventOf(ctx: Context, id: string): Promise<EventRow> {
  const row = await syncTables(ctx.tx)
    .selectFrom('sync_event')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  if (!row) throw notFound('个事件')
  return row
}

interface Opening {
  countyCode: string
  templateKey: string
  unitId: string | null
  title: string
  areaCode?: string | undefined
  on: string
}

/** 登记事件 by hand, of a unit or of a project that is none yet. */
export async function openEvent(input: Opening, ctx: Context) {
  const { countyCode, templateKey, on } = input
  const template = (await templatesOf(ctx.tx, countyCode)).find((one) => one.key === templateKey)
  if (!template) throw notFound('个同步模板')
  if (!template.inUse) throw refuse('templateKey', `“${template.told.title}”没有启用，请先启用。`)
  if (on > today(ctx.now)) throw refuse('on', '发生日期不能晚于今天。')
  const place = await placeOf(ctx, input)
  const calendar = await calendarIn(ctx.tx, countyCode)
  const event = { countyCode, templateKey, told: template.told, unitId: input.unitId, eventKey: null, on }
  const by = { source: 'hand', author: ctx.actor.name } as const
  const id = await writeEvent(ctx.tx, ctx.now, { ...event, ...place, ...by }, calendar)
  ctx.record({
    countyCode,
    subject: `syncEvent:${id}`,
    after: { 事件: place.title, 模板: template.told.title, 发生: on },
  })
  return { id: id! }
}

async function placeOf(ctx: Context, input: Opening): Promise<{ title: string; areaCode: string }> {
  const { countyCode, unitId, areaCode, title } = input
  if (unitId === null) {
    if (title.length < 2) throw refuse('title', '请填写项目名称，或者选择单位。')
    const area = areaCode ?? countyCode
    if (countyOf(area) !== countyCode) throw refuse('areaCode', '所在区划不在这个县（市、区）里，请重新选择。')
    const { areas } = ctx.actor.scope
    if (areas !== '*' && !areas.includes(area)) throw refuse('areaCode', '请选择您管理范围内的乡镇街道。')
    return { title, areaCode: area }
  }
  const unit = await ledgerTables(ctx.tx)
    .selectFrom('unit')
    .select(['county_code', 'area_code', 'name'])
    .where('id', '=', unitId)
    .executeTakeFirst()
  if (!unit || unit.county_code !== countyCode) throw notFound('家单位')
  return { title: title || unit.name, areaCode: unit.area_code }
}

/** A milestone of an event and its day. */
interface Passed {
  milestone: string
  on: string
}

/** The items that a milestone opens. @throws Problem where it cannot be noted with this day */
export async function milestoneItems(ctx: Context, event: EventRow, { milestone, on }: Passed) {
  if (event.state === 'cancelled') throw new Problem('conflict', '事件已取消，请先恢复。')
  const at = event.told.milestones.findIndex((one) => one.key === milestone)
  if (at < 0) throw refuse('milestone', '没有这个节点，请重新选择。')
  const { title } = event.told.milestones[at]!
  if (on > today(ctx.now)) throw refuse('on', '日期不能晚于今天。')
  if (at > 0 && on < event.on_day) throw refuse('on', `日期不能早于事件发生的 ${event.on_day}。`)
  const of = event.told.items.filter((one) => one.milestone === milestone)
  const rows = await syncTables(ctx.tx)
    .selectFrom('sync_item')
    .selectAll()
    .where('county_code', '=', event.county_code)
    .where('event_id', '=', event.id)
    .where('key', 'in', of.map((one) => one.key).concat(''))
    .execute()
  const noted = event.milestones[milestone]
  if (noted !== undefined && noted !== on && rows.some((row) => row.state === 'done' || row.state === 'skipped'))
    throw new Problem('conflict', `“${title}”的事项已有办结的，请先重新办理再改日期。`)
  return { title, isFirst: at === 0, of, rows }
}

/** 登记节点: opens what waited for it, and dates what was done before it; a wrong day is noted again while nothing is done. */
export async function passMilestone(input: Passed & { id: string }, ctx: Context) {
  const event = await eventOf(ctx, input.id)
  const { title, isFirst, of, rows } = await milestoneItems(ctx, event, input)
  const calendar = await calendarIn(ctx.tx, event.county_code)
  for (const row of rows) {
    const due = dueOn(
      of.find((one) => one.key === row.key)!,
      input.on,
      calendar,
    )
    await syncTables(ctx.tx)
      .updateTable('sync_item')
      .set({ due_on: due, ...(row.state === 'waiting' ? { state: 'open' } : {}) })
      .where('county_code', '=', row.county_code)
      .where('id', '=', row.id)
      .execute()
  }
  await syncTables(ctx.tx)
    .updateTable('sync_event')
    .set({
      milestones: JSON.stringify({ ...event.milestones, [input.milestone]: input.on }),
      ...(isFirst ? { on_day: input.on } : {}),
    })
    .where('county_code', '=', event.county_code)
    .where('id', '=', event.id)
    .execute()
  ctx.record({
    countyCode: event.county_code,
    subject: `syncEvent:${event.id}`,
    before: { 日期: event.milestones[input.milestone] ?? null },
    after: { 事件: event.title, 节点: title, 日期: input.on },
  })
  return { done: true as const }
}

/** 取消事件: what is not done is no longer asked for. */
export async function cancelEvent(input: { id: string; reason: string }, ctx: Context) {
  const event = await eventOf(ctx, input.id)
  if (event.state !== 'open') throw new Problem('conflict', `事件${eventStates[event.state]}，请刷新后再看。`)
  await turn(ctx, event, ['open', 'waiting'], 'cancelled')
  await setState(ctx, event, 'cancelled', input.reason)
  return { done: true as const }
}

/** 恢复事件 with the terms it had. */
export async function reviveEvent(input: { id: string; reason: string }, ctx: Context) {
  const event = await eventOf(ctx, input.id)
  if (event.state !== 'cancelled') throw new Problem('conflict', '只有已取消的事件可以恢复。')
  await turn(ctx, event, ['cancelled'], null)
  await setState(ctx, event, 'open', input.reason)
  await settle(ctx.tx, { ...event, state: 'open' })
  return { done: true as const }
}

/** Turns the items of an event that are in one of these states; null: back to what their terms say. */
async function turn(ctx: Context, event: EventRow, from: ('open' | 'waiting' | 'cancelled')[], to: 'cancelled' | null) {
  const items = () =>
    syncTables(ctx.tx)
      .updateTable('sync_item')
      .where('county_code', '=', event.county_code)
      .where('event_id', '=', event.id)
      .where('state', 'in', from)
  if (to) return items().set({ state: to }).execute()
  await items().where('due_on', 'is not', null).set({ state: 'open' }).execute()
  return items().set({ state: 'waiting' }).execute()
}

async function setState(ctx: Context, event: EventRow, state: EventRow['state'], reason: string): Promise<void> {
  await syncTables(ctx.tx)
    .updateTable('sync_event')
    .set({ state, cancelled_reason: state === 'cancelled' ? reason : null })
    .where('county_code', '=', event.county_code)
    .where('id', '=', event.id)
    .execute()
  ctx.record({
    countyCode: event.county_code,
    subject: `syncEvent:${event.id}`,
    after: { [state === 'cancelled' ? '取消' : '恢复']: event.title, 原因: reason },
  })
}

/** 查看一个事件 */
export async function getEvent(input: { id: string }, ctx: Context) {
  const event = await syncTables(ctx.tx)
    .selectFrom('sync_event')
    .selectAll()
    .where('id', '=', input.id)
    .executeTakeFirst()
  if (!event) throw notFound('个事件')
  const areas = await regionNames(ctx.tx, [event.area_code])
  const items = await itemsOf(ctx, event)
  const told = new Map(event.told.items.map((one) => [one.key, one]))
  return {
    countyCode: event.county_code,
    id: event.id,
    title: event.title,
    templateTitle: event.told.title,
    source: event.told.source,
    fromLedger: event.source === 'ledger',
    unitId: event.unit_id,
    areaName: areas.get(event.area_code)?.name ?? event.area_code,
    state: event.state,
    on: event.on_day,
    milestones: event.told.milestones.map((one) => ({ ...one, on: event.milestones[one.key] ?? null })),
    items: items.map(({ key, ...one }) => ({
      ...one,
      milestone: told.get(key)!.milestone,
      term: termText(told.get(key)!),
    })),
    cancelledReason: event.cancelled_reason,
    author: event.author,
    at: event.at.toISOString(),
  }
}

const termText = ({ term, unit }: TemplateItem) => (term === 0 ? '当日' : `${term} ${dueUnits[unit]}`)
