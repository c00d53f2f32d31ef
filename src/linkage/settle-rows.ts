import { newId } from '../base/ids.ts'
import type { Waterfall } from './contract.ts'
import { linkedBy } from './contract.ts'
import type { Standing } from './decisions.ts'
import { type LinkRecord, settle, type Settled } from './engine.ts'
import type { Model } from './model.ts'
import type { KnownRow } from './neighbours.ts'
import { rowsOfKnown } from './row-features.ts'
import type { Rows } from './rows.ts'
import type { Contribution } from './score.ts'
import type { Outcome } from './settlement.ts'

/** Rows that are to be settled, and all that is known near them. */
export interface Settleable {
  countyCode: string
  /** Rows that may be put anywhere. */
  free: readonly KnownRow[]
  /** Rows that stay in their unit; those that are free as well are not among them. */
  members: readonly KnownRow[]
  placeOf?: (row: KnownRow) => string | null
  said: ReadonlyMap<string, Standing>
  /** Keys that many units hold, with how many; empty when all rows of the county are here. */
  common: ReadonlyMap<number, number>
  /** What the free rows and then the members say, where they have been taken apart already. */
  rows?: Rows
}

/** Settles rows with the linkage engine: what is to become of each free row, units not yet there under new ids. */
export function settleRows(toSettle: Settleable, model: Model, now: Date) {
  const { countyCode, free, members, said, common, placeOf = (row) => row.unitId } = toSettle
  const recordOf =
    (fixed: boolean) =>
    (row: KnownRow): LinkRecord => ({ id: row.id, entity: placeOf(row), fixed })
  const records = [...free.map(recordOf(false)), ...members.map(recordOf(true))]
  const rows = toSettle.rows ?? rowsOfKnown([...free, ...members], countyCode)
  const made = new Map<string, string>()
  const unitOf = (entity: string) => {
    if (!entity.startsWith('new:')) return entity
    const known = made.get(entity) ?? newId(now)
    made.set(entity, known)
    return known
  }
  const outcomes = new Map<string, Outcome>()
  for (const [id, settled] of settle({ records, rows, said, model, common })) {
    outcomes.set(id, outcomeOf(settled, unitOf, said.get(id)?.dropCode ?? false))
  }
  return outcomes
}

function outcomeOf(settled: Settled, unitOf: (entity: string) => string, dropCode: boolean): Outcome {
  if (settled.kind === 'new')
    return { kind: 'new', unitId: unitOf(settled.entity), by: 'created', waterfall: null, dropCode }
  if (settled.kind === 'queue') {
    return {
      kind: 'queue',
      reason: settled.reason,
      candidates: settled.candidates.map((one) => unitOf(one.entity)),
      probability: settled.candidates[0]?.probability ?? null,
    }
  }
  const waterfall = waterfallOf(settled, linkedBy[settled.by])
  return { kind: 'join', unitId: unitOf(settled.entity), by: settled.by, waterfall, dropCode }
}

interface Weighing {
  because: readonly Contribution[]
  weight: number
  probability: number
}

/** What spoke for and against, in bits of two decimals. */
export function waterfallOf({ because, weight, probability }: Weighing, rule: string | null): Waterfall {
  const parts = because.map((part) => ({ ...part, bits: rounded(part.bits) }))
  return { parts, weight: rounded(weight), probability, rule }
}

// A hundredth of a bit is more than anybody can tell apart, and is kept with every link.
const rounded = (bits: number) => Math.round(bits * 100) / 100
