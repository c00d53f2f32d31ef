import type { Features } from './features.ts'
import { keysInto, keysMax } from './keys.ts'

/** Rows by number, and who holds a key. */
export interface Pool {
  readonly size: number
  features: (at: number) => Features
  keys: (at: number) => Iterable<number>
  /** The rows that hold a key, rising; empty when it is not known. */
  holders: (key: number) => ArrayLike<number>
  /** The same without an array of its own for each key. */
  index: () => KeyIndex
}

/** A pool of which only the keys that somebody asks for are indexed. */
export interface AskedPool extends Pool {
  /** Says which keys are asked for from now on: only these have holders. */
  ask: (keys: Iterable<number>) => void
}

/** A pool of rows; their keys lie in typed arrays, 8 bytes a key and some 20 for one that is indexed. */
export function poolOf(rows: readonly Features[]): Pool {
  const pool = askedPoolOf(rows)
  pool.ask(pool.allKeys)
  return pool
}

/** The same with nothing indexed yet. */
export function askedPoolOf(rows: readonly Features[]): AskedPool & { allKeys: Float64Array } {
  const { keys, starts } = allKeys(rows)
  let index = new KeyIndex([], keys, starts)
  return {
    size: rows.length,
    features: (at) => rows[at]!,
    keys: (at) => keys.subarray(starts[at], starts[at + 1]),
    holders: (key) => index.holders(key),
    index: () => index,
    ask: (asked) => {
      index = new KeyIndex(asked, keys, starts)
    },
    allKeys: keys,
  }
}

/** The keys of all rows one behind the other, and where those of each begin. */
function allKeys(rows: readonly Features[]): { keys: Float64Array; starts: Int32Array } {
  let keys = new Float64Array(Math.max(16, rows.length * 16))
  const starts = new Int32Array(rows.length + 1)
  let end = 0
  for (let at = 0; at < rows.length; at += 1) {
    if (end + keysMax > keys.length) {
      const more = new Float64Array(keys.length * 1.3 + keysMax)
      more.set(keys)
      keys = more
    }
    end = keysInto(keys, end, rows[at]!)
    starts[at + 1] = end
  }
  return { keys: keys.subarray(0, end), starts }
}

const none = new Int32Array(0)
const bitWords = 2 ** 19

/** A hash table with open addressing from the keys asked for to the rows that hold them. */
export class KeyIndex {
  /** Where the holders of a slot's key begin in `rows`, and end. */
  readonly from: Int32Array
  readonly to: Int32Array
  readonly rows: Int32Array
  private slots = new Float64Array(16)
  private mask = 15
  private used = 0

  constructor(asked: Iterable<number>, keys: Float64Array, starts: Int32Array) {
    for (const key of asked) this.add(key)
    const slotOfKey = new Int32Array(keys.length)
    this.to = new Int32Array(this.mask + 1)
    let held = 0
    for (let at = 0; at < keys.length; at += 1) {
      slotOfKey[at] = -1
      const key = keys[at]!
      if (!this.mayHave(key)) continue
      const slot = this.slotOf(key)
      if (this.slots[slot] === 0) continue
      slotOfKey[at] = slot
      this.to[slot] = this.to[slot]! + 1
      held += 1
    }
    this.rows = new Int32Array(held)
    this.from = beginnings(this.to)
    for (let row = 0; row + 1 < starts.length; row += 1) {
      for (let at = starts[row]!; at < starts[row + 1]!; at += 1) {
        const slot = slotOfKey[at]!
        if (slot < 0) continue
        const place = this.to[slot]!
        this.rows[place] = row
        this.to[slot] = place + 1
      }
    }
  }

  // Most keys are not asked for: a bit a key, small enough to stay near the processor, tells of most.
  private readonly bits = new Uint32Array(bitWords)

  private mayHave(key: number): boolean {
    return (this.bits[(key >>> 5) & (bitWords - 1)]! & (1 << (key & 31))) !== 0
  }

  private add(key: number): void {
    const word = (key >>> 5) & (bitWords - 1)
    this.bits[word] = this.bits[word]! | (1 << (key & 31))
    const slot = this.slotOf(key)
    if (this.slots[slot] === key) return
    this.slots[slot] = key
    this.used += 1
    if (this.used * 2 > this.mask) this.grow()
  }

  private grow(): void {
    const before = this.slots
    this.mask = this.mask * 2 + 1
    this.slots = new Float64Array(this.mask + 1)
    for (let at = 0; at < before.length; at += 1) {
      const key = before[at]!
      if (key !== 0) this.slots[this.slotOf(key)] = key
    }
  }

  /** Where a key is, or would be, in which case it has no rows: no key is 0. */
  slotOf(key: number): number {
    // The low half of a key is mixed well already; its kind is above.
    let slot = (key ^ Math.imul((key / 4_294_967_296) | 0, 0x9e3779b1)) & this.mask
    for (let held = this.slots[slot]!; held !== 0 && held !== key; held = this.slots[slot]!)
      slot = (slot + 1) & this.mask
    return slot
  }

  holders(key: number): Int32Array {
    const slot = this.slotOf(key)
    return this.from[slot] === this.to[slot] ? none : this.rows.subarray(this.from[slot], this.to[slot])
  }
}

/** Of lengths, where each begins when they stand one behind the other; the lengths become the same. */
function beginnings(lengths: Int32Array): Int32Array {
  let end = 0
  for (let at = 0; at < lengths.length; at += 1) {
    const length = lengths[at]!
    lengths[at] = end
    end += length
  }
  return lengths.slice()
}
