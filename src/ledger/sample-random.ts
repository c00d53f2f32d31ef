/** A stream of chances that depends on nothing but its seed. */
export interface Chance {
  /** A whole number from 0 up to but without `below`. */
  below(below: number): number
  /** True with the given probability, 0 to 1. */
  when(probability: number): boolean
  pick<T>(list: readonly T[]): T
  /** A value drawn by weight. */
  weighted<T>(list: readonly (readonly [T, number])[]): T
  shuffled<T>(list: readonly T[]): T[]
}

/** A stream for one purpose: the same seed and purpose give the same stream, whatever other streams were used for. */
export function chance(seed: number, purpose: string): Chance {
  let state = seed >>> 0
  for (const sign of purpose) state = Math.imul(state ^ sign.codePointAt(0)!, 0x01000193) >>> 0
  // mulberry32, by Tommy Ettinger, public domain.
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (limit: number) => Math.floor(next() * limit)
  return {
    below,
    when: (probability) => next() < probability,
    pick: (list) => list[below(list.length)]!,
    weighted: (list) => {
      let left = next() * list.reduce((sum, [, weight]) => sum + weight, 0)
      return (list.find(([, weight]) => (left -= weight) < 0) ?? list.at(-1)!)[0]
    },
    shuffled: (list) => {
      const copy = [...list]
      for (let at = copy.length - 1; at > 0; at--) {
        const other = below(at + 1)
        ;[copy[at], copy[other]] = [copy[other]!, copy[at]!]
      }
      return copy
    },
  }
}
