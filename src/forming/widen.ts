// The edges that a bound needs beside the nearest: with every node's price known, only those that could make a group cheaper.
import { forRing, Grid, packed, ringsOf, type Edge, type Edges } from './grid.ts'
import { far } from './pair.ts'
import { edgeMetres, flagWeight, type PlanModel, type PlanNode } from './plan-model.ts'

/**
 * Edges to which every pair is added that a group cheaper than its prices could hold. Such a group holds a node either because the
 * node pays more than it costs, or because without it there are too few members: then what the lead and the members before it
 * have to spare must make up for what it costs beyond its price. Priced over these edges, no lead can have a cheaper group over
 * pairs that are not there, so a bound at these prices holds for every pair the rules allow. (One kind is not looked for: from a
 * surveyed lead to a unit known only by its street and further off than an industry may reach.)
 */
export function widenEdges(model: PlanModel, edges: Edges, prices: Float64Array): Edges {
  const wider = new Wider(model, edges, prices)
  for (const node of model.nodes) wider.leadsOf(node, prices[node.index]!, () => 0)
  const spare = model.nodes.map((lead) => wider.spareOf(lead))
  const spareOf = (lead: PlanNode) => spare[lead.index]!
  // The larger of price and spare is at least half of what a pair may cost.
  for (const node of model.nodes) wider.leadsOf(node, 2 * prices[node.index]!, spareOf)
  for (const lead of model.nodes) wider.ledBy(lead, spareOf(lead))
  return wider.edges()
}

class Wider {
  private readonly model: PlanModel
  private readonly complete: Uint8Array
  private readonly prices: Float64Array
  private readonly grid: Grid
  private readonly lists: Edge[][]
  private readonly known: Set<number>[]
  private readonly seen: Int32Array
  private round = 0
  private readonly flagging: Uint8Array

  constructor(model: PlanModel, edges: Edges, prices: Float64Array) {
    this.model = model
    this.complete = edges.complete
    this.prices = prices
    this.grid = new Grid(model.nodes, model)
    this.seen = new Int32Array(model.nodes.length)
    this.lists = model.nodes.map(({ index }): Edge[] => {
      const [from, to] = [edges.start[index]!, edges.start[index + 1]!]
      return Array.from(edges.to.subarray(from, to), (node, at) => [node, edges.cost[from + at]!])
    })
    this.known = this.lists.map((list) => new Set(list.map(([node]) => node)))
    this.flagging = this.flaggingLeads()
  }

  /** Adds the pairs in which a node may be led for its price and what the lead has to spare. */
  leadsOf(node: PlanNode, metres: number, spareOf: (lead: PlanNode) => number): void {
    if (node.host !== null || metres <= 0) return
    this.within(node, metres, (lead) => this.add(lead, node, spareOf(lead)))
  }

  /** Adds the pairs in which a lead takes nodes for what it has to spare. */
  ledBy(lead: PlanNode, spare: number): void {
    if (spare > 0) this.within(lead, 2 * spare, (node) => this.add(lead, node, spare))
  }

  /** What a lead and the members that are still too few with it pay beyond what they cost: a host needs no members. */
  spareOf(lead: PlanNode): number {
    const lacking = this.model.settings.membersMin - 1 - lead.members
    if (lead.host !== null || lacking < 0) return 0
    const gains = this.lists[lead.index]!.map(([node, metres]) => this.prices[node]! - (metres % far))
    const best = gains.filter((gain) => gain > 0).sort((a, b) => b - a)
    const others = best.slice(0, lacking).reduce((sum, gain) => sum + gain, 0)
    return Math.max(0, this.prices[lead.index]! - lead.ownMetres + others)
  }

  edges(): Edges {
    for (const list of this.lists) list.sort((a, b) => a[1] - b[1] || a[0] - b[0])
    return { ...packed(this.lists), complete: this.complete }
  }

  private add(lead: PlanNode, node: PlanNode, spare: number): void {
    if (lead === node || node.host !== null || this.known[lead.index]!.has(node.index)) return
    const most = this.prices[node.index]! + spare
    if (most <= 0) return
    const metres = edgeMetres(this.model, lead, node)
    if (metres === Infinity || metres % far >= most) return
    if (metres >= far && this.flagging[lead.index] === 0) return
    this.known[lead.index]!.add(node.index)
    this.lists[lead.index]!.push([node.index, metres])
  }

  /** Leads of groups that could pay for a flag: some node in them must pay its share of it. */
  private flaggingLeads(): Uint8Array {
    const marked = new Uint8Array(this.model.nodes.length)
    const share = flagWeight / this.model.settings.unitsMax
    for (const node of this.model.nodes)
      if (this.prices[node.index]! >= share) {
        marked[node.index] = 1
        this.within(node, Infinity, (lead) => (marked[lead.index] = 1))
      }
    return marked
  }

  /** Visits nodes that may stand no further from one than some metres: in a straight line, or by a common building, park, road or street. */
  private within(node: PlanNode, metres: number, visit: (other: PlanNode) => void): void {
    const { model, grid, seen } = this
    this.round += 1
    const look = (other: PlanNode) => {
      if (seen[other.index] === this.round) return
      seen[other.index] = this.round
      visit(other)
    }
    for (const { list } of grid.tagged(node)) list.forEach(look)
    const reach = Math.min(metres, model.settings.industryMetres) ** 2
    const near = (other: PlanNode) => {
      const east = grid.east[other.index]! - node.place.x
      const north = grid.north[other.index]! - node.place.y
      if (east * east + north * north <= reach) look(other)
    }
    const rings = Math.min(ringsOf(model, metres), ringsOf(model))
    for (let ring = 0; ring <= rings; ring += 1) forRing(node, ring, (key) => grid.cells.get(key)?.forEach(near))
  }
}
