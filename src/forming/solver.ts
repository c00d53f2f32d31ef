// The linear solver: HiGHS in WebAssembly behind the few calls the planner makes. Loaded once, on first use.
import * as loader from 'highs'
import type { Highs, Model } from 'highs'

// The package declares one shape for `import` and `require` alike; under `import` the loader is the default.
const load = (loader as unknown as { default: () => Promise<Highs> }).default

let loading: Promise<Highs> | null = null

/** The solver, loaded on first use; the same for every later caller. */
export function openSolver(): Promise<Highs> {
  return (loading ??= load())
}

/** Columns of a covering model: a cost each, and the rows it stands in with one everywhere. */
export type CoverColumns = { cost: number[]; rows: number[][] }

/** A linear program in which columns cover rows, grown column by column and solved again from where it stood. */
export class CoverProgram {
  readonly highs: Highs
  readonly model: Model
  columns = 0
  rows: number
  /** Rows with right side 1: equalities, or "at most" where `atMost` says so. */
  constructor(highs: Highs, atMost: readonly boolean[]) {
    const rows = atMost.length
    this.highs = highs
    this.rows = rows
    this.model = highs.createModel()
    this.model.options.set('output_flag', false)
    const empty = { format: 'csr' as const, numRows: rows, numCols: 0, starts: new Int32Array(rows + 1) }
    const ones = new Float64Array(rows).fill(1)
    const lower = Float64Array.from(atMost, (one) => (one ? 0 : 1))
    this.model.addRows({
      lower,
      upper: ones,
      matrix: { ...empty, indices: new Int32Array(0), values: new Float64Array(0) },
    })
  }
  add({ cost, rows }: CoverColumns): void {
    if (cost.length === 0) return
    const starts = new Int32Array(cost.length + 1)
    for (const [at, own] of rows.entries()) starts[at + 1] = starts[at]! + own.length
    const indices = Int32Array.from(rows.flat())
    const values = new Float64Array(indices.length).fill(1)
    const matrix = { format: 'csc' as const, numRows: this.rows, numCols: cost.length, starts, indices, values }
    const bound = {
      lower: new Float64Array(cost.length),
      upper: new Float64Array(cost.length).fill(this.highs.infinity),
    }
    this.model.addCols({ cost: Float64Array.from(cost), ...bound, matrix })
    this.columns += cost.length
  }
  /** Adds rules of the kind "at most one of these columns". */
  addRules(rules: number[][]): void {
    for (const columns of rules) {
      const values = new Float64Array(columns.length).fill(1)
      this.model.addRow(-this.highs.infinity, 1, { indices: Int32Array.from(columns), values })
      this.rows += 1
    }
  }
  /** Bounds a column: taken wholly, or free again. */
  fix(column: number, lower: number, upper: number): void {
    this.model.changeColBounds(column, lower, upper === Infinity ? this.highs.infinity : upper)
  }
  solve(): { value: Float64Array; price: Float64Array; cost: number } {
    // A program without rows or without columns has nothing to solve, and the solver answers nothing.
    if (this.rows === 0 || this.columns === 0) {
      return { value: new Float64Array(this.columns), price: new Float64Array(this.rows), cost: 0 }
    }
    this.model.run()
    const { colValue, rowDual } = this.model.getSolution()
    return { value: colValue, price: rowDual, cost: this.model.getObjectiveValue() }
  }
  [Symbol.dispose](): void {
    this.model.dispose()
  }
}
