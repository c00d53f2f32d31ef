import { nameKey, pinyinInitials } from '../base/chinese.ts'

const wide = /[^\x00-\x7f]/

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
  const found = new Set(longGrams(text))
  for (const line of text.split('\n')) {
    const letters = [...line]
    const initials = /^[a-z]+$/.test(line)
    for (const [at, letter] of letters.entries()) {
      if (wide.test(letter)) found.add(letter)
      else if (initials && at > 0) found.add(`${letters[at - 1]}${letter}`)
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
  return /^[a-z]{2}$/.test(query) || ([...query].length === 1 && wide.test(query)) ? [query] : []
}

function longGrams(text: string): string[] {
  const found: string[] = []
  for (const line of text.split('\n')) {
    const letters = [...line]
    for (let at = 0; at < letters.length - 1; at += 1) {
      const two = `${letters[at]}${letters[at + 1]}`
      if (wide.test(two)) found.push(two)
      else if (at + 2 < letters.length && !wide.test(letters[at + 2] ?? '')) found.push(two + (letters[at + 2] ?? ''))
    }
  }
  return [...new Set(found)]
}

/** A typed text as a pattern for LIKE, with its wildcards taken literally. */
export function likePattern(text: string): string {
  return `%${text.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`
}
