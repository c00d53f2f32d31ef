import type { QueueReason } from './contract.ts'
import type { Match } from './linker.ts'
import type { Model } from './model.ts'
import type { Rows } from './rows.ts'
import { type Contribution, contributions } from './score.ts'
import { type Numbered, type SettledRows, settleNumbered } from './settle-numbered.ts'
import { shownMax } from './settlement-run.ts'

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
   * Keys that too many units hold for all of them to be among the records, with how many hold each; left out where all are
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
  private readonly model: Model
  private readonly found: SettledRows
  /** By group: the unit that people or fixed records name. */
  private readonly units: readonly string[]
  private readonly groups: ReadonlyMap<string, number>

  constructor({ records, rows, said, model, common }: SettleInput) {
    this.records = records
    this.model = model
    this.units = unitsOf(records, said)
    this.groups = new Map(this.units.map((unit, group) => [unit, group]))
    const saidOfRow: Numbered['said'] = said.size > 0 ? this.saidByRow(said) : new Map()
    const fixed = Int32Array.from(records, ({ fixed, entity }) =>
      fixed && entity !== null ? this.groups.get(entity)! : -1,
    )
    const tie = (a: number, b: number) => (records[a]!.id < records[b]!.id ? -1 : 1)
    this.found = settleNumbered({ rows, fixed, groups: this.units.length, said: saidOfRow, model, common, tie })
  }

  /** Tells of every record that is not fixed what became of it. */
  each(tell: (record: LinkRecord, settled: Settled) => void): void {
    for (let row = 0; row < this.records.length; row += 1) {
      const settled = this.settledOf(row)
      if (settled) tell(this.records[row]!, settled)
    }
  }

  private saidByRow(said: ReadonlyMap<string, Said>): Numbered['said'] {
    return new Map(
      this.records.flatMap(({ id }, row) => {
        const own = said.get(id)
        if (!own) return []
        const must = own.must === null ? null : this.groups.get(own.must)!
        const cannot = new Set([...own.cannot].map((unit) => this.groups.get(unit)!))
        return [[row, { must, cannot, dropCode: own.dropCode }] as const]
      }),
    )
  }

  private unitOf(group: number): string {
    return this.units[group] ?? `new:${this.records[this.found.nameOf(group)]!.id}`
  }

  private settledOf(row: number): Settled | null {
    const waits = this.found.waitingOf(row)
    if (waits) {
      const candidates = waits.matches.slice(0, shownMax).map((one) => this.candidateOf(one))
      return { kind: 'queue', reason: waits.reason, candidates }
    }
    const way = this.found.wayOf(row)
    if (way === null) return null
    const entity = this.unitOf(this.found.groupOf(row))
    if (way === 'named') return { kind: 'new', entity }
    const [best, second] = this.found.matchesOf(row)
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

/** The units that fixed records or people name, in an order that does not depend on that of the records. */
function unitsOf(records: readonly LinkRecord[], said: ReadonlyMap<string, Said>): string[] {
  const units = new Set(records.flatMap(({ fixed, entity }) => (fixed && entity !== null ? [entity] : [])))
  for (const { must, cannot } of said.values()) for (const unit of [must, ...cannot]) if (unit) units.add(unit)
  return [...units].sort()
}
