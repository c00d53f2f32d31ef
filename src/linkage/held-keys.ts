import { blockRows } from './key-block.ts'
import type { KeyIndex } from './key-index.ts'
import { keysMax } from './keys.ts'

const room = blockRows * keysMax

/** Where the holders of a block's keys stand in some indexes, looked up for all keys at once. */
export class HeldKeys {
  readonly indexes: readonly KeyIndex[]
  /** By index, by key: where its holders begin, and end. */
  readonly begins: readonly Int32Array[]
  readonly ends: readonly Int32Array[]
  /** What was read to fetch it: it must seem to be of use. */
  fetched = 0
  private readonly isSeldom: boolean

  /** `isSeldom`: most of the keys that will be looked up are held by nobody. */
  constructor(indexes: readonly KeyIndex[], isSeldom = false) {
    this.isSeldom = isSeldom
    this.indexes = indexes
    this.begins = indexes.map(() => new Int32Array(room))
    this.ends = indexes.map(() => new Int32Array(room))
  }

  /** Looks up the first so many of a list of keys; nobody holds those that are 0. */
  lookUp(keys: Float64Array, count: number): void {
    for (let of = 0; of < this.indexes.length; of += 1) {
      const [index, begins, ends] = [this.indexes[of]!, this.begins[of]!, this.ends[of]!]
      index.rangesInto(keys, count, begins, ends, this.isSeldom)
      let read = 0
      for (let at = 0; at < count; at += 1) if (ends[at]! > begins[at]!) read ^= index.holders[begins[at]!]!
      this.fetched = read
    }
  }

  /** The first of the rows that hold a key that is such a one; -1: none is. */
  find(at: number, isSuch: (row: number) => boolean): number {
    for (let of = 0; of < this.indexes.length; of += 1) {
      const { holders } = this.indexes[of]!
      const end = this.ends[of]![at]!
      for (let each = this.begins[of]![at]!; each < end; each += 1) if (isSuch(holders[each]!)) return holders[each]!
    }
    return -1
  }

  /** How many rows hold a key. */
  count(at: number): number {
    let count = 0
    for (let of = 0; of < this.indexes.length; of += 1) count += this.ends[of]![at]! - this.begins[of]![at]!
    return count
  }
}
