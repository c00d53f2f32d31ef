/** Which group every row is in, and the rows of a group: two numbers a row, whatever the groups' sizes. */
export class Groups {
  /** The group of a row; -1: none yet. */
  readonly of: Int32Array
  private readonly next: Int32Array
  private readonly first: number[] = []
  private readonly counts: number[] = []

  constructor(rows: number) {
    this.of = new Int32Array(rows).fill(-1)
    this.next = new Int32Array(rows).fill(-1)
  }

  get count(): number {
    return this.first.length
  }

  /** Opens a group without rows. */
  open(): number {
    this.counts.push(0)
    return this.first.push(-1) - 1
  }

  /** Puts a row that is in no group into one. */
  put(row: number, group: number): void {
    this.of[row] = group
    this.next[row] = this.first[group]!
    this.first[group] = row
    this.counts[group] = this.size(group) + 1
  }

  /** Takes the rows of a group out of it. */
  empty(group: number): void {
    for (const row of this.rows(group)) this.of[row] = -1
    this.first[group] = -1
    this.counts[group] = 0
  }

  size(group: number): number {
    return this.counts[group] ?? 0
  }

  /** The rows of a group, the last put first; at most `most` of them. */
  rows(group: number, most = Infinity): number[] {
    const found: number[] = []
    for (let row = this.first[group] ?? -1; row >= 0 && found.length < most; row = this.next[row]!) found.push(row)
    return found
  }
}
