import type { Selectable } from 'kysely'
import { notFound } from '../base/problem.ts'
import type { Context } from '../host/context.ts'
import { ledgerTables, sourceRowOf } from '../ledger/service.ts'
import { redirectsOf } from './decisions.ts'
import { linkageTables } from './queue.ts'
import { isAutomatic } from './settlement.ts'
import type { LinkageTables } from './tables.ts'

/** 查看比对记录: why every row belongs to a unit, and every change of its links, the newest first. */
export async function listUnitLinks(input: { id: string }, ctx: Context) {
  const unit = await ledgerTables(ctx.tx)
    .selectFrom('unit')
    .select(['county_code', 'id', 'name', 'withdrawn_at'])
    .where('id', '=', input.id)
    .executeTakeFirst()
  if (!unit) throw notFound('家单位')
  const countyCode = unit.county_code
  const events = await eventsOf(ctx, countyCode, unit.id)
  const rows = await rowsOf(ctx, countyCode, unit.id)
  const redirects = await linkageTables(ctx)
    .selectFrom('link_redirect')
    .selectAll()
    .where('county_code', '=', countyCode)
    .where((eb) => eb.or([eb('from_unit', '=', unit.id), eb('to_unit', '=', unit.id)]))
    .orderBy('at', 'desc')
    .execute()
  const own = redirects.find((one) => one.from_unit === unit.id)
  const end = own ? ((await redirectsOf(ctx, countyCode)).get(unit.id) ?? own.to_unit) : null
  const names = await namesOf(ctx, countyCode, [
    ...events.flatMap((event) => [event.from_unit, event.to_unit]),
    ...redirects.map((one) => one.from_unit),
    end,
  ])
  const undone = new Set(events.flatMap((event) => event.undoes ?? []))
  const shown = events.map((event) => eventOf(event, names, undone))
  return {
    countyCode,
    name: unit.name,
    withdrawn: unit.withdrawn_at !== null,
    mergedInto: own && end ? { unitId: end, name: names.get(end) ?? null, at: own.at.toISOString() } : null,
    merged: redirects
      .filter((one) => one.to_unit === unit.id && !isAutomatic(one))
      .map((one) => ({
        unitId: one.from_unit,
        name: names.get(one.from_unit) ?? '',
        rows: one.source_rows.length,
        reason: one.reason,
        by: one.by_name,
        at: one.at.toISOString(),
      })),
    rows: rows.map((row) => ({
      ...sourceRowOf(row),
      repeated: row.outcome === 'repeated',
      // The newest event is the first: that which brought the row here.
      why: shown.find((event) => event.sourceRowId === row.id && event.to?.unitId === unit.id) ?? null,
    })),
    events: shown,
  }
}

async function rowsOf(ctx: Context, countyCode: string, unitId: string) {
  return ledgerTables(ctx.tx)
    .selectFrom('source_row')
    .innerJoin('import', (join) =>
      join.onRef('import.county_code', '=', 'source_row.county_code').onRef('import.id', '=', 'source_row.import_id'),
    )
    .selectAll('source_row')
    .select(['import.file_name', 'import.department', 'import.as_of'])
    .where('source_row.county_code', '=', countyCode)
    .where('source_row.unit_id', '=', unitId)
    .where('import.state', '!=', 'undone')
    .orderBy('import.as_of', 'desc')
    .orderBy('source_row.id')
    .execute()
}

const eventsMax = 500

/** Events that brought rows to a unit or took them away. */
async function eventsOf(ctx: Context, countyCode: string, unitId: string) {
  return linkageTables(ctx)
    .selectFrom('link_event')
    .selectAll()
    .where('county_code', '=', countyCode)
    .where((eb) => eb.or([eb('from_unit', '=', unitId), eb('to_unit', '=', unitId)]))
    .orderBy('id', 'desc')
    .limit(eventsMax)
    .execute()
}

/** Names of units by id; one that is gone has none. */
export async function namesOf(ctx: Context, countyCode: string, ids: readonly (string | null)[]) {
  const wanted = [...new Set(ids.filter((id) => id !== null))]
  if (wanted.length === 0) return new Map<string, string>()
  const rows = await ledgerTables(ctx.tx)
    .selectFrom('unit')
    .select(['id', 'name'])
    .where('county_code', '=', countyCode)
    .where('id', 'in', wanted)
    .execute()
  return new Map(rows.map((row) => [row.id, row.name]))
}

type Event = Selectable<LinkageTables['link_event']>

function eventOf(event: Event, names: ReadonlyMap<string, string>, undone: ReadonlySet<string>) {
  const unit = (id: string | null) => (id === null ? null : { unitId: id, name: names.get(id) ?? null })
  return {
    id: event.id,
    sourceRowId: event.source_row_id,
    from: unit(event.from_unit),
    to: unit(event.to_unit),
    cause: event.cause,
    linkedBy: event.linked_by,
    waterfall: event.waterfall,
    modelVersion: event.model_version,
    undone: undone.has(event.id),
    reason: event.reason,
    by: event.by_name,
    at: event.at.toISOString(),
  }
}
