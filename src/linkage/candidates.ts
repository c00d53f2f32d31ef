import { sql } from 'kysely'
import { nameKey } from '../base/chinese.ts'
import { maskName } from '../base/mask.ts'
import type { Context } from '../host/context.ts'
import { searchGrams } from '../ledger/rules.ts'
import { ledgerTables, previewChanges } from '../ledger/service.ts'
import { redirectsOf, subjectOf } from './decisions.ts'
import { type Coded, isForeign } from './foreign-code.ts'
import { modelOf } from './model-in-use.ts'
import { blockKeys } from './keys.ts'
import type { Model } from './model.ts'
import { holdersOf } from './link-keys.ts'
import { type KnownRow, rowsById, rowsOfUnits } from './neighbours.ts'
import { linkageTables } from './queue.ts'
import type { QueueItem } from './queue-list.ts'
import { rowsOfKnown } from './row-features.ts'
import { weighUnits } from './weigh-units.ts'

const shownMax = 9

/**
 * The units that a waiting row may be, the likeliest first: those that a key or the queue points to, and similar names. The
 * unit that holds the row's code is always among them; where the code cannot go along, the preview leaves it out.
 */
export async function candidatesOf(ctx: Context, item: QueueItem, holder: Coded | null) {
  const row = await asRow(ctx, item)
  const model = await modelOf(ctx, item.county_code)
  const near = await nearUnits(ctx, item.county_code, row, model)
  const ids = new Set([...item.candidates, ...near.units, ...(await similar(ctx, item))])
  if (ids.size === 0) return []
  const units = await ledgerTables(ctx.tx)
    .selectFrom('unit')
    .leftJoin('region', 'region.code', 'unit.area_code')
    .select([
      'unit.id',
      'unit.name',
      'unit.uscc',
      'unit.address',
      'unit.legal_rep',
      'unit.area_code',
      'region.name as area_name',
    ])
    .where('unit.county_code', '=', item.county_code)
    .where('unit.withdrawn_at', 'is', null)
    .where('unit.id', 'in', [...ids])
    .execute()
  const members = Map.groupBy(
    await rowsOfUnits(
      ctx,
      item.county_code,
      units.map((unit) => unit.id),
    ),
    (one) => one.unitId ?? '',
  )
  const waterfalls = weighUnits(row, members, { countyCode: item.county_code, common: near.common, model })
  const none = { parts: [], weight: model.start, probability: 0, rule: '这家单位没有可比的来源行' }
  const weighed = units
    .map((unit) => ({ unit, rows: members.get(unit.id) ?? [], waterfall: waterfalls.get(unit.id) ?? none }))
    .sort((a, b) => b.waterfall.weight - a.waterfall.weight)
    .filter(({ unit }, at) => at < shownMax || unit.id === holder?.id)
  const refused = await refusalsOf(ctx, item)
  const previews = await previewChanges(
    ctx,
    item.county_code,
    weighed.map(({ unit }) => ({
      unitId: unit.id,
      create: false,
      department: item.department,
      validFrom: item.as_of,
      sourceRowId: item.source_row_id,
      values: isForeign(item.fields.uscc, unit, holder) ? withoutCode(item) : item.fields,
    })),
    item.import_id,
  )
  const files = await filesOf(
    ctx,
    item.county_code,
    weighed.flatMap((one) => one.rows),
  )
  return weighed.map(({ unit, rows, waterfall }, at) => ({
    unitId: unit.id,
    name: unit.name,
    uscc: unit.uscc,
    address: unit.address,
    legalRep: unit.legal_rep === null ? null : maskName(unit.legal_rep),
    areaName: unit.area_name ?? unit.area_code,
    probability: waterfall.probability,
    waterfall,
    comparisons: previews[at] ?? [],
    sources: rows.flatMap((one) =>
      one.importId && one.id !== item.source_row_id
        ? [
            {
              importId: one.importId,
              fileName: files.get(one.importId) ?? '',
              sheet: one.sheet,
              row: one.rowNumber,
              department: one.department,
            },
          ]
        : [],
    ),
    refused: refused.get(unit.id) ?? null,
  }))
}

function withoutCode({ fields }: QueueItem): QueueItem['fields'] {
  const { uscc: _, ...others } = fields
  return others
}

/** The units that share a key with a row, and the keys that too many units hold. */
function nearUnits(ctx: Context, countyCode: string, row: KnownRow, model: Model) {
  const keys = blockKeys(rowsOfKnown([row], countyCode), 0)
  return holdersOf(ctx, countyCode, new Set(keys.flatMap((key) => [key, -key])), model.holdersMax)
}

async function asRow(ctx: Context, item: QueueItem): Promise<KnownRow> {
  const [row] = await rowsById(ctx, item.county_code, [item.source_row_id])
  return (
    row ?? {
      id: item.source_row_id,
      unitId: null,
      department: item.department,
      fields: item.fields,
      written: '',
      linkedBy: null,
      outcome: 'queued',
      importId: item.import_id,
      digest: item.digest,
      asOf: item.as_of,
      sheet: item.sheet,
      rowNumber: item.row_number,
      author: '',
    }
  )
}

/** Units of which half of the name is the row's: for a person only, the program does not join by them. */
async function similar(ctx: Context, item: QueueItem): Promise<string[]> {
  const grams = searchGrams(nameKey(item.name ?? ''))
  if (grams.length === 0) return []
  const { rows } = await sql<{ id: string }>`
    select u.id from unit u
    where u.county_code = ${item.county_code} and u.withdrawn_at is null and u.search_grams collate "C" && ${grams}::text[]
      and cardinality(array(select unnest(u.search_grams) intersect select unnest(${grams}::text[]))) * 2 >= ${grams.length}
    limit 50`.execute(ctx.tx)
  return rows.map((row) => row.id)
}

/** What people said this row is not, by unit; merged units are followed. */
async function refusalsOf(ctx: Context, item: QueueItem) {
  const rows = await linkageTables(ctx)
    .selectFrom('link_decision')
    .select(['id', 'unit_id', 'by_name', 'at', 'reason'])
    .where('county_code', '=', item.county_code)
    .where('kind', '=', 'cannot')
    .where('undone_at', 'is', null)
    .where('subject', '=', subjectOf(item))
    .execute()
  const ends = rows.length > 0 ? await redirectsOf(ctx, item.county_code) : new Map<string, string>()
  return new Map(
    rows.map((row) => [
      ends.get(row.unit_id) ?? row.unit_id,
      { decisionId: row.id, by: row.by_name, at: row.at.toISOString(), reason: row.reason },
    ]),
  )
}

async function filesOf(ctx: Context, countyCode: string, rows: readonly KnownRow[]): Promise<Map<string, string>> {
  const ids = [...new Set(rows.flatMap((row) => row.importId ?? []))]
  if (ids.length === 0) return new Map()
  const found = await ledgerTables(ctx.tx)
    .selectFrom('import')
    .select(['id', 'file_name'])
    .where('county_code', '=', countyCode)
    .where('id', 'in', ids)
    .execute()
  return new Map(found.map((row) => [row.id, row.file_name]))
}
