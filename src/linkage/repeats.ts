import type { Context } from '../host/context.ts'
import type { RowOutcome } from '../ledger/import-contract.ts'
import { ledgerTables, markSourceRows } from '../ledger/service.ts'
import { repeatedReason } from './contract.ts'
import type { KnownRow } from './neighbours.ts'

const settledOutcomes: RowOutcome[] = ['joined', 'created', 'queued']

/** Rows that say word for word what an earlier row of a standing import said, by id, with that row. */
export async function repeatsOf(
  ctx: Context,
  countyCode: string,
  rows: readonly KnownRow[],
): Promise<Map<string, string>> {
  if (rows.length === 0) return new Map()
  const found = await ledgerTables(ctx.tx)
    .selectFrom('source_row')
    .innerJoin('import', (join) =>
      join.onRef('import.county_code', '=', 'source_row.county_code').onRef('import.id', '=', 'source_row.import_id'),
    )
    .select(['source_row.id', 'source_row.digest'])
    .where('source_row.county_code', '=', countyCode)
    .where('source_row.digest', 'in', [...new Set(rows.map((row) => row.digest))])
    .where((eb) =>
      eb.or([
        eb('source_row.outcome', 'in', settledOutcomes),
        // What repeats a row of an import that was undone stands for it.
        eb.and([eb('source_row.outcome', '=', 'repeated'), eb('source_row.unit_id', 'is not', null)]),
      ]),
    )
    .where('import.state', 'not in', ['undone', 'undoing'])
    .orderBy('source_row.id', 'desc')
    .execute()
  const first = new Map(found.map((row) => [row.digest, row.id]))
  const repeats = new Map<string, string>()
  for (const row of rows) {
    const earlier = first.get(row.digest)
    if (earlier) repeats.set(row.id, earlier)
    else first.set(row.digest, row.id)
  }
  return repeats
}

/** Gives repeats the unit of the row that they repeat; none while that one waits. */
export async function markRepeats(
  ctx: Context,
  countyCode: string,
  repeats: ReadonlyMap<string, string>,
): Promise<void> {
  if (repeats.size === 0) return
  const found = await ledgerTables(ctx.tx)
    .selectFrom('source_row')
    .select(['id', 'unit_id'])
    .where('county_code', '=', countyCode)
    .where('id', 'in', [...new Set(repeats.values())])
    .execute()
  const unitOf = new Map(found.map((row) => [row.id, row.unit_id]))
  const marks = [...repeats].map(([id, first]) => ({
    id,
    outcome: 'repeated' as const,
    unit_id: unitOf.get(first) ?? null,
    linked_by: null,
    reason: repeatedReason,
  }))
  await markSourceRows(ctx, countyCode, marks)
}
