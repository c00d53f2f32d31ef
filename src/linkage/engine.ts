import type { QueueReason } from './contract.ts'
import type { Features } from './features.ts'
import type { Model } from './model.ts'
import type { Contribution } from './score.ts'
import { Settlement } from './settlement-run.ts'

/** A record to be settled, or one that stays where it is and is known by. */
export interface LinkRecord {
  id: string
  features: Features
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
  return new Settlement(input).run()
}
