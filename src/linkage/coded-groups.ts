import type { Groups } from './groups.ts'
import type { Rows } from './rows.ts'
import { longer } from './texts.ts'

const [unknown, coded, bare] = [0, 1, 2]

/**
 * Which groups have a row that carries a code. Of how many units share a value only those count: in a full run the others
 * are formed last, and a unit that only increments know of must not make a value more common.
 */
export class CodedGroups {
  private readonly rows: Rows
  private readonly groups: Groups
  private known: Uint8Array

  constructor(rows: Rows, groups: Groups) {
    this.rows = rows
    this.groups = groups
    this.known = new Uint8Array(groups.count)
  }

  has(group: number): boolean {
    if (group >= this.known.length) this.known = longer(this.known, group + 1)
    if (this.known[group] === unknown) this.known[group] = this.find(group) ? coded : bare
    return this.known[group] === coded
  }

  /** To be called when a row with a code comes into a group, or leaves it, after it was asked about. */
  forget(group: number): void {
    this.known[group] = unknown
  }

  private find(group: number): boolean {
    for (let row = this.groups.last(group); row >= 0; row = this.groups.before(row)) {
      if (this.rows.codeOf(row) > 0) return true
    }
    return false
  }
}

/** Whether a group counts as one that shares a value. */
export type Counting = Pick<CodedGroups, 'has'>
