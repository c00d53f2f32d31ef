import type { Features } from './features.ts'
import type { NameParts } from './name-parts.ts'

/** What a key is made of. Rows that share one may be the same. */
export const keyKinds = {
  code: 1,
  inner: 2,
  registration: 3,
  codeStart: 4,
  codeEnd: 5,
  whole: 6,
  core: 7,
  sound: 8,
  start: 9,
  without: 10,
  personBrand: 11,
  personRoad: 12,
  person: 13,
  phone: 14,
  place: 15,
  short: 16,
} as const

/** The kind of a key that `blockKeys` made. */
export function kindOfKey(key: number): number {
  return Math.floor(key / 2 ** 48)
}

/** A hash of 48 bits with the kind above it: an integer below 2 to the 53. Texts count as if they were one. */
export function keyOf(kind: number, text: string, second = '', third = ''): number {
  begin(kind)
  take(text, 0, text.length)
  if (second !== '') take(second, 0, second.length)
  if (third !== '') take(third, 0, third.length)
  return taken(kind)
}

// The two halves of the hash on hand; in an array, as numbers of 32 bits elsewhere cost memory each time they change.
const hash = new Int32Array(2)

function begin(kind: number): void {
  hash[0] = 0xdeadbeef ^ kind
  hash[1] = 0x41c6ce57 ^ kind
}

function take(text: string, from: number, to: number): void {
  let [a, b] = [hash[0]!, hash[1]!]
  for (let at = from; at < to; at += 1) {
    const code = text.charCodeAt(at)
    a = Math.imul(a ^ code, 2_654_435_761)
    b = Math.imul(b ^ code, 1_597_334_677)
  }
  hash[0] = a
  hash[1] = b
}

function taken(kind: number): number {
  let [a, b] = [hash[0]!, hash[1]!]
  a = Math.imul(a ^ (a >>> 16), 2_246_822_507) ^ Math.imul(b ^ (b >>> 13), 3_266_489_909)
  b = Math.imul(b ^ (b >>> 16), 2_246_822_507) ^ Math.imul(a ^ (a >>> 13), 3_266_489_909)
  return kind * 2 ** 48 + (b & 0xffff) * 2 ** 32 + (a >>> 0)
}

const startChars = 4

/** Room that the keys of a row may need. */
export const keysMax = 64

/**
 * The keys by which a row finds others, each an integer below 2 to the 53; no key twice. The same for rows in memory and
 * in the database.
 */
export function blockKeys(row: Features): number[] {
  const keys = new Float64Array(keysMax)
  return Array.from(keys.subarray(0, keysInto(keys, 0, row)))
}

/** Writes the same keys into an array from a place on, where there is room for `keysMax`; answers where they end. */
export function keysInto(keys: Float64Array, from: number, row: Features): number {
  let end = from
  const put = (key: number) => {
    let at = from
    while (at < end && keys[at] !== key) at += 1
    keys[at] = key
    if (at === end) end += 1
  }
  const add = (kind: number, text: string) => {
    if (text !== '') put(keyOf(kind, text))
  }
  add(keyKinds.code, row.code)
  add(keyKinds.inner, row.inner)
  add(keyKinds.registration, row.registration)
  const written = row.code || row.rawCode
  if (written.length >= 17) {
    put(keyOfPart(keyKinds.codeStart, written, 7, 13))
    put(keyOfPart(keyKinds.codeEnd, written, written.length - 6, written.length))
  }
  for (const name of row.names) {
    put(keyOf(keyKinds.whole, name.whole))
    put(coreKey(name))
    put(keyOf(keyKinds.sound, name.sounds))
    put(keyOfPart(keyKinds.start, name.core, 0, Math.min(startChars, name.core.length)))
    for (let left = 0; left < startChars && name.core.length >= startChars; left += 1) put(keyWithout(name.core, left))
  }
  const { person, road } = row
  if (person.length >= 2) {
    put(personKey(row))
    for (const { core } of row.names) put(keyOf(keyKinds.personBrand, person, core.slice(0, 2)))
    if (road) put(keyOf(keyKinds.personRoad, person, road))
  }
  add(keyKinds.phone, row.phone)
  if (row.address !== '') put(placeKey(row))
  return end
}

function keyOfPart(kind: number, text: string, from: number, to: number): number {
  begin(kind)
  take(text, from, to)
  return taken(kind)
}

/** The key of the first signs of a text without one of them, and its last two. */
function keyWithout(core: string, left: number): number {
  begin(keyKinds.without)
  take(core, 0, left)
  take(core, left + 1, startChars)
  take(core, core.length - 2, core.length)
  return taken(keyKinds.without)
}

/** A name's key; rows of branches do not share it with their parent's. */
export const coreKey = ({ core, branch }: NameParts) => keyOf(keyKinds.core, core, branch)

/** A person's key: names are shared by many, in a city by fewer. 0: the row names nobody. */
export const personKey = ({ person, city }: Features) => (person.length < 2 ? 0 : keyOf(keyKinds.person, city, person))

/** A place's key: a house of a city; where the address has no number, all of it. 0: the row gives none. */
export function placeKey({ city, road, number, address }: Features): number {
  if (address === '') return 0
  return number === '' ? keyOf(keyKinds.place, city, address) : keyOf(keyKinds.place, city, road, number)
}
