// Groups as columns: the linear program over all groups of a set of nodes, grown by pricing (column generation) and tightened by
// rules on three nodes, gives prices, a bound that holds for every plan, and a pool of groups worth choosing from.
import type { Highs } from 'highs'
import type { Edges } from './grid.ts'
import { leftWeight, type PlanModel } from './plan-model.ts'
import { Pricer, type TripleRules } from './price.ts'
import { CoverProgram } from './solver.ts'
import { violatedTriples } from './triples.ts'

/** A group of the pool: its nodes, the lead first, and its weighted cost. */
export type PoolGroup = { nodes: number[]; cost: number }

const seedShare = 1.2

/** How far the program is driven: rounds of pricing, rounds of rules, and how many rules a round may add. */
export type MasterEffort = { rounds: number; ruleRounds: number; rulesEach: number }

export class Master {
  readonly model: PlanModel
  readonly nodes: readonly number[]
  readonly pricer: Pricer
  readonly program: CoverProgram
  readonly pool: PoolGroup[] = []
  readonly rules: TripleRules = { nodes: [], prices: [], of: new Map() }
  /** Price of every node of the model (zero outside) at which `bound` was proved. */
  prices: Float64Array
  bound = -Infinity
  boundPrices: Float64Array
  boundRules: number[] = []
  /** Objective of the linear program over the pool, above the bound until pricing finds nothing more. */
  value = Infinity
  solution: Float64Array = new Float64Array(0)
  private readonly rowOf: Int32Array
  private readonly known = new Map<string, number>()
  private readonly columnsOf = new Map<number, number[]>()

  constructor(highs: Highs, model: PlanModel, edges: Edges, nodes: readonly number[] | null) {
    this.model = model
    this.nodes = nodes ?? model.nodes.map((node) => node.index)
    this.rowOf = new Int32Array(model.nodes.length).fill(-1)
    for (const [row, node] of this.nodes.entries()) this.rowOf[node] = row
    const inside = nodes === null ? null : Uint8Array.from(this.rowOf, (row) => (row === -1 ? 0 : 1))
    this.pricer = new Pricer(model, edges, inside)
    this.prices = new Float64Array(model.nodes.length)
    this.boundPrices = this.prices
    this.program = new CoverProgram(
      highs,
      this.nodes.map((node) => model.nodes[node]!.host !== null),
    )
    const units = this.nodes.filter((node) => model.nodes[node]!.host === null)
    this.add(
      units.map((node) => ({ nodes: [node], cost: leftWeight * model.nodes[node]!.units })),
      true,
    )
  }

  /** Takes groups into the pool and the program; ones it has are passed over. Gives how many were new. */
  add(groups: readonly PoolGroup[], left = false): number {
    const cost: number[] = []
    const rows: number[][] = []
    for (const group of groups) {
      const key = left ? `${group.nodes[0]}!` : group.nodes.toSorted((a, b) => a - b).join()
      if ((this.known.get(key) ?? Infinity) <= group.cost) continue
      this.known.set(key, group.cost)
      const column = this.pool.length
      this.pool.push(group)
      for (const node of group.nodes) {
        const list = this.columnsOf.get(node)
        if (list === undefined) this.columnsOf.set(node, [column])
        else list.push(column)
      }
      cost.push(group.cost)
      rows.push([...group.nodes.map((node) => this.rowOf[node]!), ...this.rulesOf(group.nodes)])
    }
    this.program.add({ cost, rows })
    return cost.length
  }

  /**
   * Prices every lead once at what the nodes cost in a plan: the program then starts from groups that are near each other in worth,
   * not from the penalties of whatever the first few groups leave uncovered.
   */
  seed(start: readonly PoolGroup[]): void {
    this.prices = new Float64Array(this.model.nodes.length)
    // A node never pays more than leaving it over costs: a bound at such prices would hold for no plan that does.
    for (const { nodes, cost } of start)
      for (const node of nodes)
        this.prices[node] = Math.min(leftWeight * this.model.nodes[node]!.units, (seedShare * cost) / nodes.length)
    for (const node of this.nodes) if (this.model.nodes[node]!.host !== null) this.prices[node] = 0
    this.priceAll()
  }

  /** Rows of the rules that a group of these nodes fills. */
  rulesOf(nodes: readonly number[]): number[] {
    if (this.rules.nodes.length === 0) return []
    const met = new Map<number, number>()
    for (const node of nodes) for (const rule of this.rules.of.get(node) ?? []) met.set(rule, (met.get(rule) ?? 0) + 1)
    return [...met].filter(([, count]) => count > 1).map(([rule]) => this.nodes.length + rule)
  }

  /** Drives the program; yields after every round, so that a caller may stop between rounds. */
  *run(effort: MasterEffort): Generator<void> {
    yield* this.generate(effort.rounds)
    for (let round = 0; round < effort.ruleRounds; round += 1) {
      const added = this.tighten(effort.rulesEach)
      if (added === 0) return
      yield* this.generate(effort.rounds)
    }
  }

  private *generate(rounds: number): Generator<void> {
    for (let round = 0; round < rounds; round += 1) {
      this.resolve()
      const added = this.priceAll()
      yield
      if (added === 0 || this.value - this.bound < 0.5) return
    }
  }

  private resolve(): void {
    const { value, price, cost } = this.program.solve()
    this.solution = value
    this.value = cost
    this.prices = new Float64Array(this.model.nodes.length)
    for (const [row, node] of this.nodes.entries()) this.prices[node] = price[row]!
    for (let rule = 0; rule < this.rules.nodes.length; rule += 1)
      this.rules.prices[rule] = Math.min(0, price[this.nodes.length + rule]!)
    for (const node of this.nodes)
      if (this.model.nodes[node]!.host !== null) this.prices[node] = Math.min(0, this.prices[node]!)
      else this.prices[node] = Math.min(leftWeight * this.model.nodes[node]!.units, this.prices[node]!)
    this.pricer.rules = this.rules.nodes.length > 0 ? this.rules : null
  }

  /**
   * Prices every lead. Whatever the prices are, their sum plus what each lead could still undercut is a bound for every plan:
   * a node leads one group at most, and a group costs at least what its nodes pay plus its lead's least reduced cost.
   */
  private priceAll(only: Uint8Array | null = null): number {
    let bound = this.rules.prices.reduce((sum, price) => sum + price, 0)
    const found: PoolGroup[] = []
    for (const node of this.nodes) {
      if (only !== null && only[node] === 0) continue
      bound += this.prices[node]!
      let last: PoolGroup | null = null
      const best = this.pricer.best(node, this.prices, (one) => {
        if (one.reduced < -0.01) {
          if (last !== null) found.push(last)
          last = { nodes: one.nodes, cost: one.cost }
        }
      })
      if (last !== null) found.push(last)
      if (best !== null && best.reduced < 0) bound += best.reduced
    }
    if (only === null && bound > this.bound) {
      this.bound = bound
      this.boundPrices = this.prices
      this.boundRules = [...this.rules.prices]
    }
    return this.add(found)
  }

  /** Prices over other edges from now on, and proves the bound anew at the prices it had: true of all groups over these edges. */
  widen(edges: Edges): void {
    this.pricer.use(edges)
    this.rules.prices.splice(
      0,
      Infinity,
      ...this.boundRules,
      ...this.rules.prices.slice(this.boundRules.length).fill(0),
    )
    this.pricer.rules = this.rules.nodes.length > 0 ? this.rules : null
    this.prices = this.boundPrices
    this.bound = -Infinity
    this.priceAll()
  }

  private tighten(most: number): number {
    const used = new Set(this.rules.nodes.map((nodes) => nodes.join()))
    const fresh = violatedTriples(this.pool, this.solution, most, used)
    for (const nodes of fresh) {
      for (const node of nodes) {
        const own = this.rules.of.get(node)
        if (own === undefined) this.rules.of.set(node, [this.rules.nodes.length])
        else own.push(this.rules.nodes.length)
      }
      this.rules.nodes.push(nodes)
      this.rules.prices.push(0)
    }
    this.program.addRules(fresh.map((nodes) => this.columnsWithTwo(nodes)))
    return fresh.length
  }

  private columnsWithTwo(nodes: readonly number[]): number[] {
    const met = new Map<number, number>()
    for (const node of nodes)
      for (const column of this.columnsOf.get(node) ?? []) met.set(column, (met.get(column) ?? 0) + 1)
    return [...met].filter(([, count]) => count > 1).map(([column]) => column)
  }

  /**
   * Dives to a whole choice: takes the groups the program is surest of, prices the rest again, and so on. What pricing finds on
   * the way is what a whole choice needs and the fractional one did not. Gives the choice; the program stands as before.
   */
  dive(rounds: number): PoolGroup[] {
    const kept = { prices: this.prices, rules: [...this.rules.prices], value: this.value, solution: this.solution }
    const inside = new Uint8Array(this.model.nodes.length)
    for (const node of this.nodes) inside[node] = 1
    const pricer = this.pricer.inside
    this.pricer.inside = inside
    const fixed: number[] = []
    for (let step = 0; step < this.nodes.length; step += 1) {
      const open = this.openColumns(inside)
      if (open.length === 0) break
      for (const column of surest(open, this.solution)) {
        fixed.push(column)
        this.program.fix(column, 1, 1)
        for (const node of this.pool[column]!.nodes) inside[node] = 0
      }
      for (let round = 0; round < rounds; round += 1) {
        this.resolve()
        if (this.priceAll(inside) === 0) break
      }
    }
    const chosen = fixed.map((column) => this.pool[column]!)
    for (const column of fixed) this.program.fix(column, 0, Infinity)
    this.pricer.inside = pricer
    this.prices = kept.prices
    this.rules.prices.splice(0, Infinity, ...kept.rules)
    this.value = kept.value
    this.solution = kept.solution
    return chosen
  }

  private openColumns(inside: Uint8Array): number[] {
    const open: number[] = []
    for (const [column, share] of this.solution.entries())
      if (share > 1e-6 && this.pool[column]!.nodes.every((node) => inside[node] === 1)) open.push(column)
    return open
  }

  /** Cost of a pool group less what its nodes and rules pay, at the prices of the last round. */
  reducedOf(group: PoolGroup): number {
    let reduced = group.cost
    for (const node of group.nodes) reduced -= this.prices[node]!
    for (const row of this.rulesOf(group.nodes)) reduced -= this.rules.prices[row - this.nodes.length]!
    return reduced
  }

  [Symbol.dispose](): void {
    this.program[Symbol.dispose]()
  }
}

/** All groups taken wholly, and of the fractional ones those above 0.8, or else the largest. */
function surest(open: readonly number[], solution: Float64Array): number[] {
  const sure = open.filter((column) => solution[column]! > 0.8)
  if (sure.some((column) => solution[column]! < 0.999) || sure.length === open.length) return sure
  const rest = open.filter((column) => solution[column]! <= 0.8)
  return [...sure, rest.reduce((best, column) => (solution[column]! > solution[best]! + 1e-9 ? column : best))]
}
