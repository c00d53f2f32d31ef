// Proves a plan optimal, or finds the one that is: pairs that no better plan can hold are struck out, the few that stay are searched.
import { metresOver, type PlanBound } from './bound.ts'
import { solveCompact, type Pair } from './compact.ts'
import { Draft } from './draft.ts'
import { findEdges, noLimits, type Edges } from './grid.ts'
import { Master, type PoolGroup } from './master.ts'
import type { FormingPlan, PlanInput } from './plan-input.ts'
import { bestGroup, leftWeight, modelOf } from './plan-model.ts'
import { planOf } from './plan.ts'
import { openSolver } from './solver.ts'

/** A proof: the plan (the given one, or a better), whether it is optimal over every pair that the rules allow, and how many pairs were searched. */
export type PlanProof = { plan: FormingPlan; optimal: boolean; pairs: number; bound: number; cost: number }

/** How much a proof may do: nodes of the search, with the better plan found by then, and pairs above which none is begun. */
export type ProofEffort = { nodesMax?: number; pairsMax?: number }

/** Proves a plan of up to some thousand units optimal. */
export async function provePlan(input: PlanInput, plan: FormingPlan, effort: ProofEffort = {}): Promise<PlanProof> {
  const model = modelOf(input)
  const edges = findEdges(model, noLimits)
  const highs = await openSolver()
  const start = plan.groups
    .filter((group) => !group.locked)
    .map((group): PoolGroup => {
      const ids = [...new Set([group.leadId, ...group.unitIds].map((id) => model.unitNode.get(id)!))]
      const { cost, lead } = bestGroup(
        model,
        ids.map((id) => model.nodes[id]!),
      )
      return { nodes: [lead, ...ids.filter((id) => id !== lead)], cost }
    })
  const left = new Set(plan.leftOver.map((id) => model.unitNode.get(id)!))
  const pool = [...start, ...[...left].map((node) => ({ nodes: [node], cost: leftWeight * model.nodes[node]!.units }))]
  const cost = pool.reduce((sum, group) => sum + group.cost, 0)
  using master = new Master(highs, model, edges, null)
  master.add(start)
  for (const _ of master.run({ rounds: 60, ruleRounds: 12, rulesEach: 1000 }));
  if (cost - master.bound < 0.999) return { plan, optimal: true, pairs: 0, bound: master.bound, cost }
  const pairs = openPairs(master, edges, cost, start)
  if (pairs.length > (effort.pairsMax ?? Infinity))
    return { plan, optimal: false, pairs: pairs.length, bound: master.bound, cost }
  const { nodesMax } = effort
  const found = solveCompact(highs, model, pairs, pool, { seed: 1, ...(nodesMax === undefined ? {} : { nodesMax }) })
  const bound = Math.max(master.bound, Math.min(found.bound, cost))
  if (found.cost >= cost - 0.5) return { plan, optimal: found.optimal, pairs: pairs.length, bound, cost }
  const draft = new Draft(model)
  for (const group of found.groups) if (group.cost === 0) draft.replace([group.nodes[0]!], [group.nodes])
  return { plan: planOf(draft, input), optimal: found.optimal, pairs: pairs.length, bound, cost: found.cost }
}

/** What is known of a proof's plan, given the bound worked out before. */
export function boundBy(proof: PlanProof, before: PlanBound): PlanBound {
  const { leftMin } = before
  const own = metresOver(proof.plan, proof.optimal ? proof.cost : proof.bound)
  return { ...before, ...own, leftProved: leftMin === proof.plan.leftOver.length }
}

/** Pairs that a plan cheaper than `cost` could hold: the cheapest group with the pair undercuts what the bound leaves open. */
function openPairs(master: Master, edges: Edges, cost: number, start: readonly PoolGroup[]): Pair[] {
  const gap = cost - master.bound
  const used = new Set(start.flatMap(({ nodes }) => nodes.slice(1).map((node) => `${nodes[0]} ${node}`)))
  const prices = Float64Array.from(master.boundPrices)
  const prize = 1e9
  const pairs: Pair[] = []
  master.rules.prices.splice(
    0,
    Infinity,
    ...master.boundRules,
    ...master.rules.prices.slice(master.boundRules.length).map(() => 0),
  )
  for (let lead = 0; lead + 1 < edges.start.length; lead += 1)
    for (let at = edges.start[lead]!; at < edges.start[lead + 1]!; at += 1) {
      const node = edges.to[at]!
      prices[node] = prices[node]! + prize
      const best = master.pricer.best(lead, prices)
      prices[node] = prices[node] - prize
      const reduced = best === null ? Infinity : best.reduced + prize
      if (reduced <= gap + 1e-3 || used.has(`${lead} ${node}`)) pairs.push({ lead, node, cost: edges.cost[at]! })
    }
  return pairs
}
