import { sql } from 'kysely'
import type { Context } from '../host/context.ts'
import type { RowOutcome } from '../ledger/import-contract.ts'
import { countTurns, ledgerTables, markSourceRows } from '../ledger/service.ts'
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
    // Whoever undoes one of these imports waits, and then hands its rows over to those that repeat them.
    .forShare('import')
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

/**
 * Gives staged rows that repeat others, by id, the unit of the row that they repeat; none while that one waits. Those whose
 * first is in an import that has been undone meanwhile are left as they are.
 */
export async function markRepeats(
  ctx: Context,
  countyCode: string,
  repeats: ReadonlyMap<string, string>,
): Promise<void> {
  if (repeats.size === 0) return
  const firsts = await ledgerTables(ctx.tx)
    .selectFrom('source_row')
    .innerJoin('import', (join) =>
      join.onRef('import.county_code', '=', 'source_row.county_code').onRef('import.id', '=', 'source_row.import_id'),
    )
    .select(['source_row.id', 'source_row.unit_id'])
    .where('source_row.county_code', '=', countyCode)
    .where(sql<boolean>`source_row.id = any (${[...new Set(repeats.values())]}::uuid[])`)
    .where('source_row.outcome', 'not in', ['staged', 'refused'])
    .where('import.state', 'not in', ['undone', 'undoing'])
    .forShare('import')
    .execute()
  const unitOf = new Map(firsts.map((row) => [row.id, row.unit_id]))
  const staged = await ledgerTables(ctx.tx)
    .selectFrom('source_row')
    .select(['id', 'import_id'])
    .where('county_code', '=', countyCode)
    .where(sql<boolean>`id = any (${[...repeats.keys()]}::uuid[])`)
    .where('outcome', '=', 'staged')
    .execute()
  const standing = staged.filter((row) => unitOf.has(repeats.get(row.id)!))
  if (standing.length === 0) return
  const said = { outcome: 'repeated' as const, linked_by: null, reason: repeatedReason }
  const marks = standing.map(({ id }) => ({ id, unit_id: unitOf.get(repeats.get(id)!) ?? null, ...said }))
  await markSourceRows(ctx, countyCode, marks)
  const turns = standing.map((row) => ({ importId: row.import_id, from: 'staged' as const, to: 'repeated' as const }))
  await countTurns(ctx, countyCode, turns)
}
