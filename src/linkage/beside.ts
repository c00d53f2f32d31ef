import { type Groups, Stamps } from './groups.ts'
import { holdersMax } from './groups-of-key.ts'
import { HeldKeys } from './held-keys.ts'
import { KeyBlock } from './key-block.ts'
import type { KeyIndex } from './key-index.ts'
import type { Model } from './model.ts'
import type { Rows } from './rows.ts'
import { Bearing } from './scale.ts'

/** Groups that rows came to or left, and who holds the keys of what is in them. */
export interface Touched {
  rows: Rows
  groups: Groups
  indexes: readonly KeyIndex[]
  model: Model
  /** Whether a row is in such a group. */
  isTouched: (row: number) => boolean
}

/** Finds, of rows that wait, those to which a group that was touched may matter: it holds their code, or they may be it. */
export class Beside {
  private readonly touched: Touched
  private readonly held: HeldKeys
  private readonly block = new KeyBlock()
  private readonly stamps = new Stamps()
  private readonly bearing: Bearing

  constructor(touched: Touched) {
    this.touched = touched
    this.held = new HeldKeys(touched.indexes)
    this.bearing = new Bearing(touched.rows, touched.groups, touched.model)
  }

  /** Those of some rows that wait, in the order given. */
  among(list: readonly number[]): number[] {
    const { block, held } = this
    const found: number[] = []
    for (let from = 0; from < list.length;) {
      from = block.take(this.touched.rows, list, from)
      held.lookUp(block.keys, block.end)
      for (let at = 0; at < block.count; at += 1) if (this.isBeside(at)) found.push(block.rows[at]!)
    }
    return found
  }

  private isBeside(at: number): boolean {
    const { groups, isTouched } = this.touched
    const { begins, rows } = this.block
    this.stamps.begin(groups.count)
    const matters = (other: number) => {
      if (!isTouched(other)) return false
      const group = groups.of[other]!
      return group >= 0 && this.stamps.isNew(group) && this.mayMatter(rows[at]!, group)
    }
    for (let i = begins[at]!; i < begins[at + 1]!; i += 1) {
      if (this.held.count(i) <= holdersMax && this.held.find(i, matters) >= 0) return true
    }
    return false
  }

  private mayMatter(row: number, group: number): boolean {
    const { rows, groups } = this.touched
    const code = rows.codeOf(row)
    for (let at = code > 0 ? groups.last(group) : -1; at >= 0; at = groups.before(at)) {
      if (rows.codeOf(at) === code) return true
    }
    return this.bearing.ofGroup(row, group) >= this.bearing.leastBits
  }
}
