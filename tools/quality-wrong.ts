// Which rows lie with another organisation's, by how they came there and by what was wrong with them.
import { clusterOf, type LinkedRow, recallByDifference, stageOf } from './quality-measure.ts'

/** Rows in a wrong place, counted by stage and kind of noise. */
export type Merges = Map<string, number>

/**
 * Counts the rows that lie in a cluster which is mostly another organisation's. What is wrong with them is what was done to
 * them where that is known, else in what they differ from another row of their own organisation.
 */
export function wrongMerges(rows: readonly LinkedRow[], noise?: ReadonlyMap<string, readonly string[]>): Merges {
  const own = Map.groupBy(rows, (row) => row.organisation)
  const found: Merges = new Map()
  const note = (row: LinkedRow, kind: string) => {
    const key = `${stageOf(row)}: ${kind}`
    found.set(key, (found.get(key) ?? 0) + 1)
  }
  for (const row of wrongIn(rows)) {
    const done = noise?.get(row.id)
    if (done) for (const kind of done.length > 0 ? done : ['no noise']) note(row, kind)
    else note(row, differenceFrom(row, own.get(row.organisation) ?? []))
  }
  return found
}

function wrongIn(rows: readonly LinkedRow[]): LinkedRow[] {
  return [...Map.groupBy(rows, clusterOf)].flatMap(([cluster, members]) => {
    if (cluster === null) return []
    const [most] = [...Map.groupBy(members, (row) => row.organisation)].sort(([, a], [, b]) => b.length - a.length)
    return members.filter((row) => row.organisation !== most?.[0])
  })
}

function differenceFrom(row: LinkedRow, own: readonly LinkedRow[]): string {
  const other = own.find((one) => one !== row && clusterOf(one) !== clusterOf(row)) ?? own.find((one) => one !== row)
  if (!other) return 'the only row of its organisation'
  const [kind = 'nothing much'] = recallByDifference([row, other]).keys()
  return kind
}
