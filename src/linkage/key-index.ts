import { KeyBlock } from './key-block.ts'
import type { KeyMaker } from './keys.ts'
import type { Rows } from './rows.ts'
import { longer } from './texts.ts'

// Some twelve keys a row, and a quarter of the slots free.
const slotsOfRow = 16
// Of two megabytes much stays near the processor.
const bitWordsMax = 2 ** 19
const block = new KeyBlock()
const places = new Int32Array(block.keys.length)
const homes = new Int32Array(block.keys.length)

/**
 * Which rows hold a key, for those keys that some rows ask for: a hash table with open addressing, and the holders of each
 * key, rising, one behind the other. Nothing is kept of a key that nobody asks for.
 */
export class KeyIndex {
  /** Numbers of rows. */
  readonly holders: Int32Array
  /** By slot, side by side, for one line of the cache to have all: its key, or 0; where its holders begin, and end. */
  private slots: Float64Array
  private ranges: Int32Array
  private mask: number
  private used = 0
  // Most keys are not asked for: a bit a key, small enough to stay near the processor, tells of most.
  private readonly bits: Uint32Array

  /** `asking`: numbers of the rows whose keys are known; `among`: of those that are told of, all where left out. */
  constructor(rows: Rows, asking: ArrayLike<number>, more: { make?: KeyMaker; among?: ArrayLike<number> } = {}) {
    this.mask = 2 ** Math.max(4, Math.ceil(Math.log2(asking.length * slotsOfRow + 1))) - 1
    this.slots = new Float64Array((this.mask + 1) * 2)
    this.ranges = new Int32Array(this.slots.buffer)
    this.bits = new Uint32Array(Math.min(bitWordsMax, Math.max(32, this.mask + 1)))
    const isAmongItself = more.among === asking
    const hits = new Hits(isAmongItself ? asking.length * slotsOfRow : 1024)
    for (let from = 0; from < asking.length;) {
      from = block.take(rows, asking, from, more.make)
      this.addBlock(isAmongItself ? hits : null)
    }
    const among = more.among ?? null
    for (let from = 0; from < (among?.length ?? rows.size) && !isAmongItself;) {
      from = block.take(rows, among, from, more.make)
      this.findBlock(hits)
    }
    this.holders = this.place(hits)
  }

  /** Takes up the keys of a block, and where there are hits to note, who holds them. */
  private addBlock(hits: Hits | null): void {
    this.fetch(block.keys, 0, block.end)
    for (let at = 0; at < block.count; at += 1) {
      for (let i = block.begins[at]!; i < block.begins[at + 1]!; i += 1) {
        const slot = this.add(block.keys[i]!, hits)
        if (hits) this.note(hits, slot, block.rows[at]!)
      }
    }
  }

  /** Notes the rows of a block that hold keys which are known. */
  private findBlock(hits: Hits): void {
    const { keys, begins, end } = block
    for (let i = 0; i < end; i += 1) if (!this.mayHave(keys[i]!)) keys[i] = 0
    this.fetch(keys, 0, end)
    for (let at = 0; at < block.count; at += 1) {
      for (let i = begins[at]!; i < begins[at + 1]!; i += 1) {
        if (keys[i] === 0) continue
        const slot = this.slotOf(keys[i]!)
        if (this.slots[slot * 2] !== 0) this.note(hits, slot, block.rows[at]!)
      }
    }
  }

  /** Notes that a row holds a slot's key, and counts it where the end of the holders will stand. */
  private note(hits: Hits, slot: number, row: number): void {
    hits.add(slot, row)
    this.ranges[slot * 4 + 3]! += 1
  }

  /** Puts the holders of every key side by side. */
  private place({ slots, rows, count }: Hits): Int32Array {
    const { ranges } = this
    let end = 0
    for (let slot = 0; slot <= this.mask; slot += 1) {
      const held = ranges[slot * 4 + 3]!
      ranges[slot * 4 + 2] = end
      ranges[slot * 4 + 3] = end
      end += held
    }
    const holders = new Int32Array(count)
    for (let at = 0; at < count; at += 1) {
      const end = slots[at]! * 4 + 3
      const place = ranges[end]!
      holders[place] = rows[at]!
      ranges[end] = place + 1
    }
    return holders
  }

  holdersAt(slot: number): number[] {
    return Array.from(this.holders.subarray(this.begin(slot), this.end(slot)))
  }

  /** Where the holders of a slot's key begin in `holders`. */
  begin(slot: number): number {
    return this.ranges[slot * 4 + 2]!
  }

  /** Where they end. */
  end(slot: number): number {
    return this.ranges[slot * 4 + 3]!
  }

  /** False where nobody asked for a key; true mostly means that somebody did. */
  mayHave(key: number): boolean {
    return (this.bits[(key >>> 5) & (this.bits.length - 1)]! & (1 << (key & 31))) !== 0
  }

  /** What was read to fetch it: it must seem to be of use. */
  fetched = 0

  /** Fetches where keys are, of a list from a place to another; those that are 0 are left out. */
  fetch(keys: Float64Array, from: number, to: number): void {
    const { ranges } = this
    let read = 0
    for (let at = from; at < to; at += 1) if (keys[at] !== 0) read ^= ranges[this.home(keys[at]!) * 4]!
    this.fetched = read
  }

  /**
   * Writes where the holders of keys begin and end, of the first so many of a list: what is looked up for many keys at once
   * is waited for once. `isSeldom`: most are held by nobody. Nobody holds a key that is 0.
   */
  rangesInto(keys: Float64Array, count: number, begins: Int32Array, ends: Int32Array, isSeldom: boolean): void {
    const { ranges, bits } = this
    const last = bits.length - 1
    let known = 0
    // Without a branch: which keys are known cannot be foreseen.
    for (let at = 0; at < count; at += 1) {
      const key = keys[at]!
      ends[at] = begins[at] = 0
      places[known] = at
      homes[known] = this.home(key)
      known += isSeldom ? (bits[(key >>> 5) & last]! >>> (key & 31)) & 1 : Number(key !== 0)
    }
    let read = 0
    for (let i = 0; i < known; i += 1) read ^= ranges[homes[i]! * 4]!
    this.fetched = read
    for (let i = 0; i < known; i += 1) {
      const slot = this.slotFrom(homes[i]!, keys[places[i]!]!)
      begins[places[i]!] = ranges[slot * 4 + 2]!
      ends[places[i]!] = ranges[slot * 4 + 3]!
    }
  }

  private add(key: number, hits: Hits | null): number {
    const word = (key >>> 5) & (this.bits.length - 1)
    this.bits[word]! |= 1 << (key & 31)
    const slot = this.slotOf(key)
    if (this.slots[slot * 2] === key) return slot
    this.slots[slot * 2] = key
    this.used += 1
    if (this.used * 4 <= this.mask * 3) return slot
    this.grow(hits)
    return this.slotOf(key)
  }

  private grow(hits: Hits | null): void {
    const [before, counts] = [this.slots, this.ranges]
    this.mask = this.mask * 2 + 1
    this.slots = new Float64Array((this.mask + 1) * 2)
    this.ranges = new Int32Array(this.slots.buffer)
    for (let at = 0; at < before.length; at += 2) {
      const key = before[at]!
      if (key === 0) continue
      const slot = this.slotOf(key)
      this.slots[slot * 2] = key
      this.ranges[slot * 4 + 3] = counts[at * 2 + 3]!
    }
    for (let at = 0; hits && at < hits.count; at += 1) hits.slots[at] = this.slotOf(before[hits.slots[at]! * 2]!)
  }

  /** Where a key is, or would be: such a slot has no holders. No key is 0. */
  slotOf(key: number): number {
    return this.slotFrom(this.home(key), key)
  }

  private slotFrom(home: number, key: number): number {
    let slot = home
    for (let held = this.slots[slot * 2]!; held !== 0 && held !== key; held = this.slots[slot * 2]!)
      slot = (slot + 1) & this.mask
    return slot
  }

  /** Where a key is if no other is there. The low half of a key is mixed well already; its kind is above. */
  private home(key: number): number {
    return (key ^ Math.imul((key / 4_294_967_296) | 0, 0x9e37_79b1)) & this.mask
  }
}

/** Slots with rows that hold their keys, row after row. */
class Hits {
  slots: Int32Array
  rows: Int32Array
  count = 0

  constructor(room: number) {
    this.slots = new Int32Array(room)
    this.rows = new Int32Array(room)
  }

  add(slot: number, row: number): void {
    if (this.count === this.slots.length) {
      this.slots = longer(this.slots, this.count + 1)
      this.rows = longer(this.rows, this.count + 1)
    }
    this.slots[this.count] = slot
    this.rows[this.count] = row
    this.count += 1
  }
}
