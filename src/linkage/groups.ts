import { longer } from './texts.ts'

/** Which group every row is in, and the rows of a group: two numbers a row, whatever the groups' sizes. */
export class Groups {
  /** The group of a row; -1: none yet. */
  of: Int32Array
  private next: Int32Array
  private opened = 0
  /** By group: the row that was last put into it, and how many it has. */
  private first = new Int32Array(64)
  private counts = new Int32Array(64)

  constructor(rows: number) {
    this.of = new Int32Array(rows).fill(-1)
    this.next = new Int32Array(rows).fill(-1)
  }

  /** Makes room for rows up to a number, the new ones in no group. */
  grow(rows: number): void {
    const more = (array: Int32Array) => {
      const grown = new Int32Array(rows).fill(-1)
      grown.set(array)
      return grown
    }
    this.of = more(this.of)
    this.next = more(this.next)
  }

  /** Another number after every change. */
  version = 0

  get count(): number {
    return this.opened
  }

  /** Opens a group without rows. */
  open(): number {
    if (this.opened === this.first.length) {
      this.first = longer(this.first, this.opened + 1)
      this.counts = longer(this.counts, this.opened + 1)
    }
    this.first[this.opened] = -1
    this.opened += 1
    return this.opened - 1
  }

  /** Puts a row that is in no group into one. */
  put(row: number, group: number): void {
    this.version += 1
    this.of[row] = group
    this.next[row] = this.first[group]!
    this.first[group] = row
    this.counts[group] = this.size(group) + 1
  }

  /** Takes the rows of a group out of it. */
  empty(group: number): void {
    this.version += 1
    for (const row of this.rows(group)) this.of[row] = -1
    this.first[group] = -1
    this.counts[group] = 0
  }

  /** Takes one row out of its group. */
  take(row: number): void {
    const group = this.of[row]!
    const others = this.rows(group).filter((other) => other !== row)
    this.empty(group)
    for (const other of others.toReversed()) this.put(other, group)
  }

  size(group: number): number {
    return this.counts[group]!
  }

  /** The row that was last put into a group; -1: none. */
  last(group: number): number {
    return this.first[group]!
  }

  /** The row that was put into its group before this one; -1: none. */
  before(row: number): number {
    return this.next[row]!
  }

  /** The rows of a group, the last put first; at most `most` of them. */
  rows(group: number, most = Infinity): number[] {
    const found: number[] = []
    for (let row = this.last(group); row >= 0 && found.length < most; row = this.before(row)) found.push(row)
    return found
  }
}

/** Says of numbers whether they come for the first time, again and again without a set. */
export class Stamps {
  private last = new Int32Array(64)
  private round = 0

  /** Begins anew, with numbers below `count`. */
  begin(count: number): void {
    if (count > this.last.length) this.last = longer(this.last, count)
    this.round += 1
  }

  /** True the first time that a number comes. */
  isNew(one: number): boolean {
    if (this.last[one] === this.round) return false
    this.last[one] = this.round
    return true
  }
}

/** The same of few numbers, so few that what is kept of them is never waited for. */
export class Few {
  private readonly slots: Int32Array
  private readonly shift: number

  /** `most`: how many different numbers may come. */
  constructor(most: number) {
    const bits = Math.ceil(Math.log2(most + 1)) + 1
    this.slots = new Int32Array(2 ** bits)
    this.shift = 32 - bits
  }

  begin(): void {
    this.slots.fill(-1)
  }

  /** True the first time that a number comes. */
  isNew(one: number): boolean {
    const { slots } = this
    let slot = Math.imul(one, 0x9e37_79b1) >>> this.shift
    for (let held = slots[slot]!; held >= 0; held = slots[slot]!) {
      if (held === one) return false
      slot = (slot + 1) & (slots.length - 1)
    }
    slots[slot] = one
    return true
  }
}
