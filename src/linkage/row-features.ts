import { type Features, featuresOf, linkFieldsOf } from './features.ts'
import type { KnownRow } from './neighbours.ts'
import { type Rows, rowsOf } from './rows.ts'

// Rows are read afresh with every batch, and each is looked at several times in it.
const made = new WeakMap<KnownRow, Features>()

/** What a row is compared by. */
export function featuresOfRow(row: KnownRow, countyCode: string): Features {
  const known = made.get(row)
  if (known) return known
  const features = featuresOf(linkFieldsOf(row.department, row.fields, row.written), countyCode)
  made.set(row, features)
  return features
}

/** What rows are compared by, in the order given. */
export function rowsOfKnown(list: Iterable<KnownRow>, countyCode: string): Rows {
  return rowsOf(Iterator.from(list).map((row) => featuresOfRow(row, countyCode)))
}
