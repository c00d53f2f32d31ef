import type { Groups } from './groups.ts'
import { HeldKeys } from './held-keys.ts'
import { KeyBlock } from './key-block.ts'
import type { KeyIndex } from './key-index.ts'
import { innerKeys } from './keys.ts'
import { column, type Rows } from './rows.ts'

interface AroundCodes {
  rows: Rows
  groups: Groups
  indexes: readonly KeyIndex[]
}

/** Finds the groups that hold the codes of rows, a block of these at a time. */
export class SameCode {
  readonly block = new KeyBlock()
  /** What was read to fetch it: it must seem to be of use. */
  fetched = 0
  private readonly around: AroundCodes
  private readonly held: HeldKeys

  constructor(around: AroundCodes) {
    this.around = around
    this.held = new HeldKeys(around.indexes)
  }

  /** Looks up rows of a list from a place on; answers where the next block begins. */
  look(list: ArrayLike<number>, from: number): number {
    const next = this.block.take(this.around.rows, list, from, innerKeys)
    this.held.lookUp(this.block.keys, this.block.end)
    this.fetch()
    return next
  }

  /** The group that holds the code of a row of the block; -1: none does. */
  holder(at: number): number {
    const { rows, groups } = this.around
    const i = this.block.begins[at]!
    if (i === this.block.begins[at + 1]) return -1
    const code = rows.codeOf(this.block.rows[at]!)
    const holder = this.held.find(i, (other) => groups.of[other]! >= 0 && rows.codeOf(other) === code)
    return holder < 0 ? -1 : groups.of[holder]!
  }

  /** Fetches what is asked of those that hold the block's keys, and what the last rows of their groups say. */
  private fetch(): void {
    const { rows, groups } = this.around
    const { begins, ends, indexes } = this.held
    let read = 0
    for (let i = 0; i < this.block.end; i += 1) {
      for (let x = 0; x < indexes.length; x += 1) {
        if (ends[x]![i] === begins[x]![i]) continue
        const other = indexes[x]!.holders[begins[x]![i]!]!
        read ^= rows.codeOf(other) ^ groups.of[other]! ^ rows.cell(other, column.whole)
      }
    }
    this.fetched = read
  }
}
