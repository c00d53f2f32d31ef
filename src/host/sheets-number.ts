import { inside, tags } from './sheets-xml.ts'

/** How a number is meant, from its cell's number format. `pad` is the least count of digits (format `000000`). */
export interface NumberStyle {
  kind: 'plain' | 'percent' | 'date' | 'time' | 'dateTime' | 'elapsed'
  pad: number
}

export const plainStyle: NumberStyle = { kind: 'plain', pad: 0 }

// The built-in formats of ECMA-376 18.8.30, with those that Chinese Excel and WPS give to 27–36 and 50–58.
function builtIn(id: number): NumberStyle['kind'] {
  if (id === 9 || id === 10) return 'percent'
  if (
    (id >= 14 && id <= 17) ||
    (id >= 27 && id <= 31) ||
    id === 36 ||
    (id >= 50 && id <= 54) ||
    id === 57 ||
    id === 58
  ) {
    return 'date'
  }
  if ((id >= 18 && id <= 21) || (id >= 32 && id <= 35) || id === 45 || id === 47 || id === 55 || id === 56)
    return 'time'
  if (id === 22) return 'dateTime'
  return id === 46 ? 'elapsed' : 'plain'
}

/** What a number format code makes of a number: `yyyy"年"m"月"d"日"` a date, `0.0%` a percentage, `000000` a padded number. */
function readFormat(code: string): NumberStyle {
  const bare = code
    .replace(/"[^"]*"|\\.|[_*]./g, '')
    .split(';')[0]!
    .replace(/\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, '')
    .replace(/am\/pm|a\/p|上午\/下午|general|g\/通用格式/gi, '')
  if (/\[[hms]+\]/i.test(bare)) return { kind: 'elapsed', pad: 0 }
  const time = /[hs]/i.test(bare)
  const date = /[yd]/i.test(bare) || (!time && /m/i.test(bare))
  if (date || time) return { kind: date && time ? 'dateTime' : date ? 'date' : 'time', pad: 0 }
  if (bare.includes('%')) return { kind: 'percent', pad: 0 }
  return { kind: 'plain', pad: /^0{2,}$/.test(bare) ? bare.length : 0 }
}

/** The number style of each cell format (`s=` index) of a styles part. */
export function readStyles(xml: string): NumberStyle[] {
  const codes = new Map<number, NumberStyle>()
  for (const format of tags(inside(xml, 'numFmts'), 'numFmt')) {
    codes.set(Number(format.get('numFmtId')), readFormat(format.get('formatCode') ?? ''))
  }
  const styles: NumberStyle[] = []
  for (const format of tags(inside(xml, 'cellXfs'), 'xf')) {
    const id = Number(format.get('numFmtId') ?? 0)
    styles.push(codes.get(id) ?? { kind: builtIn(id), pad: 0 })
  }
  return styles
}

function isDigits(text: string): boolean {
  for (let at = text.charCodeAt(0) === 45 ? 1 : 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code < 48 || code > 57) return false
  }
  return true
}

// A number that already stands as a person would write it, with no more digits than a spreadsheet shows.
const short = /^-?(?:0|[1-9]\d*)(?:\.\d*[1-9])?$/

/** A stored number without scientific notation, with the 15 digits that spreadsheets know. */
function plainNumber(raw: string): string {
  if (raw.charCodeAt(0) !== 48 && isDigits(raw)) return raw
  if (raw.length <= 16 && short.test(raw)) return raw
  const value = Number(raw)
  if (!Number.isFinite(value)) return raw
  const rounded = Number(value.toPrecision(15))
  const size = Math.abs(rounded)
  if (size >= 1e21) return BigInt(rounded).toString()
  if (size > 0 && size < 1e-6) return rounded.toFixed(20).replace(/0+$/, '')
  return String(rounded)
}

const two = (value: number) => String(value).padStart(2, '0')

function clock(seconds: number): string {
  const rest = seconds % 60
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}${rest === 0 ? '' : `:${two(rest)}`}`
}

/** A day number and fraction as `YYYY-MM-DD`, `YYYY-MM-DD HH:MM[:SS]`, `HH:MM[:SS]`; the number itself outside years 1900–9999. */
function moment(raw: string, kind: NumberStyle['kind'], date1904: boolean): string {
  const serial = Number(raw) + (date1904 ? 1462 : 0)
  const seconds = Math.round(serial * 86_400)
  if (kind === 'elapsed') return clock(Math.round(Number(raw) * 86_400))
  if (kind === 'time' && serial >= 0) return clock(seconds % 86_400)
  const day = Math.floor(seconds / 86_400)
  if (!(day >= 1 && day < 2_958_466)) return plainNumber(raw)
  const known = days.get(day)
  const date = known ?? dayText(day)
  if (known === undefined && days.size < 100_000) days.set(day, date)
  const rest = seconds - day * 86_400
  return kind === 'dateTime' && rest !== 0 ? `${date} ${clock(rest)}` : date
}

// A register has few days and many rows.
const days = new Map<number, string>()

function dayText(day: number): string {
  // Day 60 is a 1900-02-29 that never was; before it the count is one behind.
  if (day === 60) return '1900-02-29'
  return new Date(Date.UTC(1899, 11, day < 60 ? 31 : 30) + day * 86_400_000).toISOString().slice(0, 10)
}

/** A stored number as a person reads it in a cell of this style. Percentages keep all their digits. */
export function numberText(raw: string, style: NumberStyle, date1904: boolean): string {
  if (style.kind === 'plain') {
    const text = plainNumber(raw)
    return style.pad > text.length && isDigits(text) && text.charCodeAt(0) !== 45 ? text.padStart(style.pad, '0') : text
  }
  const value = Number(raw)
  if (!Number.isFinite(value)) return raw
  if (style.kind === 'percent') return `${plainNumber(String(Number((value * 100).toPrecision(15))))}%`
  return value < 0 ? plainNumber(raw) : moment(raw, style.kind, date1904)
}

/** A date part such as `2019-05-01T00:00:00` (cell type `d`) in the same words as a day number. */
export function isoText(raw: string): string {
  const match = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2})(?::(\d{2}))?)?/.exec(raw)
  if (!match) return raw
  const [, date, time, seconds] = match
  if (time === undefined || (time === '00:00' && (seconds ?? '00') === '00')) return date!
  return `${date} ${time}${seconds === undefined || seconds === '00' ? '' : `:${seconds}`}`
}

/** True where a workbook part counts its days from 1904. */
export function countsFrom1904(workbookXml: string): boolean {
  for (const found of tags(workbookXml, 'workbookPr')) return /^(?:1|true)$/.test(found.get('date1904') ?? '')
  return false
}
