import {
  addressLevel,
  codeLevel,
  type Comparison,
  comparisonNames,
  comparisons,
  compareNames,
  equality,
  levelNames,
  type Likeness,
  likenessOf,
  noLevel,
  personLevel,
  placeOf,
} from './compare.ts'
import type { Model } from './model.ts'
import { column, columns, type Rows } from './rows.ts'

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

/** Bits of every level for one row, by comparison and level; a comparison without a level has its bits 0. */
export type BitTable = Float64Array

const width = 16
const count = comparisonNames.length

/** Makes tables of bits for a model. */
export class BitTables {
  private readonly model: Model
  private readonly plain: BitTable
  private readonly shared: BitTable

  constructor(model: Model) {
    this.model = model
    this.plain = new Float64Array(count * width)
    this.shared = new Float64Array(count * width)
    for (let at = 0; at < count; at += 1) this.fill(this.plain, at, {})
  }

  private fill(table: BitTable, at: number, shares: Shares): void {
    const name = comparisonNames[at]!
    const levels = levelNames[at]!
    for (let level = 0; level < levels.length; level += 1) {
      table[at * width + level] = bitsOf(name, levels[level]!, shares, this.model)
    }
  }

  /**
   * The bits of every level for a row whose values are shared as told: made once a row, looked up for each of its pairs.
   * It is good until the next one is asked for.
   */
  of(shares: Shares): BitTable {
    this.shared.set(this.plain)
    for (let at = 0; at < count; at += 1) {
      if ((shares[comparisonNames[at]!] ?? 1) > 1) this.fill(this.shared, at, shares)
    }
    return this.shared
  }
}

const pair = new Uint8Array(count)
const { name: nameAt, branch: branchAt, region: regionAt } = placeOf
const bitsAt = (table: BitTable, at: number) => (pair[at] === noLevel ? 0 : table[at * width + pair[at]!]!)

/**
 * Weighs a row against all that is known of a unit, the first `membersCount` of `members`: of each comparison what fits
 * best, names with their branch and place. The levels go into `best`; answers bits.
 */
export function weighInto(
  best: Uint8Array,
  rows: Rows,
  row: number,
  members: ArrayLike<number>,
  membersCount: number,
  table: BitTable,
  start: number,
): number {
  best.fill(noLevel)
  const { texts, cells } = rows
  const own = row * columns
  const person = cells[own + column.person]!
  const phone = cells[own + column.phone]!
  const founded = cells[own + column.foundedOn]!
  const hasAddress = cells[own + column.address]! > 0
  const hasCode = cells[own + column.inner]! > 0 || rows.registrationOf(row) > 0 || rows.rawCodeOf(row) > 0
  let names = -Infinity
  // Rows of a unit mostly say the same: what was compared with the one before is not compared again.
  let before = -1
  for (let at = 0; at < membersCount; at += 1) {
    const member = members[at]! * columns
    if (before < 0 || !isSameName(cells, before, member)) {
      compareNames(pair, rows, own, member)
      const ofNames = bitsAt(table, nameAt) + bitsAt(table, branchAt) + bitsAt(table, regionAt)
      if (ofNames > names) {
        names = ofNames
        best[nameAt] = pair[nameAt]!
        best[branchAt] = pair[branchAt]!
        best[regionAt] = pair[regionAt]!
      }
    }
    if (hasCode) keepBest(best, table, placeOf.code, codeLevel(rows, row, members[at]!))
    if (person > 0 && best[placeOf.person] !== 0 && isOther(cells, before, member, column.person))
      keepBest(best, table, placeOf.person, personLevel(texts, cells, own, member))
    if (phone > 0) keepBest(best, table, placeOf.phone, equality(phone, cells[member + column.phone]!))
    if (hasAddress && best[placeOf.address] !== 0 && isOther(cells, before, member, column.address))
      keepBest(best, table, placeOf.address, addressLevel(texts, cells, own, member))
    if (founded > 0) keepBest(best, table, placeOf.founded, equality(founded, cells[member + column.foundedOn]!))
    before = member
  }
  let weight = start + names
  for (let at = regionAt + 1; at < count; at += 1) if (best[at] !== noLevel) weight += table[at * width + best[at]!]!
  return weight
}

function isSameName(cells: Int32Array, a: number, b: number): boolean {
  return (
    cells[a + column.whole] === cells[b + column.whole] && (cells[a + column.former]! | cells[b + column.former]!) === 0
  )
}

/** Whether a row says something else in a column than the one before; -1: there is none. */
function isOther(cells: Int32Array, before: number, member: number, at: number): boolean {
  return before < 0 || cells[before + at] !== cells[member + at]
}

function keepBest(best: Uint8Array, table: BitTable, at: number, level: number): void {
  if (level === noLevel) return
  const known = best[at]!
  if (known === noLevel || table[at * width + level]! > table[at * width + known]!) best[at] = level
}

/** Weighs a row against rows of a unit. */
export function weigh(rows: Rows, row: number, members: ArrayLike<number>, shares: Shares, model: Model): Weighed {
  const best = new Uint8Array(count)
  const table = new BitTables(model).of(shares)
  const weight = weighInto(best, rows, row, members, members.length, table, model.start)
  return { weight, likeness: likenessOf(best) }
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
export function oddsAmong(all: Iterable<number>): (weight: number) => number {
  let sum = 1
  for (const one of all) sum += 2 ** Math.min(60, one)
  return (weight) => {
    const own = 2 ** Math.min(60, weight)
    return Math.log2(own / Math.max(sum - own, 1))
  }
}
