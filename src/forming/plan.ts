// The planner: a usable plan at once, then ever better ones, then how far the last is from what no plan can undercut.
import { polish, quickDraft, type Draft } from './draft.ts'
import { findEdges, type Edges } from './grid.ts'
import { locked as lockedGroups } from './locked.ts'
import { finishLeft } from './left.ts'
import { far } from './pair.ts'
import type { FormingPlan, PlanGroup, PlanInput } from './plan-input.ts'
import { edgeMetres, modelOf, type PlanModel } from './plan-model.ts'
import { refineTile, troubled, type TileEffort } from './refine.ts'
import { openSolver } from './solver.ts'
import { around, tilesOf } from './tiles.ts'

/** What a run reports after each step: the best plan so far, what is being done and how much of the work is behind it (0 to 1). */
export type PlanStep = { plan: FormingPlan; phase: 'quick' | 'refine' | 'repair' | 'done' | 'prove'; done: number }

/** How a run is made: the seed, when to stop (the plan so far stays good), and how many rounds over the whole county. */
export type PlanEffort = { seed?: number; signal?: AbortSignal; passes?: number; tile?: number }

// The first pass only dives: what it leaves is near enough for the search of the second to have little to look through.
const tileEffort = (seed: number, pass: number): TileEffort => ({
  master: { rounds: 30, ruleRounds: pass === 0 ? 2 : 6, rulesEach: 300 },
  choice: pass === 0 ? null : { nodesMax: 30, gap: 1, seed },
  diveRounds: 3,
})
const tileNodes = 1500
// What is flagged or left over often has to change places with something far off, so its surroundings are solved as one: first
// widely, before the last pass, which settles what that has moved, then once more. A small county's tiles are wide already.
const repairNodes = (nodes: number, last: boolean) =>
  last ? 300 : Math.max(150, Math.min(1000, Math.round(nodes / 10)))

/**
 * Plans the groups of an input. Each step is a whole plan that keeps every rule; a caller may take any and stop. The same input
 * and seed give the same steps, however fast the machine is. Throws `Problem` for input that contradicts itself.
 */
export async function* planGroups(input: PlanInput, effort: PlanEffort = {}): AsyncGenerator<PlanStep> {
  const model = modelOf(input)
  const edges = findEdges(model)
  const draft = quickDraft(model, edges)
  finishLeft(draft, edges)
  yield { plan: planOf(draft, input), phase: 'quick', done: 0.05 }
  polish(draft, edges, 2)
  yield { plan: planOf(draft, input), phase: 'quick', done: 0.1 }
  yield* refine(draft, edges, input, effort)
  yield { plan: planOf(draft, input), phase: 'done', done: 1 }
}

async function* refine(draft: Draft, edges: Edges, input: PlanInput, effort: PlanEffort): AsyncGenerator<PlanStep> {
  const highs = await openSolver()
  const seed = effort.seed ?? 1
  const passes = effort.passes ?? 2
  const stopped = () => effort.signal?.aborted === true
  for (let pass = 0; pass < passes; pass += 1) {
    const own = tileEffort(seed, pass)
    const tiles = tilesOf(draft, effort.tile ?? tileNodes, pass + seed - 1)
    const each = Math.max(1, Math.ceil(tiles.length / 10))
    for (const [at, tile] of tiles.entries()) {
      if (stopped()) return
      refineTile(highs, draft, edges, tile, own)
      const done = 0.1 + (0.85 * (pass + (at + 1) / tiles.length)) / passes
      if (at % each === each - 1) yield { plan: planOf(draft, input), phase: 'refine', done }
    }
    polish(draft, edges, 2)
    if (pass < passes - 2) continue
    const size = repairNodes(draft.model.nodes.length, pass === passes - 1)
    const seen = new Set<number>()
    for (const seeds of troubled(draft)) {
      if (stopped()) return
      if (seeds.some((node) => seen.has(node))) continue
      for (const node of seeds) seen.add(node)
      refineTile(highs, draft, edges, around(draft, edges, seeds, size), tileEffort(seed, passes))
    }
    yield { plan: planOf(draft, input), phase: 'repair', done: 0.1 + (0.85 * (pass + 1)) / passes }
  }
}

/** The plan a draft stands for, the locked groups with it. */
export function planOf(draft: Draft, input: PlanInput): FormingPlan {
  const { model } = draft
  const groups: PlanGroup[] = lockedGroups(input)
  for (const nodes of draft.groups)
    if (nodes !== null && (nodes.length > 1 || model.nodes[nodes[0]!]!.host === null))
      groups.push(groupOf(model, nodes))
  const leftOver = draft.left().flatMap((node) => model.nodes[node]!.unitIds)
  const metres = groups.reduce((sum, group) => sum + group.metres, 0)
  const flagged = groups.filter((group) => group.flagged).length
  return { groups, leftOver, refused: [...(input.refused ?? [])], metres, flagged }
}

function groupOf(model: PlanModel, indexes: readonly number[]): PlanGroup {
  const [lead, ...others] = indexes.map((index) => model.nodes[index]!)
  const edges = others.map((node) => edgeMetres(model, lead!, node))
  const units = lead!.units + others.reduce((sum, node) => sum + node.units, 0)
  return {
    leadId: lead!.host ?? lead!.unitIds[0]!,
    unitIds: [...lead!.unitIds, ...others.flatMap((node) => node.unitIds)],
    locked: false,
    metres: lead!.ownMetres + edges.reduce((sum, edge) => sum + (edge % far), 0),
    flagged: lead!.ownFar || units > model.settings.unitsNormal || edges.some((edge) => edge >= far),
  }
}
