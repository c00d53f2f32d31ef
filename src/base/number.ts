import { narrow } from './narrow.ts'

/** A head count as a spreadsheet gives it; `approximate` where the sender wrote 约, 余, a range, or a remark. */
export interface Count {
  value: number
  approximate: boolean
}

const vague = /约|大概|大约|左右|上下|余|多|近|不足|不到|超过?|以[上下内]|至少|最多|[+><≥≤~～]/g
const counters = /[人名个位家户]/g
const digitsOf: Record<string, number> = {
  零: 0,
  〇: 0,
  一: 1,
  二: 2,
  两: 2,
  三: 3,
  四: 4,
  五: 5,
  六: 6,
  七: 7,
  八: 8,
  九: 9,
}
const units: Record<string, number> = { 十: 10, 百: 100, 千: 1000, 万: 10_000 }

// A cell of a sheet may hold 32,767 signs; patterns would look through a long run of brackets again and again.
const countCharsMax = 100

/**
 * Reads 约30人, 30余人, 20-30 (the middle, rounded up), 三十, １２, 1,234, 1.2万. 无 is nought. Null for an empty cell and for
 * whatever is not a whole, non-negative number.
 */
export function parseCount(text: string): Count | null {
  const plain = narrow(text)
  if (plain.length > countCharsMax) return null
  if (plain === '无') return { value: 0, approximate: false }
  const withoutRemark = plain.replace(/\(.*?\)/g, '')
  const range = /^(.+?)(?:-|–|—|~|～|至|到)(.+)$/.exec(withoutRemark)
  if (range) {
    const from = parseOne(range[1]!)
    const to = parseOne(range[2]!)
    if (from && to && from.value <= to.value)
      return { value: Math.ceil((from.value + to.value) / 2), approximate: true }
  }
  const one = parseOne(withoutRemark)
  return one && { value: one.value, approximate: one.approximate || withoutRemark !== plain }
}

function vagueWords(text: string): string {
  return (text.match(vague) ?? []).join('')
}

function parseOne(text: string): Count | null {
  const bare = text.replace(vague, '').replace(counters, '')
  const value = parseArabic(bare) ?? parseChinese(bare)
  return value === null ? null : { value, approximate: vagueWords(text) !== '' }
}

function parseArabic(text: string): number | null {
  const match = /^(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?([百千万]?)$/.exec(text)
  if (!match) return null
  const value = Number(match[1]!.replaceAll(',', '') + (match[2] ?? '')) * (units[match[3]!] ?? 1)
  const whole = Math.round(value)
  return Math.abs(value - whole) < 1e-6 && whole <= 100_000_000 ? whole : null
}

function parseChinese(text: string): number | null {
  if (!/^[零〇一二两三四五六七八九十百千万]+$/.test(text)) return null
  if (!/[十百千万]/.test(text)) return Number(Array.from(text, (sign) => digitsOf[sign]).join(''))
  let total = 0
  let section = 0
  let digit = -1
  for (const sign of text) {
    const unit = units[sign]
    if (unit === undefined) digit = digitsOf[sign]!
    else if (unit === 10_000) {
      total += (section + Math.max(digit, 0) || 1) * unit
      section = 0
      digit = -1
    } else {
      section += (digit < 0 ? 1 : digit) * unit
      digit = -1
    }
  }
  return total + section + Math.max(digit, 0)
}

/** A whole number with its thousands set apart, as counts are shown: 1234567 → `1,234,567`. */
export function grouped(value: number): string {
  // Not toLocaleString: its first call loads the locale's data, 30 ms on a small machine.
  return String(value).replace(/\B(?=(?:\d{3})+$)/g, ',')
}

const letters: string[] = []

/** The letters of a spreadsheet's 0-based column: 0 is A, 26 is AA. */
export function columnLetters(column: number): string {
  const known = letters[column]
  if (known !== undefined) return known
  const last = String.fromCharCode(65 + (column % 26))
  return (letters[column] = column < 26 ? last : columnLetters(Math.floor(column / 26) - 1) + last)
}
