import { column, columns, placeOfOrigin, type Rows } from './rows.ts'

const hashSpan = 2 ** 21

/**
 * The order in which rows are looked at, those of a list or all, as their numbers: by how their names begin, so that rows that
 * are compared lie near each other, then by what they say, then by `tie`. What becomes of rows must not depend on which came
 * first.
 */
export function orderOf(
  rows: Rows,
  tie: (a: number, b: number) => number,
  list: ArrayLike<number> = new Int32Array(rows.size).map((_, row) => row),
): Int32Array {
  const { cells, texts } = rows
  const keys = new Float64Array(list.length)
  for (let at = 0; at < list.length; at += 1) {
    const core = cells[list[at]! * columns + column.core]!
    const start = texts.start(core)
    const length = texts.length(core)
    const begin = (length > 0 ? texts.signs[start]! : 0) * 0x10000 + (length > 1 ? texts.signs[start + 1]! : 0)
    keys[at] = begin * hashSpan + (contentHash(rows, list[at]!) & (hashSpan - 1))
  }
  const places = sorted(keys)
  const order = places.map((place) => list[place]!)
  // Rows of one key are few: most of them repeat each other.
  for (let from = 0; from < order.length;) {
    let to = from + 1
    while (to < order.length && keys[places[to]!] === keys[places[from]!]) to += 1
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
  let low = placeOfOrigin(cells[base + column.origin]!)
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
  let order = new Int32Array(keys.length).map((_, at) => at)
  if (order.length < fewRows) return order.sort((a, b) => keys[a]! - keys[b]!)
  let other = new Int32Array(order.length)
  const words = new Uint32Array(keys.length)
  for (const unit of [1, 2 ** 32]) {
    for (let at = 0; at < keys.length; at += 1) words[at] = keys[at]! / unit
    for (const shift of [0, 16]) {
      distribute(words, shift, order, other)
      ;[order, other] = [other, order]
    }
  }
  return order
}

/** Writes places in the order of sixteen bits of what stands there; those of the same bits stay as they were. */
function distribute(words: Uint32Array, shift: number, from: Int32Array, to: Int32Array): void {
  const counts = new Int32Array(digits + 1)
  for (const word of words) counts[((word >>> shift) & (digits - 1)) + 1]! += 1
  for (let digit = 0; digit < digits; digit += 1) counts[digit + 1]! += counts[digit]!
  for (const at of from) {
    const digit = (words[at]! >>> shift) & (digits - 1)
    to[counts[digit]!] = at
    counts[digit]! += 1
  }
}
