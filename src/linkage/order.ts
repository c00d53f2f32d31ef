import { column, columns, type Rows } from './rows.ts'

const hashSpan = 2 ** 21

/**
 * The order in which rows are looked at, as their numbers: by how their names begin, so that rows that are compared lie near
 * each other, then by what they say, then by `tie`. What becomes of rows must not depend on which came first.
 */
export function orderOf(rows: Rows, tie: (a: number, b: number) => number): Int32Array {
  const { cells, texts } = rows
  const keys = new Float64Array(rows.size)
  for (let row = 0; row < rows.size; row += 1) {
    const core = cells[row * columns + column.core]!
    const start = texts.start(core)
    const length = texts.length(core)
    const begin = (length > 0 ? texts.signs[start]! : 0) * 0x10000 + (length > 1 ? texts.signs[start + 1]! : 0)
    keys[row] = begin * hashSpan + (contentHash(rows, row) % hashSpan)
  }
  const order = sorted(keys)
  // Rows of one key are few: most of them repeat each other.
  for (let from = 0; from < order.length;) {
    let to = from + 1
    while (to < order.length && keys[order[to]!] === keys[order[from]!]) to += 1
    if (to - from > 1) {
      order.subarray(from, to).sort((a, b) => contentHash(rows, a) - contentHash(rows, b) || tie(a, b))
    }
    from = to
  }
  return order
}

const said = [column.whole, column.person, column.phone, column.address, column.foundedOn]

/** A hash of what a row says, below 2 to the 53: of the texts, not of their numbers, which depend on what came first. */
export function contentHash(rows: Rows, row: number): number {
  const { cells, formers, texts } = rows
  const base = row * columns
  let low = cells[base + column.origin]!
  let high = low
  const take = (text: number) => {
    low = Math.imul(low ^ texts.low(text), 2_654_435_761) ^ (low >>> 15)
    high = Math.imul(high ^ texts.high(text), 1_597_334_677) ^ (high >>> 13)
  }
  for (const at of said) take(cells[base + at]!)
  take(rows.codeOf(row))
  take(rows.rawCodeOf(row))
  take(formers[cells[base + column.former]! + column.whole]!)
  return (high & 0x1f_ffff) * 2 ** 32 + (low >>> 0)
}

const digits = 2 ** 16
const fewRows = 10_000

/** Places of whole numbers from 0 to below 2 to the 53, the least first. */
function sorted(keys: Float64Array): Int32Array {
  let order = Int32Array.from(keys, (_, at) => at)
  if (order.length < fewRows) return order.sort((a, b) => keys[a]! - keys[b]!)
  let other = new Int32Array(order.length)
  const counts = new Int32Array(digits + 1)
  for (let unit = 1; unit < 2 ** 53; unit *= digits) {
    counts.fill(0)
    for (const key of keys) counts[(Math.floor(key / unit) % digits) + 1]! += 1
    for (let digit = 0; digit < digits; digit += 1) counts[digit + 1]! += counts[digit]!
    for (const at of order) {
      const digit = Math.floor(keys[at]! / unit) % digits
      other[counts[digit]!] = at
      counts[digit]! += 1
    }
    ;[order, other] = [other, order]
  }
  return order
}
