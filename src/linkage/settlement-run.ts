import type { QueueReason } from './contract.ts'
import type { Counting } from './coded-groups.ts'
import { trustOf } from './codes.ts'
import type { JoinedBy } from './engine.ts'
import type { Groups } from './groups.ts'
import { KeyIndex } from './key-index.ts'
import { Linker, type Match } from './linker.ts'
import { safeBits } from './loosen.ts'
import type { Model } from './model.ts'
import type { Rows } from './rows.ts'

/** Most units of a row that are shown to a person. */
export const shownMax = 5
/** Bits by which the likeliest unit must lead. */
export const leadMin = 4

/** What people said of a row, units given as groups. */
export interface SaidOfRow {
  must: number | null
  cannot: ReadonlySet<number>
}

/** Rows to settle, with what stands around them. */
export interface ToSettle {
  rows: Rows
  /** Where the other rows are. Those to be settled are in none. */
  groups: Groups
  /** Numbers of the rows to settle, in the order of `orderOf`. */
  free: Int32Array
  said?: ReadonlyMap<number, SaidOfRow> | undefined
  model: Model
  /** Keys that more units hold than are here, with how many. */
  common?: ReadonlyMap<number, number> | undefined
  /** Who holds the keys of all rows, and which groups have a code, where that is known already. */
  indexes?: readonly KeyIndex[] | undefined
  counting?: Counting | undefined
}

/** How a row came to its group, a number a row; `no`: it was not to be settled, or waits. */
const ways = ['no', 'named', 'uscc', 'organisationCode', 'registrationNumber', 'weights', 'remembered'] as const
const wayNumber = Object.fromEntries(ways.map((way, at) => [way, at])) as Record<(typeof ways)[number], number>

/** Settles rows by their numbers: puts each into a group, or has it wait. */
export class Settlement {
  /** What the rows that joined by weight were weighed against, the best and the next. */
  readonly matches = new Map<number, readonly Match[]>()
  /** Rows that wait for a person. */
  readonly waiting = new Map<number, { reason: QueueReason; matches: readonly Match[] }>()
  /** Of each group that was opened, the row that it is named by. */
  readonly names = new Map<number, number>()
  private readonly rows: Rows
  private readonly groups: Groups
  private readonly free: Int32Array
  private readonly said: ReadonlyMap<number, SaidOfRow>
  private readonly model: Model
  private readonly linker: Linker
  private readonly ways: Uint8Array

  constructor({ rows, groups, free, said, model, common, indexes, counting }: ToSettle) {
    this.rows = rows
    this.groups = groups
    this.free = free
    this.said = said ?? new Map()
    this.model = model
    this.ways = new Uint8Array(rows.size)
    const barred = (row: number, group: number) => this.said.get(row)?.cannot.has(group) ?? false
    this.linker = new Linker(rows, groups, model, { barred, common, indexes, counting })
  }

  run(): this {
    this.placeSaid()
    this.placeCodes()
    this.placeByWeight()
    return this
  }

  /** How a row came to its group; `named`: the group is named by it. Null: it waits, or was not settled. */
  wayOf(row: number): JoinedBy | 'named' | null {
    const way = ways[this.ways[row]!]!
    return way === 'no' ? null : way
  }

  /** Rows of which people said the unit. */
  private placeSaid(): void {
    for (const [row, { must }] of this.said) {
      if (must === null || this.groups.of[row]! >= 0) continue
      this.groups.put(row, must)
      this.ways[row] = wayNumber.remembered
    }
  }

  private unplaced(): number[] {
    const found: number[] = []
    for (const row of this.free) if (this.groups.of[row]! < 0) found.push(row)
    return found
  }

  /** Rows that carry a valid code; those whose code may be somebody else's wait. */
  private placeCodes(): void {
    const { doubts } = this.linker
    const codes = this.coded()
    const firsts = Int32Array.from(codes, ({ members }) => members[0]!)
    this.linker.codeHolders(firsts, (place, holder) => {
      const one = codes[place]!
      one.holder = holder
      this.linker.placeCode(one.members, holder)
    })
    this.doubtLonely(codes)
    for (const { members, holder } of codes) this.noteCode(members, holder < 0)
    this.linker.ask(this.unplaced())
    this.linker.candidates([...doubts.keys()], (row, found) =>
      this.waiting.set(row, { reason: doubts.get(row)!.doubt, matches: this.doubtful(row, found) }),
    )
  }

  /** The rows of each code that have no place yet, and room for the group that holds it. */
  private coded(): { members: number[]; holder: number }[] {
    const mask = 2 ** Math.ceil(Math.log2(this.free.length * 2 + 1)) - 1
    const places = new Int32Array(mask + 1)
    const found: { members: number[]; holder: number }[] = []
    for (const row of this.free) {
      const code = this.rows.codeOf(row)
      if (code === 0 || this.groups.of[row]! >= 0) continue
      let slot = Math.imul(code, 0x9e37_79b1) & mask
      while (places[slot]! > 0 && this.rows.codeOf(found[places[slot]! - 1]!.members[0]!) !== code)
        slot = (slot + 1) & mask
      if (places[slot]! > 0) found[places[slot]! - 1]!.members.push(row)
      else places[slot] = found.push({ members: [row], holder: -1 })
    }
    return found
  }

  /**
   * Where the only row that holds a code is by all else a row of another, the code is that of the rows set apart, if any; of
   * these, again, the only row that holds it may be a row of another.
   */
  private doubtLonely(codes: readonly { members: readonly number[]; holder: number }[]): void {
    let lonely = new Map<number, readonly number[]>()
    for (const { members, holder } of codes) if (holder < 0) this.noteLonely(lonely, members)
    while (lonely.size > 0) {
      const next = new Map<number, readonly number[]>()
      const disputed = new Set([...lonely].flatMap(([row, members]) => (members.length > 1 ? [row] : [])))
      for (const row of this.linker.doubtLonely([...lonely.keys()], disputed)) {
        const apart = lonely.get(row)!.filter((other) => other !== row)
        for (const other of apart) this.linker.doubts.delete(other)
        if (apart.length === 0) continue
        this.linker.placeCode(apart, -1)
        this.noteLonely(next, apart)
      }
      lonely = next
    }
  }

  private noteLonely(lonely: Map<number, readonly number[]>, members: readonly number[]): void {
    const owner = members.find((row) => this.groups.of[row]! >= 0)
    if (owner !== undefined && this.groups.size(this.groups.of[owner]!) === 1) lonely.set(owner, members)
  }

  /** The code's holder and what the row is by all else, for a person to choose. */
  private doubtful(row: number, found: readonly Match[]): Match[] {
    const { holder } = this.linker.doubts.get(row)!
    const own = found.filter((one) => one.group === holder)
    return [...found.filter((one) => one.group !== holder).slice(0, shownMax - 1), ...own]
  }

  private noteCode(members: readonly number[], isNew: boolean): void {
    let first = -1
    for (const row of members) {
      if (this.groups.of[row]! < 0) continue
      if (first < 0 || trustOf(this.rows, row) < trustOf(this.rows, first)) first = row
      this.ways[row] = wayNumber.uscc
    }
    if (isNew && first >= 0) this.nameGroup(this.groups.of[first]!, first)
  }

  /** A group that was opened is named by its most trusted row. */
  private nameGroup(group: number, row: number): void {
    this.names.set(group, row)
    this.ways[row] = wayNumber.named
  }

  /** Records without a code of their own: to the unit that fits best, to a person, or among each other. */
  private placeByWeight(): void {
    const toPlace = this.unplaced().filter((row) => !this.linker.doubts.has(row))
    this.joinUntilStill(toPlace)
    this.askAgain(toPlace)
    const open: number[] = []
    const left = toPlace.filter((row) => this.groups.of[row]! < 0)
    const note = (row: number, matches: Match[]) => {
      if (matches.length > 0) this.waiting.set(row, { reason: reasonOf(matches), matches })
      else open.push(row)
    }
    this.linker.candidates(left, note, this.model.review, shownMax)
    this.clusterRest(open)
  }

  /** What joins is known of its unit then, a former name, a moved address: rows beside it are looked at again. */
  private joinUntilStill(toPlace: readonly number[]): void {
    let left = toPlace
    let asked = toPlace
    while (asked.length > 0) {
      const joining: { row: number; matches: Match[] }[] = []
      const note = (row: number, matches: Match[]) => {
        if (this.isClear(matches)) joining.push({ row, matches })
      }
      this.linker.candidates(asked, note, this.model.join, 2)
      for (const { row, matches } of joining) this.join(row, matches)
      left = left.filter((row) => this.groups.of[row]! < 0)
      const index = new KeyIndex(this.rows, left, { among: left })
      asked = [...new Set(joining.flatMap(({ row }) => this.linker.beside(row, index)))]
    }
  }

  /** Rows that only just fitted are looked at once more: their units may have learned what speaks against them since. */
  private askAgain(joined: readonly number[]): void {
    for (const row of joined) {
      const before = this.matches.get(row)
      if (!before || before[0]!.weight >= safeBits) continue
      this.groups.take(row)
      this.ways[row] = wayNumber.no
      this.matches.delete(row)
      const note = (_: number, matches: Match[]) => {
        if (this.isClear(matches)) this.join(row, matches)
      }
      this.linker.candidates([row], note, this.model.join, 2)
    }
  }

  private join(row: number, matches: readonly Match[]): void {
    this.groups.put(row, matches[0]!.group)
    this.ways[row] = wayNumber[byOf(matches[0]!)]
    this.matches.set(row, matches)
  }

  /** Whether the likeliest is likely enough, and no other is nearly as likely. */
  private isClear([best, second]: readonly Match[]): boolean {
    if (!best || best.probability < this.model.join) return false
    return !second || best.weight - second.weight >= leadMin
  }

  /** Rows that fit no unit: those that are one organisation make one. */
  private clusterRest(open: readonly number[]): void {
    const index = new KeyIndex(this.rows, open, { among: open })
    const placeOf = new Map(open.map((row, place) => [row, place]))
    const root = open.map((_, place) => place)
    const find = (place: number): number => (root[place] === place ? place : find(root[place]!))
    for (const [place, row] of open.entries()) {
      for (const other of this.linker.beside(row, index)) {
        const otherPlace = placeOf.get(other)!
        if (otherPlace <= place || find(otherPlace) === find(place)) continue
        if (this.linker.likelihood(row, other) >= this.model.join) root[find(otherPlace)] = find(place)
      }
    }
    for (const places of Map.groupBy(root.keys(), find).values()) {
      const group = this.groups.open()
      let first = open[places[0]!]!
      for (const place of places) {
        const row = open[place]!
        this.groups.put(row, group)
        this.ways[row] = wayNumber.weights
        if (trustOf(this.rows, row) < trustOf(this.rows, first)) first = row
      }
      this.nameGroup(group, first)
    }
  }
}

function byOf({ likeness }: Match): JoinedBy {
  if (likeness.code === 'inner') return 'organisationCode'
  if (likeness.code === 'registration') return 'registrationNumber'
  return 'weights'
}

function reasonOf([best, second]: readonly Match[]): QueueReason {
  return best && second && second.weight > best.weight - 6 ? 'several' : 'doubtful'
}
