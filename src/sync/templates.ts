import { sql } from 'kysely'
import { notFound, Problem } from '../base/problem.ts'
import { today } from '../base/time.ts'
import type { Context, Transaction } from '../host/context.ts'
import { type Calendar, builtInDays, builtInDaysSource, calendarOf } from './calendar.ts'
import { builtInTemplates, faultOf, type SyncTemplate } from './rules.ts'
import type { SyncTables } from './tables.ts'

/** The sync room's own tables. */
export const syncTables = (tx: Transaction) => tx.withTables<SyncTables>()

/** A template as it stands in a county. */
export interface StandingTemplate {
  key: string
  told: SyncTemplate
  version: number
  builtIn: boolean
  inUse: boolean
  effectiveOn: string | null
  author: string | null
}

/** The newest version of every template of a county: built-in ones first, then its own. */
export async function templatesOf(tx: Transaction, countyCode: string): Promise<StandingTemplate[]> {
  const rows = await syncTables(tx)
    .selectFrom('sync_template')
    .selectAll()
    .where('county_code', '=', countyCode)
    .orderBy('version')
    .execute()
  const newest = new Map(rows.map((row) => [row.key, row]))
  const keys = [...new Set([...Object.keys(builtInTemplates), ...newest.keys()])]
  return keys.map((key) => {
    const row = newest.get(key)
    return {
      key,
      told: row?.told ?? builtInTemplates[key]!,
      version: row?.version ?? 0,
      builtIn: key in builtInTemplates,
      inUse: row?.in_use ?? false,
      effectiveOn: row?.in_use ? row.effective_on : null,
      author: row?.author ?? null,
    }
  })
}

/** 查看同步模板 */
export async function listTemplates({ countyCode }: { countyCode: string }, ctx: Context) {
  const { rows } = await sql<{ key: string; n: number }>`
    select template_key as key, count(*)::integer as n from sync_event
    where county_code = ${countyCode} and state = 'open' group by template_key`.execute(ctx.tx)
  const open = new Map(rows.map((row) => [row.key, row.n]))
  const templates = await templatesOf(ctx.tx, countyCode)
  return { templates: templates.map((one) => ({ ...one, told: shown(one.told), events: open.get(one.key) ?? 0 })) }
}

/** With arrays that may be changed, as the contract has them. */
const shown = (told: SyncTemplate) => ({
  ...told,
  kinds: [...told.kinds],
  milestones: [...told.milestones],
  items: [...told.items],
})

async function addVersion(
  ctx: Context,
  countyCode: string,
  key: string,
  row: { told: SyncTemplate; inUse: boolean; effectiveOn: string; reason: string },
): Promise<number> {
  const held = (await templatesOf(ctx.tx, countyCode)).find((one) => one.key === key)
  const version = (held?.version ?? 0) + 1
  await syncTables(ctx.tx)
    .insertInto('sync_template')
    .values({
      county_code: countyCode,
      key,
      version,
      told: JSON.stringify(row.told),
      in_use: row.inUse,
      effective_on: row.effectiveOn,
      reason: row.reason,
      author: ctx.actor.name,
      at: ctx.now,
    })
    .execute()
  // Units that an earlier version passed over, or that were written before this one, are looked through again.
  if (row.inUse) await syncTables(ctx.tx).deleteFrom('sync_follow').where('county_code', '=', countyCode).execute()
  return version
}

/** 定义同步模板: a new version; events that run already keep theirs. */
export async function saveTemplate(
  input: { countyCode: string; key: string; told: SyncTemplate; reason: string },
  ctx: Context,
) {
  const { countyCode, key, told, reason } = input
  const fault = faultOf(told)
  if (fault) throw new Problem('invalid', fault)
  const held = (await templatesOf(ctx.tx, countyCode)).find((one) => one.key === key)
  const effectiveOn = held?.effectiveOn ?? today(ctx.now)
  const version = await addVersion(ctx, countyCode, key, { told, inUse: held?.inUse ?? false, effectiveOn, reason })
  ctx.record({ countyCode, subject: `syncTemplate:${key}`, after: { 模板: told.title, 版本: version, 理由: reason } })
  return { version }
}

/** 启用或停用同步模板 */
export async function switchTemplate(
  input: { countyCode: string; key: string; inUse: boolean; effectiveOn: string; reason: string },
  ctx: Context,
) {
  const { countyCode, key, inUse, effectiveOn, reason } = input
  const held = (await templatesOf(ctx.tx, countyCode)).find((one) => one.key === key)
  if (!held) throw notFound('个同步模板')
  if (held.inUse === inUse) throw new Problem('conflict', inUse ? '这个模板已经启用。' : '这个模板没有启用。')
  await addVersion(ctx, countyCode, key, { told: held.told, inUse, effectiveOn, reason })
  ctx.record({
    countyCode,
    subject: `syncTemplate:${key}`,
    after: { [inUse ? '启用' : '停用']: held.told.title, 起: effectiveOn, 理由: reason },
  })
  return { done: true as const }
}

/** The working days of a county. */
export async function calendarIn(tx: Transaction, countyCode: string): Promise<Calendar> {
  const own = await syncTables(tx)
    .selectFrom('sync_day')
    .select(['day', 'off'])
    .where('county_code', '=', countyCode)
    .execute()
  return calendarOf(own)
}

/** 查看节假日安排 of a year. */
export async function listDays({ countyCode, year }: { countyCode: string; year: number }, ctx: Context) {
  const rows = await syncTables(ctx.tx)
    .selectFrom('sync_day')
    .select(['day', 'off', 'source'])
    .where('county_code', '=', countyCode)
    .execute()
  const days = new Map<string, { day: string; off: boolean; source: string; own: boolean }>([
    ...builtInDays.map((one) => [one.day, { ...one, source: builtInDaysSource, own: false }] as const),
    ...rows.map((one) => [one.day, { ...one, own: true }] as const),
  ])
  const found = [...days.values()].filter((one) => one.day.startsWith(`${year}-`))
  return { known: found.length > 0, days: found.toSorted((a, b) => (a.day < b.day ? -1 : 1)) }
}

const daysMax = 15

/** 登记节假日: for terms that begin from now on. */
export async function setDay(
  input: { countyCode: string; from: string; to: string; off: boolean; source: string },
  ctx: Context,
) {
  const { countyCode, from, to, off, source } = input
  if (to < from) throw new Problem('invalid', '结束日期不能早于开始日期。')
  const days: string[] = []
  for (let at = Date.parse(from); at <= Date.parse(to) && days.length <= daysMax; at += 86_400_000)
    days.push(new Date(at).toISOString().slice(0, 10))
  if (days.length > daysMax) throw new Problem('invalid', `一次最多登记 ${daysMax} 天。`)
  for (const day of days) {
    const row = { off, source, author: ctx.actor.name, at: ctx.now }
    await syncTables(ctx.tx)
      .insertInto('sync_day')
      .values({ county_code: countyCode, day, ...row })
      .onConflict((conflict) => conflict.columns(['county_code', 'day']).doUpdateSet(row))
      .execute()
  }
  ctx.record({ countyCode, subject: 'sync:days', after: { [off ? '放假' : '上班']: `${from} 至 ${to}`, 依据: source } })
  return { done: true as const }
}
