import { narrow } from './narrow.ts'

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]

/** The 18th character for the first 17 digits of a 公民身份号码 (GB 11643). */
export function idCheckCharacter(body17: string): string {
  const sum = weights.reduce((total, weight, at) => total + Number(body17.charAt(at)) * weight, 0)
  return '10X98765432'.charAt(sum % 11)
}

// Provinces in use, and 99, which was never given to anyone and stands in test data for all of them.
const area = '(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|99)'
const monthDay = '(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01])'
const eighteen = new RegExp(`^${area}\\d{4}(?:19|20)\\d{2}${monthDay}\\d{3}[\\dX]`)
// Foreigners with permanent residence: 9 and a province. Units' codes begin like that too, so only with a right check.
const resident = new RegExp(`^9\\d{5}(?:19|20)\\d{2}${monthDay}\\d{3}[\\dX]`)
const fifteen = new RegExp(`^${area}\\d{6}${monthDay}\\d{3}`)

/**
 * Whether a text is shaped like a person's number: 18 characters, the old 15 digits (no check character), or either
 * with the two digits that made it a sole proprietor's tax number. Null where it is not. A wrong check character does
 * not make the number less personal.
 */
export function looksLikeIdentity(text: string): { checkOk: boolean } | null {
  const id = narrow(text).toUpperCase()
  if (id.length === 18 || /^.{18}\d{1,2}$/.test(id)) {
    const checkOk = resident.test(id) || eighteen.test(id) ? idCheckCharacter(id.slice(0, 17)) === id[17] : false
    return checkOk || eighteen.test(id) ? { checkOk } : null
  }
  return (id.length === 15 || id.length === 17) && /^\d+$/.test(id) && fifteen.test(id) ? { checkOk: true } : null
}
