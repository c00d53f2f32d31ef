import type { Standing } from './decisions.ts'
import type { KnownRow } from './neighbours.ts'
import { compareRows, count, emptyTally, estimateWeights, type Weights, weighPair } from './weights.ts'

/** One band of probability: how many pairs were given it, and how many of them are of one organisation. */
export interface Band {
  from: number
  to: number
  pairs: number
  right: number
}

/** What an estimate rests on. */
export interface Report {
  pairs: number
  decisions: number
  calibration: Band[]
}

const pairsMax = 50_000
const bounds = [0, 0.01, 0.1, 0.5, 0.9, 0.95, 0.99, 1]

type Pair = readonly [KnownRow, KnownRow]

/**
 * Weights from a county's own rows: pairs that a valid code or a person proves to be one organisation, against pairs taken
 * at random. Of pairs that share a key and both carry a code, the code left out, the report says in how many the
 * probability keeps its word. Deterministic.
 */
export function estimate(
  rows: readonly KnownRow[],
  said: ReadonlyMap<string, Standing>,
  keysOf: (row: KnownRow) => readonly bigint[],
  before: Weights,
): { weights: Weights; report: Report } {
  const proven = pairsOf(
    Map.groupBy(
      rows.filter((row) => row.fields.uscc),
      (row) => row.fields.uscc ?? '',
    ).values(),
    isApart,
  )
  const decided = decidedPairs(rows, said)
  const matched = emptyTally()
  for (const [a, b] of [...proven, ...decided]) count(matched, compareRows(a.fields, b.fields))
  const random = emptyTally()
  for (const [a, b] of randomPairs(rows)) count(random, compareRows(a.fields, b.fields))
  const units = new Set(rows.map((row) => row.unitId ?? row.id)).size
  const weights = estimateWeights(matched, random, { ...before, start: -Math.log2(Math.max(2, units)) })
  const report = {
    pairs: proven.length + decided.length,
    decisions: decided.length,
    calibration: calibrationOf(rows, keysOf, weights),
  }
  return { weights, report }
}

/** Two departments' words of one organisation; one department's two rows are often copies of each other. */
const isApart = (a: KnownRow, b: KnownRow) => a.department !== b.department

function pairsOf(groups: Iterable<readonly KnownRow[]>, fits: (a: KnownRow, b: KnownRow) => boolean): Pair[] {
  const found: Pair[] = []
  for (const group of groups) {
    for (const [at, a] of group.slice(0, 20).entries()) {
      for (const b of group.slice(at + 1, 20)) {
        if (found.length >= pairsMax) return found
        if (fits(a, b)) found.push([a, b])
      }
    }
  }
  return found
}

/** Rows that a person put into a unit, each with the unit's rows that carry a code. */
function decidedPairs(rows: readonly KnownRow[], said: ReadonlyMap<string, Standing>): Pair[] {
  const byUnit = Map.groupBy(rows, (row) => row.unitId ?? '')
  return rows.flatMap((row): Pair[] => {
    const must = said.get(row.id)?.must
    if (!must) return []
    const others = (byUnit.get(must) ?? []).filter((one) => one.id !== row.id && one.fields.uscc)
    return others.slice(0, 3).map((one) => [row, one])
  })
}

/** Each row with another far from it, that has another code or none. */
function randomPairs(rows: readonly KnownRow[]): Pair[] {
  const found: Pair[] = []
  const total = Math.min(pairsMax, rows.length * 4)
  for (let at = 0; at < total && rows.length > 1; at += 1) {
    const a = rows[at % rows.length]!
    const b = rows[(at * 7919 + 13) % rows.length]!
    const same = a.id === b.id || (a.unitId !== null && a.unitId === b.unitId)
    if (!same) found.push([a, b])
  }
  return found
}

function calibrationOf(
  rows: readonly KnownRow[],
  keysOf: (row: KnownRow) => readonly bigint[],
  weights: Weights,
): Band[] {
  const bands = bounds.slice(1).map((to, at): Band => ({ from: bounds[at]!, to, pairs: 0, right: 0 }))
  const blocks = new Map<bigint, KnownRow[]>()
  for (const row of rows.filter((one) => one.fields.uscc)) {
    for (const key of keysOf({ ...row, fields: withoutCode(row.fields) })) {
      const block = blocks.get(key)
      if (block) block.push(row)
      else blocks.set(key, [row])
    }
  }
  const seen = new Set<string>()
  for (const [a, b] of pairsOf(blocks.values(), isApart)) {
    const pair = a.id < b.id ? `${a.id} ${b.id}` : `${b.id} ${a.id}`
    if (seen.has(pair)) continue
    seen.add(pair)
    const { probability } = weighPair(withoutCode(a.fields), withoutCode(b.fields), weights)
    const band = bands.find((one) => probability < one.to) ?? bands.at(-1)!
    band.pairs += 1
    if (a.fields.uscc === b.fields.uscc) band.right += 1
  }
  return bands
}

function withoutCode(fields: KnownRow['fields']): KnownRow['fields'] {
  const others = { ...fields }
  delete others.uscc
  return others
}
