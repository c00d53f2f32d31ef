import { keysInto, keysMax } from './keys.ts'
import type { Rows } from './rows.ts'
import { longer } from './texts.ts'

/** Writes keys of a row into an array from a place on, where there is room for `keysMax`; answers where they end. */
type KeyMaker = (keys: Float64Array, from: number, rows: Rows, row: number) => number

// Some twelve keys a row, and a quarter of the slots free.
const slotsOfRow = 16
const scratch = new Float64Array(keysMax)
// Of two megabytes much stays near the processor.
const bitWordsMax = 2 ** 19

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
    const make = more.make ?? keysInto
    this.mask = 2 ** Math.max(4, Math.ceil(Math.log2(asking.length * slotsOfRow + 1))) - 1
    this.slots = new Float64Array((this.mask + 1) * 2)
    this.ranges = new Int32Array(this.slots.buffer)
    this.bits = new Uint32Array(Math.min(bitWordsMax, Math.max(32, this.mask + 1)))
    for (let at = 0; at < asking.length; at += 1) {
      const end = make(scratch, 0, rows, asking[at]!)
      for (let i = 0; i < end; i += 1) this.add(scratch[i]!)
    }
    const { slots, rowsOfSlots, count } = this.hits(rows, make, more.among)
    const { ranges } = this
    for (let at = 0; at < count; at += 1) ranges[slots[at]! * 4 + 3]! += 1
    let end = 0
    for (let slot = 0; slot <= this.mask; slot += 1) {
      const held = ranges[slot * 4 + 3]!
      ranges[slot * 4 + 2] = end
      ranges[slot * 4 + 3] = end
      end += held
    }
    this.holders = new Int32Array(count)
    for (let at = 0; at < count; at += 1) {
      const end = slots[at]! * 4 + 3
      const place = ranges[end]!
      this.holders[place] = rowsOfSlots[at]!
      ranges[end] = place + 1
    }
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

  /** Every slot of a key that is asked for with a row that holds it, row after row. */
  private hits(rows: Rows, make: KeyMaker, among?: ArrayLike<number>) {
    const rowsCount = among?.length ?? rows.size
    let slots = new Int32Array(1024)
    let rowsOfSlots = new Int32Array(1024)
    let count = 0
    for (let at = 0; at < rowsCount; at += 1) {
      const row = among ? among[at]! : at
      const end = make(scratch, 0, rows, row)
      if (count + end > slots.length) {
        slots = longer(slots, count + end)
        rowsOfSlots = longer(rowsOfSlots, count + end)
      }
      for (let i = 0; i < end; i += 1) {
        const key = scratch[i]!
        if (!this.mayHave(key)) continue
        const slot = this.slotOf(key)
        if (this.slots[slot * 2] === 0) continue
        slots[count] = slot
        rowsOfSlots[count] = row
        count += 1
      }
    }
    return { slots, rowsOfSlots, count }
  }

  /** False where nobody asked for a key; true mostly means that somebody did. */
  mayHave(key: number): boolean {
    return (this.bits[(key >>> 5) & (this.bits.length - 1)]! & (1 << (key & 31))) !== 0
  }

  private add(key: number): void {
    const word = (key >>> 5) & (this.bits.length - 1)
    this.bits[word]! |= 1 << (key & 31)
    const slot = this.slotOf(key)
    if (this.slots[slot * 2] === key) return
    this.slots[slot * 2] = key
    this.used += 1
    if (this.used * 4 > this.mask * 3) this.grow()
  }

  private grow(): void {
    const before = this.slots
    this.mask = this.mask * 2 + 1
    this.slots = new Float64Array((this.mask + 1) * 2)
    this.ranges = new Int32Array(this.slots.buffer)
    for (let at = 0; at < before.length; at += 2) {
      const key = before[at]!
      if (key !== 0) this.slots[this.slotOf(key) * 2] = key
    }
  }

  /** Where a key is, or would be: such a slot has no holders. No key is 0. */
  slotOf(key: number): number {
    // The low half of a key is mixed well already; its kind is above.
    let slot = (key ^ Math.imul((key / 4_294_967_296) | 0, 0x9e37_79b1)) & this.mask
    for (let held = this.slots[slot * 2]!; held !== 0 && held !== key; held = this.slots[slot * 2]!)
      slot = (slot + 1) & this.mask
    return slot
  }
}
