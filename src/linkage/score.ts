import { type Comparison, comparisons, compareRows, type Likeness } from './compare.ts'
import type { Features } from './features.ts'
import type { Model } from './model.ts'

/** What one comparison speaks for (positive) or against. */
export interface Contribution {
  title: string
  words: string
  bits: number
}

/** How many organisations a value is shared by, at least 1, by the comparison it counts in. */
export type Shares = Partial<Record<Comparison, number>>

/** A row weighed against a unit. */
export interface Weighed {
  /** Bits. */
  weight: number
  likeness: Likeness
}

/** Levels at which a value is common to both: how many share the value counts. */
export const sharedLevels: Partial<Record<Comparison, ReadonlySet<string>>> = {
  name: new Set(['same', 'core', 'sound', 'typo', 'part']),
  person: new Set(['same']),
  phone: new Set(['same']),
  address: new Set(['same', 'part', 'house']),
}
const genericPhone = 6

/** Bits of one comparison: what many organisations share speaks for little, an agency's phone for nothing. */
function bitsOf(comparison: Comparison, level: string, shares: Shares, model: Model): number {
  const bits = model.bits[comparison][level] ?? 0
  const shared = sharedLevels[comparison]?.has(level) ? (shares[comparison] ?? 1) : 1
  if (shared <= 1 || bits <= 0) return bits
  if (comparison === 'phone' && shared >= genericPhone) return 0
  return Math.max(0, bits - Math.log2(shared))
}

const others = ['code', 'person', 'phone', 'address', 'founded'] as const

/** Weighs a row against all that is known of a unit: of each comparison what fits best, names with their branch and place. */
export function weigh(row: Features, members: readonly Features[], shares: Shares, model: Model): Weighed {
  const found: Likeness = {}
  let names = -Infinity
  const bits: Partial<Record<Comparison, number>> = {}
  for (const member of members) {
    const likeness = compareRows(row, member)
    const ofNames =
      bitsOf('name', likeness.name ?? 'other', shares, model) +
      bitsOf('branch', likeness.branch ?? 'both', shares, model) +
      bitsOf('region', likeness.region ?? 'missing', shares, model)
    if (ofNames > names) {
      names = ofNames
      Object.assign(found, { name: likeness.name, branch: likeness.branch, region: likeness.region })
    }
    for (const comparison of others) {
      const level = likeness[comparison]
      if (level === undefined) continue
      const now = bitsOf(comparison, level, shares, model)
      if (now <= (bits[comparison] ?? -Infinity)) continue
      bits[comparison] = now
      Object.assign(found, { [comparison]: level })
    }
  }
  const weight = Object.values(bits).reduce((sum, one) => sum + one, model.start + names)
  return { weight, likeness: found }
}

/** The waterfall of a likeness, in the order of the comparisons. */
export function contributions(likeness: Likeness, shares: Shares, model: Model): Contribution[] {
  const start = { title: '起点', words: '有一项相同的两行', bits: model.start }
  const parts = (Object.keys(comparisons) as Comparison[]).flatMap((comparison): Contribution[] => {
    const level = likeness[comparison]
    if (level === undefined) return []
    const words = (comparisons[comparison].levels as Record<string, string>)[level] ?? level
    const shared = sharedLevels[comparison]?.has(level) ? (shares[comparison] ?? 1) : 1
    const many = shared > 1 ? `（${shared} 家共有）` : ''
    return [
      { title: comparisons[comparison].title, words: words + many, bits: bitsOf(comparison, level, shares, model) },
    ]
  })
  return [start, ...parts]
}

/** The probability that a weight stands for, 0 to 1, as calibrated. */
export function probabilityOf(weight: number, { calibration }: Model): number {
  const [first] = calibration
  const last = calibration.at(-1)
  if (!first || !last) return 1 / (1 + 2 ** -weight)
  if (weight <= first[0]) return first[1]
  if (weight >= last[0]) return last[1]
  const above = calibration.findIndex(([at]) => at > weight)
  const [w0, p0] = calibration[above - 1]!
  const [w1, p1] = calibration[above]!
  return p0 + ((p1 - p0) * (weight - w0)) / (w1 - w0)
}

/** A row is one organisation at most, or none that is known: bits for one candidate, given the weights of all. */
export function oddsAmong(all: readonly number[]): (weight: number) => number {
  const sum = all.reduce((total, one) => total + 2 ** Math.min(60, one), 1)
  return (weight) => {
    const own = 2 ** Math.min(60, weight)
    return Math.log2(own / Math.max(sum - own, 1))
  }
}
