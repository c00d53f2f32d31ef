import type { Counting } from './coded-groups.ts'
import type { Groups } from './groups.ts'
import { GroupsOfKey, holdersMax } from './groups-of-key.ts'
import { HeldKeys } from './held-keys.ts'
import { blockRows, KeyBlock } from './key-block.ts'
import type { KeyIndex } from './key-index.ts'
import { keysMax } from './keys.ts'

/** What a key is looked at for: nothing; rows without a code; all others too, whose codes may be wrong. */
export const [none, telling, proving] = [0, 1, 2]

interface Sifted {
  groups: Groups
  counting: Counting
  /** Who holds the keys. */
  indexes: readonly KeyIndex[]
  /** The same of rows that carry no code, those left out of which nobody is of interest. */
  uncodedIndexes: readonly KeyIndex[]
  /** A key that more groups hold, of those that count, is passed over. */
  most: number
  /** Whether a row that holds a key is of interest. */
  isOpen: (row: number, isProving: boolean) => boolean
}

/** So many holders of a key are fetched ahead. */
const fetchedHolders = 24
const knownKeys = 2 ** 16

/** Of the keys of a block of rows, leaves those that a row of interest holds and not too many others: that is few of them. */
export class Sift {
  readonly block = new KeyBlock()
  /** What each key of the block is looked at for. */
  readonly kinds = new Uint8Array(blockRows * keysMax)
  /** What was read to fetch it: it must seem to be of use. */
  fetched = 0
  private readonly sifted: Sifted
  private readonly held: HeldKeys
  private readonly uncodedHeld: HeldKeys
  private readonly groupsOfKey: GroupsOfKey
  private readonly chosen = new Float64Array(blockRows * keysMax)
  private readonly found: Int32Array
  /** By the last bits of keys: one that was counted before, and whether few units hold it. */
  private readonly known = new Float64Array(knownKeys)
  private readonly knownFew = new Uint8Array(knownKeys)

  constructor(sifted: Sifted) {
    this.sifted = sifted
    this.held = new HeldKeys(sifted.indexes)
    this.groupsOfKey = new GroupsOfKey(this.held, sifted)
    this.uncodedHeld = new HeldKeys(sifted.uncodedIndexes, true)
    this.found = new Int32Array(blockRows * keysMax * fetchedHolders * sifted.indexes.length)
  }

  /** Leaves out the keys that are not worth a look. */
  run(): void {
    const { kinds, block, uncodedHeld, held } = this
    uncodedHeld.lookUp(this.keysOf(telling, telling), block.end)
    this.dropClosed(uncodedHeld, telling)
    held.lookUp(this.keysOf(telling, proving), block.end)
    this.dropClosed(held, proving)
    this.fetchGroups()
    for (let i = 0; i < block.end; i += 1) if (kinds[i] !== none && !this.isRare(i)) kinds[i] = none
  }

  /** Those that may be of interest by a key that was left: where they stand. */
  heldOf(i: number): HeldKeys {
    return this.kinds[i] === proving ? this.held : this.uncodedHeld
  }

  /** The keys of two kinds, the others 0. */
  private keysOf(one: number, other: number): Float64Array {
    const { chosen, kinds, block } = this
    for (let i = 0; i < block.end; i += 1) chosen[i] = kinds[i] === one || kinds[i] === other ? block.keys[i]! : 0
    return chosen
  }

  /** Leaves out the keys of a kind that no row of interest holds. */
  private dropClosed(held: HeldKeys, kind: number): void {
    const isOpen = (row: number) => this.sifted.isOpen(row, kind === proving)
    for (let i = 0; i < this.block.end; i += 1) {
      if (this.kinds[i] === kind && held.find(i, isOpen) < 0) this.kinds[i] = none
    }
  }

  /** Fetches the units of those that hold keys of which these are to be counted. */
  private fetchGroups(): void {
    const { of } = this.sifted.groups
    const { indexes, begins, ends } = this.held
    const { found, block } = this
    let count = 0
    for (let i = 0; i < block.end; i += 1) {
      if (this.kinds[i] !== telling || !this.mustCount(i)) continue
      for (let x = 0; x < indexes.length; x += 1) {
        const { holders } = indexes[x]!
        const to = Math.min(begins[x]![i]! + fetchedHolders, ends[x]![i]!)
        for (let at = begins[x]![i]!; at < to; at += 1) found[count++] = holders[at]!
      }
    }
    let read = 0
    for (let at = 0; at < count; at += 1) read ^= of[found[at]!]!
    this.fetched = read
  }

  private mustCount(i: number): boolean {
    const count = this.held.count(i)
    return count > this.sifted.most && count <= holdersMax
  }

  /** Whether those that hold a key are of so few units that units are found by it; of what can prove, some more. */
  private isRare(i: number): boolean {
    if (this.kinds[i] === proving || !this.mustCount(i)) return this.held.count(i) <= holdersMax
    const key = this.block.keys[i]!
    const place = key & (knownKeys - 1)
    if (this.known[place] !== key) {
      this.known[place] = key
      const { most } = this.sifted
      this.knownFew[place] = this.groupsOfKey.count(i, most + 1) <= most ? 1 : 0
    }
    return this.knownFew[place] === 1
  }
}
