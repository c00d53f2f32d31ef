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
  lowHash = 0xdeadbeef ^ kind
  highHash = 0x41c6ce57 ^ kind
  take(text, 0, text.length)
  if (second !== '') take(second, 0, second.length)
  if (third !== '') take(third, 0, third.length)
  return taken(kind)
}

let lowHash = 0
let highHash = 0

function take(text: string, from: number, to: number): void {
  let [a, b] = [lowHash, highHash]
  for (let at = from; at < to; at += 1) {
    const code = text.charCodeAt(at)
    a = Math.imul(a ^ code, 2_654_435_761)
    b = Math.imul(b ^ code, 1_597_334_677)
  }
  lowHash = a
  highHash = b
}

function taken(kind: number): number {
  let [a, b] = [lowHash, highHash]
  a = Math.imul(a ^ (a >>> 16), 2_246_822_507) ^ Math.imul(b ^ (b >>> 13), 3_266_489_909)
  b = Math.imul(b ^ (b >>> 16), 2_246_822_507) ^ Math.imul(a ^ (a >>> 13), 3_266_489_909)
  return kind * 2 ** 48 + (b & 0xffff) * 2 ** 32 + (a >>> 0)
}

/** The key of the first signs of a text without one of them, and its last two. */
function keyWithout(core: string, left: number): number {
  lowHash = 0xdeadbeef ^ keyKinds.without
  highHash = 0x41c6ce57 ^ keyKinds.without
  take(core, 0, left)
  take(core, left + 1, startChars)
  take(core, core.length - 2, core.length)
  return taken(keyKinds.without)
}

const startChars = 4

/**
 * The keys by which a row finds others, each an integer below 2 to the 53; no key twice. The same for rows in memory and
 * in the database.
 */
export function blockKeys(row: Features): number[] {
  const keys: number[] = []
  const add = (kind: number, text: string) => {
    if (text !== '') keys.push(keyOf(kind, text))
  }
  add(keyKinds.code, row.code)
  add(keyKinds.inner, row.inner)
  add(keyKinds.registration, row.registration)
  const written = row.code || row.rawCode
  if (written.length >= 17) {
    add(keyKinds.codeStart, written.slice(7, 13))
    add(keyKinds.codeEnd, written.slice(-6))
  }
  for (const name of row.names) addName(keys, name)
  addPerson(keys, row)
  add(keyKinds.phone, row.phone)
  if (row.address !== '') keys.push(placeKey(row))
  return eachOnce(keys)
}

/** Without repeats, in place: quicker than a set for so few. */
function eachOnce(keys: number[]): number[] {
  let kept = 0
  for (let at = 0; at < keys.length; at += 1) {
    const key = keys[at]!
    let before = 0
    while (before < kept && keys[before] !== key) before += 1
    if (before < kept) continue
    keys[kept] = key
    kept += 1
  }
  keys.length = kept
  return keys
}

function addPerson(keys: number[], row: Features): void {
  const { person, road, names } = row
  if (person.length < 2) return
  keys.push(personKey(row))
  for (const { core } of names) keys.push(keyOf(keyKinds.personBrand, person, core.slice(0, 2)))
  if (road) keys.push(keyOf(keyKinds.personRoad, person, road))
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

function addName(keys: number[], name: NameParts): void {
  const { whole, core, sounds } = name
  keys.push(keyOf(keyKinds.whole, whole), coreKey(name), keyOf(keyKinds.sound, sounds))
  keys.push(keyOf(keyKinds.start, core.slice(0, startChars)))
  if (core.length < startChars) return
  for (let at = 0; at < startChars; at += 1) keys.push(keyWithout(core, at))
}
