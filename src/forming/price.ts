// The cheapest group a node can lead when every node pays a price for being covered: the heart of bounds and of better plans.
import type { Edges } from './grid.ts'
import { far } from './pair.ts'
import { flagWeight, type PlanModel, type PlanNode } from './plan-model.ts'

/** A rule on three nodes: at most one group may hold two of them. `price` is never above zero; `of` finds rules by node. */
export type TripleRules = { nodes: number[][]; prices: number[]; of: Map<number, number[]> }

/** A group found: the lead first, its true cost, and that cost less the prices its nodes pay. */
export type Priced = { nodes: number[]; cost: number; reduced: number }

/** Candidates of one lead, by reduced cost: node, cost and reduced cost side by side; reused from lead to lead. */
class Candidates {
  readonly node: Int32Array
  readonly cost: Float64Array
  readonly reduced: Float64Array
  size = 0
  constructor(most: number) {
    this.node = new Int32Array(most)
    this.cost = new Float64Array(most)
    this.reduced = new Float64Array(most)
  }
  add(node: number, cost: number, reduced: number): void {
    let at = this.size
    for (; at > 0 && this.reduced[at - 1]! > reduced; at -= 1) {
      this.node[at] = this.node[at - 1]!
      this.cost[at] = this.cost[at - 1]!
      this.reduced[at] = this.reduced[at - 1]!
    }
    this.node[at] = node
    this.cost[at] = cost
    this.reduced[at] = reduced
    this.size += 1
  }
}

function candidatesFor({ start }: Edges): Candidates {
  let most = 0
  for (let lead = 0; lead + 1 < start.length; lead += 1) most = Math.max(most, start[lead + 1]! - start[lead]!)
  return new Candidates(most)
}

/** Finds groups by price. `inside` limits the nodes to those it marks (a tile); without it every node counts. */
export class Pricer {
  readonly model: PlanModel
  edges: Edges
  inside: Uint8Array | null
  rules: TripleRules | null = null
  private list: Candidates
  constructor(model: PlanModel, edges: Edges, inside: Uint8Array | null) {
    this.model = model
    this.inside = inside
    this.edges = edges
    this.list = candidatesFor(edges)
  }

  /** Prices over other edges from now on. */
  use(edges: Edges): void {
    this.edges = edges
    this.list = candidatesFor(edges)
  }

  /** The cheapest group a node can lead, exactly; null when it can lead none. `also` hears of every better one on the way. */
  best(lead: number, prices: Float64Array, also: ((found: Priced) => void) | null = null): Priced | null {
    const { settings } = this.model
    const head = this.model.nodes[lead]!
    let found: Priced | null = null
    const keep = (one: Priced) => {
      if (found !== null && one.reduced >= found.reduced) return
      found = one
      also?.(one)
    }
    const start = head.ownMetres - prices[lead]!
    const gain = this.collect(lead, prices, far)
    if (!head.ownFar) this.search(head, settings.unitsNormal - head.units, start, head.ownMetres, keep)
    // A flagged group pays the flag's weight first: it is looked at only where prices could still make it the best.
    const least = (found as Priced | null)?.reduced ?? Infinity
    if (head.ownFar || start + flagWeight + gain < Math.min(least, 0)) {
      this.collect(lead, prices, Infinity)
      this.search(head, settings.unitsMax - head.units, start + flagWeight, head.ownMetres + flagWeight, keep)
    }
    return found
  }

  /** Fills the list with edges below `most`, sorted; gives the sum of all negative reduced costs, wide edges included. */
  private collect(lead: number, prices: Float64Array, most: number): number {
    const { list, edges, inside } = this
    list.size = 0
    let gain = 0
    for (let at = edges.start[lead]!, end = edges.start[lead + 1]!; at < end; at += 1) {
      const node = edges.to[at]!
      if (inside !== null && inside[node] === 0) continue
      const edge = edges.cost[at]!
      const cost = edge >= far ? edge - far : edge
      const reduced = cost - prices[node]!
      if (reduced < 0) gain += reduced
      if (edge < most) list.add(node, cost, reduced)
    }
    return gain
  }

  private search(head: PlanNode, room: number, start: number, cost: number, keep: (one: Priced) => void): void {
    const { list, rules } = this
    const { nodes, settings } = this.model
    const need = head.host === null ? settings.membersMin : 0
    const picked: number[] = []
    const met = new Map<number, number>()
    let least = Infinity
    const walk = (from: number, units: number, members: number, reduced: number, sum: number): void => {
      if (members >= need && reduced < least && (head.host === null || picked.length > 0)) {
        least = reduced
        keep({ nodes: [head.index, ...picked], cost: sum, reduced })
      }
      const slots = room - units
      for (let at = from; at < list.size && slots > 0; at += 1) {
        const own = list.reduced[at]!
        // What is still to come cannot be cheaper than this one, as often as there is room.
        if (reduced + own * (own < 0 ? slots : 1) >= least) break
        const next = nodes[list.node[at]!]!
        if (next.units > slots || members + next.members > settings.membersMax) continue
        if (next.apart !== null && picked.some((one) => next.apart!.has(one))) continue
        const charged = rules === null ? 0 : this.enter(next.index, met)
        picked.push(next.index)
        walk(at + 1, units + next.units, members + next.members, reduced + own - charged, sum + list.cost[at]!)
        picked.pop()
        if (rules !== null) this.leave(next.index, met)
      }
    }
    if (rules !== null) this.enter(head.index, met)
    walk(0, 0, head.members, start, cost)
  }

  /** Counts a node in its rules and gives the price (never above zero) of those that it fills. */
  private enter(node: number, met: Map<number, number>): number {
    let charged = 0
    for (const rule of this.rules!.of.get(node) ?? []) {
      const count = (met.get(rule) ?? 0) + 1
      met.set(rule, count)
      if (count === 2) charged += this.rules!.prices[rule]!
    }
    return charged
  }

  private leave(node: number, met: Map<number, number>): void {
    for (const rule of this.rules!.of.get(node) ?? []) met.set(rule, met.get(rule)! - 1)
  }
}
