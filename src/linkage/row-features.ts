import { type Features, featuresOf, linkFieldsOf } from './features.ts'
import { blockKeys, keyKinds, kindOfKey } from './keys.ts'
import type { KnownRow } from './neighbours.ts'

// Rows are read afresh with every batch, and each is looked at several times in it.
const made = new WeakMap<KnownRow, { features: Features; keys: readonly number[] }>()

function madeOf(row: KnownRow, countyCode: string) {
  const known = made.get(row)
  if (known) return known
  const features = featuresOf(linkFieldsOf(row.department, row.fields, row.written), countyCode)
  const found = { features, keys: blockKeys(features) }
  made.set(row, found)
  return found
}

/** What a row is compared by. */
export const featuresOfRow = (row: KnownRow, countyCode: string) => madeOf(row, countyCode).features

/** The keys by which a row finds others. */
export const keysOfRow = (row: KnownRow, countyCode: string) => madeOf(row, countyCode).keys

const proving: ReadonlySet<number> = new Set([keyKinds.code, keyKinds.whole, keyKinds.core])

/** Of keys, those that can make a row with a code of its own be doubted: its code and its name. */
export const provingKeys = (keys: readonly number[]) => keys.filter((key) => proving.has(kindOfKey(key)))
