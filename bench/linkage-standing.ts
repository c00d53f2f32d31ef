import { assignUnits } from '../src/linkage/assign.ts'
import { Beside } from '../src/linkage/beside.ts'
import { CodedGroups } from '../src/linkage/coded-groups.ts'
import type { Features } from '../src/linkage/features.ts'
import { fellowsOf } from '../src/linkage/fellows.ts'
import { Groups } from '../src/linkage/groups.ts'
import { KeyIndex } from '../src/linkage/key-index.ts'
import { Loosening } from '../src/linkage/loosen.ts'
import { defaultModel } from '../src/linkage/model.ts'
import { orderOf } from '../src/linkage/order.ts'
import { type Rows, rowsOf } from '../src/linkage/rows.ts'
import { Settlement } from '../src/linkage/settlement-run.ts'

const roundsMax = 6
const restlessRound = 3

/** A county in memory to which rows are added the way src/linkage/{linking,neighbourhood}.ts does it in the database. */
export class Standing {
  private readonly rows: Rows
  private readonly groups: Groups
  /** By group: the unit that it is. */
  private readonly unitOfGroup: number[] = []
  /** Who holds the keys, of the rows that came at one time each. */
  private readonly indexes: KeyIndex[] = []
  private readonly uncodedIndexes: KeyIndex[] = []

  /** By row as it came: its number. Those that stood there first are numbered by what they say. */
  private readonly numbers: number[]
  private uncoded = new Uint8Array(0)
  private readonly counting: CodedGroups
  /** The rows that wait, rising. */
  private waiting: number[] = []

  /** Links the rows that stand there from the beginning, all at once. */
  constructor(first: readonly Features[]) {
    const before = rowsOf(first)
    const order = orderOf(before, (a, b) => a - b)
    this.rows = rowsOf(Array.from(order, (at) => first[at]!))
    this.numbers = Array.from(order)
    for (const [number, at] of order.entries()) this.numbers[at] = number
    this.groups = new Groups(0)
    this.counting = new CodedGroups(this.rows, this.groups)
    this.take(0)
    this.settle(Int32Array.from(order, (_, number) => number))
    this.nameGroups()
    for (let group = 0; group < this.groups.count; group += 1) this.counting.has(group)
  }

  /** Adds rows; answers how many were settled for it, and how many that stood there moved. */
  add(fresh: Iterable<Features>): { settled: number; moved: number } {
    const count = { settled: 0, moved: 0, first: this.rows.size }
    this.rows.addAll(fresh)
    for (let row = count.first; row < this.rows.size; row += 1) this.numbers.push(row)
    this.take(count.first)
    const free = Array.from({ length: this.rows.size - count.first }, (_, at) => count.first + at)
    const { taken, changed, left } = this.settleUntilStill(free, count, true)
    const waiting = this.waitingBeside(changed, left).filter((row) => taken[row] === 0)
    this.settleUntilStill(waiting, count, false)
    return count
  }

  /** Settles rows and what they loosen until nothing moves any more; answers these, those that tell of a change, groups left. */
  private settleUntilStill(rows: number[], count: { settled: number; moved: number; first: number }, areNew: boolean) {
    const { uncoded, uncodedIndexes } = this
    const taken = new Uint8Array(this.rows.size)
    const [changed, left]: [number[], number[]] = [[], []]
    const restless = new Set<number>()
    let free = rows
    for (let round = 1; free.length > 0 && round <= roundsMax; round += 1) {
      free = this.withFellows(free)
      const before = free.map((row) => this.groups.of[row]!)
      this.settle(this.inOrder(free))
      this.assign(free, before)
      const isNew = (row: number) => areNew && round === 1 && row >= count.first
      const moved = free.filter((row, at) => isNew(row) || this.unitOf(row) !== this.unitOfGroupOr(before[at]!))
      const standing = { ...this.around(), uncoded, uncodedIndexes, mayMove: () => true }
      const loosening = new Loosening(standing)
      const loosened = loosening.after(moved, free)
      for (const [at, row] of free.entries()) {
        taken[row] = 1
        if (round >= restlessRound) restless.add(row)
        if (before[at]! < 0 || this.unitOf(row) === this.unitOfGroupOr(before[at]!)) continue
        left.push(before[at]!)
        if (row < count.first) count.moved += 1
      }
      for (const row of loosening.telling) changed.push(row)
      for (const row of loosened) changed.push(row)
      count.settled += free.length
      free = loosened.length > 0 ? [...new Set([...loosened, ...restless])] : []
    }
    return { taken, changed, left }
  }

  /** The unit of each row, in the order in which they came; -1: it waits. */
  units(): Int32Array {
    return Int32Array.from(this.numbers, (row) => this.unitOf(row))
  }

  private unitOf(row: number): number {
    return this.unitOfGroupOr(this.groups.of[row]!)
  }

  private unitOfGroupOr(group: number): number {
    return group < 0 ? -1 : this.unitOfGroup[group]!
  }

  /** Notes who holds the keys of the rows from one on. */
  private take(first: number): void {
    this.groups.grow(this.rows.size)
    const uncoded = new Uint8Array(this.rows.size)
    uncoded.set(this.uncoded)
    for (let row = first; row < this.rows.size; row += 1) uncoded[row] = this.rows.codeOf(row) > 0 ? 0 : 1
    this.uncoded = uncoded
    const fresh = Int32Array.from({ length: this.rows.size - first }, (_, at) => first + at)
    const bare = fresh.filter((row) => uncoded[row] === 1)
    this.uncodedIndexes.push(new KeyIndex(this.rows, bare, { among: bare }))
    this.indexes.push(new KeyIndex(this.rows, fresh, { among: fresh }))
  }

  /** Rows that wait and may be of a unit that any of these are in, or that some have left. */
  private waitingBeside(list: readonly number[], left: readonly number[]): number[] {
    const { groups, rows } = this
    const touched = new Uint8Array(rows.size)
    for (const row of list) touched[row] = 1
    const touch = (group: number) => {
      for (let row = groups.last(group); row >= 0; row = groups.before(row)) touched[row] = 1
    }
    for (const group of left) touch(group)
    for (const row of list) if (groups.of[row]! >= 0) touch(groups.of[row]!)
    const isTouched = (row: number) => touched[row] === 1
    return new Beside({ ...this.around(), isTouched }).among(this.waiting)
  }

  private inOrder(list: readonly number[]): Int32Array {
    return orderOf(this.rows, (a, b) => a - b, list)
  }

  /** With rows that wait and carry the codes of these: whose a code is is settled among all that carry it. */
  private withFellows(free: readonly number[]): number[] {
    return [...free, ...fellowsOf(this.rows, this.waiting, free)]
  }

  private settle(free: Int32Array): void {
    for (const row of free) {
      if (this.groups.of[row]! < 0) continue
      this.counting.forget(this.groups.of[row]!)
      this.groups.take(row)
    }
    new Settlement({ ...this.around(), free }).run()
    const waits = (row: number) => this.groups.of[row]! < 0
    const waiting = new Set([...this.waiting.filter(waits), ...free.filter(waits)])
    this.waiting = [...waiting].sort((a, b) => a - b)
  }

  private around() {
    const { rows, groups, indexes, counting } = this
    return { rows, groups, indexes, counting, model: defaultModel }
  }

  private nameGroups(): void {
    while (this.unitOfGroup.length < this.groups.count) this.unitOfGroup.push(this.unitOfGroup.length)
  }

  /** New groups are the units that their rows were in before, where nothing else of these is left. */
  private assign(rows: readonly number[], before: readonly number[]): void {
    const from = this.unitOfGroup.length
    this.nameGroups()
    const old = new Map<number, number>()
    for (const [at, row] of rows.entries()) if (before[at]! >= 0) old.set(row, before[at]!)
    if (old.size === 0) return
    const groups: number[] = []
    const clusters = []
    for (let group = from; group < this.groups.count; group += 1) {
      const members = this.groups.rows(group).map((row) => {
        const was = old.get(row) ?? -1
        return { id: String(row), unitId: was < 0 || this.groups.size(was) > 0 ? null : String(this.unitOfGroup[was]) }
      })
      if (members.every(({ unitId }) => unitId === null)) continue
      groups.push(group)
      clusters.push({ rows: members, code: null, must: null })
    }
    const units = assignUnits(clusters, () => undefined)
    for (const [at, group] of groups.entries()) if (units[at]) this.unitOfGroup[group] = Number(units[at])
  }
}
