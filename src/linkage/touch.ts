import { comparisonNames } from './compare.ts'
import type { Features } from './features.ts'
import { keyKinds, kindOfKey } from './keys.ts'
import type { Model } from './model.ts'
import { type BitTable, BitTables, weighInto } from './score.ts'

/** A row as it is compared, with the keys by which it finds others. */
export interface Keyed {
  features: Features
  keys: readonly number[]
}

const proving: ReadonlySet<number> = new Set([keyKinds.code, keyKinds.whole, keyKinds.core])
// A row that was joined leads all other units by some bits: what weighs less than this changes nothing.
const joinedBits = -6

/**
 * Whether rows that come can bear on rows that are there: those that share a key are weighed as a pair, each value taken as
 * rare, so that nothing that could matter is left out. Pure.
 */
export class Touch {
  private readonly byKey = new Map<number, Keyed[]>()
  private readonly table: BitTable
  private readonly start: number
  /** Below this a unit is never shown to anybody. */
  private readonly leastBits: number
  private readonly levels = new Uint8Array(comparisonNames.length)

  constructor(coming: Iterable<Keyed>, model: Model) {
    this.table = new BitTables(model).of({})
    this.start = model.start
    this.leastBits = model.calibration[0]?.[0] ?? -Infinity
    for (const row of coming) {
      for (const key of row.keys) {
        const known = this.byKey.get(key)
        if (known) known.push(row)
        else this.byKey.set(key, [row])
      }
    }
  }

  /**
   * Whether a row that is there must be settled again: one with a code where its code or its name is in question, one
   * without where something that comes is enough like it; `joined`: it is with others.
   */
  bearsOn(row: Keyed, joined: boolean): boolean {
    if (row.keys.some((key) => proving.has(kindOfKey(key)) && this.byKey.has(key))) return true
    return row.features.code === '' && this.reaches(row, joined ? joinedBits : this.leastBits)
  }

  private reaches({ features, keys }: Keyed, bits: number): boolean {
    const seen = new Set<Keyed>()
    for (const key of keys) {
      for (const other of this.byKey.get(key) ?? []) {
        if (seen.has(other)) continue
        seen.add(other)
        if (weighInto(this.levels, features, [other.features], this.table, this.start) >= bits) return true
      }
    }
    return false
  }
}
