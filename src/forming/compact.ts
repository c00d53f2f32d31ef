// The whole problem as one integer program over leads and their units, as any solver would be given it; used where few pairs remain.
import type { Highs, Model } from 'highs'
import { far } from './pair.ts'
import { flagWeight, leftWeight, type PlanModel } from './plan-model.ts'
import type { PoolGroup } from './master.ts'

/** A pair of a lead and a node it may lead, with its cost (`far` added for wide pairs). */
export type Pair = { lead: number; node: number; cost: number }

/** How a solver is held: by the clock (comparison only), by nodes of the search, or not at all. */
export type CompactEffort = { secondsMax?: number; nodesMax?: number; seed: number }

/** What came out: groups with left-over nodes as groups of one, their cost, the bound proved, and whether it is the optimum. */
export type CompactResult = { groups: PoolGroup[]; cost: number; bound: number; optimal: boolean }

class Rows {
  readonly lower: number[] = []
  readonly upper: number[] = []
  readonly starts: number[] = [0]
  readonly indices: number[] = []
  readonly values: number[] = []
  add(lower: number, upper: number, entries: readonly (readonly [number, number])[]): void {
    this.lower.push(lower)
    this.upper.push(upper)
    for (const [index, value] of entries) {
      this.indices.push(index)
      this.values.push(value)
    }
    this.starts.push(this.indices.length)
  }
}

/** Columns: a pair each, then for every node whether it leads, whether its group is flagged, and whether it is left over. */
function rowsOf(model: PlanModel, pairs: readonly Pair[]): Rows {
  const { nodes, settings } = model
  const rows = new Rows()
  const [lead, flag, left] = [0, 1, 2].map((block) => (node: number) => pairs.length + block * nodes.length + node)
  const led = nodes.map((): (readonly [Pair, number])[] => [])
  const under = nodes.map((): number[] => [])
  for (const [at, pair] of pairs.entries()) {
    led[pair.lead]!.push([pair, at])
    under[pair.node]!.push(at)
    rows.add(-Infinity, 0, [
      [at, 1],
      [(pair.cost >= far ? flag! : lead!)(pair.lead), -1],
    ])
  }
  for (const node of nodes) {
    const [own, more] = [lead!(node.index), flag!(node.index)]
    rows.add(node.host === null ? 1 : 0, 1, [
      ...under[node.index]!.map((at) => [at, 1] as const),
      [own, 1],
      [left!(node.index), 1],
    ])
    rows.add(-Infinity, 0, [
      [more, 1],
      [own, -1],
    ])
    const units = led[node.index]!.map(([pair, at]) => [at, nodes[pair.node]!.units] as const)
    const members = led[node.index]!.map(([pair, at]) => [at, nodes[pair.node]!.members] as const)
    rows.add(-Infinity, 0, [
      ...units,
      [own, node.units - settings.unitsNormal],
      [more, settings.unitsNormal - settings.unitsMax],
    ])
    if (node.host === null) rows.add(0, Infinity, [...members, [own, node.members - settings.membersMin]])
    rows.add(-Infinity, settings.membersMax, [...members, [own, node.members]])
    const at = new Map(led[node.index]!.map(([pair, column]) => [pair.node, column]))
    for (const [one, column] of at)
      for (const other of nodes[one]!.apart ?? [])
        if (other > one && at.has(other))
          rows.add(-Infinity, 0, [
            [column, 1],
            [at.get(other)!, 1],
            [own, -1],
          ])
  }
  return rows
}

/** Solves the program over the given pairs, from a whole plan. */
export function solveCompact(
  highs: Highs,
  model: PlanModel,
  pairs: readonly Pair[],
  start: readonly PoolGroup[],
  effort: CompactEffort,
): CompactResult {
  const { nodes } = model
  const rows = rowsOf(model, pairs)
  const count = pairs.length + 3 * nodes.length
  const cost = new Float64Array(count)
  const upper = new Float64Array(count).fill(1)
  for (const [at, pair] of pairs.entries()) cost[at] = pair.cost % far
  for (const node of nodes) {
    cost[pairs.length + node.index] = node.ownMetres + (node.ownFar ? flagWeight : 0)
    cost[pairs.length + nodes.length + node.index] = node.ownFar ? 0 : flagWeight
    cost[pairs.length + 2 * nodes.length + node.index] = leftWeight * node.units
    if (node.host !== null) upper[pairs.length + 2 * nodes.length + node.index] = 0
  }
  const program = highs.createModel()
  try {
    program.options.set({ output_flag: false, random_seed: effort.seed, mip_rel_gap: 0, mip_abs_gap: 0.999 })
    if (effort.secondsMax !== undefined) program.options.set('time_limit', effort.secondsMax)
    if (effort.nodesMax !== undefined) program.options.set('mip_max_nodes', effort.nodesMax)
    const { starts, indices, values } = rows
    const bounded = (list: number[]) =>
      Float64Array.from(list, (one) => (Number.isFinite(one) ? one : Math.sign(one) * highs.infinity))
    program.passModel({
      numCols: count,
      numRows: rows.lower.length,
      colCost: cost,
      colLower: new Float64Array(count),
      colUpper: upper,
      rowLower: bounded(rows.lower),
      rowUpper: bounded(rows.upper),
      matrix: {
        format: 'csr',
        numRows: rows.lower.length,
        numCols: count,
        starts: Int32Array.from(starts),
        indices: Int32Array.from(indices),
        values: Float64Array.from(values),
      },
      integrality: new Int32Array(count).fill(1),
    })
    if (start.length > 0) program.setSolution({ colValue: startOf(model, pairs, start) })
    program.run()
    return read(program, model, pairs)
  } finally {
    program.dispose()
  }
}

function startOf(model: PlanModel, pairs: readonly Pair[], start: readonly PoolGroup[]): Float64Array {
  const { nodes } = model
  const value = new Float64Array(pairs.length + 3 * nodes.length)
  const columns = new Map(pairs.map((pair, at) => [pair.lead * nodes.length + pair.node, at]))
  for (const { nodes: group, cost } of start) {
    const [lead, ...others] = group
    if (cost >= leftWeight) value[pairs.length + 2 * nodes.length + lead!] = 1
    else {
      value[pairs.length + lead!] = 1
      if (cost >= flagWeight) value[pairs.length + nodes.length + lead!] = 1
      for (const other of others) value[columns.get(lead! * nodes.length + other)!] = 1
    }
  }
  return value
}

function read(program: Model, model: PlanModel, pairs: readonly Pair[]): CompactResult {
  const { colValue } = program.getSolution()
  const { nodes } = model
  const groups = new Map<number, number[]>()
  const on = (column: number) => (colValue[column] ?? 0) > 0.5
  for (const node of nodes) if (on(pairs.length + node.index)) groups.set(node.index, [node.index])
  for (const [at, pair] of pairs.entries()) if (on(at)) groups.get(pair.lead)?.push(pair.node)
  const left = nodes.filter((node) => on(pairs.length + 2 * nodes.length + node.index))
  const optimal = program.getModelStatus() === 7
  const found = Number(program.info.get('primal_solution_status')) === 2
  return {
    groups: [
      ...[...groups.values()].map((own) => ({ nodes: own, cost: 0 })),
      ...left.map((node) => ({ nodes: [node.index], cost: leftWeight * node.units })),
    ],
    cost: found ? Math.round(program.getObjectiveValue()) : Infinity,
    bound: Number(program.info.get('mip_dual_bound')),
    optimal,
  }
}
