import type { Counting } from './coded-groups.ts'
import { Few, type Groups } from './groups.ts'
import type { HeldKeys } from './held-keys.ts'

/** Of a key that more rows hold, only their number is looked at. */
export const holdersMax = 240

/** The groups that hold a key, one key after the other. */
export class GroupsOfKey {
  /** Those of the key that was counted last, each once, as far as it was counted. */
  readonly found = new Int32Array(holdersMax)
  /** How many they are. */
  size = 0
  private readonly held: HeldKeys
  private readonly groups: Groups
  private readonly counting: Counting
  private readonly few = new Few(holdersMax)

  constructor(held: HeldKeys, { groups, counting }: { groups: Groups; counting: Counting }) {
    this.held = held
    this.groups = groups
    this.counting = counting
  }

  /** How many groups hold a key, of those that count; `most` are enough. No more than `holdersMax` rows may hold it. */
  count(i: number, most: number): number {
    const { groups, counting, few, found } = this
    const { indexes, begins, ends } = this.held
    few.begin()
    this.size = 0
    let count = 0
    for (let x = 0; x < indexes.length; x += 1) {
      const { holders } = indexes[x]!
      const end = ends[x]![i]!
      for (let at = begins[x]![i]!; at < end && count < most; at += 1) {
        const group = groups.of[holders[at]!]!
        if (group < 0 || !few.isNew(group)) continue
        found[this.size] = group
        this.size += 1
        if (counting.has(group)) count += 1
      }
    }
    return count
  }
}
