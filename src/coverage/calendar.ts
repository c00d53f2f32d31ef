import { addDays } from '../base/time.ts'

/** The day so many months later (earlier, if negative), at most the month's last: 2024-08-31 + 6 → 2025-02-28. */
export function addMonths(day: string, months: number): string {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number]
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate()
  return new Date(Date.UTC(year, month - 1 + months, Math.min(date, last))).toISOString().slice(0, 10)
}

/** The last day of the month of a day. */
export function monthEnd(day: string): string {
  return addDays(addMonths(`${day.slice(0, 7)}-01`, 1), -1)
}

/** The last day of the month before. */
export function monthEndBefore(day: string): string {
  return addDays(`${day.slice(0, 7)}-01`, -1)
}

/** The months' ends from one day (inclusive) to another (exclusive), in order. */
export function monthEnds(from: string, to: string): string[] {
  const ends: string[] = []
  for (let end = monthEnd(from); end < to; end = monthEnd(addDays(end, 1))) ends.push(end)
  return ends
}

/** The ends of the so many months before a day, oldest first, and the day itself last. */
export function trendDays(asOf: string, months: number): string[] {
  const first = monthEnd(addMonths(monthEndBefore(asOf), 1 - months))
  return [...monthEnds(months > 0 ? first : asOf, asOf), asOf]
}
