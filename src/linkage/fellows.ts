import type { Groups } from './groups.ts'
import { KeyIndex } from './key-index.ts'
import { keysMax, nameKeysInto } from './keys.ts'
import type { Rows } from './rows.ts'
import { SameCode } from './same-code.ts'

interface Around {
  rows: Rows
  groups: Groups
  /** Who holds the keys of the rows that are asked for. */
  indexes: readonly KeyIndex[]
}

/**
 * Rows that wait and carry the codes of some rows, or their names and other codes: whose a code is is settled among all of
 * them.
 */
export function fellowsOf(around: Around, list: ArrayLike<number>): number[] {
  return [...codeFellows(around, list), ...nameFellows(around, list)]
}

function codeFellows(around: Around, list: ArrayLike<number>): number[] {
  const { of } = around.groups
  const same = new SameCode(around)
  const found: number[] = []
  for (let from = 0; from < list.length;) {
    from = same.look(list, from)
    for (let at = 0; at < same.block.count; at += 1) {
      const row = same.block.rows[at]!
      same.tell(at, (other) => {
        if (other !== row && of[other]! < 0) found.push(other)
        return false
      })
    }
  }
  return found
}

function nameFellows({ rows, groups }: Around, list: ArrayLike<number>): number[] {
  const waiting: number[] = []
  for (let row = 0; row < rows.size; row += 1) {
    if (groups.of[row]! < 0 && rows.codeOf(row) > 0) waiting.push(row)
  }
  const index = new KeyIndex(rows, waiting, { make: nameKeysInto, among: waiting })
  const keys = new Float64Array(keysMax)
  const found: number[] = []
  for (let at = 0; at < list.length; at += 1) {
    const row = list[at]!
    if (rows.codeOf(row) === 0) continue
    for (const key of keys.subarray(0, nameKeysInto(keys, 0, rows, row))) {
      if (!index.mayHave(key)) continue
      for (const other of index.holdersAt(index.slotOf(key))) if (other !== row) found.push(other)
    }
  }
  return found
}
