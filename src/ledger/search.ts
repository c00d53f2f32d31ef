import { nameKey, pinyinInitials } from '../base/chinese.ts'

const wide = /[^\x00-\x7f]/

/** The texts by which a unit is found, one a line, lower case: names, short name, pinyin initials, codes. */
export function searchText(unit: {
  name: string
  formerName: string | null
  shortName: string | null
  uscc: string | null
  registrationNumber: string | null
}): string {
  const names = [unit.name, unit.formerName, unit.shortName].flatMap((name) => (name ? [nameKey(name)] : []))
  const lines = [...names, ...names.map(pinyinInitials), unit.uscc ?? '', unit.registrationNumber ?? '']
  return [...new Set(lines.filter(Boolean).map((line) => line.toLowerCase()))].join('\n')
}

/** What a person typed, in the writing of `searchText`. */
export function queryText(typed: string): string {
  return nameKey(typed).toLowerCase()
}

/**
 * The grams of a text: each two neighbouring characters where one is not ASCII, each three where all are.
 * A text that holds a query holds all of the query's grams; the reverse needs the recheck on the text itself.
 */
export function grams(text: string): string[] {
  const found = new Set<string>()
  for (const line of text.split('\n')) {
    const letters = [...line]
    for (let at = 0; at < letters.length - 1; at += 1) {
      const two = `${letters[at]}${letters[at + 1]}`
      if (wide.test(two)) found.add(two)
      else if (at + 2 < letters.length && !wide.test(letters[at + 2] ?? '')) found.add(two + (letters[at + 2] ?? ''))
    }
  }
  return [...found]
}

/** A typed text as a pattern for LIKE, with its wildcards taken literally. */
export function likePattern(text: string): string {
  return `%${text.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`
}
