/** A row of a cluster, with the unit that it is in now. */
export interface Placed {
  id: string
  unitId: string | null
}

/** Rows found to be one organisation. */
export interface Cluster {
  rows: readonly Placed[]
  /** The one valid code that they carry. */
  code: string | null
  /** The unit that people said they are, which they then are. */
  must: string | null
}

/**
 * Which standing unit each cluster is: the one that people said, else the one that holds its code, else the one that most
 * of its rows are in, the oldest of several. A unit is one cluster at most; null: a new unit. In the order of the clusters.
 */
export function assignUnits(
  clusters: readonly Cluster[],
  holderOf: (code: string) => string | undefined,
): (string | null)[] {
  const claims = clusters.flatMap((cluster, at) => claimsOf(cluster, holderOf).map((claim) => ({ ...claim, at })))
  claims.sort((a, b) => b.strength - a.strength || b.rows - a.rows || (a.unitId < b.unitId ? -1 : 1) || a.at - b.at)
  const found: (string | null)[] = clusters.map(() => null)
  const taken = new Set<string>()
  for (const { at, unitId } of claims) {
    if (found[at] !== null || taken.has(unitId)) continue
    found[at] = unitId
    taken.add(unitId)
  }
  return found
}

function claimsOf({ rows, code, must }: Cluster, holderOf: (code: string) => string | undefined) {
  const holder = code === null ? undefined : holderOf(code)
  const counts = new Map<string, number>()
  for (const { unitId } of rows) if (unitId !== null) counts.set(unitId, (counts.get(unitId) ?? 0) + 1)
  const claims = [...counts].map(([unitId, count]) => ({ unitId, rows: count, strength: 0 }))
  if (holder) claims.push({ unitId: holder, rows: 0, strength: 1 })
  if (must) claims.push({ unitId: must, rows: 0, strength: 2 })
  return claims
}

/** Numbers the changes so that those which touch a common unit have one number: they must be made together. */
export function partsOf(changes: readonly { from: string | null; to: string | null }[]): number[] {
  const parent = new Map<string, string>()
  const root = (id: string): string => {
    let at = id
    while (parent.get(at) !== undefined && parent.get(at) !== at) at = parent.get(at)!
    return at
  }
  for (const { from, to } of changes) {
    if (from !== null && to !== null) parent.set(root(from), root(to))
  }
  const numbers = new Map<string, number>()
  let alone = 0
  return changes.map(({ from, to }) => {
    const unit = to ?? from
    const key = unit === null ? `alone ${(alone += 1)}` : root(unit)
    const number = numbers.get(key) ?? numbers.size
    numbers.set(key, number)
    return number
  })
}
