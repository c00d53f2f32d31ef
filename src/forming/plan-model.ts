// The planner's picture of the input: nodes instead of units. Units that must be together are one node, a host is a node that
// must lead; refused and locked units are no nodes at all.
import { Problem } from '../base/problem.ts'
import { far, metresBetween, pairMetres } from './pair.ts'
import { settingsOf, type FormingSettings, type PlanInput, type PlanPlace } from './plan-input.ts'

/** What one group that is flagged weighs, and what one unit left over weighs, against metres: far above any real sum. */
export const flagWeight = 200_000
export const leftWeight = 2_000_000

/** A node: units that move together (one, as a rule), or a host. */
export type PlanNode = {
  index: number
  /** Where the node is measured from: the unit (or host) whose place stands first. */
  place: PlanPlace
  industry: string | null
  unitIds: string[]
  parts: { place: PlanPlace; industry: string | null }[]
  units: number
  members: number
  host: string | null
  /** Metres of the node's own units to its first one; `far` units are counted in `ownFar`. */
  ownMetres: number
  ownFar: boolean
  /** Nodes it must not share a group with. */
  apart: Set<number> | null
}

/** Nodes and settings of one planning run; `unitNode` finds the node of a unit or host by its id. */
export type PlanModel = { nodes: PlanNode[]; settings: FormingSettings; unitNode: Map<string, number> }

/** What a unit is called in what is said of it. */
function namesOf(input: PlanInput): (id: string) => string {
  return (id) => input.units.find((unit) => unit.id === id)?.name ?? id
}

function joinUnits(input: PlanInput, skip: Set<string>): Map<string, string[]> {
  const root = new Map<string, string>()
  const find = (id: string): string => {
    const up = root.get(id)!
    if (up === id) return id
    const top = find(up)
    root.set(id, top)
    return top
  }
  for (const { id } of input.units) if (!skip.has(id)) root.set(id, id)
  const locked = new Set((input.locked ?? []).flatMap((group) => group.unitIds))
  const nameOf = namesOf(input)
  for (const [a, b] of input.together ?? []) {
    if ((root.has(a) && locked.has(b)) || (root.has(b) && locked.has(a)))
      throw new Problem(
        'conflict',
        `要求“${nameOf(a)}”和“${nameOf(b)}”同组，其中一家已锁定在别的组里，请把另一家也放进该组，或先解锁。`,
      )
    if (root.has(a) && root.has(b)) root.set(find(b), find(a))
  }
  const sets = new Map<string, string[]>()
  for (const id of root.keys()) {
    const top = find(id)
    const set = sets.get(top)
    if (set === undefined) sets.set(top, [id])
    else set.push(id)
  }
  return sets
}

function checkInput(input: PlanInput): void {
  const ids = new Set<string>()
  for (const { id } of [...input.units, ...(input.hosts ?? [])]) {
    if (ids.has(id)) throw new Problem('invalid', `单位“${id}”出现了两次，请先去重再编排。`)
    ids.add(id)
  }
  for (const unit of input.units)
    if (!Number.isInteger(unit.members) || unit.members < 1)
      throw new Problem('invalid', `单位“${unit.id}”没有正式党员，不能编入联合支部，请改派指导员。`)
}

/** Builds the nodes of an input; throws `Problem` when an id is given twice or a unit has no formal member. */
export function modelOf(input: PlanInput): PlanModel {
  checkInput(input)
  const settings = settingsOf(input.settings)
  const taken = (input.locked ?? []).flatMap((group) => [group.leadId, ...group.unitIds])
  const skip = new Set([...(input.refused ?? []), ...taken])
  const units = new Map(input.units.map((unit) => [unit.id, unit]))
  const nodes: PlanNode[] = []
  const unitNode = new Map<string, number>()
  for (const ids of joinUnits(input, skip).values()) {
    const parts = ids.map((id) => units.get(id)!)
    const own = parts.slice(1).map((part) => pairMetres(parts[0]!, part, settings))
    // A pair that must be together is together however far apart it is: the office has said so.
    const metres = own.map((one, at) =>
      one < Infinity ? one : metresBetween(parts[0]!.place, parts[at + 1]!.place, settings) + far,
    )
    for (const id of ids) unitNode.set(id, nodes.length)
    nodes.push({
      index: nodes.length,
      place: parts[0]!.place,
      industry: parts[0]!.industry,
      unitIds: ids,
      parts,
      units: ids.length,
      members: parts.reduce((sum, part) => sum + part.members, 0),
      host: null,
      ownMetres: metres.reduce((sum, one) => sum + (one % far), 0),
      ownFar: metres.some((one) => one >= far),
      apart: null,
    })
  }
  for (const host of input.hosts ?? []) {
    if (skip.has(host.id)) continue
    unitNode.set(host.id, nodes.length)
    nodes.push({
      index: nodes.length,
      place: host.place,
      industry: host.industry,
      unitIds: [],
      parts: [host],
      units: host.unitIds.length,
      members: host.members,
      host: host.id,
      ownMetres: 0,
      ownFar: false,
      apart: null,
    })
    for (const id of host.unitIds) if (!unitNode.has(id)) unitNode.set(id, nodes.length - 1)
  }
  const nameOf = namesOf(input)
  for (const [a, b] of input.apart ?? []) {
    const own = unitNode.get(a)
    // What stands together in a branch that exists is not for a plan to part.
    if (own !== undefined && own === unitNode.get(b) && nodes[own]!.host === null)
      throw new Problem(
        'conflict',
        `“${nameOf(a)}”和“${nameOf(b)}”既要求同组（或都要求与别家同组）又要求不得同组，请在编组要求里撤销其中一条。`,
      )
    keepApart(nodes, own, unitNode.get(b))
  }
  return { nodes, settings, unitNode }
}

function keepApart(nodes: PlanNode[], a: number | undefined, b: number | undefined): void {
  if (a === undefined || b === undefined || a === b) return
  ;(nodes[a]!.apart ??= new Set()).add(b)
  ;(nodes[b]!.apart ??= new Set()).add(a)
}

/** Metres of a node's units to the first unit of a leading node, plus `far` when one of them is wide; Infinity if not allowed. */
export function edgeMetres(model: PlanModel, lead: PlanNode, node: PlanNode): number {
  if (node.host !== null || (lead.apart !== null && lead.apart.has(node.index))) return Infinity
  if (node.parts.length === 1) return pairMetres(lead, node.parts[0]!, model.settings)
  let sum = 0
  let wide = false
  for (const part of node.parts) {
    const one = pairMetres(lead, part, model.settings)
    if (one === Infinity) return Infinity
    wide ||= one >= far
    sum += one % far
  }
  return wide ? sum + far : sum
}

/** Weighted cost of a group led by one of its nodes: metres, plus the flag's weight; Infinity when a rule is broken. */
export function groupCost(model: PlanModel, lead: PlanNode, others: readonly PlanNode[]): number {
  const { settings } = model
  let units = lead.units
  let members = lead.members
  let metres = lead.ownMetres
  let flag = lead.ownFar
  for (const [at, node] of others.entries()) {
    const edge = edgeMetres(model, lead, node)
    if (edge === Infinity) return Infinity
    units += node.units
    members += node.members
    metres += edge % far
    flag ||= edge >= far
    if (node.apart !== null) for (const other of others.slice(0, at)) if (node.apart.has(other.index)) return Infinity
  }
  if (units > settings.unitsMax || members > settings.membersMax) return Infinity
  if (lead.host === null && members < settings.membersMin) return Infinity
  return flag || units > settings.unitsNormal ? metres + flagWeight : metres
}

/** The cheapest lead of a set of nodes and its cost; a host leads if there is one, two hosts are Infinity. */
export function bestGroup(model: PlanModel, nodes: readonly PlanNode[]): { cost: number; lead: number } {
  let best = { cost: Infinity, lead: -1 }
  const hosts = nodes.filter((node) => node.host !== null)
  for (const lead of hosts.length > 0 ? hosts : nodes) {
    const cost = groupCost(
      model,
      lead,
      nodes.filter((node) => node !== lead),
    )
    if (cost < best.cost) best = { cost, lead: lead.index }
  }
  return best
}
