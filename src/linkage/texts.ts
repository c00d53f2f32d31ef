/** Numbers kept of a text: where its signs begin, how many they are, and two halves of a hash of them. */
const width = 4
const [lowSeed, highSeed] = [0x1234_5678, 0x0bad_cafe] as const
const [lowFactor, highFactor] = [2_654_435_761, 1_597_334_677] as const

let places = new Int32Array(1024)

/** Where a text is looked for first. */
function slotOf(text: string, mask: number): number {
  let low: number = lowSeed
  let high: number = highSeed
  for (let at = 0; at < text.length; at += 1) {
    low = Math.imul(low ^ text.charCodeAt(at), lowFactor)
    high = Math.imul(high ^ text.charCodeAt(at), highFactor)
  }
  low ^= low >>> 15
  high ^= high >>> 13
  return (low ^ (high << 7)) & mask
}

export interface TextsImage {
  signs: Uint16Array
  kept: Int32Array
  slots: Int32Array
  count: number
  end: number
}

/**
 * Texts by number, each once. Their signs lie one behind the other in one array: a county's millions of texts cost neither
 * the collector nor, to compare two, a look at more than their numbers. Number 0 is the empty text.
 */
export class Texts {
  /** UTF-16 units of all texts. */
  signs = new Uint16Array(1 << 10)
  private kept = new Int32Array(width << 7)
  private count = 1
  private end = 0
  private slots = new Int32Array(1 << 8)
  private mask = (1 << 8) - 1

  image(): TextsImage {
    return { signs: this.signs, kept: this.kept, slots: this.slots, count: this.count, end: this.end }
  }

  static of({ signs, kept, slots, count, end }: TextsImage): Texts {
    const texts = new Texts()
    Object.assign(texts, { signs, kept, slots, count, end, mask: slots.length - 1 })
    return texts
  }

  get size(): number {
    return this.count
  }

  /** Where the signs of a text begin. */
  start(id: number): number {
    return this.kept[id * width]!
  }

  /** How many signs it has. */
  length(id: number): number {
    return this.kept[id * width + 1]!
  }

  /** One half of a hash of its signs, the same in every run. */
  low(id: number): number {
    return this.kept[id * width + 2]!
  }

  /** The other half. */
  high(id: number): number {
    return this.kept[id * width + 3]!
  }

  text(id: number): string {
    const start = this.start(id)
    return String.fromCharCode(...this.signs.subarray(start, start + this.length(id)))
  }

  startsWith(whole: number, part: number): boolean {
    const length = this.length(part)
    return length <= this.length(whole) && this.isAt(part, this.start(whole), length)
  }

  endsWith(whole: number, part: number): boolean {
    const [length, ofWhole] = [this.length(part), this.length(whole)]
    return length <= ofWhole && this.isAt(part, this.start(whole) + ofWhole - length, length)
  }

  /** Whether the signs of a text stand from a place on. */
  private isAt(id: number, from: number, length: number): boolean {
    const { signs } = this
    const start = this.start(id)
    for (let at = 0; at < length; at += 1) if (signs[start + at] !== signs[from + at]) return false
    return true
  }

  /** What was read to fetch it: it must seem to be of use. */
  fetched = 0

  /** Fetches where texts are that will be added: looked up one by one, each would be waited for three times. */
  fetch(list: readonly string[]): void {
    const { slots, kept, signs, mask } = this
    if (list.length > places.length) places = new Int32Array(list.length * 2)
    for (let at = 0; at < list.length; at += 1) places[at] = slotOf(list[at]!, mask)
    for (let at = 0; at < list.length; at += 1) places[at] = slots[places[at]!]! * width
    for (let at = 0; at < list.length; at += 1) places[at] = kept[places[at]!]!
    let read = 0
    for (let at = 0; at < list.length; at += 1) read ^= signs[places[at]!]!
    this.fetched = read
  }

  /** The number of a text. */
  add(text: string): number {
    const { length } = text
    if (length === 0) return 0
    const begin = this.end
    if (begin + length > this.signs.length) this.signs = longer(this.signs, begin + length)
    const { signs } = this
    let low: number = lowSeed
    let high: number = highSeed
    for (let at = 0; at < length; at += 1) {
      const sign = text.charCodeAt(at)
      signs[begin + at] = sign
      low = Math.imul(low ^ sign, lowFactor)
      high = Math.imul(high ^ sign, highFactor)
    }
    low ^= low >>> 15
    high ^= high >>> 13
    let slot = (low ^ (high << 7)) & this.mask
    for (let id = this.slots[slot]!; id > 0; id = this.slots[slot]!) {
      if (this.low(id) === low && this.high(id) === high && this.length(id) === length && this.isAt(id, begin, length))
        return id
      slot = (slot + 1) & this.mask
    }
    return this.keep(slot, begin, length, low, high)
  }

  private keep(slot: number, begin: number, length: number, low: number, high: number): number {
    const id = this.count
    const from = id * width
    if (from + width > this.kept.length) this.kept = longer(this.kept, from + width)
    this.kept[from] = begin
    this.kept[from + 1] = length
    this.kept[from + 2] = low
    this.kept[from + 3] = high
    this.slots[slot] = id
    this.count += 1
    this.end += length
    if (this.count * 2 > this.slots.length) this.spread()
    return id
  }

  private spread(): void {
    this.slots = new Int32Array(this.slots.length * 2)
    this.mask = this.slots.length - 1
    for (let id = 1; id < this.count; id += 1) {
      let slot = (this.low(id) ^ (this.high(id) << 7)) & this.mask
      while (this.slots[slot]! > 0) slot = (slot + 1) & this.mask
      this.slots[slot] = id
    }
  }
}

// What is large already grows by less: it is copied seldom, and room that is not used is memory that others lack.
const largeLength = 2 ** 22

/** The same array with room for at least so many, and for some more than before: twice as many while it is not large. */
export function longer<A extends Uint16Array | Int32Array | Float64Array>(array: A, least: number): A {
  const room = array.length < largeLength ? array.length * 2 : Math.ceil(array.length * 1.25)
  const more = new (array.constructor as new (length: number) => A)(Math.max(least, room))
  more.set(array)
  return more
}
