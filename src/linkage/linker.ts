import { agrees, clashes, partsOfCode, trustOf } from './codes.ts'
import { comparisonNames, likenessOf } from './compare.ts'
import type { Features } from './features.ts'
import { Groups, Stamps } from './groups.ts'
import { coreKey, keyKinds, keyOf, personKey, placeKey } from './keys.ts'
import type { Model } from './model.ts'
import type { KeyIndex, Pool } from './pool.ts'
import { BitTables, oddsAmong, probabilityOf, type Shares, weigh, weighInto, type Weighed } from './score.ts'

/** A group weighed as what a row may be. */
export interface Match extends Weighed {
  group: number
  shares: Shares
  /** After the other candidates are taken into account. */
  probability: number
}

/** Why the code that a row carries is not taken as its own. */
export type Doubt = 'codeClaimed' | 'branchOfParent' | 'codeNameConflict'

const membersMax = 12
const matchesMax = 8
const countMax = 2000
/** Rows that a unit has, more or less: what many rows share, fewer units do. */
const rowsOfUnit = 2.4

/**
 * Links the rows of a pool, step by step; every step depends only on the set of rows, not on their order. `order` ranks
 * rows by what they say, so that equal rows in another order come out the same.
 */
export class Linker {
  readonly groups: Groups
  /** Rows whose code is not taken as theirs, with the group that holds it. */
  readonly doubts = new Map<number, { doubt: Doubt; holder: number }>()
  readonly model: Model
  private readonly pool: Pool
  private readonly stamps: Stamps
  private readonly stampsOfKey: Stamps
  private readonly bits: BitTables
  /** Less likely than anything that was ever right: such a group counts neither for nor against. */
  private readonly floor: number
  /** Groups that a row must not go to. */
  private readonly barred: (row: number, group: number) => boolean

  /** Keys that more rows hold than are here, with how many. */
  private readonly common: ReadonlyMap<number, number>

  constructor(
    pool: Pool,
    model: Model,
    barred: (row: number, group: number) => boolean = () => false,
    common: ReadonlyMap<number, number> = new Map(),
  ) {
    this.pool = pool
    this.model = model
    this.barred = barred
    this.common = common
    this.groups = new Groups(pool.size)
    this.stamps = new Stamps(pool.size)
    this.stampsOfKey = new Stamps(pool.size)
    this.bits = new BitTables(model)
    this.floor = (model.calibration[0]?.[0] ?? -Infinity) - 2
  }

  /**
   * Groups the rows that carry one code; `held` is the group that is known to hold it. Rows that agree with the owners in
   * nothing are set apart.
   */
  placeCode(rows: readonly number[], held: number): void {
    const own = held >= 0 ? this.groups.rows(held, membersMax).map((at) => this.pool.features(at)) : []
    const features = rows.map((at) => this.pool.features(at))
    const parts = own.length > 0 ? this.partsBy(own, features) : partsOfCode(features)
    const [owners = [], ...apart] = parts
    const group = held >= 0 ? held : this.groups.open()
    for (const at of owners) {
      const row = rows[at]!
      if (this.barred(row, group)) this.doubts.set(row, { doubt: 'codeNameConflict', holder: group })
      else this.groups.put(row, group)
    }
    for (const at of apart.flat()) this.setApart(rows[at]!, group)
  }

  /** With a group that people made: what agrees with any of its rows, and the rest. */
  private partsBy(own: readonly Features[], rows: readonly Features[]): number[][] {
    const places = rows.map((_, at) => at)
    const fits = (at: number) => own.some((one) => agrees(rows[at]!, one))
    return [places.filter(fits), places.filter((at) => !fits(at))]
  }

  private setApart(row: number, holder: number): void {
    const mine = this.pool.features(row)
    const isBranch = (one: Features | undefined) => (one?.names[0]?.branch ?? '') !== ''
    const anchor = this.groups.rows(holder, 1).map((at) => this.pool.features(at))[0]
    const kin = anchor?.names[0]?.core === mine.names[0]?.core && isBranch(anchor) !== isBranch(mine)
    this.doubts.set(row, { doubt: kin ? 'branchOfParent' : 'codeClaimed', holder })
  }

  /** The keys by which rows of one name find each other. */
  nameKeys(row: number): number[] {
    const [name] = this.pool.features(row).names
    return name ? [keyOf(keyKinds.whole, name.whole), coreKey(name)] : []
  }

  /** Whether the only row of a code is, by all else, a row of another code: then its code is somebody else's. */
  doubtLonely(row: number): void {
    const mine = this.pool.features(row)
    const group = this.groups.of[row]!
    if (group < 0 || this.groups.size(group) !== 1) return
    for (const key of this.nameKeys(row)) {
      for (const other of this.others(key, group)) {
        const theirs = this.pool.features(other)
        if (theirs.code === '' || !clashes(mine, theirs)) continue
        const holder = this.groups.of[other]!
        if (this.groups.size(holder) > 1 || isLess(theirs, mine)) {
          this.lonely.push({ row, holder })
          return
        }
      }
    }
  }

  private readonly lonely: { row: number; holder: number }[] = []

  /** Takes the rows that `doubtLonely` found out of their groups, all at once. */
  settleLonely(): void {
    for (const { row, holder } of this.lonely) {
      this.groups.empty(this.groups.of[row]!)
      this.doubts.set(row, { doubt: 'codeNameConflict', holder })
    }
    this.lonely.length = 0
  }

  private *others(key: number, group: number): Generator<number> {
    const holders = this.pool.holders(key)
    if (holders.length > 200) return
    for (let at = 0; at < holders.length; at += 1) {
      const row = holders[at]!
      const theirs = this.groups.of[row]!
      if (theirs >= 0 && theirs !== group) yield row
    }
  }

  /**
   * The groups that a row may be, the likeliest first and no more than `most`; none where the likeliest is less likely than
   * `least`. Those beyond `most` only count against them.
   */
  candidates(row: number, least = 0, most = matchesMax): Match[] {
    const mine = this.pool.features(row)
    const shares = this.sharesOf(mine)
    const table = this.bits.of(shares)
    const found: { group: number; weight: number }[] = []
    const count = this.near(row)
    for (let at = 0; at < count; at += 1) {
      const group = this.nearby[at]!
      if (this.barred(row, group)) continue
      const weight = weighInto(this.levels, mine, this.membersOf(group), table, this.model.start)
      if (weight > this.floor) found.push({ group, weight })
    }
    if (found.length === 0) return []
    found.sort((a, b) => b.weight - a.weight || a.group - b.group)
    const odds = oddsAmong(found.map(({ weight }) => weight))
    if (probabilityOf(odds(found[0]!.weight), this.model) < least) return []
    return found.slice(0, most).map(({ group, weight }) => {
      weighInto(this.levels, mine, this.membersOf(group), table, this.model.start)
      const probability = probabilityOf(odds(weight), this.model)
      return { group, weight, likeness: likenessOf(this.levels), shares, probability }
    })
  }

  /** The groups that share a key with a row, each weighed by itself. */
  weighNear(row: number): Match[] {
    const mine = this.pool.features(row)
    const shares = this.sharesOf(mine)
    const table = this.bits.of(shares)
    const found: Match[] = []
    const count = this.near(row)
    for (let at = 0; at < count; at += 1) {
      const group = this.nearby[at]!
      if (this.barred(row, group)) continue
      const weight = weighInto(this.levels, mine, this.membersOf(group), table, this.model.start)
      found.push({ weight, likeness: likenessOf(this.levels), group, shares, probability: 0 })
    }
    return found
  }

  private readonly levels = new Uint8Array(comparisonNames.length)
  private readonly members: Features[] = []

  private membersOf(group: number): readonly Features[] {
    const { members } = this
    members.length = 0
    for (let at = this.groups.last(group); at >= 0 && members.length < membersMax; at = this.groups.before(at)) {
      members.push(this.pool.features(at))
    }
    return members
  }

  /** What `near` found last. */
  private nearby = new Int32Array(256)

  /** Finds the groups that share a key with a row, and how many; keys that very many groups hold are passed over. */
  private near(row: number): number {
    const most = this.model.holdersMax
    const index = this.pool.index()
    const isNew = this.stamps.next()
    let count = 0
    for (const key of this.pool.keys(row)) {
      if (this.common.size > 0 && this.common.has(key)) continue
      const slot = index.slotOf(key)
      const ofKey = this.groupsAt(index, slot, most + 1)
      if (ofKey > most) continue
      if (count + ofKey > this.nearby.length) this.nearby = doubled(this.nearby)
      for (let at = 0; at < ofKey; at += 1) {
        const group = this.ofKey[at]!
        if (!isNew(group)) continue
        this.nearby[count] = group
        count += 1
      }
    }
    return count
  }

  private readonly ofKey = new Int32Array(countMax)

  /** Finds the groups that hold a slot's key, each once, and how many; `most` of them are enough. */
  private groupsAt({ from, to, rows }: KeyIndex, slot: number, most: number): number {
    const isNew = this.stampsOfKey.next()
    const end = to[slot]!
    let count = 0
    for (let at = from[slot]!; at < end && count < most; at += 1) {
      const group = this.groups.of[rows[at]!]!
      if (group < 0 || !isNew(group)) continue
      this.ofKey[count] = group
      count += 1
    }
    return count
  }

  private readonly counts = new Map<number, number>()
  private countedAt = -1

  /** How many groups hold a key; beyond some thousand no count matters. */
  private countOf(key: number): number {
    if (this.countedAt !== this.groups.version) {
      this.counts.clear()
      this.countedAt = this.groups.version
    }
    const known = this.counts.get(key)
    if (known !== undefined) return known
    const index = this.pool.index()
    const count = this.groupsAt(index, index.slotOf(key), countMax)
    if (count > 8) this.counts.set(key, count)
    return count
  }

  /** By how many groups each of a row's values is shared. */
  sharesOf(row: Features): Shares {
    const [name] = row.names
    const count = (key: number) => {
      if (key === 0) return 1
      const held = this.common.size > 0 ? this.common.get(key) : undefined
      return held === undefined ? Math.max(1, this.countOf(key)) : held / rowsOfUnit
    }
    return {
      name: name ? count(coreKey(name)) : 1,
      person: count(personKey(row)),
      phone: row.phone === '' ? 1 : count(keyOf(keyKinds.phone, row.phone)),
      address: count(placeKey(row)),
    }
  }

  /** How much two rows that are in no group speak for being one, with the probability. */
  pair(left: number, right: number): Match {
    const mine = this.pool.features(left)
    const shares = this.sharesOf(mine)
    const weighed = weigh(mine, [this.pool.features(right)], shares, this.model)
    return { ...weighed, group: -1, shares, probability: probabilityOf(weighed.weight, this.model) }
  }
}

function doubled(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2)
  larger.set(array)
  return larger
}

/** What a row says, for a choice between two that does not depend on which came first. */
export function contentOf(row: Features): string {
  const { department, names, code, person, phone, address, foundedOn } = row
  return [9 - trustOf(row), department, code, names[0]?.whole, person, phone, address, foundedOn].join('\n')
}

/** Whether the second is to be believed less than the first. */
function isLess(first: Features, second: Features): boolean {
  const by = trustOf(second) - trustOf(first)
  return by !== 0 ? by > 0 : contentOf(first) < contentOf(second)
}
