import type { Comparison } from './compare.ts'

/** Weights and limits that links are made with. Plain data; a link's event names the version of it. */
export interface Model {
  /** Bits of a row and a unit that share a key, before anything is compared. */
  start: number
  /** Bits by comparison and level: log2 of how much oftener the level comes among rows of one organisation. */
  bits: Record<Comparison, Record<string, number>>
  /** Weights with the share of pairs of such weight that are right, rising; probabilities between are interpolated. */
  calibration: readonly (readonly [weight: number, probability: number])[]
  /** A row joins at this probability. */
  join: number
  /** A row whose best unit is less likely than this is of none of the units. */
  review: number
  /** A key that more units hold is passed over. */
  holdersMax: number
}

/** The weights that come with the platform. */
export const defaultModel: Model = {
  start: -13,
  bits: {
    name: { same: 15, core: 13, sound: 12, typo: 11, part: 9, near: 6, kin: 1, brand: 2, trade: -0.5, other: -6 },
    branch: { both: 0.2, same: 1, near: 0, one: -6, other: -6 },
    region: { same: 0.2, missing: -0.2, other: -5 },
    code: { inner: 18, registration: 16, near: 12, other: -7 },
    person: { same: 11, near: 5, other: -4.5 },
    phone: { same: 11, other: -1.2 },
    address: { same: 9, part: 6.5, house: 4, road: -1, other: -2.5 },
    founded: { same: 8, other: -7 },
  },
  calibration: [
    [-10, 0.001],
    [0, 0.5],
    [10, 0.999],
  ],
  join: 0.99,
  review: 0.2,
  holdersMax: 60,
}
