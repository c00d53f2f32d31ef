import { type RawBuilder, sql, type SqlBool } from 'kysely'
import { nameKey } from '../base/chinese.ts'
import { childRange, countryCode } from '../base/region.ts'
import { addMonths, today } from '../base/time.ts'
import type { Context } from '../host/context.ts'
import type { Reminder } from './contract.ts'
import { elects, likeText, standsOn, termEndsOn } from './orgs.ts'
import { loadPartySettings } from './settings.ts'
import type { PartySettings } from './settings-contract.ts'
import { type OrgKind, orgKinds, type ReminderKind, reminderKinds } from './words-contract.ts'

/**
 * Every organisation that something is to be done about, with what and until when; one that is over is not also soon. Days
 * before which an organisation without a term should have elected are reckoned from its founding.
 */
function dueOrgs(day: string, settings: PartySettings, where: RawBuilder<SqlBool>): RawBuilder<unknown> {
  const soon = addMonths(day, settings.soonMonths)
  const firstBy = addMonths(day, -settings.firstElectionMonths)
  return sql`
    select o.county_code, o.id, o.name, o.kind, o.area_code, o.sort_key, d.reminder, d.due_on
    from (
      select o.*, ${termEndsOn(day)} as ends_on from party_org o where ${standsOn(day)} and ${where}
    ) o
    cross join lateral (values
      ('termOver', case when ${elects} and o.ends_on < ${day}::date then o.ends_on end),
      ('termSoon', case when ${elects} and o.ends_on >= ${day}::date and o.ends_on <= ${soon}::date then o.ends_on end),
      ('electionDue', case when ${elects} and o.ends_on is null and o.founded_on < ${firstBy}::date
        then (o.founded_on + ${settings.firstElectionMonths} * interval '1 month')::date end),
      ('dissolveDue', case when o.planned_end <= ${addMonths(day, 1)}::date then o.planned_end end)
    ) d (reminder, due_on)
    where d.due_on is not null`
}

const inRegion = (region: string | undefined) => {
  const { from, to } = childRange(region ?? countryCode)
  return sql<SqlBool>`o.area_code >= ${from} and o.area_code < ${to}`
}

/** 党组织概况: how many of each kind stand today, and what is to be done. */
export async function orgSummary(input: { region?: string | undefined }, ctx: Context) {
  const day = today(ctx.now)
  const settings = await loadPartySettings(ctx.tx, day)
  const { rows } = await sql<{ kind: OrgKind; n: number }>`
    select kind, count(*)::int as n from party_org o where ${standsOn(day)} and ${inRegion(input.region)}
    group by kind`.execute(ctx.tx)
  const { rows: due } = await sql<{ reminder: ReminderKind; n: number }>`
    select reminder, count(*)::int as n from (${dueOrgs(day, settings, inRegion(input.region))}) due
    group by reminder`.execute(ctx.tx)
  const zero = <K extends string>(words: Record<K, string>) =>
    Object.fromEntries(Object.keys(words).map((key) => [key, 0])) as Record<K, number>
  const kinds = { ...zero(orgKinds), ...Object.fromEntries(rows.map((row) => [row.kind, row.n])) }
  return {
    asOf: day,
    total: rows.reduce((sum, row) => sum + row.n, 0),
    kinds,
    reminders: { ...zero(reminderKinds), ...Object.fromEntries(due.map((row) => [row.reminder, row.n])) },
  }
}

interface RemindersInput {
  kind?: ReminderKind | undefined
  region?: string | undefined
  text?: string | undefined
  page: number
  pageSize: number
}

/** 换届与提醒, the most urgent first. */
export async function listReminders(input: RemindersInput, ctx: Context) {
  const day = today(ctx.now)
  const settings = await loadPartySettings(ctx.tx, day)
  const named = input.text ? sql<SqlBool>`o.search_text like ${likeText(nameKey(input.text).toLowerCase())}` : sql`true`
  const where = sql<SqlBool>`${inRegion(input.region)} and ${named}`
  const { rows } = await sql<{
    id: string
    name: string
    kind: OrgKind
    area_name: string | null
    reminder: ReminderKind
    due_on: string
    secretary: string | null
    total: number
  }>`
    select due.id, due.name, due.kind, r.name as area_name, due.reminder, due.due_on,
      (select min(x.name_masked) from party_post x where x.county_code = due.county_code and x.org_id = due.id
        and x.post = 'secretary' and x.valid_from <= ${day}::date
        and (x.valid_to is null or x.valid_to > ${day}::date)) as secretary,
      (count(*) over ())::int as total
    from (${dueOrgs(day, settings, where)}) due left join region r on r.code = due.area_code
    where ${input.kind ?? null}::text is null or due.reminder = ${input.kind ?? null}
    order by due.due_on, due.sort_key, due.id
    limit ${input.pageSize} offset ${(input.page - 1) * input.pageSize}`.execute(ctx.tx)
  const days = (due: string) => Math.round((Date.parse(due) - Date.parse(day)) / 86_400_000)
  return {
    total: rows[0]?.total ?? 0,
    rows: rows.map((row): Reminder => ({
      orgId: row.id,
      name: row.name,
      kind: row.kind,
      areaName: row.area_name ?? '',
      reminder: row.reminder,
      dueOn: row.due_on,
      days: days(row.due_on),
      secretary: row.secretary,
    })),
  }
}
