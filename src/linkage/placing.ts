import { assignUnits, type Cluster } from './assign.ts'
import type { Standing } from './decisions.ts'
import type { KnownRow } from './neighbours.ts'
import type { Change, Outcome } from './settlement.ts'

/**
 * Gives each cluster that settling found the unit that it is: ids are stable however often rows are settled. `rows` are all
 * that were settled and what was typed of units; a cluster whose name is a unit that stands with rows of its own keeps it.
 */
export function placed(
  rows: readonly KnownRow[],
  outcomes: ReadonlyMap<string, Outcome>,
  said: ReadonlyMap<string, Standing>,
  holders: ReadonlyMap<string, string>,
  standing: ReadonlySet<string> = new Set(),
): Change[] {
  const groups = Map.groupBy(rows, (row) => {
    const outcome = outcomes.get(row.id)
    if (row.outcome === 'typed') return row.id
    return outcome && outcome.kind !== 'queue' ? outcome.unitId : 'waits'
  })
  groups.delete('waits')
  const keys = [...groups.keys()]
  const clusters = [...groups].map(([key, list]) => clusterOf(key, list, said, standing))
  const units = assignUnits(clusters, (code) => holders.get(code))
  const unitOf = new Map(keys.map((key, at) => [key, units[at] ?? key]))
  return rows.flatMap((row): Change[] => {
    const outcome = outcomes.get(row.id)
    if (row.outcome === 'typed' || !outcome) return []
    if (outcome.kind === 'queue') {
      const candidates = outcome.candidates.map((id) => unitOf.get(id) ?? id)
      return [{ row, outcome: { ...outcome, candidates } }]
    }
    const unitId = unitOf.get(outcome.unitId) ?? outcome.unitId
    const isThere = unitId !== outcome.unitId && row.unitId !== unitId
    // The row that would have made the unit comes to one that others had made.
    return [
      {
        row,
        outcome:
          isThere && outcome.kind === 'new'
            ? asJoined(outcome, unitId, row, groups.get(outcome.unitId) ?? [])
            : { ...outcome, unitId },
      },
    ]
  })
}

/** By its code only where another of the cluster carries the same; else the others had been joined to what it says. */
function asJoined(
  outcome: Exclude<Outcome, { kind: 'queue' }>,
  unitId: string,
  row: KnownRow,
  cluster: readonly KnownRow[],
): Outcome {
  const { uscc } = row.fields
  const byCode = uscc !== undefined && cluster.some((one) => one.id !== row.id && one.fields.uscc === uscc)
  return { ...outcome, kind: 'join', unitId, by: byCode ? 'uscc' : 'weights' }
}

function clusterOf(
  key: string,
  rows: readonly KnownRow[],
  said: ReadonlyMap<string, Standing>,
  standing: ReadonlySet<string>,
): Cluster {
  const typed = rows.find((row) => row.outcome === 'typed')
  const must = rows.map((row) => said.get(row.id)?.must).find((id) => id)
  return {
    rows,
    code: rows.find((row) => row.fields.uscc && !said.get(row.id)?.dropCode)?.fields.uscc ?? null,
    must: (standing.has(key) ? key : null) ?? typed?.unitId ?? must ?? null,
  }
}
