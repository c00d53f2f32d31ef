import { agrees, clashes } from './codes.ts'
import { CodedGroups, type Counting } from './coded-groups.ts'
import type { Groups } from './groups.ts'
import type { KeyIndex } from './key-index.ts'
import { blockRows, type KeyBlock } from './key-block.ts'
import { keyKinds, keysMax, kindOfKey } from './keys.ts'
import type { Model } from './model.ts'
import { fetchBack } from './nearby.ts'
import { column, type Rows } from './rows.ts'
import { Bearing } from './scale.ts'
import { none, proving, Sift, telling } from './sift.ts'

/** Keys by which the codes of two rows can be in question. */
export const provingKinds: ReadonlySet<number> = new Set([keyKinds.inner, keyKinds.whole, keyKinds.core])
// A row that was joined leads all other units by some bits; what many share is not looked up here, so some more are asked.
const joinedBits = -6
const leadMin = 10
/** A row that fits its unit by so much stays there whatever others share. */
export const safeBits = 8
/** So many rows of a unit are fetched ahead: most have no more. */
const unitRows = 4
/** What is known of a row, a bit each: it carries no code; it was settled with those that moved; it is to be settled again. */
const [isUncoded, isSettled, isLoose] = [1, 2, 4]
/** The row was looked at for the one that is looked around. */
const isSeen = 8
/** What a row says, a bit each. */
const [name, person, phone, address, code, day] = [1, 2, 4, 8, 16, 32]
const everything = 63
const said = [
  [name, column.whole],
  [person, column.person],
  [phone, column.phone],
  [address, column.address],
  [day, column.foundedOn],
] as const
/** By the kind of a key: what of a row it is made of. */
const madeOf = new Uint8Array(16).fill(everything)
const { whole, core, sound, start, without } = keyKinds
for (const kind of [whole, core, sound, start, without]) madeOf[kind] = name
for (const kind of [keyKinds.inner, keyKinds.registration, keyKinds.codeStart, keyKinds.codeEnd]) madeOf[kind] = code
madeOf[keyKinds.personBrand] = name | person
madeOf[keyKinds.personRoad] = person | address
madeOf[keyKinds.person] = person
madeOf[keyKinds.phone] = phone
madeOf[keyKinds.place] = address

/** What stands around rows that came or moved. */
export interface Standing {
  rows: Rows
  groups: Groups
  /** Who holds the keys of the rows that came or moved. */
  indexes: readonly KeyIndex[]
  /** The same of the rows that carry no code alone, where that is known. */
  uncodedIndexes?: readonly KeyIndex[] | undefined
  /** Which groups count as ones that share a key; left out: those with a code, found out as they are asked for. */
  counting?: Counting | undefined
  model: Model
  /** By row: 1 where it carries no code. */
  uncoded: Uint8Array
  /** Whether a row may leave its place without a person. */
  mayMove: (row: number) => boolean
  /** They have gone from the ledger instead, and with whom they stood is no longer known. */
  haveGone?: boolean
}

/**
 * Which rows that stood there must be settled again after others came or moved: those that wait, those whose code is in
 * question, those for which one of the others is as likely as the unit that they are in. Nothing that could matter is left
 * out but for what changes by mere numbers: that a value has become more common, a key too common to be looked at.
 */
export class Loosening {
  private readonly standing: Standing
  private readonly seen: number[] = []
  private readonly bearing: Bearing
  private readonly members = new Int32Array(blockRows)
  private readonly fetching = new Int32Array(blockRows * keysMax)
  /** What was read to fetch it: it must seem to be of use. */
  fetched = 0
  private readonly loose: number[] = []
  /** Of the rows that came or moved those that say what nothing in their unit said before. */
  readonly telling: number[] = []
  /** By row: what is known of it. */
  private readonly states: Uint8Array

  constructor(standing: Standing) {
    this.standing = standing
    this.bearing = new Bearing(standing.rows, standing.groups, standing.model)
    this.states = standing.uncoded.slice()
  }

  /** `moved`: rows that came or moved; `settled`: those that were settled together with them and are not asked again. */
  after(moved: Iterable<number>, settled: Iterable<number>): number[] {
    const { states } = this
    for (const row of settled) states[row]! |= isSettled
    const { rows, groups, model, indexes, uncodedIndexes = indexes } = this.standing
    const sift = new Sift({
      groups,
      counting: this.standing.counting ?? new CodedGroups(rows, groups),
      indexes,
      uncodedIndexes: uncodedIndexes.filter(({ holders }) => holders.some((row) => !(states[row]! & isSettled))),
      most: model.holdersMax,
      isOpen: (row, isProving) => this.isOpen(row, isProving),
    })
    const list = Int32Array.from(moved)
    for (let from = 0; from < list.length;) {
      from = sift.block.take(rows, list, from)
      this.choose(sift)
      sift.run()
      this.fetchRows(sift)
      for (let at = 0; at < sift.block.count; at += 1) this.lookAround(sift, at)
    }
    return this.loose
  }

  /** Chooses the keys of the block that are to be looked at. */
  private choose({ block, kinds }: Sift): void {
    const { states } = this
    this.fetchUnits(block)
    for (let at = 0; at < block.count; at += 1) {
      const coming = block.rows[at]!
      const anew = this.saidAnew(coming)
      if (anew !== 0) {
        this.telling.push(coming)
        this.lookAtMates(coming)
      }
      for (let i = block.begins[at]!; i < block.begins[at + 1]!; i += 1) {
        const kind = kindOfKey(block.keys[i]!)
        const isProving = !(states[coming]! & isUncoded) && provingKinds.has(kind)
        kinds[i] = isProving ? proving : (madeOf[kind]! & anew) !== 0 ? telling : none
      }
    }
  }

  /** Fetches what the units of the block's rows say. */
  private fetchUnits({ rows: list, count }: KeyBlock): void {
    const { rows, groups } = this.standing
    const { members } = this
    for (let at = 0; at < count; at += 1) {
      const group = groups.of[list[at]!]!
      members[at] = group < 0 ? -1 : groups.last(group)
    }
    this.fetched = fetchBack(rows, groups, members, count, unitRows)
  }

  /** Fetches what the first rows say that are to be looked at by each key. */
  private fetchRows(sift: Sift): void {
    const { rows, groups } = this.standing
    const { fetching } = this
    let count = 0
    for (let i = 0; i < sift.block.end; i += 1) {
      if (sift.kinds[i] === none) continue
      const { indexes, begins, ends } = sift.heldOf(i)
      for (let x = 0; x < indexes.length; x += 1) {
        const { holders } = indexes[x]!
        for (let at = begins[x]![i]!; at < ends[x]![i]! && count < fetching.length; at += 1) {
          if (this.isOpen(holders[at]!, sift.kinds[i] === proving)) fetching[count++] = holders[at]!
        }
      }
    }
    let read = 0
    for (let at = 0; at < count; at += 1) {
      const row = fetching[at]!
      read ^= groups.of[row]! ^ rows.cell(row, column.whole) ^ rows.cell(row, column.foundedOn)
    }
    this.fetched = read
  }

  /** Looks at what shares the keys that were left with a row of the block. */
  private lookAround(sift: Sift, at: number): void {
    const { begins, rows } = sift.block
    for (let i = begins[at]!; i < begins[at + 1]!; i += 1) if (sift.kinds[i] !== none) this.look(sift, i, rows[at]!)
    for (const row of this.seen) this.states[row]! &= ~isSeen
    this.seen.length = 0
  }

  /**
   * What a row says that nothing in its unit said before: by all else the unit is as like any other row as it was. A day is no
   * key, so what shares it is looked for by everything.
   */
  private saidAnew(coming: number): number {
    const { rows, groups } = this.standing
    const group = groups.of[coming]!
    if (group < 0 || this.states[coming]! & isUncoded || rows.cell(coming, column.former) > 0) return everything
    let anew = rows.registrationOf(coming) > 0 ? everything : code
    for (const [part, at] of said) if (rows.cell(coming, at) > 0) anew |= part
    for (let row = groups.last(group); row >= 0 && anew !== 0; row = groups.before(row)) {
      if (this.states[row]! & isSettled) continue
      if (rows.codeOf(row) === rows.codeOf(coming)) anew &= ~code
      for (const [part, at] of said) if (rows.cell(row, at) === rows.cell(coming, at)) anew &= ~part
    }
    return anew & day ? everything : anew
  }

  /** What a unit learns may speak against rows that were joined to it by what they say, and only just. */
  private lookAtMates(coming: number): void {
    const { groups, mayMove } = this.standing
    const group = groups.of[coming]!
    if (group < 0) return
    for (let row = groups.last(group); row >= 0; row = groups.before(row)) {
      if (this.states[row] !== isUncoded || !mayMove(row)) continue
      if (this.bearing.ofGroup(row, group) < safeBits) this.free(row)
    }
  }

  /** Looks at those that share a key: rows without a code, and where the key can prove one wrong all others. */
  private look(sift: Sift, i: number, coming: number): void {
    const { mayMove, groups } = this.standing
    const { states, seen } = this
    const { indexes, begins, ends } = sift.heldOf(i)
    const isProving = sift.kinds[i] === proving
    for (let x = 0; x < indexes.length; x += 1) {
      const { holders } = indexes[x]!
      const end = ends[x]![i]!
      for (let at = begins[x]![i]!; at < end; at += 1) {
        const row = holders[at]!
        if (!this.isOpen(row, isProving) || states[row]! & isSeen) continue
        states[row]! |= isSeen
        seen.push(row)
        if (states[row]! & isLoose || !mayMove(row) || !this.bearsOn(row, coming)) continue
        // What has no place of its own yet, or a code in question, is settled together with what came.
        if (!(states[row]! & isUncoded) || !this.isAnchored(groups.of[row]!)) this.free(coming)
        this.free(row)
      }
    }
  }

  /** Whether a row that holds a key is of interest. */
  private isOpen(row: number, isProving: boolean): boolean {
    const state = this.states[row]!
    return !(state & isSettled) && (isProving || (state & isUncoded) !== 0)
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
    const bits = this.bearing.ofRow(row, coming)
    const { leastBits } = this.bearing
    if (bits < Math.min(joinedBits, leastBits)) return false
    const isJoined = this.isAnchored(group)
    if (bits < (isJoined ? joinedBits : leastBits)) return false
    if (!isJoined || haveGone) return true
    const theirs = groups.of[coming]!
    if (theirs < 0 || theirs === group) return false
    return this.bearing.ofGroup(row, group) - this.bearing.ofGroup(row, theirs) < leadMin
  }

  /** Whether a group has a row that it is known by; none of waiting rows has. */
  private isAnchored(group: number): boolean {
    const { groups, mayMove } = this.standing
    if (group < 0) return false
    for (let row = groups.last(group); row >= 0; row = groups.before(row)) {
      if (!(this.states[row]! & isUncoded) || !mayMove(row)) return true
    }
    return false
  }

  /** A unit that the last row it is known by leaves is settled again whole, and so is one that has none. */
  private free(row: number): void {
    const { rows, groups, mayMove } = this.standing
    if (this.states[row]! & isLoose) return
    this.noteLoose(row)
    const group = groups.of[row]!
    if (group < 0) return
    const others = groups.rows(group)
    const anchors = others.filter((other) => !(this.states[other]! & isLoose) && rows.codeOf(other) > 0)
    if (anchors.length > 0 || others.some((other) => !mayMove(other))) return
    for (const other of others) if (!(this.states[other]! & isLoose)) this.noteLoose(other)
  }

  private noteLoose(row: number): void {
    this.states[row]! |= isLoose
    this.loose.push(row)
  }
}
