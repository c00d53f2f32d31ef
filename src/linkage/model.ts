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

/** Bits below which a unit is never shown to anybody. */
export const leastBitsOf = ({ calibration }: Model) => calibration[0]?.[0] ?? -Infinity

/**
 * The weights that come with the platform, estimated by `estimateModel` from two invented districts of 15,000 rows each, of
 * everyday and of bad noise (bench/registers.ts, seeds 1 and 2); probabilities are what came out in eight others of each
 * (seeds 5 to 12). A county can estimate its own.
 */
export const defaultModel: Model = {
  start: -13.56,
  bits: {
    name: {
      same: 12.99,
      core: 11.47,
      sound: 7.41,
      typo: 8.79,
      part: 7.37,
      near: 3.58,
      kin: 2.79,
      brand: 4.03,
      trade: -0.93,
      other: -9.25,
    },
    branch: { both: 0.14, same: 9.45, near: 6.07, one: -7.27, other: -4.7 },
    region: { same: 0.07, missing: -0.52, other: -0.47 },
    code: { inner: 18, registration: 16, near: 12, other: -7 },
    person: { same: 13.43, near: 4.25, other: -4 },
    phone: { same: 12.75, other: -1.22 },
    address: { same: 13.31, part: 8.15, house: -1.72, road: -2.81, other: -2.87 },
    founded: { same: 12.56, other: -10.26 },
  },
  calibration: [
    [-17.5, 0],
    [-13.5, 0.04],
    [-12.5, 0.065],
    [-11.7, 0.11],
    [-10.2, 0.5],
    [-8.8, 0.69],
    [-7.5, 0.82],
    [-6, 0.89],
    [-3, 0.899],
    [-0.6, 0.917],
    [0.2, 0.941],
    [1.8, 0.945],
    [3.9, 0.996],
    [13.5, 0.9998],
    [27, 0.9999],
  ],
  join: 0.915,
  review: 0.05,
  holdersMax: 12,
}
