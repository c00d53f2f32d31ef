import { agrees, clashes, partsOfCode, trustOf } from './codes.ts'
import { CodedGroups, type Counting } from './coded-groups.ts'
import { type Likeness, likenessOf } from './compare.ts'
import type { Groups } from './groups.ts'
import { keysInto, keysMax, nameKeys } from './keys.ts'
import { leastBitsOf, type Model } from './model.ts'
import { Nearby } from './nearby.ts'
import { contentHash } from './order.ts'
import { KeyIndex } from './key-index.ts'
import { column, type Rows } from './rows.ts'
import { SameCode } from './same-code.ts'
import { membersMax, Scale } from './scale.ts'
import { BitTables, oddsAmong, probabilityOf, type Shares } from './score.ts'
import { longer } from './texts.ts'

/** A group weighed as what a row may be. */
export interface Match {
  group: number
  /** Bits. */
  weight: number
  likeness: Likeness
  shares: Shares
  /** After the other candidates are taken into account. */
  probability: number
}

/** Why the code that a row carries is not taken as its own. */
export type Doubt = 'codeClaimed' | 'branchOfParent' | 'codeNameConflict'

export interface LinkerOptions {
  /** Groups that a row must not go to. */
  barred?: (row: number, group: number) => boolean
  /** Keys that more units hold than are here, with how many. */
  common?: ReadonlyMap<number, number> | undefined
  /** Which groups count as ones that share a value; left out: those with a code, found out as they are asked for. */
  counting?: Counting | undefined
  /** Who holds the keys of all rows, together; left out: found out for the rows that are asked for. */
  indexes?: readonly KeyIndex[] | undefined
}

const matchesMax = 8
const namesakesMax = 200

/**
 * Links rows, step by step; every step depends only on what the rows say, not on how they are numbered.
 */
export class Linker {
  readonly groups: Groups
  /** Rows whose code is not taken as theirs, with the group that holds it. */
  readonly doubts = new Map<number, { doubt: Doubt; holder: number }>()
  readonly model: Model
  readonly rows: Rows
  indexes: readonly KeyIndex[]
  private nearby: Nearby
  private readonly bits: BitTables
  private readonly scale: Scale
  /** Less likely than anything that was ever right: such a group counts neither for nor against. */
  private readonly floor: number
  private readonly barred: (row: number, group: number) => boolean
  private readonly common: ReadonlyMap<number, number>
  private readonly counting: Counting | null
  private readonly standing: readonly KeyIndex[] | null

  constructor(rows: Rows, groups: Groups, model: Model, more: LinkerOptions = {}) {
    this.rows = rows
    this.groups = groups
    this.model = model
    this.barred = more.barred ?? (() => false)
    this.common = more.common ?? new Map()
    this.counting = more.counting ?? null
    this.standing = more.indexes ?? null
    this.indexes = this.standing ?? []
    this.nearby = this.near()
    this.bits = new BitTables(model)
    this.scale = new Scale(rows, groups, model.start)
    this.floor = leastBitsOf(model) - 2
  }

  /** Says which rows' neighbours will be asked for; rows with codes are where they will be. */
  ask(asking: ArrayLike<number>): void {
    if (!this.standing) this.indexes = [new KeyIndex(this.rows, asking)]
    this.nearby = this.near()
  }

  private near(): Nearby {
    const { rows, groups, indexes, common, model } = this
    const counting = this.counting ?? new CodedGroups(rows, groups)
    return new Nearby({ rows, groups, indexes, common, counting, most: model.holdersMax })
  }

  /**
   * Groups the rows that carry one code; `held` is the group that is known to hold it. Rows that agree with the owners in
   * nothing are set apart.
   */
  placeCode(members: readonly number[], held: number): void {
    const own = held >= 0 ? this.groups.rows(held, membersMax) : []
    const [owners = [], ...apart] = own.length > 0 ? this.partsBy(own, members) : partsOfCode(this.rows, members)
    const group = held >= 0 ? held : this.groups.open()
    for (const row of owners) {
      if (this.barred(row, group)) this.doubts.set(row, { doubt: 'codeNameConflict', holder: group })
      else this.groups.put(row, group)
    }
    for (const row of apart.flat()) this.setApart(row, group)
  }

  /** With a group that stands: what agrees with any of its rows, or with what does, and the rest. */
  private partsBy(own: readonly number[], members: readonly number[]): number[][] {
    if (members.every((row) => own.some((one) => agrees(this.rows, row, one)))) return [[...members]]
    const fitting: number[] = []
    let rest = members
    for (let known = own; known.length > 0;) {
      const more = rest.filter((row) => known.some((one) => agrees(this.rows, row, one)))
      rest = rest.filter((row) => !more.includes(row))
      fitting.push(...more)
      known = more
    }
    return [fitting, [...rest]]
  }

  private setApart(row: number, holder: number): void {
    const anchor = this.groups.last(holder)
    const isBranch = (one: number) => this.rows.cell(one, column.branch) > 0
    const isKin =
      anchor >= 0 &&
      this.rows.cell(anchor, column.core) === this.rows.cell(row, column.core) &&
      isBranch(anchor) !== isBranch(row)
    this.doubts.set(row, { doubt: isKin ? 'branchOfParent' : 'codeClaimed', holder })
  }

  /** Tells of rows with codes, by their places in a list, the groups that hold these; -1: none does. */
  codeHolders(list: ArrayLike<number>, tell: (place: number, holder: number) => void): void {
    const { rows, groups } = this
    if (this.standing) return this.holdersBeside(list, tell)
    const holders = new Map<number, number>()
    for (let row = 0; row < rows.size; row += 1) {
      const code = rows.codeOf(row)
      if (code > 0 && groups.of[row]! >= 0 && !holders.has(code)) holders.set(code, groups.of[row]!)
    }
    for (let place = 0; place < list.length; place += 1) tell(place, holders.get(rows.codeOf(list[place]!)) ?? -1)
  }

  private holdersBeside(list: ArrayLike<number>, tell: (place: number, holder: number) => void): void {
    const same = new SameCode(this)
    for (let from = 0; from < list.length;) {
      const next = same.look(list, from)
      for (let at = 0; at < next - from; at += 1) tell(from + at, same.holder(at))
      from = next
    }
  }

  /**
   * Doubts, of the rows given, each alone in the group of its code, those that are by all else rows of another code; answers
   * these. `disputed`: of the rows those whose code others carry too, who agree with them in nothing.
   */
  doubtLonely(rows: readonly number[], disputed: ReadonlySet<number>): number[] {
    const indexes = this.standing ?? [new KeyIndex(this.rows, rows, { make: nameKeys })]
    // All are looked at before any is taken out of its group.
    const found: { row: number; holder: number }[] = []
    for (const row of rows) {
      const holder = this.ownerBeside(indexes, row, disputed)
      if (holder >= 0) found.push({ row, holder })
    }
    for (const { row, holder } of found) {
      this.groups.empty(this.groups.of[row]!)
      this.doubts.set(row, { doubt: 'codeNameConflict', holder })
    }
    return found.map(({ row }) => row)
  }

  /** The group of another code that a row alone with its code is by all else; -1: none. */
  private ownerBeside(indexes: readonly KeyIndex[], row: number, disputed: ReadonlySet<number>): number {
    const group = this.groups.of[row]!
    if (group < 0 || this.groups.size(group) !== 1) return -1
    const end = nameKeys.into(this.keys, 0, this.rows, row)
    for (let at = 0; at < end; at += 1) {
      for (const other of holdersOf(indexes, this.keys[at]!, namesakesMax)) {
        const theirs = this.groups.of[other]!
        if (theirs < 0 || theirs === group || this.rows.codeOf(other) === 0) continue
        if (!clashes(this.rows, row, other)) continue
        if (this.groups.size(theirs) > 1) return theirs
        // Of two codes that each stand alone for one organisation that is its own which nobody else claims.
        const isMine = disputed.has(row) === disputed.has(other) ? !isLess(this.rows, other, row) : disputed.has(other)
        if (!isMine) return theirs
      }
    }
    return -1
  }

  /**
   * Tells of each of some rows the groups that it may be, the likeliest first and no more than `most`; none where the
   * likeliest is less likely than `least`. Those beyond `most` only count against them.
   */
  candidates(
    list: ArrayLike<number>,
    tell: (row: number, matches: Match[]) => void,
    least = 0,
    most = matchesMax,
  ): void {
    const { nearby } = this
    for (let from = 0; from < list.length;) {
      from = nearby.find(list, from)
      for (let at = 0; at < nearby.block.count; at += 1)
        tell(nearby.block.rows[at]!, this.candidatesAt(at, least, most))
    }
  }

  private candidatesAt(at: number, least: number, most: number): Match[] {
    const row = this.nearby.block.rows[at]!
    const shares = this.nearby.sharesOf(at)
    const table = this.bits.of(shares)
    const count = this.weighAll(at, row, table)
    if (count === 0) return []
    const weights = this.weights.subarray(0, count)
    const odds = oddsAmong(weights)
    if (probabilityOf(odds(Math.max(...weights)), this.model) < least) return []
    return this.likeliest(count, most).map((place) => {
      const group = this.weighed[place]!
      const weight = weights[place]!
      this.scale.ofGroup(row, group, table)
      const probability = probabilityOf(odds(weight), this.model)
      return { group, weight, likeness: likenessOf(this.scale.levels), shares, probability }
    })
  }

  /** Weighs the groups near a row of the block; answers how many are not out of the question. */
  private weighAll(at: number, row: number, table: Float64Array): number {
    const { begins, found } = this.nearby
    const from = begins[at]!
    const to = begins[at + 1]!
    if (to - from > this.weights.length) {
      this.weights = longer(this.weights, to - from)
      this.weighed = longer(this.weighed, to - from)
    }
    let count = 0
    for (let place = from; place < to; place += 1) {
      const group = found[place]!
      if (this.barred(row, group)) continue
      const weight = this.scale.ofGroup(row, group, table)
      if (weight <= this.floor) continue
      this.weighed[count] = group
      this.weights[count] = weight
      count += 1
    }
    return count
  }

  /** Places of the greatest of so many weights, the greatest first, no more than `most`. */
  private likeliest(count: number, most: number): number[] {
    const { weights, weighed } = this
    const places = Array.from({ length: count }, (_, at) => at)
    return places.sort((a, b) => weights[b]! - weights[a]! || weighed[a]! - weighed[b]!).slice(0, most)
  }

  /** The groups that share a key with a row, each weighed by itself. */
  weighNear(row: number): Match[] {
    const { nearby } = this
    nearby.find([row], 0)
    const shares = nearby.sharesOf(0)
    const table = this.bits.of(shares)
    return Array.from(nearby.found.subarray(0, nearby.begins[1])).flatMap((group): Match[] => {
      if (this.barred(row, group)) return []
      const weight = this.scale.ofGroup(row, group, table)
      return [{ weight, likeness: likenessOf(this.scale.levels), group, shares, probability: 0 }]
    })
  }

  private readonly keys = new Float64Array(keysMax)
  /** What was weighed last. */
  private weighed = new Int32Array(256)
  private weights = new Float64Array(256)

  /** Whether too many rows hold a key for any to be looked for by it. */
  private isCommon(key: number): boolean {
    if (this.common.size > 0 && this.common.has(key)) return true
    let count = 0
    for (const index of this.indexes) {
      const slot = index.slotOf(key)
      count += index.end(slot) - index.begin(slot)
    }
    return count > this.model.holdersMax
  }

  /** By how many groups each of a row's values is shared. */
  sharesOf(row: number): Shares {
    this.nearby.look([row], 0)
    return this.nearby.sharesOf(0)
  }

  /** How likely two rows that are in no group are one, 0 to 1. */
  likelihood(left: number, right: number): number {
    return probabilityOf(this.scale.ofRow(left, right, this.bits.of(this.sharesOf(left))), this.model)
  }

  /**
   * The rows of an index that share a key with a row which of all rows not too many hold; some of them more than once.
   */
  beside(row: number, among: KeyIndex): number[] {
    const end = keysInto(this.keys, 0, this.rows, row)
    const found: number[] = []
    for (let i = 0; i < end; i += 1) {
      const slot = among.slotOf(this.keys[i]!)
      const to = among.end(slot)
      if (to === among.begin(slot) || this.isCommon(this.keys[i]!)) continue
      for (let at = among.begin(slot); at < to; at += 1) found.push(among.holders[at]!)
    }
    return found
  }
}

/** The rows that hold a key; none where they are more than `most`. */
function holdersOf(indexes: readonly KeyIndex[], key: number, most: number): number[] {
  const found: number[] = []
  for (const index of indexes) {
    const slot = index.slotOf(key)
    const end = index.end(slot)
    if (found.length + end - index.begin(slot) > most) return []
    for (let at = index.begin(slot); at < end; at += 1) found.push(index.holders[at]!)
  }
  return found
}

/** Whether the second is to be believed less than the first. */
function isLess(rows: Rows, first: number, second: number): boolean {
  const by = trustOf(rows, second) - trustOf(rows, first) || contentHash(rows, second) - contentHash(rows, first)
  return by === 0 ? first < second : by > 0
}
