/** Chances that depend on nothing but what they are of: the same seed, number and purpose give the same, in any order. */
export class Draw {
  private state: number

  constructor(seed: number, number: number, purpose: number) {
    let mixed =
      Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(number + 1, 0xc2b2ae35) ^ Math.imul(purpose + 7, 0x27d4eb2f)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d)
    this.state = (mixed ^ (mixed >>> 13)) >>> 0
  }

  // mulberry32, by Tommy Ettinger, public domain.
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit)
  }

  when(share: number): boolean {
    return this.next() < share
  }

  pick<T>(list: ArrayLike<T>): T {
    return list[this.below(list.length)]!
  }

  /** One of a list of which the first come much oftener, as names do. */
  rank<T>(list: ArrayLike<T>): T {
    const at = this.next()
    return list[Math.floor(at * at * list.length)]!
  }
}
