import { addDays, addMonths } from '../base/time.ts'

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
