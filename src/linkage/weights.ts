import { nameKey } from '../base/chinese.ts'
import type { UnitField } from '../ledger/field-contract.ts'
import { isBranchName } from '../ledger/rules.ts'
import type { Waterfall } from './contract.ts'
import { likeness } from './link.ts'

type Fields = Partial<Record<UnitField, string>>

/** What two rows are compared by, with the words of each result from the most to the least alike. */
export const comparisons = {
  code: { title: '统一社会信用代码', levels: { same: '相同', other: '不同' } },
  name: { title: '名称', levels: { same: '相同', close: '相近', half: '一半相同', other: '不同' } },
  branch: { title: '总部与分支', levels: { same: '同为总部或同为分支', other: '一个是分支机构' } },
  legalRep: { title: '法定代表人', levels: { same: '相同', other: '不同' } },
  phone: { title: '联系电话', levels: { same: '相同', other: '不同' } },
  address: { title: '地址', levels: { same: '相同', close: '相近', other: '不同' } },
} as const satisfies Record<string, { title: string; levels: Record<string, string> }>
export type Comparison = keyof typeof comparisons

/** How alike two rows are, by comparison; one of which either says nothing is left out. */
export type Likeness = Partial<Record<Comparison, string>>

/** Weights in bits by comparison and level (log2 of how much oftener the level comes among rows of one organisation). */
export interface Weights {
  /** Bits of two rows of one county that share a key, before anything is compared. */
  start: number
  bits: Record<Comparison, Record<string, number>>
}

/** Compares two rows. Pure. */
export function compareRows(left: Fields, right: Fields): Likeness {
  const found: Likeness = {}
  if (left.uscc && right.uscc) found.code = left.uscc === right.uscc ? 'same' : 'other'
  if (left.name && right.name) {
    found.name = nameLevel(left.name, right.name)
    found.branch = isBranchName(left.name) === isBranchName(right.name) ? 'same' : 'other'
  }
  if (left.legalRep && right.legalRep) found.legalRep = left.legalRep === right.legalRep ? 'same' : 'other'
  if (left.phone && right.phone) found.phone = digits(left.phone) === digits(right.phone) ? 'same' : 'other'
  if (left.address && right.address) found.address = addressLevel(left.address, right.address)
  return found
}

const digits = (text: string) => text.replace(/\D/g, '')

function nameLevel(left: string, right: string): string {
  if (nameKey(left) === nameKey(right)) return 'same'
  const share = likeness(left, right)
  return share >= 0.7 ? 'close' : share >= 0.4 ? 'half' : 'other'
}

function addressLevel(left: string, right: string): string {
  const [a, b] = [nameKey(left), nameKey(right)]
  if (a === b || a.endsWith(b) || b.endsWith(a)) return 'same'
  return likeness(left, right) >= 0.6 ? 'close' : 'other'
}

/** How often each level was seen, by comparison. */
export type Tally = Record<Comparison, Record<string, number>>

/** A tally of nothing. */
export function emptyTally(): Tally {
  const names = Object.keys(comparisons) as Comparison[]
  return Object.fromEntries(
    names.map((name) => [name, Object.fromEntries(Object.keys(comparisons[name].levels).map((level) => [level, 0]))]),
  ) as Tally
}

/** Counts one pair of rows. */
export function count(tally: Tally, alike: Likeness): void {
  for (const [name, level] of Object.entries(alike) as [Comparison, string][]) {
    tally[name][level] = (tally[name][level] ?? 0) + 1
  }
}

// What is added to every count: a level never seen is rare, not impossible.
const smoothing = 0.5

/**
 * Weights from pairs known to be of one organisation and pairs taken at random (Fellegi and Sunter 1969: log2 m/u). The code
 * is left as it was: the pairs were proven by it; so is the branch, which is a rule rather than a likelihood. Levels with fewer than 20 pairs of their comparison stay too.
 */
export function estimateWeights(matched: Tally, random: Tally, before: Weights): Weights {
  const bits = structuredClone(before.bits)
  for (const name of Object.keys(comparisons) as Comparison[]) {
    const levels = Object.keys(comparisons[name].levels)
    const of = (tally: Tally) => levels.reduce((sum, level) => sum + (tally[name][level] ?? 0), 0)
    const [ofMatched, ofRandom] = [of(matched), of(random)]
    if (name === 'code' || name === 'branch' || ofMatched < 20 || ofRandom < 20) continue
    for (const level of levels) {
      const share = (tally: Tally, total: number) =>
        ((tally[name][level] ?? 0) + smoothing) / (total + smoothing * levels.length)
      bits[name][level] = Math.log2(share(matched, ofMatched) / share(random, ofRandom))
    }
  }
  return { start: before.start, bits }
}

// A hundredth of a bit is more than anybody can tell apart, and is kept with every link.
const rounded = (bits: number) => Math.round(bits * 100) / 100

/** What speaks for and against that two rows are one organisation. */
export function weighPair(left: Fields, right: Fields, weights: Weights): Waterfall {
  const alike = compareRows(left, right)
  const parts = (Object.entries(alike) as [Comparison, string][]).map(([name, level]) => ({
    title: comparisons[name].title,
    words: (comparisons[name].levels as Record<string, string>)[level] ?? level,
    bits: rounded(weights.bits[name][level] ?? 0),
  }))
  const start = { title: '起点', words: '县内随便两行', bits: rounded(weights.start) }
  const weight = parts.reduce((sum, part) => sum + part.bits, rounded(weights.start))
  return { parts: [start, ...parts], weight: rounded(weight), probability: 1 / (1 + 2 ** -weight), rule: null }
}

/** The weights that come with the platform, for a county that has not estimated its own. */
export const defaultWeights: Weights = {
  start: -12,
  bits: {
    code: { same: 18, other: -14 },
    name: { same: 11, close: 7, half: 1, other: -6 },
    branch: { same: 0, other: -18 },
    legalRep: { same: 8, other: -3 },
    phone: { same: 9, other: -1.5 },
    address: { same: 8, close: 4, other: -2 },
  },
}
