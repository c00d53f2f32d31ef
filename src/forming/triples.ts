// Finds triples of nodes of which a fractional plan covers more pairs than any true plan can.
import type { PoolGroup } from './master.ts'

const least = 0.02

/** Triples (sorted) violated by a fractional choice of groups, the worst first, at most `most` and three a node. */
export function violatedTriples(
  pool: readonly PoolGroup[],
  chosen: Float64Array,
  most: number,
  used: ReadonlySet<string>,
): number[][] {
  const pairs = new Map<number, Map<number, number>>()
  const whole = new Map<string, number>()
  for (const [at, { nodes }] of pool.entries()) {
    const share = chosen[at] ?? 0
    if (share < 1e-6 || share > 1 - 1e-6 || nodes.length < 2) continue
    const sorted = nodes.toSorted((a, b) => a - b)
    for (const [first, a] of sorted.entries())
      for (let second = first + 1; second < sorted.length; second += 1) {
        const b = sorted[second]!
        addTo(pairs, a, b, share)
        for (const c of sorted.slice(second + 1)) {
          const key = `${a},${b},${c}`
          whole.set(key, (whole.get(key) ?? 0) + share)
        }
      }
  }
  const found: { nodes: number[]; over: number }[] = []
  for (const [a, own] of pairs) {
    const others = [...own.keys()].sort((x, y) => x - y)
    for (const [first, b] of others.entries())
      for (const c of others.slice(first + 1)) {
        const key = `${a},${b},${c}`
        // A group with all three is counted by each of its three pairs.
        const sum = own.get(b)! + own.get(c)! + (pairs.get(b)?.get(c) ?? 0) - 2 * (whole.get(key) ?? 0)
        if (sum > 1 + least && !used.has(key)) found.push({ nodes: [a, b, c], over: sum })
      }
  }
  found.sort((x, y) => y.over - x.over || x.nodes[0]! - y.nodes[0]! || x.nodes[1]! - y.nodes[1]!)
  const count = new Map<number, number>()
  const taken: number[][] = []
  for (const { nodes } of found) {
    if (taken.length >= most) break
    if (nodes.some((node) => (count.get(node) ?? 0) >= 3)) continue
    for (const node of nodes) count.set(node, (count.get(node) ?? 0) + 1)
    taken.push(nodes)
  }
  return taken
}

function addTo(pairs: Map<number, Map<number, number>>, a: number, b: number, share: number): void {
  let own = pairs.get(a)
  if (own === undefined) pairs.set(a, (own = new Map()))
  own.set(b, (own.get(b) ?? 0) + share)
}
