// Working days: weekends and the days that the State Council moves each year.
import { addDays } from '../base/time.ts'

/** Days off besides weekends, and weekend days worked instead. */
export interface Calendar {
  off: ReadonlySet<string>
  work: ReadonlySet<string>
  /** Years whose moved days are known; in others only weekends count. */
  years: ReadonlySet<string>
}

function span(from: string, to: string): string[] {
  const days = []
  for (let day = from; day <= to; day = addDays(day, 1)) days.push(day)
  return days
}

/** 国务院办公厅关于 2026 年部分节假日安排的通知（国办发明电〔2025〕7 号）. */
export const builtInDays: readonly { day: string; off: boolean }[] = [
  ...[
    ['2026-01-01', '2026-01-03'],
    ['2026-02-15', '2026-02-23'],
    ['2026-04-04', '2026-04-06'],
    ['2026-05-01', '2026-05-05'],
    ['2026-06-19', '2026-06-21'],
    ['2026-09-25', '2026-09-27'],
    ['2026-10-01', '2026-10-07'],
  ].flatMap(([from, to]) => span(from!, to!).map((day) => ({ day, off: true }))),
  ...['2026-01-04', '2026-02-14', '2026-02-28', '2026-05-09', '2026-09-20', '2026-10-10'].map((day) => ({
    day,
    off: false,
  })),
]
export const builtInDaysSource = '国办发明电〔2025〕7号'

/** The calendar of the built-in days with a county's own over them. */
export function calendarOf(own: readonly { day: string; off: boolean }[]): Calendar {
  const days = new Map([...builtInDays, ...own].map(({ day, off }) => [day, off]))
  const of = (wanted: boolean) => new Set([...days].filter(([, off]) => off === wanted).map(([day]) => day))
  return { off: of(true), work: of(false), years: new Set([...days.keys()].map((day) => day.slice(0, 4))) }
}

/** True on Monday to Friday that is not a holiday, and on a weekend day that is worked instead. */
export function isWorkingDay(day: string, calendar: Calendar): boolean {
  if (calendar.work.has(day)) return true
  const weekday = new Date(day).getUTCDay()
  return weekday !== 0 && weekday !== 6 && !calendar.off.has(day)
}

/** The so manieth working day after a day; the day itself is not counted, and 0 is the day itself. */
export function addWorkingDays(day: string, count: number, calendar: Calendar): string {
  let at = day
  for (let left = count; left > 0;) {
    at = addDays(at, 1)
    if (isWorkingDay(at, calendar)) left -= 1
  }
  return at
}
