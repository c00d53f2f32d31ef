import type { QueueReason } from './contract.ts'
import { Groups } from './groups.ts'
import type { Match } from './linker.ts'
import type { Model } from './model.ts'
import { orderOf } from './order.ts'
import { column, type Rows } from './rows.ts'
import { type Contribution, contributions } from './score.ts'
import { type SaidOfRow, Settlement, shownMax } from './settlement-run.ts'

/** A record to be settled, or one that stays where it is and is known by. */
export interface LinkRecord {
  id: string
  /** The unit it is in now; for a fixed record, the unit that it stands for. */
  entity: string | null
  /** It stays in its unit whatever is found: typed by people, decided by people. */
  fixed: boolean
}

/** What people said of records: it always wins. */
export interface Said {
  /** The unit that the record is. */
  must: string | null
  /** Units that it is not. */
  cannot: ReadonlySet<string>
  /** The code that the record carries is somebody else's. */
  dropCode: boolean
}

/** One candidate of a record, best first where there are several. */
export interface Candidate {
  entity: string
  /** 0 to 1, calibrated. */
  probability: number
  /** Bits. */
  weight: number
  because: Contribution[]
}

/** How a record came to where it is. */
export type JoinedBy = 'uscc' | 'organisationCode' | 'registrationNumber' | 'weights' | 'remembered'

/**
 * What is to become of a record. `entity` is the unit of the fixed records (or of `must`) that it is with; where there is
 * none it is `new:` and the id of the record that the cluster is named by, the same for all records of the cluster. That
 * record is `new`, the others `join`.
 */
export type Settled =
  | {
      kind: 'join'
      entity: string
      by: JoinedBy
      probability: number
      weight: number
      because: Contribution[]
      runnerUp: Candidate | null
    }
  | { kind: 'new'; entity: string }
  | { kind: 'queue'; reason: QueueReason; candidates: Candidate[] }

export interface SettleInput {
  records: readonly LinkRecord[]
  /** What each record says, in the same order. */
  rows: Rows
  /** By record id. */
  said: ReadonlyMap<string, Said>
  model: Model
  /**
   * Keys that too many rows hold for all of them to be among the records, with how many hold each; left out where all are
   * here.
   */
  common?: ReadonlyMap<number, number>
}

/**
 * Settles records among each other and with the fixed ones: what becomes of each that is not fixed, by id. The result
 * depends on the set of records alone, not on their order. Pure.
 */
export function settle(input: SettleInput): Map<string, Settled> {
  const found = new Map<string, Settled>()
  new Settling(input).each((record, settled) => found.set(record.id, settled))
  return found
}

/** Records settled, to be told one by one. */
export class Settling {
  private readonly records: readonly LinkRecord[]
  /** By row: the place of its record. Rows are numbered by what they say, so that those that are compared lie together. */
  private readonly order: Int32Array
  private readonly model: Model
  private readonly groups: Groups
  private readonly settlement: Settlement
  /** By group: the unit that people or fixed records name. */
  private readonly units: string[] = []

  constructor({ records, rows, said, model, common }: SettleInput) {
    this.records = records
    this.model = model
    this.order = orderOf(rows, (at) => records[at]!.id)
    const ordered = rows.pick(this.order)
    this.groups = new Groups(rows.size)
    const groupOf = this.groupsOfUnits()
    const saidOfRow = said.size === 0 ? undefined : this.saidByRow(said, groupOf)
    const free: number[] = []
    for (let row = 0; row < rows.size; row += 1) {
      const { id, fixed, entity } = this.recordOf(row)
      if (said.get(id)?.dropCode) for (const code of [column.code, column.inner]) ordered.clear(row, code)
      if (!fixed) free.push(row)
      else if (entity !== null) this.groups.put(row, saidOfRow?.get(row)?.must ?? groupOf(entity))
    }
    const all = { rows: ordered, groups: this.groups, free: Int32Array.from(free), said: saidOfRow, model, common }
    this.settlement = new Settlement(all).run()
  }

  /** Tells of every record that is not fixed what became of it. */
  each(tell: (record: LinkRecord, settled: Settled) => void): void {
    for (let row = 0; row < this.order.length; row += 1) {
      const settled = this.settledOf(row)
      if (settled) tell(this.recordOf(row), settled)
    }
  }

  private recordOf(row: number): LinkRecord {
    return this.records[this.order[row]!]!
  }

  private groupsOfUnits(): (unit: string) => number {
    const known = new Map<string, number>()
    return (unit) => {
      const group = known.get(unit) ?? this.groups.open()
      known.set(unit, group)
      this.units[group] = unit
      return group
    }
  }

  private saidByRow(said: ReadonlyMap<string, Said>, groupOf: (unit: string) => number): Map<number, SaidOfRow> {
    const found = new Map<number, SaidOfRow>()
    for (let row = 0; row < this.order.length; row += 1) {
      const own = said.get(this.recordOf(row).id)
      if (!own) continue
      const must = own.must === null ? null : groupOf(own.must)
      found.set(row, { must, cannot: new Set([...own.cannot].map(groupOf)) })
    }
    return found
  }

  private unitOf(group: number): string {
    return this.units[group] ?? `new:${this.recordOf(this.settlement.names.get(group)!).id}`
  }

  private settledOf(row: number): Settled | null {
    const { matches, waiting } = this.settlement
    const waits = waiting.get(row)
    if (waits) {
      const candidates = waits.matches.slice(0, shownMax).map((one) => this.candidateOf(one))
      return { kind: 'queue', reason: waits.reason, candidates }
    }
    const way = this.settlement.wayOf(row)
    if (way === null) return null
    const entity = this.unitOf(this.groups.of[row]!)
    if (way === 'named') return { kind: 'new', entity }
    const [best, second] = matches.get(row) ?? []
    return {
      kind: 'join',
      entity,
      by: way,
      probability: best?.probability ?? (way === 'weights' ? this.model.join : 1),
      weight: best?.weight ?? 0,
      because: best ? contributions(best.likeness, best.shares, this.model) : [],
      runnerUp: second ? this.candidateOf(second) : null,
    }
  }

  private candidateOf({ group, probability, weight, likeness, shares }: Match): Candidate {
    const because = contributions(likeness, shares, this.model)
    return { entity: this.unitOf(group), probability, weight, because }
  }
}
