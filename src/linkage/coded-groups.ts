import type { Groups } from './groups.ts'
import type { Rows } from './rows.ts'

const [unknown, coded, bare] = [0, 1, 2]

/**
 * Which groups have a row that carries a code. Of how many units share a value only those count: in a full run the others
 * are formed last, and a unit that only increments know of must not make a value more common. Holds while rows with codes
 * neither come nor go.
 */
export class CodedGroups {
  private readonly rows: Rows
  private readonly groups: Groups
  private readonly known: Uint8Array

  constructor(rows: Rows, groups: Groups) {
    this.rows = rows
    this.groups = groups
    this.known = new Uint8Array(groups.count)
  }

  has(group: number): boolean {
    if (this.known[group] === unknown) this.known[group] = this.find(group) ? coded : bare
    return this.known[group] === coded
  }

  private find(group: number): boolean {
    for (let row = this.groups.last(group); row >= 0; row = this.groups.before(row)) {
      if (this.rows.codeOf(row) > 0) return true
    }
    return false
  }
}
