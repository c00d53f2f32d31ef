import { agrees, clashes } from './codes.ts'
import { comparisonNames } from './compare.ts'
import { type Groups, Stamps } from './groups.ts'
import type { KeyIndex } from './key-index.ts'
import { innerKey, keyKinds, keysInto, keysMax, kindOfKey } from './keys.ts'
import { holdersMax } from './linker.ts'
import type { Model } from './model.ts'
import { column, type Rows } from './rows.ts'
import { type BitTable, BitTables, weighInto } from './score.ts'

/** Keys by which the codes of two rows can be in question. */
export const provingKinds: ReadonlySet<number> = new Set([keyKinds.inner, keyKinds.whole, keyKinds.core])
// A row that was joined leads all other units by some bits; what many share is not looked up here, so some more are asked.
const joinedBits = -6
const leadMin = 10
/** A row that fits its unit by so much stays there whatever others share. */
const safeBits = 8
const membersMax = 12
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

/** Rows that wait and carry the same code as a row: whose the code is is settled among all of them. */
export function codeFellows(standing: Pick<Standing, 'rows' | 'groups' | 'indexes'>, row: number): number[] {
  const { rows, groups, indexes } = standing
  const code = rows.codeOf(row)
  if (code === 0) return []
  const key = innerKey(rows, row)
  return indexes
    .flatMap((index) => index.holdersAt(index.slotOf(key)))
    .filter((other) => other !== row && groups.of[other]! < 0 && rows.codeOf(other) === code)
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
  private readonly ofKey = new Stamps()
  private readonly levels = new Uint8Array(comparisonNames.length)
  private readonly members = new Int32Array(membersMax)
  private readonly keys = new Float64Array(keysMax)
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
    for (const row of settled) this.settled[row] = 1
    const { rows, uncoded } = this.standing
    for (const coming of moved) {
      this.seen.begin(rows.size)
      const saysMore = this.saysMore(coming)
      if (saysMore) this.lookAround(coming)
      const end = keysInto(this.keys, 0, rows, coming)
      for (let at = 0; at < end; at += 1) {
        const key = this.keys[at]!
        const isProving = uncoded[coming] === 0 && provingKinds.has(kindOfKey(key))
        if (saysMore || isProving) this.look(key, coming, isProving)
      }
    }
    return [...this.loose]
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

  /** What a unit learns may speak against rows that were joined to it by what they say, and only just. */
  private lookAround(coming: number): void {
    const { groups, uncoded, mayMove } = this.standing
    const group = groups.of[coming]!
    if (group < 0) return
    for (let row = groups.last(group); row >= 0; row = groups.before(row)) {
      if (this.settled[row] === 1 || uncoded[row] === 0 || this.loose.has(row) || !mayMove(row)) continue
      if (this.weighGroup(row, group) < safeBits) this.free(row)
    }
  }

  /** Looks at those that share a key: rows without a code, and where the key can prove one wrong all others. */
  private look(key: number, coming: number, isProving: boolean): void {
    const { indexes, uncodedIndexes = indexes, uncoded, mayMove } = this.standing
    const known = isProving ? indexes : uncodedIndexes
    if (!known.some((index) => this.hasOpen(index, key, isProving)) || !this.isRare(key, isProving)) return
    for (const index of known) {
      const slot = index.slotOf(key)
      const end = index.end(slot)
      for (let at = index.begin(slot); at < end; at += 1) {
        const row = index.holders[at]!
        if (!this.isOpen(row, isProving) || !this.seen.isNew(row)) continue
        if (this.loose.has(row) || !mayMove(row) || !this.bearsOn(row, coming)) continue
        // What has no place of its own yet, or a code in question, is settled together with what came.
        if (uncoded[row] === 0 || !this.isAnchored(this.standing.groups.of[row]!)) this.free(coming)
        this.free(row)
      }
    }
  }

  /** Whether a row that holds a key is of interest, and was not looked at yet. */
  private isOpen(row: number, isProving: boolean): boolean {
    return this.settled[row] === 0 && (isProving || this.standing.uncoded[row] === 1) && !this.seen.has(row)
  }

  /** Whether any row that holds a key is: that is seldom so. */
  private hasOpen(index: KeyIndex, key: number, isProving: boolean): boolean {
    if (!index.mayHave(key)) return false
    const slot = index.slotOf(key)
    const end = index.end(slot)
    for (let at = index.begin(slot); at < end; at += 1) if (this.isOpen(index.holders[at]!, isProving)) return true
    return false
  }

  /** Whether those that hold a key are of so few units that units are found by it; of what can prove, some more. */
  private isRare(key: number, isProving: boolean): boolean {
    const { groups, model, indexes } = this.standing
    this.ofKey.begin(groups.count)
    let held = 0
    let units = 0
    for (const index of indexes) {
      const slot = index.slotOf(key)
      const [begin, end] = [index.begin(slot), index.end(slot)]
      held += end - begin
      if (held > holdersMax) return false
      for (let at = begin; at < end && !isProving; at += 1) {
        const group = groups.of[index.holders[at]!]!
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
