// The best choice of whole groups from a pool: a small integer program, solved by branching, never by the clock.
import type { Highs } from 'highs'
import type { Master, PoolGroup } from './master.ts'

/** Chosen groups, their weighted cost, and a bound for every choice from the pool that the search proved. */
export type Choice = { groups: PoolGroup[]; cost: number; bound: number }

/** How much a search may do; nodes of the search tree, not seconds, so that the same input gives the same plan. */
export type ChoiceEffort = { nodesMax: number; gap: number; seed: number }

/**
 * Chooses groups from a master's pool: `start` is a valid choice, and a group
 * with a reduced cost above the distance of `start` from the bound cannot be in a better plan.
 */
export function choose(highs: Highs, master: Master, start: readonly PoolGroup[], effort: ChoiceEffort): Choice {
  const startCost = start.reduce((sum, group) => sum + group.cost, 0)
  const window = startCost - master.value + 1
  const own = new Map(start.map((group) => [keyOf(group), group]))
  const columns = master.pool.filter((group) => !own.has(keyOf(group)) && master.reducedOf(group) <= window)
  const all = [...own.values(), ...columns]
  const rowOf = new Map(master.nodes.map((node, row) => [node, row]))
  const starts = new Int32Array(all.length + 1)
  const indices: number[] = []
  for (const [at, group] of all.entries()) {
    for (const node of group.nodes) indices.push(rowOf.get(node)!)
    indices.push(...master.rulesOf(group.nodes))
    starts[at + 1] = indices.length
  }
  const rows = master.nodes.length + master.rules.nodes.length
  const lower = new Float64Array(rows)
  for (const [row, node] of master.nodes.entries()) lower[row] = master.model.nodes[node]!.host === null ? 1 : 0
  const model = highs.createModel()
  try {
    model.options.set({ output_flag: false, random_seed: effort.seed, mip_max_nodes: effort.nodesMax })
    model.options.set({ mip_rel_gap: 0, mip_abs_gap: Math.max(0.999, effort.gap) })
    model.passModel({
      numCols: all.length,
      numRows: rows,
      colCost: all.map((group) => group.cost),
      colLower: new Float64Array(all.length),
      colUpper: new Float64Array(all.length).fill(1),
      rowLower: lower,
      rowUpper: new Float64Array(rows).fill(1),
      matrix: {
        format: 'csc',
        numRows: rows,
        numCols: all.length,
        starts,
        indices,
        values: new Float64Array(indices.length).fill(1),
      },
      integrality: new Int32Array(all.length).fill(1),
    })
    model.setSolution({ colValue: Float64Array.from(all, (_, at) => (at < own.size ? 1 : 0)) })
    model.run()
    const { colValue } = model.getSolution()
    const groups = all.filter((_, at) => (colValue[at] ?? 0) > 0.5)
    const cost = groups.reduce((sum, group) => sum + group.cost, 0)
    const bound = Number(model.info.get('mip_dual_bound'))
    return cost < startCost ? { groups, cost, bound } : { groups: [...start], cost: startCost, bound }
  } finally {
    model.dispose()
  }
}

function keyOf(group: PoolGroup): string {
  return group.nodes.length === 1 && group.cost > 0
    ? `${group.nodes[0]}!`
    : group.nodes.toSorted((a, b) => a - b).join()
}
