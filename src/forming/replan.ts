// A plan kept as far as it can be after edits: only what an edit touches, and what stands next to it, is planned again.
import { Draft, polish } from './draft.ts'
import { findEdges } from './grid.ts'
import { finishLeft } from './left.ts'
import type { FormingPlan, PlanInput } from './plan-input.ts'
import { groupCost, modelOf } from './plan-model.ts'
import { planOf } from './plan.ts'

/**
 * Plans an edited input again from an earlier plan. Groups that still keep every rule stay; groups that lost or gained a unit
 * by the edits are solved again with their neighbours. `touched` names more units whose surroundings are to be looked at.
 */
export function replan(input: PlanInput, previous: FormingPlan, touched: readonly string[] = []): FormingPlan {
  const model = modelOf(input)
  const edges = findEdges(model)
  const draft = new Draft(model)
  const fresh = new Set<number>()
  for (const id of touched) if (model.unitNode.has(id)) fresh.add(model.unitNode.get(id)!)
  for (const group of previous.groups) {
    const ids = [group.leadId, ...group.unitIds]
    const nodes = [...new Set(ids.map((id) => model.unitNode.get(id)).filter((node) => node !== undefined))]
    if (nodes.length === 0) continue
    const whole = nodes.every((node) => model.nodes[node]!.unitIds.every((id) => group.unitIds.includes(id)))
    const complete = ids.every((id) => model.unitNode.has(id))
    const [lead, ...others] = nodes.map((node) => model.nodes[node]!)
    const free = nodes.every((node) => draft.groupOf[node] === -1 || model.nodes[node]!.host !== null)
    if (whole && free && groupCost(model, lead!, others) < Infinity) draft.replace([lead!.index], [nodes])
    if (!whole || !complete || draft.groupOf[lead!.index] === -1) for (const node of nodes) fresh.add(node)
  }
  for (const node of draft.left()) fresh.add(node)
  finishLeft(draft, edges)
  polish(draft, edges, 4, fresh)
  return planOf(draft, input)
}
