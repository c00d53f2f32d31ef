import { narrow } from './narrow.ts'

// China keeps one offset all year (since 1992); the host's own zone never matters.
const shanghaiMs = 8 * 3_600_000
const dayMs = 86_400_000

/** The calendar day in Asia/Shanghai, `YYYY-MM-DD`. */
export function today(now: Date): string {
  return new Date(now.getTime() + shanghaiMs).toISOString().slice(0, 10)
}

/** The wall clock in Asia/Shanghai, `YYYY-MM-DD HH:mm:ss`. */
export function formatDateTime(instant: Date): string {
  return new Date(instant.getTime() + shanghaiMs).toISOString().slice(0, 19).replace('T', ' ')
}

/** True for `YYYY-MM-DD` of a day that exists. */
export function isDate(text: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  return match !== null && toDate(match[1]!, match[2]!, match[3]!) === text
}

/** The day `days` after (before, if negative) a `YYYY-MM-DD`. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(date) + days * dayMs).toISOString().slice(0, 10)
}

/** The day so many months later (earlier, if negative), at most the month's last: 2024-08-31 + 6 → 2025-02-28. */
export function addMonths(date: string, months: number): string {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number]
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate()
  return new Date(Date.UTC(year, month - 1 + months, Math.min(day, last))).toISOString().slice(0, 10)
}

function toDate(year: string, month: string, day: string): string | null {
  const y = Number(year)
  if (y < 1900 || y > 2100) return null
  const date = new Date(Date.UTC(y, Number(month) - 1, Number(day)))
  return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day)
    ? date.toISOString().slice(0, 10)
    : null
}

// Day 1 of a spreadsheet is 1900-01-01 and it believes in a 1900-02-29, so from March 1900 on day 0 is 1899-12-30.
const sheetEpochMs = Date.UTC(1899, 11, 30)

// A cell of a sheet may hold 32,767 signs; patterns would look through a long run of blanks again and again.
const dateCharsMax = 100

/**
 * Reads what spreadsheets hold as a date: 2003-02-18, 2003/2/18, 2003.2.18, 20030218, 2003年2月18日, with or without a time;
 * a month or year alone is its first day; a serial day number of five digits. `YYYY-MM-DD` or null (years 1900–2100).
 */
export function parseLooseDate(text: string): string | null {
  const trimmed = text.trim()
  if (trimmed.length > dateCharsMax) return null
  if (/^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/.test(trimmed)) {
    const instant = new Date(trimmed)
    return Number.isNaN(instant.getTime()) ? null : today(instant)
  }
  const withoutTime = trimmed.replace(/[T\s　]+(?:上午|下午)?\d{1,2}[:：时]\d{1,2}.*$/, '')
  const plain = narrow(withoutTime).replace(/[-./、–—]$/, '')
  const match =
    /^(\d{4})(\d{2})(\d{2})$/.exec(plain) ??
    /^(\d{4})[-./、–—年](\d{1,2})[-./、–—月](\d{1,2})[日号]?$/.exec(plain) ??
    /^(\d{4})[-./、–—年]?(\d{1,2})月?$/.exec(plain.replace(/^\d{5}$/, '')) ??
    /^(\d{4})年?$/.exec(plain)
  if (match) return toDate(match[1]!, match[2] ?? '1', match[3] ?? '1')
  if (/^\d{5}(\.\d+)?$/.test(plain)) {
    const date = new Date(sheetEpochMs + Math.floor(Number(plain)) * dayMs).toISOString().slice(0, 10)
    return date <= '2100' ? date : null
  }
  return null
}
