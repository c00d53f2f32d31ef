// How good a plan is, proved: what no plan for the same input can undercut, and how few units can be left over at all.
import type { Highs } from 'highs'
import { findEdges, type Edges } from './grid.ts'
import type { FormingPlan, PlanInput } from './plan-input.ts'
import { flagWeight, leftWeight, modelOf, type PlanModel, type PlanNode } from './plan-model.ts'
import { Master, type MasterEffort } from './master.ts'
import { partition, partitionMax } from './partition.ts'
import { Pricer } from './price.ts'
import { openSolver } from './solver.ts'
import { widenEdges } from './widen.ts'

/** A proof about a plan. `percent` is how far its metres are from `metresBound`, at the same numbers left over and flagged. */
export type PlanBound = { metresBound: number; percent: number; leftMin: number; leftProved: boolean; cut: boolean }

/** How hard a bound is worked for: `ruleRounds` 0 gives the uncut bound, which needs far less memory; see `uncutAbove`. */
export type BoundEffort = { ruleRounds?: number; signal?: AbortSignal; onRound?: (bound: number) => void }

/** Units above which a bound is left uncut by default: the cuts of more would not fit the solver's memory. */
export const uncutAbove = 40_000

/**
 * Proves a bound for a plan: the prices of a linear program over all groups the rules allow, corrected so that the
 * bound holds however exactly the solver worked. Stops early, with what is proved by then, when the signal says so.
 */
export async function boundPlan(input: PlanInput, plan: FormingPlan, effort: BoundEffort = {}): Promise<PlanBound> {
  const model = modelOf(input)
  const edges = findEdges(model)
  const highs = await openSolver()
  const own = plan.groups.filter((group) => !group.locked)
  const ruleRounds = effort.ruleRounds ?? (input.units.length > uncutAbove ? 0 : 6)
  using master = new Master(highs, model, edges, null)
  const pool = poolOf(model, own)
  master.add(pool)
  master.seed(pool)
  const proved = prove(master, edges, { rounds: 40, ruleRounds, rulesEach: 3000 }, effort)
  const leftMin = fewestLeft(highs, model, edges, plan)
  return { ...metresOver(plan, proved), leftMin, leftProved: leftMin === plan.leftOver.length, cut: ruleRounds > 0 }
}

/** What a bound on the weighted cost says of a plan's metres, given how many are left over and flagged. */
export function metresOver(plan: FormingPlan, proved: number): Pick<PlanBound, 'metresBound' | 'percent'> {
  const own = plan.groups.filter((group) => !group.locked)
  const metres = own.reduce((sum, group) => sum + group.metres, 0)
  const heavy = own.filter((group) => group.flagged).length * flagWeight + plan.leftOver.length * leftWeight
  const metresBound = Math.max(0, Math.ceil(proved - heavy - 1e-3))
  return { metresBound, percent: metres === 0 ? 0 : (100 * (metres - metresBound)) / Math.max(1, metresBound) }
}

// Edges that the prices call for are added and the program driven on; what counts is the bound over every pair there is.
function prove(master: Master, edges: Edges, driven: MasterEffort, effort: BoundEffort): number {
  let proved = -Infinity
  for (let round = 0; round < widenings; round += 1) {
    for (const _ of master.run(driven)) if (effort.signal?.aborted === true) return proved
    const before = master.bound
    master.widen(widenEdges(master.model, edges, master.boundPrices))
    proved = Math.max(proved, master.bound)
    effort.onRound?.(proved)
    if (proved > before - 1) break
  }
  return proved
}
const widenings = 4

function poolOf(model: PlanModel, groups: FormingPlan['groups']): { nodes: number[]; cost: number }[] {
  return groups.map((group) => ({
    nodes: [...new Set([group.leadId, ...group.unitIds].map((id) => model.unitNode.get(id)!))],
    cost: group.metres + (group.flagged ? flagWeight : 0),
  }))
}

/**
 * The fewest units that any plan leaves over, or a number that is certainly not above it: units that no group at all can hold,
 * and, in each part of the county that hangs together and has others left over, those of its best grouping where the part is
 * small, else the bound of the program that counts only them.
 * Only nodes whose edges are complete are counted, so that nothing hangs on how many neighbours are kept.
 */
function fewestLeft(highs: Highs, model: PlanModel, edges: Edges, plan: FormingPlan): number {
  if (plan.leftOver.length === 0) return 0
  const free = countingOnly(model, edges)
  const lonely = new Set(lonelyNodes(free.model, free.edges))
  const unitsOf = (nodes: Iterable<number>) => [...nodes].reduce((sum, node) => sum + model.nodes[node]!.units, 0)
  let least = unitsOf(lonely)
  const left = new Set(plan.leftOver.map((id) => model.unitNode.get(id)!).filter((node) => !lonely.has(node)))
  for (const part of partsOf(model, edges)) {
    if (!part.some((node) => left.has(node))) continue
    // A small part is settled by looking at every way to group it.
    if (part.length <= partitionMax && part.every((node) => edges.complete[node] === 1)) {
      least += unitsOf(partition(model, part).left.filter((node) => !lonely.has(node)))
      continue
    }
    const others = part.filter((node) => !lonely.has(node))
    using master = new Master(highs, free.model, free.edges, others)
    for (const _ of master.run({ rounds: 40, ruleRounds: 3, rulesEach: 500 }));
    least += Math.max(0, Math.ceil(countedBound(master, free.edges) / leftWeight - 1e-4))
  }
  return least
}

/**
 * The bound of a counting program at its prices, but with nothing paid by nodes whose edges were cut: those may stand in any
 * number of groups. So a group led over an edge that was cut is not cheaper than one led over the edges at hand.
 */
function countedBound(master: Master, edges: Edges): number {
  const prices = master.boundPrices.map((price, node) => (edges.complete[node] === 1 ? Math.max(0, price) : 0))
  master.pricer.rules = null
  let bound = 0
  for (const node of master.nodes) bound += prices[node]! + Math.min(0, master.pricer.best(node, prices)?.reduced ?? 0)
  return bound
}

/** The same input with every allowed group free of cost: only who is left over counts. */
function countingOnly(model: PlanModel, edges: Edges): { model: PlanModel; edges: Edges } {
  const settings = { ...model.settings, unitsNormal: model.settings.unitsMax }
  const nodes = model.nodes.map((node): PlanNode => ({ ...node, ownMetres: 0, ownFar: false }))
  return { model: { ...model, nodes, settings }, edges: { ...edges, cost: new Float64Array(edges.cost.length) } }
}

/** Nodes that stand in no group whatever, by asking every lead for a group with a prize on one node. */
function lonelyNodes(model: PlanModel, edges: Edges): number[] {
  const pricer = new Pricer(model, edges, null)
  const prices = new Float64Array(model.nodes.length)
  const leads = new Map<number, number[]>()
  for (const lead of model.nodes.keys())
    for (let at = edges.start[lead]!; at < edges.start[lead + 1]!; at += 1) {
      const list = leads.get(edges.to[at]!)
      if (list === undefined) leads.set(edges.to[at]!, [lead])
      else list.push(lead)
    }
  return model.nodes
    .filter((node) => {
      if (node.host !== null || edges.complete[node.index] === 0) return false
      if (pricer.best(node.index, prices) !== null) return false
      prices[node.index] = 1
      const found = (leads.get(node.index) ?? []).some((lead) => (pricer.best(lead, prices)?.reduced ?? 0) < 0)
      prices[node.index] = 0
      return !found
    })
    .map((node) => node.index)
}

function partsOf(model: PlanModel, edges: Edges): number[][] {
  const part = new Int32Array(model.nodes.length).map((_, at) => at)
  const find = (node: number): number => {
    let top = node
    while (part[top] !== top) top = part[top]!
    while (part[node] !== top) [part[node], node] = [top, part[node]!]
    return top
  }
  for (const lead of model.nodes.keys())
    for (let at = edges.start[lead]!; at < edges.start[lead + 1]!; at += 1) part[find(edges.to[at]!)] = find(lead)
  const parts = new Map<number, number[]>()
  for (const node of model.nodes.keys()) {
    const top = find(node)
    const list = parts.get(top)
    if (list === undefined) parts.set(top, [node])
    else list.push(node)
  }
  return [...parts.values()]
}
