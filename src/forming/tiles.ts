// Cuts a draft into tiles of neighbouring groups, so that each can be planned again as a whole.
import type { Draft } from './draft.ts'
import type { Edges } from './grid.ts'

/** Tiles of about `size` nodes: whole groups and left-over nodes by place, split across the longer side; `turn` shifts the cuts. */
export function tilesOf(draft: Draft, size: number, turn: number): number[][] {
  const { nodes } = draft.model
  const items: { nodes: number[]; x: number; y: number }[] = []
  const add = (own: number[]) => items.push({ nodes: own, x: nodes[own[0]!]!.place.x, y: nodes[own[0]!]!.place.y })
  for (const group of draft.groups) if (group !== null) add(group)
  for (const node of draft.left()) add([node])
  const tiles: number[][] = []
  const split = (part: typeof items, first: boolean): void => {
    const count = part.reduce((sum, item) => sum + item.nodes.length, 0)
    if (count <= size) {
      if (count > 0) tiles.push(part.flatMap((item) => item.nodes))
      return
    }
    const xs = part.map((item) => item.x)
    const ys = part.map((item) => item.y)
    const wide = spread(xs) >= spread(ys)
    part.sort((a, b) => (wide ? a.x - b.x || a.y - b.y : a.y - b.y || a.x - b.x) || a.nodes[0]! - b.nodes[0]!)
    // A cut at a third instead of a half moves every later cut too: what was a border lies inside a tile the next time.
    const share = first && turn % 2 === 1 ? (turn % 4 === 1 ? 1 / 3 : 2 / 3) : 1 / 2
    let sum = 0
    let at = 0
    while (at < part.length - 1 && sum < count * share) sum += part[at++]!.nodes.length
    split(part.slice(0, at), turn % 4 === 3)
    split(part.slice(at), turn % 4 === 3)
  }
  split(items, true)
  return tiles
}

function spread(values: readonly number[]): number {
  let least = Infinity
  let most = -Infinity
  for (const value of values) {
    least = Math.min(least, value)
    most = Math.max(most, value)
  }
  return most - least
}

/** Some nodes with everything round them: whole groups reached over edges, nearest first, until `size` nodes are in. */
export function around(draft: Draft, edges: Edges, seeds: readonly number[], size: number): number[] {
  const inside = new Set<number>()
  const queue: number[] = []
  const take = (node: number) => {
    const group = draft.groupOf[node]!
    for (const one of group === -1 ? [node] : draft.groups[group]!)
      if (!inside.has(one)) {
        inside.add(one)
        queue.push(one)
      }
  }
  for (const node of seeds) take(node)
  for (const node of queue) {
    for (let at = edges.start[node]!; at < edges.start[node + 1]! && inside.size < size; at += 1) take(edges.to[at]!)
    if (inside.size >= size) break
  }
  return [...inside].sort((a, b) => a - b)
}
