// The exact answer for a dozen nodes: every way to group them, by dynamic programming over subsets.
import { far } from './pair.ts'
import { edgeMetres, flagWeight, leftWeight, type PlanModel, type PlanNode } from './plan-model.ts'

/** The most nodes that are solved exactly at once. */
export const partitionMax = 12

/** Groups (lead first) and nodes left over of the cheapest partition of some nodes, with its weighted cost. */
export type Partition = { groups: number[][]; left: number[]; cost: number }

const size = 1 << partitionMax
const cheapest = new Float64Array(size)
const leadOf = new Int8Array(size)
const metresTo = new Float64Array(size)
const wideTo = new Uint8Array(size)
const best = new Float64Array(size)
const choice = new Int32Array(size)

function fillCosts(model: PlanModel, nodes: readonly PlanNode[]): void {
  const { settings } = model
  const count = nodes.length
  const full = 1 << count
  cheapest.fill(Infinity, 0, full)
  const units = new Int32Array(full)
  const members = new Int32Array(full)
  const mixed = new Uint8Array(full)
  for (let mask = 1; mask < full; mask += 1) {
    const low = 31 - Math.clz32(mask & -mask)
    const rest = mask & (mask - 1)
    const node = nodes[low]!
    units[mask] = units[rest]! + node.units
    members[mask] = members[rest]! + node.members
    let apart = mixed[rest]!
    if (node.apart !== null && apart === 0)
      for (let at = low + 1; at < count; at += 1) if (rest & (1 << at) && node.apart.has(nodes[at]!.index)) apart = 1
    mixed[mask] = apart
  }
  for (const [at, lead] of nodes.entries()) {
    metresTo[0] = lead.ownMetres
    wideTo[0] = lead.ownFar ? 1 : 0
    const edges = nodes.map((node) => (node === lead ? Infinity : edgeMetres(model, lead, node)))
    const own = 1 << at
    for (let rest = 0; rest < full; rest += 1) {
      if (rest & own) continue
      if (rest > 0) {
        const low = 31 - Math.clz32(rest & -rest)
        const before = rest & (rest - 1)
        const edge = edges[low]!
        metresTo[rest] = edge === Infinity ? Infinity : metresTo[before]! + (edge % far)
        wideTo[rest] = wideTo[before]! | (edge >= far ? 1 : 0)
      }
      const metres = metresTo[rest]!
      const mask = rest | own
      if (metres === Infinity || mixed[mask] === 1 || units[mask]! > settings.unitsMax) continue
      if (members[mask]! > settings.membersMax || (lead.host === null && members[mask]! < settings.membersMin)) continue
      const cost = metres + (wideTo[rest] === 1 || units[mask]! > settings.unitsNormal ? flagWeight : 0)
      if (cost < cheapest[mask]!) {
        cheapest[mask] = cost
        leadOf[mask] = at
      }
    }
  }
}

/** Groups at most `partitionMax` nodes as cheaply as can be; a host without units stays by itself and costs nothing. */
export function partition(model: PlanModel, indexes: readonly number[]): Partition {
  const nodes = indexes.map((index) => model.nodes[index]!)
  fillCosts(model, nodes)
  const full = (1 << nodes.length) - 1
  // From a mask the lowest node is always settled first, so that only masks without low holes are reached.
  best[0] = 0
  const reached = new Uint8Array(full + 1)
  const solve = (mask: number): number => {
    if (mask === 0) return 0
    if (reached[mask] === 1) return best[mask]!
    const low = mask & -mask
    const node = nodes[31 - Math.clz32(low)]!
    const rest = mask ^ low
    let least = Infinity
    let chosen = 0
    if (node.host === null) {
      least = leftWeight * node.units + solve(rest)
    }
    for (let sub = rest; ; sub = (sub - 1) & rest) {
      const cost = cheapest[sub | low]!
      if (cost < least) {
        const total = cost + solve(rest ^ sub)
        if (total < least) {
          least = total
          chosen = sub | low
        }
      }
      if (sub === 0) break
    }
    reached[mask] = 1
    best[mask] = least
    choice[mask] = chosen
    return least
  }
  const cost = solve(full)
  const result: Partition = { groups: [], left: [], cost }
  for (let mask = full; mask > 0;) {
    const chosen = choice[mask]!
    const low = mask & -mask
    if (chosen === 0) result.left.push(indexes[31 - Math.clz32(low)]!)
    else {
      const lead = leadOf[chosen]!
      const others = indexes.filter((_, at) => at !== lead && (chosen & (1 << at)) !== 0)
      result.groups.push([indexes[lead]!, ...others])
    }
    mask ^= chosen === 0 ? low : chosen
  }
  return result
}
