import { comparisonNames } from './compare.ts'
import type { Groups } from './groups.ts'
import { leastBitsOf, type Model } from './model.ts'
import type { Rows } from './rows.ts'
import { type BitTable, BitTables, weighInto } from './score.ts'

/** So many rows of a unit are looked at: more of them say nothing new. */
export const membersMax = 12

/** Weighs rows against all that is known of a group. */
export class Scale {
  /** The levels of what was weighed last. */
  readonly levels = new Uint8Array(comparisonNames.length)
  private readonly members = new Int32Array(membersMax)
  private readonly rows: Rows
  private readonly groups: Groups
  /** Bits that every pair begins with. */
  private readonly start: number

  constructor(rows: Rows, groups: Groups, start: number) {
    this.rows = rows
    this.groups = groups
    this.start = start
  }

  /** Bits of a row and the other rows of a group; of no other row there is nothing less likely. */
  ofGroup(row: number, group: number, table: BitTable): number {
    const { groups, members } = this
    let count = 0
    for (let at = groups.last(group); at >= 0 && count < membersMax; at = groups.before(at)) {
      if (at === row) continue
      members[count] = at
      count += 1
    }
    return count === 0 ? -Infinity : this.weigh(row, count, table)
  }

  /** Bits of two rows. */
  ofRow(row: number, other: number, table: BitTable): number {
    this.members[0] = other
    return this.weigh(row, 1, table)
  }

  private weigh(row: number, count: number, table: BitTable): number {
    return weighInto(this.levels, this.rows, row, this.members, count, table, this.start)
  }
}

/** Weighs rows as if each value that two share were rare: what is unlikely even so can be left alone. */
export class Bearing {
  /** Below this a group is never shown to anybody. */
  readonly leastBits: number
  private readonly scale: Scale
  private readonly table: BitTable

  constructor(rows: Rows, groups: Groups, model: Model) {
    this.scale = new Scale(rows, groups, model.start)
    this.table = new BitTables(model).of({})
    this.leastBits = leastBitsOf(model)
  }

  /** Bits of a row and the other rows of a group. */
  ofGroup(row: number, group: number): number {
    return this.scale.ofGroup(row, group, this.table)
  }

  /** Bits of two rows. */
  ofRow(row: number, other: number): number {
    return this.scale.ofRow(row, other, this.table)
  }
}
