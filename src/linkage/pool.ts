import type { Features } from './features.ts'
import { blockKeys } from './keys.ts'

/** Rows by number, and who holds a key: in memory for a few thousand, in typed arrays for millions. */
export interface Pool {
  readonly size: number
  features: (at: number) => Features
  keys: (at: number) => readonly number[]
  /** The rows that hold a key, rising; empty when it is not known. */
  holders: (key: number) => ArrayLike<number>
}

/** A pool of rows that fit in memory as they are. */
export function poolOf(rows: readonly Features[]): Pool {
  const keys = rows.map(blockKeys)
  const holders = new Map<number, number[]>()
  for (const [at, own] of keys.entries()) {
    for (const key of own) {
      const known = holders.get(key)
      if (known) known.push(at)
      else holders.set(key, [at])
    }
  }
  const none: number[] = []
  return {
    size: rows.length,
    features: (at) => rows[at]!,
    keys: (at) => keys[at]!,
    holders: (key) => holders.get(key) ?? none,
  }
}
