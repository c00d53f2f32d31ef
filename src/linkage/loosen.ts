import { agrees, clashes } from './codes.ts'
import { comparisonNames } from './compare.ts'
import { Few, type Groups, Stamps } from './groups.ts'
import type { KeyIndex } from './key-index.ts'
import { blockRows, KeyBlock } from './key-block.ts'
import { HeldKeys } from './held-keys.ts'
import { keyKinds, keysMax, kindOfKey } from './keys.ts'
import { holdersMax } from './nearby.ts'
import type { Model } from './model.ts'
import { column, type Rows } from './rows.ts'
import { type BitTable, BitTables, weighInto } from './score.ts'
import { SameCode } from './same-code.ts'

/** Keys by which the codes of two rows can be in question. */
export const provingKinds: ReadonlySet<number> = new Set([keyKinds.inner, keyKinds.whole, keyKinds.core])
// A row that was joined leads all other units by some bits; what many share is not looked up here, so some more are asked.
const joinedBits = -6
const leadMin = 10
const membersMax = 12
const unitRows = 4
const countedRows = 24
const [none, telling, proving] = [0, 1, 2]
/** What rows are compared by. */
const said = [column.whole, column.person, column.phone, column.address, column.foundedOn]

/** What stands around rows that came or moved. */
export interface Standing {
  rows: Rows
  groups: Groups
  /** Who holds the keys of the rows that came or moved. */
  indexes: readonly KeyIndex[]
  /** The same of the rows that carry no code alone, where that is known. */
  uncodedIndexes?: readonly KeyIndex[] | undefined
  model: Model
  /** By row: 1 where it carries no code. */
  uncoded: Uint8Array
  /** Whether a row may leave its place without a person. */
  mayMove: (row: number) => boolean
  /** They have gone from the ledger instead, and with whom they stood is no longer known. */
  haveGone?: boolean
}

/** Rows that wait and carry the same codes as some rows: whose a code is is settled among all of them. */
export function codeFellows(
  standing: Pick<Standing, 'rows' | 'groups' | 'indexes'>,
  list: ArrayLike<number>,
): number[] {
  const { of } = standing.groups
  const same = new SameCode(standing)
  const found: number[] = []
  for (let from = 0; from < list.length;) {
    from = same.look(list, from)
    for (let at = 0; at < same.block.count; at += 1) {
      const row = same.block.rows[at]!
      same.tell(at, (other) => {
        if (other !== row && of[other]! < 0) found.push(other)
        return false
      })
    }
  }
  return found
}

/**
 * Which rows that stood there must be settled again after others came or moved: those that wait, those whose code is in
 * question, those for which one of the others is as likely as the unit that they are in. Nothing that could matter is left
 * out but for what changes by mere numbers: that a value has become more common, a key too common to be looked at.
 */
export class Loosening {
  private readonly standing: Standing
  private readonly table: BitTable
  /** Below this a unit is never shown to anybody. */
  private readonly leastBits: number
  private readonly seen = new Stamps()
  private readonly ofKey = new Few()
  private readonly levels = new Uint8Array(comparisonNames.length)
  private readonly members = new Int32Array(Math.max(blockRows, membersMax))
  private readonly block = new KeyBlock()
  private readonly kinds = new Uint8Array(blockRows * keysMax)
  private readonly chosen = new Float64Array(blockRows * keysMax)
  private readonly found = new Int32Array(blockRows * keysMax * countedRows * 2)
  private held: HeldKeys = new HeldKeys([])
  private uncodedHeld: HeldKeys = new HeldKeys([])
  private readonly known = new Float64Array(2 ** 16)
  private readonly knownRare = new Uint8Array(2 ** 16)
  fetched = 0
  private readonly loose = new Set<number>()
  /** By row: 1 where it was settled together with those that moved. */
  private readonly settled: Uint8Array

  constructor(standing: Standing) {
    this.standing = standing
    // Each value counts as rare.
    this.table = new BitTables(standing.model).of({})
    this.leastBits = standing.model.calibration[0]?.[0] ?? -Infinity
    this.settled = new Uint8Array(standing.rows.size)
  }

  /** `moved`: rows that came or moved; `settled`: those that were settled together with them and are not asked again. */
  after(moved: Iterable<number>, settled: Iterable<number>): number[] {
    const { rows } = this.standing
    for (const row of settled) this.settled[row] = 1
    const { indexes, uncodedIndexes = indexes } = this.standing
    this.held = new HeldKeys(indexes)
    this.uncodedHeld = new HeldKeys(
      uncodedIndexes.filter(({ holders }) => holders.some((row) => this.settled[row] === 0)),
    )
    const list = Int32Array.from(moved)
    for (let from = 0; from < list.length;) {
      from = this.block.take(rows, list, from)
      this.choose()
      this.sift()
      for (let at = 0; at < this.block.count; at += 1) this.lookAround(at)
    }
    return [...this.loose]
  }

  /** Chooses the keys of the block that are to be looked at. */
  private choose(): void {
    const { uncoded } = this.standing
    const { block, kinds } = this
    this.fetchUnits()
    for (let at = 0; at < block.count; at += 1) {
      const coming = block.rows[at]!
      const saysMore = this.saysMore(coming)
      for (let i = block.begins[at]!; i < block.begins[at + 1]!; i += 1) {
        const isProving = uncoded[coming] === 0 && provingKinds.has(kindOfKey(block.keys[i]!))
        kinds[i] = isProving ? proving : saysMore ? telling : none
      }
    }
  }

  /** Fetches what the units of the block's rows say. */
  private fetchUnits(): void {
    const { rows, groups } = this.standing
    const { block, members } = this
    let read = 0
    for (let at = 0; at < block.count; at += 1) {
      const group = groups.of[block.rows[at]!]!
      members[at] = group < 0 ? -1 : groups.last(group)
    }
    for (let step = 0; step < unitRows; step += 1) {
      for (let at = 0; at < block.count; at += 1) {
        const row = members[at]!
        if (row < 0) continue
        read ^= rows.cell(row, column.whole) ^ rows.cell(row, column.foundedOn)
        members[at] = groups.before(row)
      }
    }
    this.fetched = read
  }

  /** Leaves out the keys of the block that no row of interest holds, nearly all, and those that too many units hold. */
  private sift(): void {
    const { kinds, block, uncodedHeld, held } = this
    uncodedHeld.lookUp(this.keysOf(telling), block.end)
    for (let i = 0; i < block.end; i += 1)
      if (kinds[i] === telling && !this.hasOpen(uncodedHeld, i, false)) kinds[i] = none
    held.lookUp(this.keysOf(), block.end)
    for (let i = 0; i < block.end; i += 1) if (kinds[i] === proving && !this.hasOpen(held, i, true)) kinds[i] = none
    this.fetchGroups()
    for (let i = 0; i < block.end; i += 1) if (kinds[i] !== none && !this.isRare(i)) kinds[i] = none
    this.fetchRows()
  }

  /** The keys of a kind, of all kinds that are left where none is given, the others 0. */
  private keysOf(kind = none): Float64Array {
    const { chosen, kinds, block } = this
    for (let i = 0; i < block.end; i += 1)
      chosen[i] = (kind === none ? kinds[i] !== none : kinds[i] === kind) ? block.keys[i]! : 0
    return chosen
  }

  /** Fetches the units of those that hold keys of which they are to be counted. */
  private fetchGroups(): void {
    const { of } = this.standing.groups
    const { kinds, block, held, found } = this
    let count = 0
    for (let i = 0; i < block.end; i += 1) {
      if (kinds[i] !== telling || !this.mustCount(i)) continue
      for (let x = 0; x < held.indexes.length; x += 1) {
        const { holders } = held.indexes[x]!
        const from = held.begins[x]![i]!
        const to = Math.min(from + countedRows, held.ends[x]![i]!)
        for (let at = from; at < to; at += 1) {
          found[count] = holders[at]!
          count += 1
        }
      }
    }
    let read = 0
    for (let at = 0; at < count; at += 1) read ^= of[found[at]!]!
    this.fetched = read
  }

  private mustCount(i: number): boolean {
    const count = this.held.count(i)
    return count > this.standing.model.holdersMax && count <= holdersMax
  }

  /** Fetches what the rows of interest say. */
  private fetchRows(): void {
    const { rows, groups } = this.standing
    const { kinds, block, found } = this
    let count = 0
    for (let i = 0; i < block.end; i += 1) {
      if (kinds[i] === none) continue
      const isProving = kinds[i] === proving
      const held = isProving ? this.held : this.uncodedHeld
      for (let x = 0; x < held.indexes.length; x += 1) {
        const { holders } = held.indexes[x]!
        const from = held.begins[x]![i]!
        const to = Math.min(from + countedRows, held.ends[x]![i]!)
        for (let at = from; at < to; at += 1) {
          if (!this.isOpen(holders[at]!, isProving)) continue
          found[count] = holders[at]!
          count += 1
        }
      }
    }
    let read = 0
    for (let at = 0; at < count; at += 1)
      read ^=
        groups.of[found[at]!]! ^
        rows.cell(found[at]!, column.whole) ^
        rows.cell(found[at]!, column.foundedOn) ^
        (this.seen.has(found[at]!) ? 1 : 0)
    this.fetched = read
  }

  private lookAround(at: number): void {
    const { block, kinds } = this
    this.seen.begin(this.standing.rows.size)
    for (let i = block.begins[at]!; i < block.begins[at + 1]!; i += 1) {
      if (kinds[i] !== none) this.look(i, block.rows[at]!, kinds[i] === proving)
    }
  }

  /** Whether a row says anything that nothing in its unit said before: else the unit is as like any other row as it was. */
  private saysMore(coming: number): boolean {
    const { rows, groups, uncoded } = this.standing
    const group = groups.of[coming]!
    if (group < 0 || uncoded[coming] === 1 || rows.cell(coming, column.former) > 0) return true
    return said.some((at) => {
      const value = rows.cell(coming, at)
      if (value === 0) return false
      for (let row = groups.last(group); row >= 0; row = groups.before(row)) {
        if (this.settled[row] === 0 && rows.cell(row, at) === value) return false
      }
      return true
    })
  }

  /** Looks at those that share a key: rows without a code, and where the key can prove one wrong all others. */
  private look(i: number, coming: number, isProving: boolean): void {
    const { uncoded, mayMove } = this.standing
    const held = isProving ? this.held : this.uncodedHeld
    for (let x = 0; x < held.indexes.length; x += 1) {
      const { holders } = held.indexes[x]!
      const end = held.ends[x]![i]!
      for (let at = held.begins[x]![i]!; at < end; at += 1) {
        const row = holders[at]!
        if (!this.isOpen(row, isProving) || !this.seen.isNew(row)) continue
        if (this.loose.has(row) || !mayMove(row) || !this.bearsOn(row, coming)) continue
        // What has no place of its own yet, or a code in question, is settled together with what came.
        if (uncoded[row] === 0 || !this.isAnchored(this.standing.groups.of[row]!)) this.free(coming)
        this.free(row)
      }
    }
  }

  /** Whether a row that holds a key is of interest. */
  private isOpen(row: number, isProving: boolean): boolean {
    return this.settled[row] === 0 && (isProving || this.standing.uncoded[row] === 1)
  }

  /** Whether any row that holds a key is: that is seldom so. */
  private hasOpen(held: HeldKeys, i: number, isProving: boolean): boolean {
    for (let x = 0; x < held.indexes.length; x += 1) {
      const { holders } = held.indexes[x]!
      const end = held.ends[x]![i]!
      for (let at = held.begins[x]![i]!; at < end; at += 1) if (this.isOpen(holders[at]!, isProving)) return true
    }
    return false
  }

  /** Whether those that hold a key are of so few units that units are found by it; of what can prove, some more. */
  private isRare(i: number): boolean {
    if (this.kinds[i] === proving || !this.mustCount(i)) return this.held.count(i) <= holdersMax
    const { known, knownRare } = this
    const key = this.block.keys[i]!
    const place = key & (known.length - 1)
    if (known[place] !== key) {
      known[place] = key
      knownRare[place] = this.isOfFewUnits(i) ? 1 : 0
    }
    return knownRare[place] === 1
  }

  private isOfFewUnits(i: number): boolean {
    const { groups, model } = this.standing
    const { held } = this
    this.ofKey.begin()
    let units = 0
    for (let x = 0; x < held.indexes.length; x += 1) {
      const { holders } = held.indexes[x]!
      const end = held.ends[x]![i]!
      for (let at = held.begins[x]![i]!; at < end; at += 1) {
        const group = groups.of[holders[at]!]!
        if (group >= 0 && this.ofKey.isNew(group)) units += 1
        if (units > model.holdersMax) return false
      }
    }
    return true
  }

  private bearsOn(row: number, coming: number): boolean {
    const { rows, groups, haveGone = false } = this.standing
    const group = groups.of[row]!
    if (group < 0) return true
    const code = rows.codeOf(row)
    if (code > 0) {
      // By what is gone others of its code may have been held together.
      return code === rows.codeOf(coming) ? haveGone || !agrees(rows, row, coming) : clashes(rows, row, coming)
    }
    const isJoined = this.isAnchored(group)
    if (this.weighRow(row, coming) < (isJoined ? joinedBits : this.leastBits)) return false
    if (!isJoined || haveGone) return true
    const theirs = groups.of[coming]!
    return theirs >= 0 && theirs !== group && this.weighGroup(row, group) - this.weighGroup(row, theirs) < leadMin
  }

  /** Whether a group has a row that it is known by; none of waiting rows has. */
  private isAnchored(group: number): boolean {
    const { rows, groups, mayMove } = this.standing
    if (group < 0) return false
    for (let row = groups.last(group); row >= 0; row = groups.before(row)) {
      if (rows.codeOf(row) > 0 || !mayMove(row)) return true
    }
    return false
  }

  private weighRow(row: number, other: number): number {
    this.members[0] = other
    return weighInto(this.levels, this.standing.rows, row, this.members, 1, this.table, this.standing.model.start)
  }

  private weighGroup(row: number, group: number): number {
    const { rows, groups, model } = this.standing
    let count = 0
    for (let at = groups.last(group); at >= 0 && count < membersMax; at = groups.before(at)) {
      if (at === row) continue
      this.members[count] = at
      count += 1
    }
    return count === 0 ? -Infinity : weighInto(this.levels, rows, row, this.members, count, this.table, model.start)
  }

  /** A unit that the last row it is known by leaves is settled again whole, and so is one that has none. */
  private free(row: number): void {
    const { rows, groups, mayMove } = this.standing
    if (this.loose.has(row)) return
    this.loose.add(row)
    const group = groups.of[row]!
    if (group < 0) return
    const others = groups.rows(group)
    const anchors = others.filter((other) => !this.loose.has(other) && rows.codeOf(other) > 0)
    if (anchors.length > 0 || others.some((other) => !mayMove(other))) return
    for (const other of others) this.loose.add(other)
  }
}
