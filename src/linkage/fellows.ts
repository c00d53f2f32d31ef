import { KeyIndex } from './key-index.ts'
import { keysMax, nameKeys } from './keys.ts'
import type { Rows } from './rows.ts'

/**
 * Of the rows that wait those that carry the codes of some others, or their names and other codes: whose a code is is settled
 * among all of them.
 */
export function fellowsOf(rows: Rows, waiting: readonly number[], list: readonly number[]): Set<number> {
  const isOfList = new Uint8Array(rows.size)
  for (const row of list) isOfList[row] = 1
  const others = waiting.filter((row) => isOfList[row] === 0 && rows.codeOf(row) > 0)
  return new Set([...codeFellows(rows, others, list), ...nameFellows(rows, others, list)])
}

function codeFellows(rows: Rows, others: readonly number[], list: readonly number[]): number[] {
  const byCode = Map.groupBy(others, (row) => rows.codeOf(row))
  return list.flatMap((row) => {
    const fellows = byCode.get(rows.codeOf(row)) ?? []
    byCode.delete(rows.codeOf(row))
    return fellows
  })
}

function nameFellows(rows: Rows, others: readonly number[], list: readonly number[]): number[] {
  const index = new KeyIndex(rows, others, { make: nameKeys, among: others })
  const keys = new Float64Array(keysMax)
  const found: number[] = []
  for (const row of list) {
    if (rows.codeOf(row) === 0) continue
    for (const key of keys.subarray(0, nameKeys.into(keys, 0, rows, row))) {
      if (index.mayHave(key)) found.push(...index.holdersAt(index.slotOf(key)))
    }
  }
  return found
}
