// Makes a draft better: tile by tile, each with its own prices and its own choice of groups.
import type { Highs } from 'highs'
import { choose, type ChoiceEffort } from './choose.ts'
import { mend, polish, type Draft } from './draft.ts'
import type { Edges } from './grid.ts'
import { Master, type MasterEffort, type PoolGroup } from './master.ts'
import { flagWeight, leftWeight } from './plan-model.ts'

/** How a tile is solved; without `choice` the dive alone decides. */
export type TileEffort = { master: MasterEffort; choice: ChoiceEffort | null; diveRounds: number }

/** Solves the nodes of one tile again, which are whole groups of the draft; says by how much the cost fell. */
export function refineTile(
  highs: Highs,
  draft: Draft,
  edges: Edges,
  tile: readonly number[],
  effort: TileEffort,
): number {
  const start = poolOf(draft, tile)
  const before = costOf(start)
  using master = new Master(highs, draft.model, edges, tile)
  master.add(start.filter((group) => group.cost < leftWeight))
  master.seed(start)
  for (const _ of master.run(effort.master));
  if (before - master.bound < 1) return 0
  const dived = settle(draft, edges, tile, master.dive(effort.diveRounds))
  const divedCost = costOf(dived)
  if (divedCost >= before - 0.5) apply(draft, tile, start)
  const best = divedCost < before ? dived : start
  master.add(best.filter((group) => group.cost < leftWeight))
  if (effort.choice === null) return before - Math.min(divedCost, before)
  const choice = choose(highs, master, best, effort.choice)
  if (choice.cost < costOf(best) - 0.5) apply(draft, tile, choice.groups)
  return before - Math.min(choice.cost, before)
}

function costOf(groups: readonly PoolGroup[]): number {
  return groups.reduce((sum, group) => sum + group.cost, 0)
}

/** Puts a dive into the draft and mends what it left: it covers all but the last few nodes well, and those badly. */
function settle(draft: Draft, edges: Edges, tile: readonly number[], dived: readonly PoolGroup[]): PoolGroup[] {
  apply(draft, tile, dived)
  draft.inside = new Uint8Array(draft.model.nodes.length)
  for (const node of tile) draft.inside[node] = 1
  for (const node of tile) if (draft.groupOf[node] === -1) mend(draft, edges, node, 1)
  polish(draft, edges, 2, new Set(tile))
  draft.inside = null
  return poolOf(draft, tile)
}

function apply(draft: Draft, tile: readonly number[], groups: readonly PoolGroup[]): void {
  draft.replace(
    tile,
    groups.filter((group) => group.cost < leftWeight).map((group) => group.nodes),
  )
  for (const node of tile) if (draft.groupOf[node] === -1 && draft.model.nodes[node]!.host !== null) draft.add([node])
}

/** The groups of a draft among some nodes as pool groups; a host that leads nobody is no group. */
export function poolOf(draft: Draft, nodes: readonly number[]): PoolGroup[] {
  const groups = new Set(nodes.map((node) => draft.groupOf[node]!))
  const pool: PoolGroup[] = []
  for (const group of groups) {
    if (group === -1) continue
    const own = draft.groups[group]!
    if (own.length === 1 && draft.model.nodes[own[0]!]!.host !== null) continue
    pool.push({ nodes: own, cost: draft.cost(group) })
  }
  for (const node of nodes)
    if (draft.groupOf[node] === -1) pool.push({ nodes: [node], cost: leftWeight * draft.model.nodes[node]!.units })
  return pool
}

/** Nodes of groups that are flagged and nodes left over: round them the draft is worth another look. */
export function troubled(draft: Draft): number[][] {
  const found = draft.left().map((node) => [node])
  for (const [at, group] of draft.groups.entries())
    if (group !== null && draft.cost(at) >= flagWeight) found.push(group)
  return found
}
