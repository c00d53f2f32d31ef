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

/** A hash of 48 bits with the kind above it: an integer below 2 to the 53. */
export function keyOf(kind: number, text: string): number {
  let a = 0xdeadbeef ^ kind
  let b = 0x41c6ce57 ^ kind
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    a = Math.imul(a ^ code, 2_654_435_761)
    b = Math.imul(b ^ code, 1_597_334_677)
  }
  a = Math.imul(a ^ (a >>> 16), 2_246_822_507) ^ Math.imul(b ^ (b >>> 13), 3_266_489_909)
  b = Math.imul(b ^ (b >>> 16), 2_246_822_507) ^ Math.imul(a ^ (a >>> 13), 3_266_489_909)
  return kind * 2 ** 48 + (b & 0xffff) * 2 ** 32 + (a >>> 0)
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
  addPerson(add, row)
  add(keyKinds.phone, row.phone)
  add(keyKinds.place, placeKey(row))
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

function addPerson(add: (kind: number, text: string) => void, { person, road, names, city }: Features): void {
  if (person.length < 2) return
  add(keyKinds.person, personKey(person, city))
  for (const { core } of names) add(keyKinds.personBrand, person + core.slice(0, 2))
  if (road) add(keyKinds.personRoad, person + road)
}

/** The text of a person's key: names are shared by many, in a city by fewer. */
export const personKey = (person: string, city: string) => (person.length < 2 ? '' : `${city}${person}`)

/** The text of a place's key: a house of a city; where the address has no number, all of it. */
export const placeKey = ({ city, road, number, address }: Features) =>
  address === '' ? '' : number === '' ? `${city}${address}` : `${city}${road}${number}`

function addName(keys: number[], { whole, core, sounds, branch }: NameParts): void {
  keys.push(keyOf(keyKinds.whole, whole), keyOf(keyKinds.core, core + branch))
  keys.push(keyOf(keyKinds.sound, sounds))
  const start = core.slice(0, startChars)
  keys.push(keyOf(keyKinds.start, start))
  if (core.length < startChars) return
  const end = core.slice(-2)
  for (let at = 0; at < startChars; at += 1) {
    keys.push(keyOf(keyKinds.without, `${start.slice(0, at)}${start.slice(at + 1)}${end}`))
  }
}
