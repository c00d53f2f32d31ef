import { allKeys, keysMax } from './keys.ts'
import type { Rows } from './rows.ts'

/** So many rows are looked at together: what is fetched for all of them stays near the processor meanwhile. */
export const blockRows = 32

/**
 * The keys of some rows at a time. To wait for memory takes a hundred times as long as to reckon, but what one place says
 * of where the next is makes wait once for each: so every step is taken for a block of rows before the next one, and the
 * places of a step are fetched side by side.
 */
export class KeyBlock {
  readonly rows = new Int32Array(blockRows)
  readonly keys = new Float64Array(blockRows * keysMax)
  /** By row of the block: where its keys begin; behind the last one, where they end. */
  readonly begins = new Int32Array(blockRows + 1)
  /** How many rows it is of. */
  count = 0

  /** Takes up rows of a list, of all where there is none, from a place on; answers where the next block begins. */
  take(rows: Rows, list: ArrayLike<number> | null, from: number, make = allKeys): number {
    this.count = Math.min(blockRows, (list?.length ?? rows.size) - from)
    for (let at = 0; at < this.count; at += 1) this.rows[at] = list ? list[from + at]! : from + at
    rows.fetch(this.rows, this.count, make.columns)
    let end = 0
    for (let at = 0; at < this.count; at += 1) {
      end = make.into(this.keys, end, rows, this.rows[at]!)
      this.begins[at + 1] = end
    }
    return from + this.count
  }

  /** How many keys it has. */
  get end(): number {
    return this.begins[this.count]!
  }
}
