/** Numbers kept of a text: where its signs begin, how many they are, and two halves of a hash of them. */
const width = 4
const [lowSeed, highSeed] = [0x1234_5678, 0x0bad_cafe] as const
const [lowFactor, highFactor] = [2_654_435_761, 1_597_334_677] as const

// The hashes of some texts, and where each may be.
let lows = new Int32Array(256)
let highs = new Int32Array(256)
let places = new Int32Array(256)

function hash(text: string, at: number): void {
  let low: number = lowSeed
  let high: number = highSeed
  for (let sign = 0; sign < text.length; sign += 1) {
    low = Math.imul(low ^ text.charCodeAt(sign), lowFactor)
    high = Math.imul(high ^ text.charCodeAt(sign), highFactor)
  }
  lows[at] = low ^ (low >>> 15)
  highs[at] = high ^ (high >>> 13)
}

/** Where a text is looked for first. */
const homeOf = (low: number, high: number, mask: number) => (low ^ (high << 7)) & mask

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

  /** Writes the numbers of texts into an array: of many at once, none is waited for three times. */
  addAll(list: readonly string[], numbers: Int32Array): void {
    if (list.length > places.length) {
      lows = new Int32Array(list.length)
      highs = new Int32Array(list.length)
      places = new Int32Array(list.length)
    }
    for (let at = 0; at < list.length; at += 1) hash(list[at]!, at)
    this.fetch(list.length)
    for (let at = 0; at < list.length; at += 1) numbers[at] = this.find(list[at]!, lows[at]!, highs[at]!)
  }

  private fetch(count: number): void {
    const { slots, kept, signs, mask } = this
    for (let at = 0; at < count; at += 1) places[at] = slots[homeOf(lows[at]!, highs[at]!, mask)]! * width
    for (let at = 0; at < count; at += 1) places[at] = kept[places[at]!]!
    let read = 0
    for (let at = 0; at < count; at += 1) read ^= signs[places[at]!]!
    this.fetched = read
  }

  /** The number of a text. */
  add(text: string): number {
    hash(text, 0)
    return this.find(text, lows[0]!, highs[0]!)
  }

  private find(text: string, low: number, high: number): number {
    const { slots, kept, mask } = this
    const { length } = text
    if (length === 0) return 0
    let slot = homeOf(low, high, mask)
    for (let id = slots[slot]!; id > 0; id = slots[slot]!) {
      const from = id * width
      if (
        kept[from + 2] === low &&
        kept[from + 3] === high &&
        kept[from + 1] === length &&
        this.says(kept[from]!, text)
      )
        return id
      slot = (slot + 1) & mask
    }
    return this.keep(slot, text, low, high)
  }

  /** Whether the signs of a text stand from a place on. */
  private says(from: number, text: string): boolean {
    const { signs } = this
    for (let at = 0; at < text.length; at += 1) if (signs[from + at] !== text.charCodeAt(at)) return false
    return true
  }

  private keep(slot: number, text: string, low: number, high: number): number {
    const id = this.count
    const from = id * width
    const { end } = this
    if (from + width > this.kept.length) this.kept = longer(this.kept, from + width)
    if (end + text.length > this.signs.length) this.signs = longer(this.signs, end + text.length)
    for (let at = 0; at < text.length; at += 1) this.signs[end + at] = text.charCodeAt(at)
    this.kept[from] = end
    this.kept[from + 1] = text.length
    this.kept[from + 2] = low
    this.kept[from + 3] = high
    this.slots[slot] = id
    this.count += 1
    this.end += text.length
    if (this.count * 2 > this.slots.length) this.spread()
    return id
  }

  private spread(): void {
    this.slots = new Int32Array(this.slots.length * 2)
    this.mask = this.slots.length - 1
    for (let id = 1; id < this.count; id += 1) {
      let slot = homeOf(this.low(id), this.high(id), this.mask)
      while (this.slots[slot]! > 0) slot = (slot + 1) & this.mask
      this.slots[slot] = id
    }
  }
}

// What is large already grows by less: it is copied seldom, and room that is not used is memory that others lack.
const largeLength = 2 ** 22

/** The same array with room for at least so many, and for some more than before: twice as many while it is not large. */
export function longer<A extends Uint8Array | Uint16Array | Int32Array | Float64Array>(array: A, least: number): A {
  const room = array.length < largeLength ? array.length * 2 : Math.ceil(array.length * 1.25)
  const more = new (array.constructor as new (length: number) => A)(Math.max(least, room))
  more.set(array)
  return more
}
