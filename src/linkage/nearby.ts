import type { Counting } from './coded-groups.ts'
import { type Groups, Stamps } from './groups.ts'
import { GroupsOfKey, holdersMax } from './groups-of-key.ts'
import { HeldKeys } from './held-keys.ts'
import { blockRows, KeyBlock } from './key-block.ts'
import type { KeyIndex } from './key-index.ts'
import { keyKinds, keysMax, kindOfKey } from './keys.ts'
import { column, type Rows } from './rows.ts'
import type { Shares } from './score.ts'
import { longer } from './texts.ts'

/** Holders of a key whose units are counted one by one; of more, their number tells how many units there are. */
const countedMax = 60
/** Rows that a unit has, more or less: what many rows share, fewer units do. */
const rowsOfUnit = 2.4
/** So many rows of a group are fetched ahead: most have no more. */
const fetchedRows = 3

/** Among so many holders of a common key there mostly are more groups than one is to look at. */
const enoughRows = 32

/** By how many units a value is shared that so many rows hold; `units`: as counted, where that is asked for. */
export const sharing = (held: number, units: number) =>
  held > countedMax ? Math.round(held / rowsOfUnit) : Math.max(1, units)

interface Around {
  rows: Rows
  groups: Groups
  /** Who holds the keys of the rows that are asked for. */
  indexes: readonly KeyIndex[]
  /** A key that more groups hold, of those that count, is passed over. */
  most: number
  /** Keys that more units hold than are here, with how many. */
  common: ReadonlyMap<number, number>
  counting: Counting
}

/** What lies around rows by their keys, a block of rows at a time: the groups near each, and how many share what it says. */
export class Nearby {
  readonly block = new KeyBlock()
  /** The groups near the block's rows, row after row. */
  found = new Int32Array(1024)
  /** By row of the block: where its groups begin; behind the last one, where they end. */
  readonly begins = new Int32Array(blockRows + 1)
  private readonly around: Around
  private readonly held: HeldKeys
  private readonly stamps = new Stamps()
  private readonly groupsOfKey: GroupsOfKey
  /** By key of the block: how many groups that count hold it, where they were counted; -1 else. */
  private readonly counted = new Int32Array(blockRows * keysMax)
  private fetching = new Int32Array(1024)
  /** What was read to fetch it: it must seem to be of use. */
  fetched = 0

  constructor(around: Around) {
    this.around = around
    this.held = new HeldKeys(around.indexes)
    this.groupsOfKey = new GroupsOfKey(this.held, around)
  }

  /** Looks up the keys of rows of a list from a place on; answers where the next block begins. */
  look(list: ArrayLike<number>, from: number): number {
    const next = this.block.take(this.around.rows, list, from)
    this.held.lookUp(this.block.keys, this.block.end)
    this.counted.fill(-1, 0, this.block.end)
    return next
  }

  /** Finds the groups that share a key with the same rows; keys that very many groups hold are passed over. */
  find(list: ArrayLike<number>, from: number): number {
    const next = this.look(list, from)
    this.fetchGroups()
    let end = 0
    for (let at = 0; at < this.block.count; at += 1) end = this.findNear(at, end)
    this.fetchMembers(end)
    return next
  }

  private findNear(at: number, from: number): number {
    const { most } = this.around
    const { begins, keys } = this.block
    this.stamps.begin(this.around.groups.count)
    let end = from
    for (let i = begins[at]!; i < begins[at + 1]!; i += 1) {
      if (this.held.count(i) > holdersMax || this.commonTo(keys[i]!) !== undefined) continue
      const counted = this.groupsOfKey.count(i, most + 1)
      if (counted > most) continue
      this.counted[i] = counted
      const { size } = this.groupsOfKey
      if (end + size > this.found.length) this.found = longer(this.found, end + size)
      for (let each = 0; each < size; each += 1) {
        const group = this.groupsOfKey.found[each]!
        if (!this.stamps.isNew(group)) continue
        this.found[end] = group
        end += 1
      }
    }
    this.begins[at + 1] = end
    return end
  }

  /** By how many units a key is shared that is passed over; not told of any other. */
  private commonTo(key: number): number | undefined {
    const { common } = this.around
    return common.size > 0 ? common.get(key) : undefined
  }

  /** By how many groups each of the values of a row of the block is shared. */
  sharesOf(at: number): Shares {
    const shares = { name: 0, person: 0, phone: 0, address: 0 }
    const { begins, keys } = this.block
    for (let i = begins[at]!; i < begins[at + 1]!; i += 1) {
      const kind = kindOfKey(keys[i]!)
      // A former name has a key of the same kind, behind that of the name.
      if (kind === keyKinds.core) shares.name ||= this.sharedBy(i)
      else if (kind === keyKinds.person) shares.person = this.sharedBy(i)
      else if (kind === keyKinds.phone) shares.phone = this.sharedBy(i)
      else if (kind === keyKinds.place) shares.address = this.sharedBy(i)
    }
    return shares
  }

  private sharedBy(i: number): number {
    const known = this.commonTo(this.block.keys[i]!)
    if (known !== undefined) return known
    const held = this.held.count(i)
    if (held > countedMax) return sharing(held, 0)
    return sharing(held, this.counted[i]! >= 0 ? this.counted[i]! : this.groupsOfKey.count(i, countedMax))
  }

  /** Fetches the groups of those that share a key with the block's rows. */
  private fetchGroups(): void {
    const { groups } = this.around
    const { indexes, begins, ends } = this.held
    let count = 0
    for (let i = 0; i < this.block.end; i += 1) {
      const held = this.held.count(i)
      if (held > holdersMax) continue
      const most = held > countedMax ? enoughRows : countedMax
      for (let x = 0; x < indexes.length; x += 1) {
        const from = begins[x]![i]!
        const to = Math.min(ends[x]![i]!, from + most)
        if (count + to - from > this.fetching.length) this.fetching = longer(this.fetching, count + to - from)
        for (let at = from; at < to; at += 1) this.fetching[count++] = indexes[x]!.holders[at]!
      }
    }
    const { fetching } = this
    for (let at = 0; at < count; at += 1) fetching[at] = groups.of[fetching[at]!]!
  }

  /** Fetches what rows of the groups found say. */
  private fetchMembers(count: number): void {
    const { rows, groups } = this.around
    if (count > this.fetching.length) this.fetching = longer(this.fetching, count)
    const { fetching } = this
    for (let at = 0; at < count; at += 1) fetching[at] = groups.last(this.found[at]!)
    this.fetched = fetchBack(rows, groups, fetching, count, fetchedRows)
  }
}

/**
 * Fetches what the first `count` rows of a list say, and so many before each in its group; the list is used up. Answers what
 * was read: it must seem to be of use.
 */
export function fetchBack(rows: Rows, groups: Groups, list: Int32Array, count: number, steps: number): number {
  let read = 0
  for (let step = 0; step < steps; step += 1) {
    for (let at = 0; at < count; at += 1) {
      const row = list[at]!
      if (row < 0) continue
      read ^= rows.cell(row, column.whole) ^ rows.cell(row, column.inner)
      list[at] = groups.before(row)
    }
  }
  return read
}
