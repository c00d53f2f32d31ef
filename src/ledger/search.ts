import { nameKey, pinyinInitials } from '../base/chinese.ts'

/** Whether a character is not ASCII. */
const isWide = (letter: string) => letter.charCodeAt(0) > 0x7f
const isSmallLetter = (letter: string) => letter >= 'a' && letter <= 'z'

// An entry of an index holds 2,700 bytes; three names and their initials must fit in with the rest. No real name is longer.
const nameCharsMax = 100

/** The texts by which a unit is found, one a line, lower case: names, short name, pinyin initials, codes. */
export function searchText(unit: {
  name: string
  formerName: string | null
  shortName: string | null
  uscc: string | null
  registrationNumber: string | null
}): string {
  const names = [unit.name, unit.formerName, unit.shortName].flatMap((name) =>
    name ? [[...nameKey(name)].slice(0, nameCharsMax).join('')] : [],
  )
  const codes = [unit.uscc ?? '', unit.registrationNumber?.slice(0, nameCharsMax) ?? '']
  const lines = [...names, ...names.map(pinyinInitials), ...codes]
  return [...new Set(lines.filter(Boolean).map((line) => line.toLowerCase()))].join('\n')
}

/** What a person typed, in the writing of `searchText`. */
export function queryText(typed: string): string {
  return nameKey(typed).toLowerCase()
}

/**
 * The grams by which a text is found: each two neighbouring characters where one is not ASCII, each three where all are;
 * and for the shortest searches each single character that is not ASCII, each two letters of pinyin initials.
 */
export function grams(text: string): string[] {
  const lines = text.split('\n').map((line) => [...line])
  const found = new Set<string>()
  for (const letters of lines) addLong(found, letters)
  for (const letters of lines) {
    const initials = letters.every(isSmallLetter)
    for (let at = 0; at < letters.length; at += 1) {
      const letter = letters[at]!
      if (isWide(letter)) found.add(letter)
      else if (initials && at > 0) found.add(letters[at - 1]! + letter)
    }
  }
  return [...found]
}

/**
 * The grams that a text must have to hold a query: the long ones where the query has any, else itself when it is one
 * character or two letters. Empty when nothing narrows the search. The text itself must still be compared.
 */
export function queryGrams(query: string): string[] {
  const long = longGrams(query)
  if (long.length > 0) return long
  return /^[a-z]{2}$/.test(query) || ([...query].length === 1 && isWide(query)) ? [query] : []
}

function longGrams(text: string): string[] {
  const found = new Set<string>()
  for (const line of text.split('\n')) addLong(found, [...line])
  return [...found]
}

function addLong(found: Set<string>, letters: readonly string[]): void {
  for (let at = 0; at < letters.length - 1; at += 1) {
    const [one, next, third] = [letters[at]!, letters[at + 1]!, letters[at + 2]]
    if (isWide(one) || isWide(next)) found.add(one + next)
    else if (third !== undefined && !isWide(third)) found.add(one + next + third)
  }
}

/** A typed text as a pattern for LIKE, with its wildcards taken literally. */
export function likePattern(text: string): string {
  return `%${text.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`
}
