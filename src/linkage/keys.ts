import { column, columns, nameColumns, type Rows } from './rows.ts'
import { soundOf } from './sound.ts'
import type { Texts } from './texts.ts'

/** What a key is made of. Rows that share one may be the same. */
export const keyKinds = {
  inner: 1,
  registration: 2,
  codeStart: 3,
  codeEnd: 4,
  whole: 5,
  core: 6,
  sound: 7,
  start: 8,
  without: 9,
  personBrand: 10,
  personRoad: 11,
  person: 12,
  phone: 13,
  place: 14,
} as const

/** The kind of a key. */
export function kindOfKey(key: number): number {
  return Math.floor(key / 2 ** 48)
}

const startChars = 4
const [lowFactor, highFactor] = [2_654_435_761, 1_597_334_677] as const

/** Room that the keys of a row may need. */
export const keysMax = 40

/**
 * The keys by which a row finds others, each an integer below 2 to the 53; no key twice. The same for rows in memory and
 * in the database: what they are made of must not change without all kept ones being made anew.
 */
export function blockKeys(rows: Rows, row: number): number[] {
  const keys = new Float64Array(keysMax)
  return Array.from(keys.subarray(0, keysInto(keys, 0, rows, row)))
}

/** Writes the same keys into an array from a place on, where there is room for `keysMax`; answers where they end. */
export function keysInto(keys: Float64Array, from: number, rows: Rows, row: number): number {
  const { cells, texts } = rows
  const base = row * columns
  let end = codeKeysInto(keys, from, texts, cells, base)
  end = ofNameInto(keys, end, texts, cells, base, base)
  if (cells[base + column.formerWhole]! > 0) {
    const first = end
    end = ofNameInto(keys, end, texts, cells, base + nameColumns, base)
    end = withoutDoubles(keys, from, first, end)
  }
  end = personInto(keys, end, texts, cells, base)
  const phone = cells[base + column.phone]!
  if (phone > 0) end = put(keys, end, keyKinds.phone, texts.low(phone), texts.high(phone))
  return placeInto(keys, end, texts, cells, base)
}

/** Puts the key of a kind and a hash: 48 bits with the kind above them, never 0. */
function put(keys: Float64Array, at: number, kind: number, low: number, high: number): number {
  let a = low ^ kind
  let b = high ^ Math.imul(kind, 0x9e37_79b1)
  a = Math.imul(a ^ (a >>> 16), 2_246_822_507) ^ Math.imul(b ^ (b >>> 13), 3_266_489_909)
  b = Math.imul(b ^ (b >>> 16), 2_246_822_507) ^ Math.imul(a ^ (a >>> 13), 3_266_489_909)
  keys[at] = kind * 2 ** 48 + (b & 0xffff) * 2 ** 32 + (a >>> 0)
  return at + 1
}

function putSigns(keys: Float64Array, at: number, kind: number, signs: Uint16Array, from: number, to: number): number {
  let low = 0
  let high = 0
  for (let place = from; place < to; place += 1) {
    low = Math.imul(low ^ signs[place]!, lowFactor)
    high = Math.imul(high ^ signs[place]!, highFactor)
  }
  return put(keys, at, kind, low, high)
}

function codeKeysInto(keys: Float64Array, from: number, texts: Texts, cells: Int32Array, base: number): number {
  let end = from
  const inner = cells[base + column.inner]!
  const registration = cells[base + column.registration]!
  if (inner > 0) end = put(keys, end, keyKinds.inner, texts.low(inner), texts.high(inner))
  if (registration > 0) end = put(keys, end, keyKinds.registration, texts.low(registration), texts.high(registration))
  const written = cells[base + column.code]! || cells[base + column.rawCode]!
  const length = texts.length(written)
  if (length < 17) return end
  const start = texts.start(written)
  end = putSigns(keys, end, keyKinds.codeStart, texts.signs, start + 7, start + 13)
  return putSigns(keys, end, keyKinds.codeEnd, texts.signs, start + length - 6, start + length)
}

/** The keys of one name: `base` is where the row's cells begin, moved on for the former one; `own`: where they begin. */
function ofNameInto(
  keys: Float64Array,
  from: number,
  texts: Texts,
  cells: Int32Array,
  base: number,
  own: number,
): number {
  const { signs } = texts
  const whole = cells[base + column.whole]!
  const core = cells[base + column.core]!
  const start = texts.start(core)
  const length = texts.length(core)
  let end = put(keys, from, keyKinds.whole, texts.low(whole), texts.high(whole))
  end = coreInto(keys, end, texts, core, cells[base + column.branch]!)
  end = soundInto(keys, end, signs, start, start + length)
  end = putSigns(keys, end, keyKinds.start, signs, start, start + Math.min(startChars, length))
  if (length >= startChars) end = withoutInto(keys, end, signs, start, start + length)
  const person = cells[own + column.person]!
  if (texts.length(person) < 2) return end
  const brand = (length > 0 ? signs[start]! << 16 : 0) | (length > 1 ? signs[start + 1]! : 0)
  end = put(
    keys,
    end,
    keyKinds.personBrand,
    Math.imul(texts.low(person) ^ brand, lowFactor),
    texts.high(person) ^ brand,
  )
  const road = base === own ? cells[own + column.road]! : 0
  if (road === 0) return end
  const low = Math.imul(texts.low(person) ^ texts.low(road), lowFactor)
  return put(keys, end, keyKinds.personRoad, low, Math.imul(texts.high(person) ^ texts.high(road), highFactor))
}

function coreInto(keys: Float64Array, at: number, texts: Texts, core: number, branch: number): number {
  if (branch === 0) return put(keys, at, keyKinds.core, texts.low(core), texts.high(core))
  const low = Math.imul(texts.low(core), 31) ^ Math.imul(texts.low(branch), lowFactor)
  return put(keys, at, keyKinds.core, low, Math.imul(texts.high(core), 31) ^ Math.imul(texts.high(branch), highFactor))
}

function soundInto(keys: Float64Array, at: number, signs: Uint16Array, from: number, to: number): number {
  let low = 0
  let high = 0
  for (let place = from; place < to; place += 1) {
    const sound = soundOf(signs[place]!)
    low = Math.imul(low ^ sound, lowFactor)
    high = Math.imul(high ^ sound, highFactor)
  }
  return put(keys, at, keyKinds.sound, low, high)
}

/** Keys of the first signs of a text without one of them, and its last two: one slip among them is found. */
function withoutInto(keys: Float64Array, from: number, signs: Uint16Array, start: number, to: number): number {
  let end = from
  for (let left = 0; left < startChars; left += 1) {
    // A sign that stands twice side by side leaves the same behind whichever of the two goes.
    if (left > 0 && signs[start + left] === signs[start + left - 1]) continue
    let low = 0
    let high = 0
    for (let at = 0; at < startChars + 2; at += 1) {
      if (at === left) continue
      const sign = signs[at < startChars ? start + at : to - startChars - 2 + at]!
      low = Math.imul(low ^ sign, lowFactor)
      high = Math.imul(high ^ sign, highFactor)
    }
    end = put(keys, end, keyKinds.without, low, high)
  }
  return end
}

/** Leaves out, of the keys between two places, those that stand before them; answers where the others end. */
function withoutDoubles(keys: Float64Array, from: number, first: number, to: number): number {
  let end = first
  for (let at = first; at < to; at += 1) {
    const key = keys[at]!
    let before = from
    while (before < first && keys[before] !== key) before += 1
    if (before === first) keys[end++] = key
  }
  return end
}

/** Names of persons are shared by many, in a city by fewer. */
function personInto(keys: Float64Array, at: number, texts: Texts, cells: Int32Array, base: number): number {
  const person = cells[base + column.person]!
  if (texts.length(person) < 2) return at
  const city = cells[base + column.city]!
  return put(keys, at, keyKinds.person, Math.imul(texts.low(person) ^ city, lowFactor), texts.high(person))
}

/** A house of a city; where the address has no number, all of it. */
function placeInto(keys: Float64Array, at: number, texts: Texts, cells: Int32Array, base: number): number {
  const address = cells[base + column.address]!
  if (address === 0) return at
  const number = cells[base + column.number]!
  const where = number === 0 ? address : cells[base + column.road]!
  const low = Math.imul(texts.low(where) ^ cells[base + column.city]!, lowFactor) ^ texts.low(number)
  return put(keys, at, keyKinds.place, low, Math.imul(texts.high(where), highFactor) ^ texts.high(number))
}

/** Writes the keys of a row's names as they stand, and without place and form: those by which rows of one name find each other. */
export function nameKeysInto(keys: Float64Array, from: number, { cells, texts }: Rows, row: number): number {
  const base = row * columns
  const lastName = base + (cells[base + column.formerWhole]! > 0 ? nameColumns : 0)
  let end = from
  for (let name = base; name <= lastName; name += nameColumns) {
    const whole = cells[name + column.whole]!
    end = put(keys, end, keyKinds.whole, texts.low(whole), texts.high(whole))
    end = coreInto(keys, end, texts, cells[name + column.core]!, cells[name + column.branch]!)
  }
  return lastName === base ? end : withoutDoubles(keys, from, from + 2, end)
}

const one = new Float64Array(1)

/** The key of the organisation code that a row carries. */
export function innerKey({ cells, texts }: Rows, row: number): number {
  const inner = cells[row * columns + column.inner]!
  put(one, 0, keyKinds.inner, texts.low(inner), texts.high(inner))
  return one[0]!
}

/** The key of a row's name without place and form; rows of branches do not share it with their parent's. */
export function coreKey({ cells, texts }: Rows, row: number): number {
  const base = row * columns
  coreInto(one, 0, texts, cells[base + column.core]!, cells[base + column.branch]!)
  return one[0]!
}

/** The key of who answers for a row; 0: it names nobody. */
export function personKey({ cells, texts }: Rows, row: number): number {
  return personInto(one, 0, texts, cells, row * columns) === 0 ? 0 : one[0]!
}

/** The key of a row's phone; 0: it gives none. */
export function phoneKey({ cells, texts }: Rows, row: number): number {
  const phone = cells[row * columns + column.phone]!
  if (phone === 0) return 0
  put(one, 0, keyKinds.phone, texts.low(phone), texts.high(phone))
  return one[0]!
}

/** The key of a row's place; 0: it gives none. */
export function placeKey({ cells, texts }: Rows, row: number): number {
  return placeInto(one, 0, texts, cells, row * columns) === 0 ? 0 : one[0]!
}
