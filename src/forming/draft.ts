// A plan while it is being made: groups of nodes, and the first quick grouping.
import { far } from './pair.ts'
import { partition, partitionMax } from './partition.ts'
import { groupCost, leftWeight, type PlanModel } from './plan-model.ts'
import type { Edges } from './grid.ts'

/** Groups of nodes, the lead first; group numbers stay, an emptied group is null. */
export class Draft {
  readonly groups: (number[] | null)[] = []
  readonly groupOf: Int32Array
  readonly model: PlanModel
  /** Where set, regrouping looks only at the nodes it marks: those of a tile. */
  inside: Uint8Array | null = null
  constructor(model: PlanModel) {
    this.model = model
    this.groupOf = new Int32Array(model.nodes.length).fill(-1)
    for (const node of model.nodes) if (node.host !== null) this.add([node.index])
  }
  add(nodes: number[]): void {
    for (const node of nodes) this.groupOf[node] = this.groups.length
    this.groups.push(nodes)
  }
  drop(group: number): number[] {
    const nodes = this.groups[group]!
    for (const node of nodes) this.groupOf[node] = -1
    this.groups[group] = null
    return nodes
  }
  cost(group: number): number {
    const [lead, ...others] = this.groups[group]!.map((node) => this.model.nodes[node]!)
    return groupCost(this.model, lead!, others)
  }
  left(): number[] {
    return this.model.nodes.filter((node) => this.groupOf[node.index] === -1).map((node) => node.index)
  }
  /** Weighted cost of everything. */
  total(): number {
    let sum = 0
    for (const [at, group] of this.groups.entries()) if (group !== null) sum += this.cost(at)
    for (const node of this.left()) sum += leftWeight * this.model.nodes[node]!.units
    return sum
  }
  /** Puts other groups in the place of some: `nodes` are all nodes of the dropped groups and the left-over ones among them. */
  replace(nodes: readonly number[], groups: readonly number[][]): void {
    for (const node of nodes) {
      const group = this.groupOf[node]!
      if (group !== -1) this.drop(group)
    }
    for (const group of groups) this.add([...group])
  }
  copy(): Draft {
    const copy = new Draft(this.model)
    copy.groups.length = 0
    copy.groupOf.fill(-1)
    for (const group of this.groups) if (group !== null) copy.add([...group])
    return copy
  }
}

/** Groups the scarcest nodes first: those with the fewest neighbours choose, each the cheapest way it can be grouped. */
export function quickDraft(model: PlanModel, edges: Edges): Draft {
  const draft = new Draft(model)
  const degree = (node: number) => edges.start[node + 1]! - edges.start[node]!
  const order = model.nodes.map((node) => node.index).sort((a, b) => degree(a) - degree(b) || a - b)
  for (const node of order) if (draft.groupOf[node] === -1) place(draft, edges, node)
  for (let round = 0; round < 3; round += 1) {
    const left = draft.left()
    if (left.length === 0) break
    for (const node of left) if (draft.groupOf[node] === -1) mend(draft, edges, node, round)
  }
  return draft
}

function place(draft: Draft, edges: Edges, node: number): void {
  const { nodes, settings } = draft.model
  const own = nodes[node]!
  const picked = [node]
  let members = own.members
  let units = own.units
  let group = -1
  for (let at = edges.start[node]!; at < edges.start[node + 1]! && edges.cost[at]! < far; at += 1) {
    const other = edges.to[at]!
    const into = draft.groupOf[other]!
    if (into !== -1) {
      // A group that has room and is led near by is as good as a new one.
      if (group === -1 && nodes[draft.groups[into]![0]!]!.index === other && fits(draft, into, node)) group = into
      continue
    }
    const next = nodes[other]!
    if (members >= settings.membersMin || units + next.units > settings.unitsNormal) continue
    picked.push(other)
    members += next.members
    units += next.units
  }
  const rest = picked.slice(1).map((one) => nodes[one]!)
  if (groupCost(draft.model, own, rest) < Infinity) draft.add(picked)
  else if (group !== -1) draft.add([...draft.drop(group), node])
}

function fits(draft: Draft, group: number, node: number): boolean {
  const [lead, ...others] = draft.groups[group]!.map((one) => draft.model.nodes[one]!)
  const units = lead!.units + others.reduce((sum, one) => sum + one.units, 0)
  if (units + draft.model.nodes[node]!.units > draft.model.settings.unitsNormal) return false
  return groupCost(draft.model, lead!, [...others, draft.model.nodes[node]!]) < Infinity
}

/** Solves a node left over together with the groups of its neighbours, ever more of them; says whether that helped. */
export function mend(draft: Draft, edges: Edges, node: number, skip: number): boolean {
  const around: number[] = []
  const { inside } = draft
  for (let at = edges.start[node]!; at < edges.start[node + 1]!; at += 1) {
    if (inside !== null && inside[edges.to[at]!] === 0) continue
    const group = draft.groupOf[edges.to[at]!]!
    if (group !== -1 && !around.includes(group)) around.push(group)
  }
  for (let first = 0; first < Math.min(around.length, 6 + 6 * skip); first += 1) {
    const nodes = [node]
    for (const group of [...around.slice(first), ...around.slice(0, first)]) {
      const own = draft.groups[group]!
      if (nodes.length + own.length <= partitionMax) nodes.push(...own)
    }
    for (let at = edges.start[node]!; at < edges.start[node + 1]! && nodes.length < partitionMax; at += 1)
      if (draft.groupOf[edges.to[at]!] === -1 && inside?.[edges.to[at]!] !== 0 && !nodes.includes(edges.to[at]!))
        nodes.push(edges.to[at]!)
    if (improve(draft, nodes)) return true
  }
  return false
}

/** Solves some nodes exactly, whole groups and nodes left over; keeps the better answer. */
export function improve(draft: Draft, nodes: readonly number[]): boolean {
  const groups = new Set(nodes.map((node) => draft.groupOf[node]!))
  let before = 0
  for (const group of groups) if (group !== -1) before += draft.cost(group)
  for (const node of nodes) if (draft.groupOf[node] === -1) before += leftWeight * draft.model.nodes[node]!.units
  const found = partition(draft.model, nodes)
  if (found.cost >= before - 0.5) return false
  draft.replace(nodes, found.groups)
  return true
}

/** Solves every group (of `only`, where given) together with the groups next to it, exactly, `rounds` times over or until nothing gets better. */
export function polish(draft: Draft, edges: Edges, rounds: number, only: Set<number> | null = null): void {
  let fresh = only
  for (let round = 0; round < rounds; round += 1) {
    const changed = new Set<number>()
    const ids = fresh
    for (const node of draft.model.nodes.keys()) {
      const group = draft.groupOf[node]!
      if (group !== -1 && draft.groups[group]![0] !== node) continue
      if (ids !== null && !(group === -1 ? [node] : draft.groups[group]!).some((one) => ids.has(one))) continue
      const nodes = group === -1 ? [node] : [...draft.groups[group]!]
      gather(draft, edges, nodes)
      if (improve(draft, nodes)) for (const one of nodes) changed.add(one)
    }
    if (changed.size === 0) return
    fresh = changed
  }
}

// Whole groups nearest to any of the nodes, as many as are solved at once.
function gather(draft: Draft, edges: Edges, nodes: number[]): void {
  const near: [number, number][] = []
  for (const node of nodes)
    for (let at = edges.start[node]!; at < Math.min(edges.start[node]! + 12, edges.start[node + 1]!); at += 1)
      near.push([edges.cost[at]!, edges.to[at]!])
  near.sort((a, b) => a[0] - b[0] || a[1] - b[1])
  for (const [, other] of near) {
    if (nodes.includes(other) || draft.inside?.[other] === 0) continue
    const group = draft.groupOf[other]!
    const own = group === -1 ? [other] : draft.groups[group]!
    if (nodes.length + own.length <= polishMax) nodes.push(...own)
  }
}
const polishMax = 10
