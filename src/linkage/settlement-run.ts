import { trustOf } from './codes.ts'
import type { Candidate, JoinedBy, LinkRecord, Said, SettleInput, Settled } from './engine.ts'
import type { QueueReason } from './contract.ts'
import { keyOf } from './keys.ts'
import { contentOf, Linker, type Match } from './linker.ts'
import type { Model } from './model.ts'
import { askedPoolOf, type AskedPool } from './pool.ts'
import { type Contribution, contributions } from './score.ts'

const shownMax = 5
const noReasons: Contribution[] = []
/** Bits by which the likeliest unit must lead. */
export const leadMin = 4

/** One run of settling records; see `settle`. */
export class Settlement {
  private readonly records: readonly LinkRecord[]
  private readonly said: ReadonlyMap<string, Said>
  private readonly model: Model
  private readonly pool: AskedPool
  private readonly linker: Linker
  /** The unit of a group, where people or fixed records name it. */
  private readonly units: string[] = []
  private readonly groupOfUnit = new Map<string, number>()
  private readonly outcomes = new Map<string, Settled>()

  constructor({ records, said, model, common }: SettleInput) {
    this.records = inOrder(records)
    this.said = said
    this.model = model
    const features = this.records.map(({ id, features: own }) =>
      said.get(id)?.dropCode ? { ...own, code: '', inner: '' } : own,
    )
    this.pool = askedPoolOf(features)
    this.linker = new Linker(this.pool, model, (row, group) => this.isBarred(row, group), common)
  }

  run(): Map<string, Settled> {
    this.placeFixed()
    this.placeCodes()
    this.placeByWeight()
    return this.outcomes
  }

  private isBarred(row: number, group: number): boolean {
    const unit = this.units[group]
    return unit !== undefined && (this.said.get(this.records[row]!.id)?.cannot.has(unit) ?? false)
  }

  private groupOf(unit: string): number {
    const known = this.groupOfUnit.get(unit)
    if (known !== undefined) return known
    const group = this.linker.groups.open()
    this.units[group] = unit
    this.groupOfUnit.set(unit, group)
    return group
  }

  /** Fixed records, and records of which people said the unit. */
  private placeFixed(): void {
    for (let at = 0; at < this.records.length; at += 1) {
      const record = this.records[at]!
      const must = this.said.get(record.id)?.must ?? null
      const unit = must ?? (record.fixed ? record.entity : null)
      if (unit === null) continue
      this.linker.groups.put(at, this.groupOf(unit))
      if (!record.fixed) this.join(at, 'remembered', 1, null)
    }
  }

  /** Records that carry a valid code; those whose code may be somebody else's wait. */
  private placeCodes(): void {
    const { groups, doubts } = this.linker
    const { holder, byCode } = this.coded()
    for (const [code, rows] of byCode) this.linker.placeCode(rows, holder.get(code) ?? -1)
    const lonely: number[] = []
    for (const [code, rows] of byCode) if (rows.length === 1 && !holder.has(code)) lonely.push(rows[0]!)
    this.pool.ask(keysOf(lonely, (at) => this.linker.nameKeys(at)))
    for (const at of lonely) this.linker.doubtLonely(at)
    this.linker.settleLonely()
    for (const rows of byCode.values()) this.noteCode(rows)
    const open: number[] = []
    for (let at = 0; at < this.records.length; at += 1) if (groups.of[at]! < 0) open.push(at)
    this.pool.ask(keysOf(open, (at) => this.pool.keys(at)))
    for (const [at, { doubt }] of doubts) this.review(at, doubt, this.doubtful(at))
  }

  /** The groups that hold a code by now, and the rows that carry one and have no place yet. */
  private coded(): { holder: Map<string, number>; byCode: Map<string, number[]> } {
    const { groups } = this.linker
    const holder = new Map<string, number>()
    const byCode = new Map<string, number[]>()
    for (let at = 0; at < this.records.length; at += 1) {
      const { code } = this.pool.features(at)
      if (code === '') continue
      const group = groups.of[at]!
      const rows = byCode.get(code)
      if (group >= 0) holder.set(code, holder.get(code) ?? group)
      else if (rows) rows.push(at)
      else byCode.set(code, [at])
    }
    return { holder, byCode }
  }

  /** The code's holder and what the row is by all else, for a person to choose. */
  private doubtful(at: number): Match[] {
    const { holder } = this.linker.doubts.get(at)!
    const found = this.linker.candidates(at)
    const own = found.filter((one) => one.group === holder)
    return [...found.filter((one) => one.group !== holder).slice(0, shownMax - 1), ...own]
  }

  private noteCode(rows: readonly number[]): void {
    const { groups } = this.linker
    const mine = rows.every((at) => groups.of[at]! >= 0) ? rows : rows.filter((at) => groups.of[at]! >= 0)
    const group = groups.of[mine[0] ?? -1] ?? -1
    if (group < 0) return
    const unit = this.units[group] ?? this.nameCluster(group, mine)
    const first = unit.startsWith('new:') ? unit.slice(4) : null
    for (const at of mine) {
      const { id } = this.records[at]!
      if (id === first) this.outcomes.set(id, { kind: 'new', entity: unit })
      else this.join(at, 'uscc', 1, null)
    }
  }

  /** A group without a unit is named by its most trusted row. */
  private nameCluster(group: number, rows: readonly number[]): string {
    const first = rows.reduce((best, at) =>
      trustOf(this.pool.features(at)) < trustOf(this.pool.features(best)) ? at : best,
    )
    const unit = `new:${this.records[first]!.id}`
    this.units[group] = unit
    return unit
  }

  /** Records without a code of their own: to the unit that fits best, to a person, or among each other. */
  private placeByWeight(): void {
    const { groups, doubts } = this.linker
    let left: number[] = []
    for (let at = 0; at < this.records.length; at += 1) if (groups.of[at]! < 0 && !doubts.has(at)) left.push(at)
    // The second time what joined the first time is known of the units too: a former name, a moved address.
    for (let round = 1; round <= 2; round += 1) {
      const joining: { at: number; matches: Match[] }[] = []
      for (const at of left) {
        const matches = this.linker.candidates(at, this.model.join, 2)
        if (this.isClear(matches)) joining.push({ at, matches })
      }
      for (const { at, matches } of joining) groups.put(at, matches[0]!.group)
      for (const { at, matches } of joining) this.join(at, this.wayOf(matches[0]!), matches[0]!.probability, matches)
      left = left.filter((at) => groups.of[at]! < 0)
    }
    const open: number[] = []
    for (const at of left) {
      const matches = this.linker.candidates(at, this.model.review, shownMax)
      if (matches.length > 0) this.review(at, reasonOf(matches), matches)
      else open.push(at)
    }
    this.clusterRest(open)
  }

  /** Whether the likeliest is likely enough, and no other is nearly as likely. */
  private isClear([best, second]: readonly Match[]): boolean {
    if (!best || best.probability < this.model.join) return false
    return !second || best.weight - second.weight >= leadMin
  }

  /** Records that fit no unit: those that are one organisation make one. */
  private clusterRest(rows: readonly number[]): void {
    const open = new Set(rows)
    const root = new Map(rows.map((at) => [at, at]))
    const find = (at: number): number => (root.get(at) === at ? at : find(root.get(at)!))
    for (const at of rows) {
      for (const key of this.pool.keys(at)) {
        const holders = this.pool.holders(key)
        if (holders.length > this.model.holdersMax) continue
        for (let i = 0; i < holders.length; i += 1) {
          const other = holders[i]!
          if (other <= at || !open.has(other) || find(other) === find(at)) continue
          if (this.linker.pair(at, other).probability >= this.model.join) root.set(find(other), find(at))
        }
      }
    }
    const clusters = Map.groupBy(rows, find)
    for (const members of clusters.values()) this.openCluster(members)
  }

  private openCluster(rows: readonly number[]): void {
    const group = this.linker.groups.open()
    for (const at of rows) this.linker.groups.put(at, group)
    const unit = this.nameCluster(group, rows)
    for (const at of rows) {
      if (unit === `new:${this.records[at]!.id}`) this.outcomes.set(this.records[at]!.id, { kind: 'new', entity: unit })
      else this.join(at, 'weights', this.model.join, null)
    }
  }

  private join(at: number, by: JoinedBy, probability: number, matches: readonly Match[] | null): void {
    const [best, second] = matches ?? []
    this.outcomes.set(this.records[at]!.id, {
      kind: 'join',
      entity: this.units[best?.group ?? this.linker.groups.of[at]!]!,
      by,
      probability,
      weight: best?.weight ?? 0,
      because: best ? contributions(best.likeness, best.shares, this.model) : noReasons,
      runnerUp: second ? this.candidateOf(second) : null,
    })
  }

  private review(at: number, reason: QueueReason, matches: readonly Match[]): void {
    const candidates = matches.slice(0, shownMax).map((one) => this.candidateOf(one))
    this.outcomes.set(this.records[at]!.id, { kind: 'queue', reason, candidates })
  }

  private candidateOf({ group, probability, weight, likeness, shares }: Match): Candidate {
    return { entity: this.units[group]!, probability, weight, because: contributions(likeness, shares, this.model) }
  }

  private wayOf({ likeness }: Match): JoinedBy {
    if (likeness.code === 'inner') return 'organisationCode'
    if (likeness.code === 'registration') return 'registrationNumber'
    return 'weights'
  }
}

function* keysOf(rows: readonly number[], keys: (at: number) => Iterable<number>): Generator<number> {
  for (const at of rows) yield* keys(at)
}

/** By a hash of what they say, then by id: what becomes of rows must not depend on which came first. */
function inOrder(records: readonly LinkRecord[]): LinkRecord[] {
  const hashes = Float64Array.from(records, (one) => keyOf(0, contentOf(one.features)))
  const order = Int32Array.from(records, (_, at) => at)
  order.sort((a, b) => hashes[a]! - hashes[b]! || (records[a]!.id < records[b]!.id ? -1 : 1))
  return Array.from(order, (at) => records[at]!)
}

function reasonOf([best, second]: readonly Match[]): QueueReason {
  return best && second && second.weight > best.weight - 6 ? 'several' : 'doubtful'
}
