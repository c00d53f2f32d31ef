import { assignUnits } from '../src/linkage/assign.ts'
import type { Features } from '../src/linkage/features.ts'
import { Groups } from '../src/linkage/groups.ts'
import { KeyIndex } from '../src/linkage/key-index.ts'
import { keysInto, keysMax } from '../src/linkage/keys.ts'
import { codeFellows, Loosening } from '../src/linkage/loosen.ts'
import { defaultModel } from '../src/linkage/model.ts'
import { orderOf } from '../src/linkage/order.ts'
import { type Rows, rowsOf } from '../src/linkage/rows.ts'
import { Settlement } from '../src/linkage/settlement-run.ts'

const roundsMax = 6

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

  /** Links the rows that stand there from the beginning, all at once. */
  constructor(first: readonly Features[]) {
    const before = rowsOf(first)
    const order = orderOf(before, (a, b) => a - b)
    this.rows = rowsOf(Array.from(order, (at) => first[at]!))
    this.numbers = Array.from(order)
    for (const [number, at] of order.entries()) this.numbers[at] = number
    this.groups = new Groups(0)
    this.take(0)
    this.settle(Int32Array.from(order, (_, number) => number))
    this.nameGroups()
  }

  /** Adds rows; answers how many were settled for it, and how many that stood there moved. */
  add(fresh: Iterable<Features>): { settled: number; moved: number } {
    const count = { settled: 0, moved: 0 }
    const first = this.rows.size
    this.rows.addAll(fresh)
    for (let row = first; row < this.rows.size; row += 1) this.numbers.push(row)
    this.take(first)
    let free = Array.from({ length: this.rows.size - first }, (_, at) => first + at)
    const restless = new Set<number>()
    for (let round = 1; free.length > 0 && round <= roundsMax; round += 1) {
      free = [...this.withFellows(free)]
      if (round > 1) for (const row of free) restless.add(row)
      const before = free.map((row) => this.groups.of[row]!)
      this.settle(this.inOrder(free))
      this.assign(free, before)
      const changed = free.filter((row, at) => this.unitOf(row) !== this.unitOfGroupOr(before[at]!))
      const moved = round === 1 ? [...new Set([...changed, ...free.filter((row) => row >= first)])] : changed
      count.settled += free.length
      count.moved += changed.filter((row) => row < first).length
      const { uncoded, uncodedIndexes } = this
      const standing = { ...this.around(), uncoded, uncodedIndexes, mayMove: () => true }
      const loosened = new Loosening(standing).after(moved, free)
      const waiting = this.waitingBeside([...moved, ...loosened], before).difference(new Set(free))
      free = loosened.length + waiting.size > 0 ? [...new Set([...loosened, ...waiting, ...restless])] : []
    }
    return count
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

  /** Rows that wait and share a key with any of these, or with what is in the groups that these are or were in. */
  private waitingBeside(list: readonly number[], before: readonly number[]): Set<number> {
    const waiting: number[] = []
    for (let row = 0; row < this.rows.size; row += 1) if (this.groups.of[row]! < 0) waiting.push(row)
    const index = new KeyIndex(this.rows, waiting, { among: waiting })
    const groups = new Set([...list.map((row) => this.groups.of[row]!), ...before].filter((group) => group >= 0))
    const keys = new Float64Array(keysMax)
    const found = new Set<number>()
    const look = (row: number) => {
      for (let at = keysInto(keys, 0, this.rows, row) - 1; at >= 0; at -= 1) {
        if (!index.mayHave(keys[at]!)) continue
        for (const other of index.holdersAt(index.slotOf(keys[at]!))) found.add(other)
      }
    }
    for (const row of list) if (this.groups.of[row]! < 0) look(row)
    for (const group of groups) {
      for (let row = this.groups.last(group); row >= 0; row = this.groups.before(row)) look(row)
    }
    return found
  }

  private inOrder(list: readonly number[]): Int32Array {
    const order = orderOf(this.rows.pick(list), (a, b) => list[a]! - list[b]!)
    return order.map((at) => list[at]!)
  }

  /** With rows that wait and carry the codes of these: whose a code is is settled among all that carry it. */
  private withFellows(free: readonly number[]): Set<number> {
    return new Set([...free, ...codeFellows(this.around(), free)])
  }

  private settle(free: Int32Array): void {
    for (const row of free) if (this.groups.of[row]! >= 0) this.groups.take(row)
    new Settlement({ ...this.around(), free }).run()
  }

  private around() {
    return { rows: this.rows, groups: this.groups, indexes: this.indexes, model: defaultModel }
  }

  private nameGroups(): void {
    while (this.unitOfGroup.length < this.groups.count) this.unitOfGroup.push(this.unitOfGroup.length)
  }

  /** New groups are the units that their rows were in before, where nothing else of these is left. */
  private assign(rows: readonly number[], before: readonly number[]): void {
    const from = this.unitOfGroup.length
    this.nameGroups()
    const old = new Map(rows.map((row, at) => [row, before[at]!]))
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
