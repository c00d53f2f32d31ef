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
export function explained(changes: readonly Change[], members: readonly KnownRow[], weights: Weights): Change[] {
  const byUnit = Map.groupBy(members, (row) => row.unitId ?? '')
  for (const { row, outcome } of changes) {
    if (outcome.kind === 'queue') continue
    const rows = byUnit.get(outcome.unitId)
    if (rows) rows.push(row)
    else byUnit.set(outcome.unitId, [row])
  }
  return changes.map(({ row, outcome }) => {
    if (!changesPlace(row, outcome) && row.outcome !== 'staged' && outcome.kind !== 'queue') return { row, outcome }
    return { row, outcome: withReasons(row, outcome, byUnit, weights) }
  })
}

function withReasons(
  row: KnownRow,
  outcome: Outcome,
  byUnit: ReadonlyMap<string, readonly KnownRow[]>,
  weights: Weights,
): Outcome {
  if (outcome.kind !== 'queue') {
    const found = likest(row, byUnit.get(outcome.unitId) ?? [], weights)
    return { ...outcome, waterfall: found && { ...found, rule: linkedBy[outcome.by] } }
  }
  const weighed = outcome.candidates
    .map((unitId) => ({ unitId, found: likest(row, byUnit.get(unitId) ?? [], weights) }))
    .sort((a, b) => (b.found?.weight ?? -99) - (a.found?.weight ?? -99))
  return {
    ...outcome,
    candidates: weighed.map((one) => one.unitId),
    probability: weighed[0]?.found?.probability ?? null,
  }
}
