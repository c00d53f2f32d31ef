import { featuresOf, linkFieldsOf } from './features.ts'
import { blockKeys } from './keys.ts'
import type { KnownRow } from './neighbours.ts'
import type { Keyed } from './touch.ts'

// Rows are read afresh with every batch, and each is looked at several times in it.
const made = new WeakMap<KnownRow, Keyed>()

/** A row as it is compared, with the keys by which it finds others. */
export function keyedRow(row: KnownRow, countyCode: string): Keyed {
  const known = made.get(row)
  if (known) return known
  const features = featuresOf(linkFieldsOf(row.department, row.fields, row.written), countyCode)
  const found = { features, keys: blockKeys(features) }
  made.set(row, found)
  return found
}

/** What a row is compared by. */
export const featuresOfRow = (row: KnownRow, countyCode: string) => keyedRow(row, countyCode).features

/** The keys by which a row finds others. */
export const keysOfRow = (row: KnownRow, countyCode: string) => keyedRow(row, countyCode).keys
