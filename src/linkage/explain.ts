import { linkedBy, type Waterfall } from './contract.ts'
import type { KnownRow } from './neighbours.ts'
import { type Change, changesPlace, type Outcome } from './settlement.ts'
import { type Weights, weighPair } from './weights.ts'

// Of a unit of many rows only some are compared: the likeliest is nearly always among them.
const comparedMax = 8

/** What speaks for a row being one with the row that is most like it; null when there is none to compare with. */
export function likest(row: KnownRow, others: readonly KnownRow[], weights: Weights): Waterfall | null {
  let best: Waterfall | null = null
  for (const other of others.slice(0, comparedMax)) {
    if (other.id === row.id) continue
    const found = weighPair(row.fields, other.fields, weights)
    if (!best || found.weight > best.weight) best = found
  }
  return best
}

/**
 * Adds to what is to change why: to a row that comes to a unit what speaks for the unit's row most like it, to one that
 * waits its candidates in the order of their weight. `members` are the rows that stay where they are.
 */
export function explained(
  changes: readonly Change[],
  members: readonly KnownRow[],
  weights: Weights,
  keysOf: (row: KnownRow) => readonly bigint[],
): Change[] {
  const unitsOf = unitsByKey(changes, members, keysOf)
  const byUnit = Map.groupBy(members, (row) => row.unitId ?? '')
  for (const { row, outcome } of changes) {
    if (outcome.kind === 'queue') continue
    const rows = byUnit.get(outcome.unitId)
    if (rows) rows.push(row)
    else byUnit.set(outcome.unitId, [row])
  }
  return changes.map(({ row, outcome }) => {
    if (!changesPlace(row, outcome) && row.outcome !== 'staged' && outcome.kind !== 'queue') return { row, outcome }
    const near = outcome.kind === 'queue' ? keysOf(row).flatMap((key) => [...(unitsOf.get(key) ?? [])]) : []
    return { row, outcome: withReasons(row, outcome, near, byUnit, weights) }
  })
}

function withReasons(
  row: KnownRow,
  outcome: Outcome,
  near: readonly string[],
  byUnit: ReadonlyMap<string, readonly KnownRow[]>,
  weights: Weights,
): Outcome {
  if (outcome.kind !== 'queue') {
    const found = likest(row, byUnit.get(outcome.unitId) ?? [], weights)
    return { ...outcome, waterfall: found && { ...found, rule: linkedBy[outcome.by] } }
  }
  const weighed = [...new Set([...outcome.candidates, ...near])]
    .map((unitId) => ({ unitId, weight: -99, probability: null, ...likest(row, byUnit.get(unitId) ?? [], weights) }))
    .filter((one) => one.weight > candidateBitsMin || outcome.candidates.includes(one.unitId))
    .sort((a, b) => b.weight - a.weight)
    .slice(0, comparedMax)
  return {
    ...outcome,
    candidates: weighed.map((one) => one.unitId),
    probability: weighed[0]?.probability ?? null,
  }
}

// Less likely than one in sixteen: not worth a person's look.
const candidateBitsMin = -4

/** The units whose rows hold each key. */
function unitsByKey(
  changes: readonly Change[],
  members: readonly KnownRow[],
  keysOf: (row: KnownRow) => readonly bigint[],
): Map<bigint, Set<string>> {
  const found = new Map<bigint, Set<string>>()
  if (changes.every(({ outcome }) => outcome.kind !== 'queue')) return found
  const note = (row: KnownRow, unitId: string) => {
    for (const key of keysOf(row)) found.set(key, (found.get(key) ?? new Set()).add(unitId))
  }
  for (const row of members) if (row.unitId !== null) note(row, row.unitId)
  for (const { row, outcome } of changes) if (outcome.kind !== 'queue') note(row, outcome.unitId)
  return found
}
