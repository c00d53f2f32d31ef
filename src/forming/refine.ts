// Makes a draft better: tile by tile, each with its own prices and its own choice of groups.
import type { Highs } from 'highs'
import { choose, type ChoiceEffort } from './choose.ts'
import type { Draft } from './draft.ts'
import type { Edges } from './grid.ts'
import { Master, type MasterEffort, type PoolGroup } from './master.ts'
import { flagWeight, leftWeight } from './plan-model.ts'

/** How a tile is solved. */
export type TileEffort = { master: MasterEffort; choice: ChoiceEffort; diveRounds: number }

/** Solves the nodes of one tile again, which are whole groups of the draft; says by how much the cost fell. */
export function refineTile(highs: Highs, draft: Draft, edges: Edges, tile: readonly number[], effort: TileEffort): number {
  const start = poolOf(draft, tile)
  using master = new Master(highs, draft.model, edges, tile)
  master.add(start.filter((group) => group.cost < leftWeight))
  const cpu = () => process.cpuUsage().user / 1e6
  const t = [cpu()]
  for (const _ of master.run(effort.master));
  t.push(cpu())
  const before = start.reduce((sum, group) => sum + group.cost, 0)
  if (before - master.bound < 1) return 0
  const dived = effort.diveRounds > 0 ? master.dive(effort.diveRounds) : start
  t.push(cpu())
  const divedCost = dived.reduce((sum, group) => sum + group.cost, 0)
  if (process.env.V) console.log(tile.length, before, master.value, master.bound, divedCost)
  const choice = choose(highs, master, divedCost < before ? dived : start, effort.choice)
  t.push(cpu())
  if (process.env.V) console.log(t.slice(1).map((x, i) => (x - t[i]!).toFixed(2)).join(' '), choice.cost)
  if (choice.cost > before - 0.5) return 0
  draft.replace(tile, choice.groups.filter((group) => group.cost < leftWeight).map((group) => group.nodes))
  const covered = new Set(choice.groups.flatMap((group) => group.nodes))
  for (const node of tile) if (draft.model.nodes[node]!.host !== null && !covered.has(node)) draft.add([node])
  return before - choice.cost
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
