import { type Selectable, sql } from 'kysely'
import type { Transaction } from '../host/context.ts'
import type { Measure } from './condition.ts'
import { ratio as ratioShape } from './contract.ts'
import { builtInRatios, figures, keepRatio, type KeptRatio, officeSlotsFrom } from './definitions.ts'
import type { SettingVersion } from './setting-words.ts'
import type { CoverageTables, RatioTable } from './tables.ts'

/** Everything that is counted: the figures, and every version of every ratio, oldest version first. */
export interface Definitions {
  ratios: readonly KeptRatio[]
  measures: readonly Measure[]
  /** How many places a row of sums has. */
  slots: number
}

/** Reads what the office defined beside what is built in. */
export async function loadDefinitions(tx: Transaction): Promise<Definitions> {
  const tables = tx.withTables<CoverageTables>()
  const rows = await tables.selectFrom('coverage_ratio').selectAll().execute()
  const ends = await tables.selectFrom('coverage_ratio_retired').select(['key', 'retired_from']).execute()
  const retired = new Map(ends.map((row) => [row.key, row.retired_from]))
  const ratios = [...builtInRatios, ...rows.map(keptOf)]
    .map((one) => ({ ...one, retiredFrom: retired.get(one.key) ?? null }))
    .toSorted((a, b) => a.version - b.version)
  const measures = [
    ...figures.map((one) => one.measure),
    ...ratios.flatMap((one) => [one.numeratorMeasure, one.denominatorMeasure]),
  ]
  const slots = Math.max(officeSlotsFrom - 1, ...measures.map((one) => one.slot))
  return { ratios, measures, slots }
}

function keptOf(row: Selectable<RatioTable>): KeptRatio {
  const told = row.told as Record<string, unknown>
  return keepRatio(
    ratioShape.parse({
      ...told,
      key: row.key,
      version: row.version,
      effectiveFrom: row.effective_from,
      retiredFrom: null,
      builtIn: false,
      author: row.author,
      definedAt: row.defined_at.toISOString(),
    }),
    row.slot,
  )
}

/** The version of each ratio that answers for a day: the last one in force then, unless the ratio had been retired. */
export function ratiosOn(ratios: readonly KeptRatio[], day: string): KeptRatio[] {
  const found = new Map<string, KeptRatio>()
  for (const one of ratios) {
    if (one.effectiveFrom <= day && (one.retiredFrom === null || day < one.retiredFrom)) found.set(one.key, one)
  }
  return [...found.values()]
}

/** Every change of the numbers of the rules, the party room's and the room's own, and when the last was made. */
export async function loadSettings(tx: Transaction): Promise<{ versions: SettingVersion[]; changedAt: Date | null }> {
  const { rows } = await sql<SettingVersion & { changed_at: Date }>`
    select key, value, effective_from as "effectiveFrom", changed_at from coverage_setting
    union all select key, value, effective_from, changed_at from party_setting order by changed_at`.execute(tx)
  const versions = rows.map((row): SettingVersion => ({ ...row }))
  return { versions, changedAt: rows.at(-1)?.changed_at ?? null }
}
