import { cityOf, column, columns, type Rows, textColumns } from './rows.ts'
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

/** Makes some of the keys of rows. */
export interface KeyMaker {
  /** Writes them into an array from a place on, where there is room for `keysMax`; answers where they end. */
  into: (keys: Float64Array, from: number, rows: Rows, row: number) => number
  /** The columns whose texts they are made of. */
  columns: Int32Array
}

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
  const { cells, formers, texts } = rows
  const base = row * columns
  let end = codeKeysInto(keys, from, rows, row)
  end = ofNameInto(keys, end, texts, cells, base)
  end = ofPersonInto(keys, end, texts, cells, base, cells[base + column.core]!)
  const former = cells[base + column.former]!
  if (former > 0) {
    const first = end
    end = ofNameInto(keys, end, texts, formers, former)
    end = ofPersonInto(keys, end, texts, cells, base, formers[former + column.core]!)
    end = withoutDoubles(keys, from, first, end)
  }
  end = roadInto(keys, end, texts, cells, base)
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

function codeKeysInto(keys: Float64Array, from: number, rows: Rows, row: number): number {
  const { texts } = rows
  let end = from
  const inner = rows.cell(row, column.inner)
  const registration = rows.registrationOf(row)
  if (inner > 0) end = put(keys, end, keyKinds.inner, texts.low(inner), texts.high(inner))
  if (registration > 0) end = put(keys, end, keyKinds.registration, texts.low(registration), texts.high(registration))
  const written = rows.codeOf(row) || rows.rawCodeOf(row)
  const length = texts.length(written)
  if (length < 17) return end
  const start = texts.start(written)
  end = putSigns(keys, end, keyKinds.codeStart, texts.signs, start + 7, start + 13)
  return putSigns(keys, end, keyKinds.codeEnd, texts.signs, start + length - 6, start + length)
}

/** The keys of one name, which stands in an array from a place on. */
function ofNameInto(keys: Float64Array, from: number, texts: Texts, array: Int32Array, name: number): number {
  const { signs } = texts
  const whole = array[name + column.whole]!
  const core = array[name + column.core]!
  const start = texts.start(core)
  const length = texts.length(core)
  let end = put(keys, from, keyKinds.whole, texts.low(whole), texts.high(whole))
  end = coreInto(keys, end, texts, core, array[name + column.branch]!)
  end = soundInto(keys, end, signs, start, start + length)
  end = putSigns(keys, end, keyKinds.start, signs, start, start + Math.min(startChars, length))
  return length >= startChars ? withoutInto(keys, end, signs, start, start + length) : end
}

/** The key of a person and how a name begins. */
function ofPersonInto(
  keys: Float64Array,
  at: number,
  texts: Texts,
  cells: Int32Array,
  base: number,
  core: number,
): number {
  const person = cells[base + column.person]!
  if (texts.length(person) < 2) return at
  const [start, length] = [texts.start(core), texts.length(core)]
  const brand = (length > 0 ? texts.signs[start]! << 16 : 0) | (length > 1 ? texts.signs[start + 1]! : 0)
  const low = Math.imul(texts.low(person) ^ brand, lowFactor)
  return put(keys, at, keyKinds.personBrand, low, texts.high(person) ^ brand)
}

/** The key of a person in a road. */
function roadInto(keys: Float64Array, at: number, texts: Texts, cells: Int32Array, base: number): number {
  const person = cells[base + column.person]!
  const road = cells[base + column.road]!
  if (road === 0 || texts.length(person) < 2) return at
  const low = Math.imul(texts.low(person) ^ texts.low(road), lowFactor)
  return put(keys, at, keyKinds.personRoad, low, Math.imul(texts.high(person) ^ texts.high(road), highFactor))
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
  const city = cityOf(cells[base + column.origin]!)
  return put(keys, at, keyKinds.person, Math.imul(texts.low(person) ^ city, lowFactor), texts.high(person))
}

/** A house of a city; where the address has no number, all of it. */
function placeInto(keys: Float64Array, at: number, texts: Texts, cells: Int32Array, base: number): number {
  const address = cells[base + column.address]!
  if (address === 0) return at
  const number = cells[base + column.number]!
  const where = number === 0 ? address : cells[base + column.road]!
  const low = Math.imul(texts.low(where) ^ cityOf(cells[base + column.origin]!), lowFactor) ^ texts.low(number)
  return put(keys, at, keyKinds.place, low, Math.imul(texts.high(where), highFactor) ^ texts.high(number))
}

/** Writes the keys of a row's names as they stand, and without place and form: those by which rows of one name find each other. */
function nameKeysInto(keys: Float64Array, from: number, { cells, formers, texts }: Rows, row: number): number {
  const end = bothNameKeysInto(keys, from, texts, cells, row * columns)
  const former = cells[row * columns + column.former]!
  return former === 0 ? end : withoutDoubles(keys, from, end, bothNameKeysInto(keys, end, texts, formers, former))
}

function bothNameKeysInto(keys: Float64Array, from: number, texts: Texts, array: Int32Array, name: number): number {
  const whole = array[name + column.whole]!
  const end = put(keys, from, keyKinds.whole, texts.low(whole), texts.high(whole))
  return coreInto(keys, end, texts, array[name + column.core]!, array[name + column.branch]!)
}

/** Writes the key of the organisation code of a row that carries a code; answers where it ends. */
function innerKeyInto(keys: Float64Array, from: number, rows: Rows, row: number): number {
  if (rows.codeOf(row) === 0) return from
  const inner = rows.cell(row, column.inner)
  return put(keys, from, keyKinds.inner, rows.texts.low(inner), rows.texts.high(inner))
}

export const allKeys: KeyMaker = { into: keysInto, columns: textColumns }
export const nameKeys: KeyMaker = {
  into: nameKeysInto,
  columns: Int32Array.of(column.whole, column.core, column.branch),
}
export const innerKeys: KeyMaker = { into: innerKeyInto, columns: Int32Array.of(column.inner) }
