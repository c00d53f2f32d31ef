import type { Features } from './features.ts'
import { blockKeys } from './keys.ts'

/** Rows by number, and who holds a key. */
export interface Pool {
  readonly size: number
  features: (at: number) => Features
  keys: (at: number) => Iterable<number>
  /** The rows that hold a key, rising; empty when it is not known. */
  holders: (key: number) => ArrayLike<number>
}

/** A pool of rows; their keys lie in typed arrays, some 25 bytes a key. */
export function poolOf(rows: readonly Features[]): Pool {
  const { keys, starts } = allKeys(rows)
  const index = new KeyIndex(keys, starts)
  return {
    size: rows.length,
    features: (at) => rows[at]!,
    keys: (at) => keys.subarray(starts[at], starts[at + 1]),
    holders: (key) => index.holders(key),
  }
}

/** The keys of all rows one behind the other, and where those of each begin. */
function allKeys(rows: readonly Features[]): { keys: Float64Array; starts: Int32Array } {
  let keys = new Float64Array(Math.max(16, rows.length * 16))
  const starts = new Int32Array(rows.length + 1)
  let end = 0
  for (const [at, row] of rows.entries()) {
    const own = blockKeys(row)
    if (end + own.length > keys.length) {
      const more = new Float64Array(keys.length * 1.5 + own.length)
      more.set(keys)
      keys = more
    }
    keys.set(own, end)
    end += own.length
    starts[at + 1] = end
  }
  return { keys, starts }
}

const none = new Int32Array(0)

/** A hash table with open addressing from keys to the rows that hold them. */
class KeyIndex {
  private readonly slots: Float64Array
  private readonly from: Int32Array
  private readonly to: Int32Array
  private readonly rows: Int32Array
  private readonly mask: number

  constructor(keys: Float64Array, starts: Int32Array) {
    const total = starts.at(-1) ?? 0
    let capacity = 16
    while (capacity < total * 1.2) capacity *= 2
    this.mask = capacity - 1
    this.slots = new Float64Array(capacity)
    this.from = new Int32Array(capacity)
    this.to = new Int32Array(capacity)
    this.rows = new Int32Array(total)
    for (let at = 0; at < total; at += 1) {
      const slot = this.slotOf(keys[at]!)
      this.slots[slot] = keys[at]!
      this.to[slot] = this.to[slot]! + 1
    }
    let end = 0
    for (let slot = 0; slot < capacity; slot += 1) {
      const held = this.to[slot]!
      this.from[slot] = end
      this.to[slot] = end
      end += held
    }
    for (let row = 0; row + 1 < starts.length; row += 1) {
      for (let at = starts[row]!; at < starts[row + 1]!; at += 1) {
        const slot = this.slotOf(keys[at]!)
        const place = this.to[slot]!
        this.rows[place] = row
        this.to[slot] = place + 1
      }
    }
  }

  /** Where a key is, or would be: no key is 0. */
  private slotOf(key: number): number {
    // The low half of a key is mixed well already; its kind is above.
    let slot = (key ^ Math.imul((key / 4_294_967_296) | 0, 0x9e3779b1)) & this.mask
    for (let held = this.slots[slot]!; held !== 0 && held !== key; held = this.slots[slot]!)
      slot = (slot + 1) & this.mask
    return slot
  }

  holders(key: number): Int32Array {
    const slot = this.slotOf(key)
    return this.slots[slot] === key ? this.rows.subarray(this.from[slot], this.to[slot]) : none
  }
}
