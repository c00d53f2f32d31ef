import { agrees, clashes, partsOfCode, trustOf } from './codes.ts'
import { comparisonNames, type Likeness, likenessOf } from './compare.ts'
import { type Groups, Stamps } from './groups.ts'
import { coreKey, innerKey, keysInto, keysMax, nameKeysInto, personKey, phoneKey, placeKey } from './keys.ts'
import type { Model } from './model.ts'
import { contentHash } from './order.ts'
import { KeyIndex } from './key-index.ts'
import { column, type Rows } from './rows.ts'
import { BitTables, oddsAmong, probabilityOf, type Shares, weighInto } from './score.ts'

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
  /** Keys that more rows hold than are here, with how many. */
  common?: ReadonlyMap<number, number> | undefined
  /** Who holds the keys of all rows, together; left out: found out for the rows that are asked for. */
  indexes?: readonly KeyIndex[] | undefined
}

/** Of a key that more rows hold, only their number is looked at. */
export const holdersMax = 240
const membersMax = 12
const matchesMax = 8
/** Holders of a key whose units are counted one by one; of more, their number tells how many units there are. */
const countedMax = 60
const namesakesMax = 200
/** Rows that a unit has, more or less: what many rows share, fewer units do. */
const rowsOfUnit = 2.4

/**
 * Links rows, step by step; every step depends only on what the rows say, not on how they are numbered.
 */
export class Linker {
  readonly groups: Groups
  /** Rows whose code is not taken as theirs, with the group that holds it. */
  readonly doubts = new Map<number, { doubt: Doubt; holder: number }>()
  readonly model: Model
  readonly rows: Rows
  private indexes: readonly KeyIndex[]
  private readonly stamps: Stamps
  private readonly stampsOfKey: Stamps
  private readonly bits: BitTables
  /** Less likely than anything that was ever right: such a group counts neither for nor against. */
  private readonly floor: number
  private readonly barred: (row: number, group: number) => boolean
  private readonly common: ReadonlyMap<number, number>
  private readonly standing: readonly KeyIndex[] | null

  constructor(rows: Rows, groups: Groups, model: Model, more: LinkerOptions = {}) {
    this.rows = rows
    this.groups = groups
    this.model = model
    this.barred = more.barred ?? (() => false)
    this.common = more.common ?? new Map()
    this.standing = more.indexes ?? null
    this.indexes = this.standing ?? []
    this.stamps = new Stamps()
    this.stampsOfKey = new Stamps()
    this.bits = new BitTables(model)
    this.floor = (model.calibration[0]?.[0] ?? -Infinity) - 2
  }

  /** Says which rows' neighbours will be asked for. */
  ask(asking: ArrayLike<number>): void {
    if (!this.standing) this.indexes = [new KeyIndex(this.rows, asking)]
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

  /** Tells of a row with a code the group that holds it; -1: none does. */
  codeHolders(): (row: number) => number {
    const { rows, groups } = this
    if (this.standing) return (row) => this.holderBeside(row)
    const holders = new Map<number, number>()
    for (let row = 0; row < rows.size; row += 1) {
      const code = rows.codeOf(row)
      if (code > 0 && groups.of[row]! >= 0 && !holders.has(code)) holders.set(code, groups.of[row]!)
    }
    return (row) => holders.get(rows.codeOf(row)) ?? -1
  }

  private holderBeside(row: number): number {
    const code = this.rows.codeOf(row)
    for (const other of holdersOf(this.indexes, innerKey(this.rows, row), Infinity)) {
      if (this.rows.codeOf(other) === code && this.groups.of[other]! >= 0) return this.groups.of[other]!
    }
    return -1
  }

  /**
   * Doubts, of the rows given, each alone in the group of its code, those that are by all else rows of another code; answers
   * these. `disputed`: of the rows those whose code others carry too, who agree with them in nothing.
   */
  doubtLonely(rows: readonly number[], disputed: ReadonlySet<number>): number[] {
    const indexes = this.standing ?? [new KeyIndex(this.rows, rows, { make: nameKeysInto })]
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
    const end = nameKeysInto(this.keys, 0, this.rows, row)
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
   * The groups that a row may be, the likeliest first and no more than `most`; none where the likeliest is less likely than
   * `least`. Those beyond `most` only count against them.
   */
  candidates(row: number, least = 0, most = matchesMax): Match[] {
    const shares = this.sharesOf(row)
    const table = this.bits.of(shares)
    const { nearby } = this
    const near = this.near(row)
    if (near > this.weights.length) this.weights = new Float64Array(nearby.length)
    let count = 0
    for (let at = 0; at < near; at += 1) {
      const group = nearby[at]!
      if (this.barred(row, group)) continue
      const weight = this.weigh(row, group, table)
      if (weight <= this.floor) continue
      nearby[count] = group
      this.weights[count] = weight
      count += 1
    }
    if (count === 0) return []
    const weights = this.weights.subarray(0, count)
    const odds = oddsAmong(weights)
    if (probabilityOf(odds(Math.max(...weights)), this.model) < least) return []
    return this.likeliest(count, most).map((at) => {
      const [group, weight] = [nearby[at]!, weights[at]!]
      this.weigh(row, group, table)
      const probability = probabilityOf(odds(weight), this.model)
      return { group, weight, likeness: likenessOf(this.levels), shares, probability }
    })
  }

  /** Places of the greatest of so many weights, the greatest first, no more than `most`. */
  private likeliest(count: number, most: number): number[] {
    const { weights, nearby } = this
    const places = Array.from({ length: count }, (_, at) => at)
    return places.sort((a, b) => weights[b]! - weights[a]! || nearby[a]! - nearby[b]!).slice(0, most)
  }

  /** The groups that share a key with a row, each weighed by itself. */
  weighNear(row: number): Match[] {
    const shares = this.sharesOf(row)
    const table = this.bits.of(shares)
    const found: Match[] = []
    const count = this.near(row)
    for (let at = 0; at < count; at += 1) {
      const group = this.nearby[at]!
      if (this.barred(row, group)) continue
      const weight = this.weigh(row, group, table)
      found.push({ weight, likeness: likenessOf(this.levels), group, shares, probability: 0 })
    }
    return found
  }

  private readonly levels = new Uint8Array(comparisonNames.length)
  private readonly members = new Int32Array(membersMax)

  private weigh(row: number, group: number, table: Float64Array): number {
    let count = 0
    for (let at = this.groups.last(group); at >= 0 && count < membersMax; at = this.groups.before(at)) {
      this.members[count] = at
      count += 1
    }
    return weighInto(this.levels, this.rows, row, this.members, count, table, this.model.start)
  }

  private readonly keys = new Float64Array(keysMax)
  /** What `near` found last. */
  private nearby = new Int32Array(256)
  private weights = new Float64Array(256)

  /** Finds the groups that share a key with a row, and how many; keys that very many groups hold are passed over. */
  private near(row: number): number {
    const most = this.model.holdersMax
    this.stamps.begin(this.groups.count)
    const end = keysInto(this.keys, 0, this.rows, row)
    let count = 0
    for (let i = 0; i < end; i += 1) {
      if (this.lookUp(this.keys[i]!) > holdersMax) continue
      const ofKey = this.groupsFound(most + 1)
      if (ofKey > most) continue
      if (count + ofKey > this.nearby.length) this.nearby = doubled(this.nearby)
      for (let at = 0; at < ofKey; at += 1) {
        const group = this.ofKey[at]!
        if (!this.stamps.isNew(group)) continue
        this.nearby[count] = group
        count += 1
      }
    }
    return count
  }

  private readonly ofKey = new Int32Array(Math.max(countedMax, 64))
  /** By index, where the key that was looked up last is. */
  private readonly slots: number[] = []

  /** Looks a key up; answers how many rows hold it. */
  private lookUp(key: number): number {
    const common = this.common.size > 0 ? this.common.get(key) : undefined
    let count = 0
    for (let at = 0; at < this.indexes.length; at += 1) {
      const index = this.indexes[at]!
      const slot = index.slotOf(key)
      this.slots[at] = slot
      count += index.end(slot) - index.begin(slot)
    }
    return common ?? count
  }

  /** Finds the groups that hold the key that was looked up, each once, and how many; `most` of them are enough. */
  private groupsFound(most: number): number {
    this.stampsOfKey.begin(this.groups.count)
    let count = 0
    for (let place = 0; place < this.indexes.length; place += 1) {
      const index = this.indexes[place]!
      const end = index.end(this.slots[place]!)
      for (let at = index.begin(this.slots[place]!); at < end && count < most; at += 1) {
        const group = this.groups.of[index.holders[at]!]!
        if (group < 0 || !this.stampsOfKey.isNew(group)) continue
        this.ofKey[count] = group
        count += 1
      }
    }
    return count
  }

  /** By how many groups each of a row's values is shared. */
  sharesOf(row: number): Shares {
    const count = (key: number) => {
      if (key === 0) return 1
      const held = this.lookUp(key)
      return held > countedMax ? Math.round(held / rowsOfUnit) : Math.max(1, this.groupsFound(countedMax))
    }
    return {
      name: count(coreKey(this.rows, row)),
      person: count(personKey(this.rows, row)),
      phone: count(phoneKey(this.rows, row)),
      address: count(placeKey(this.rows, row)),
    }
  }

  /** How likely two rows that are in no group are one, 0 to 1. */
  likelihood(left: number, right: number): number {
    this.members[0] = right
    const table = this.bits.of(this.sharesOf(left))
    const weight = weighInto(this.levels, this.rows, left, this.members, 1, table, this.model.start)
    return probabilityOf(weight, this.model)
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
      if (to === among.begin(slot) || this.lookUp(this.keys[i]!) > this.model.holdersMax) continue
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

function doubled(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2)
  larger.set(array)
  return larger
}
