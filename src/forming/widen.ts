// The edges that a bound needs beside the nearest: with every node's price known, only those that could make a group cheaper.
import { forRing, Grid, packed, ringsOf, type Edge, type Edges } from './grid.ts'
import { far } from './pair.ts'
import { edgeMetres, flagWeight, type PlanModel, type PlanNode } from './plan-model.ts'

/**
 * Edges to which every pair is added over which a node costs less than it pays. Priced over them, no lead can have a cheaper group
 * over pairs that are not there, so a bound at these prices holds for every pair the rules allow. (One kind is not looked for:
 * from a surveyed lead to a unit known only by its street and further off than an industry may reach.)
 */
export function widenEdges(model: PlanModel, edges: Edges, prices: Float64Array): Edges {
  const grid = new Grid(model.nodes, model)
  const lists = model.nodes.map(({ index }): Edge[] => {
    const [from, to] = [edges.start[index]!, edges.start[index + 1]!]
    return Array.from(edges.to.subarray(from, to), (node, at) => [node, edges.cost[from + at]!])
  })
  const known = lists.map((list) => new Set(list.map(([node]) => node)))
  const flagging = flaggingLeads(model, grid, prices)
  for (const node of model.nodes) {
    const price = prices[node.index]!
    if (node.host !== null || price <= 0) continue
    for (const lead of within(model, grid, node, price)) {
      if (lead === node || known[lead.index]!.has(node.index)) continue
      const metres = edgeMetres(model, lead, node)
      if (metres === Infinity || metres % far >= price || (metres >= far && flagging[lead.index] === 0)) continue
      known[lead.index]!.add(node.index)
      lists[lead.index]!.push([node.index, metres])
    }
  }
  for (const list of lists) list.sort((a, b) => a[1] - b[1] || a[0] - b[0])
  return { ...packed(lists), complete: edges.complete }
}

/** Leads of groups that could pay for a flag: some node in them must pay its share of it. */
function flaggingLeads(model: PlanModel, grid: Grid, prices: Float64Array): Uint8Array {
  const marked = new Uint8Array(model.nodes.length)
  const share = flagWeight / model.settings.unitsMax
  for (const node of model.nodes)
    if (prices[node.index]! >= share) for (const lead of within(model, grid, node, Infinity)) marked[lead.index] = 1
  return marked
}

/** Nodes that may stand no further from one than some metres, in a straight line or by a common building, park, road or street. */
function within(model: PlanModel, grid: Grid, node: PlanNode, metres: number): Set<PlanNode> {
  const found = new Set<PlanNode>(grid.tagged(node).flatMap(({ list }) => list))
  const rings = Math.min(ringsOf(model, metres), ringsOf(model, model.settings.industryMetres))
  for (let ring = 0; ring <= rings; ring += 1)
    forRing(node, ring, (key) => grid.cells.get(key)?.forEach((lead) => found.add(lead)))
  return found
}
