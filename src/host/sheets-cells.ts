import { Problem } from '../base/problem.ts'
import { isoText, numberText, plainStyle } from './sheets-number.ts'
import type { Workbook } from './sheets-workbook.ts'
import { attributes, broken, cellText, itemText } from './sheets-xml.ts'

/** What a cell's `t=` says of its content. */
export type CellKind = 'number' | 'shared' | 'string' | 'inline' | 'boolean' | 'error' | 'date'

/** Receives one cell: 0-based column, cell format, kind, and where its content lies in the text. */
export type OnCell = (column: number, style: number, kind: CellKind, from: number, to: number) => void

const deepestColumn = 16_384

/** The row number that a row's tag declares, or `after + 1`. Refuses rows that run backwards. */
export function rowNumber(text: string, start: number, after: number, rowsMax: number): number {
  const row = usualRow(text, start) ?? declaredRow(text, start) ?? after + 1
  if (!Number.isInteger(row) || row <= after) throw broken('行号错乱')
  if (row > rowsMax) throw new Problem('tooLarge', `工作表超过 ${rowsMax} 行，无法读取。请拆分成几个工作表。`)
  return row
}

/** The number in `<row r="12"`, which is how nearly every program begins a row. */
function usualRow(text: string, start: number): number | undefined {
  if (!text.startsWith('<row r="', start)) return undefined
  let row = 0
  for (let at = start + 8; at < start + 16; at += 1) {
    const digit = text.charCodeAt(at) - 48
    if (!(digit >= 0 && digit <= 9)) return text.charCodeAt(at) === 34 && row > 0 ? row : undefined
    row = row * 10 + digit
  }
  return undefined
}

function declaredRow(text: string, start: number): number | undefined {
  const declared = attributes(text.slice(start, text.indexOf('>', start))).get('r')
  return declared === undefined ? undefined : Number(declared)
}

/** What the scan of one cell's tag found; one object for all, made anew for none. */
const tag = { end: 0, column: 0, style: 0, kind: 'number' as CellKind, empty: false }

/** Goes through the cells of one `<row>` in one pass, without making strings. */
export function scanCells(text: string, start: number, end: number, onCell: OnCell): void {
  let at = text.indexOf('>', start) + 1
  let column = -1
  while (at < end) {
    const open = text.indexOf('<', at)
    if (open < 0 || open >= end) return
    const after = text.charCodeAt(open + 2)
    if (text.charCodeAt(open + 1) !== 99 || (after !== 62 && after !== 47 && after > 32)) {
      at = open + 1
      continue
    }
    tag.column = column + 1
    readTag(text, open + 2, end)
    column = tag.column
    const { style, kind } = tag
    at = tag.end
    if (tag.empty) onCell(column, style, kind, at, at)
    else {
      const close = text.indexOf('</c>', at)
      if (close < 0 || close >= end) throw broken('单元格不完整')
      onCell(column, style, kind, at, close)
      at = close + 4
    }
  }
}

/** Reads `r`, `s` and `t` of a cell's tag into `tag`; other attributes are passed over. */
function readTag(text: string, from: number, end: number): void {
  let place = from
  tag.style = 0
  tag.kind = 'number'
  tag.empty = false
  for (;;) {
    const code = text.charCodeAt(place)
    if (code === 62) break
    if (place >= end) throw broken('单元格不完整')
    if (code <= 32 || code === 47) {
      tag.empty = code === 47
      place += 1
      continue
    }
    tag.empty = false
    let equals = place + 1
    while (text.charCodeAt(equals) !== 61 && equals < end) equals += 1
    const quote = text.charCodeAt(equals + 1)
    let close = equals + 2
    while (text.charCodeAt(close) !== quote && close < end) close += 1
    if (close >= end || (quote !== 34 && quote !== 39)) throw broken('单元格不完整')
    if (equals === place + 1) {
      if (code === 114) tag.column = columnOf(text, equals + 2, close)
      else if (code === 115) tag.style = Number(text.slice(equals + 2, close))
      else if (code === 116) tag.kind = kindOf(text, equals + 2, close)
    }
    place = close + 1
  }
  tag.end = place + 1
}

function columnOf(text: string, from: number, to: number): number {
  let column = 0
  for (let at = from; at < to; at += 1) {
    const letter = text.charCodeAt(at) & ~32
    if (letter < 65 || letter > 90) break
    column = column * 26 + letter - 64
  }
  if (column < 1 || column > deepestColumn) throw broken('列号错乱')
  return column - 1
}

function kindOf(text: string, from: number, to: number): CellKind {
  switch (text.charCodeAt(from)) {
    case 115:
      return to - from === 1 ? 'shared' : 'string'
    case 105:
      return 'inline'
    case 98:
      return 'boolean'
    case 101:
      return 'error'
    case 100:
      return 'date'
    default:
      return 'number'
  }
}

/** What stands between `<v>` and `</v>` of a cell, as XML holds it; empty where the cell has no value. */
export function rawValue(text: string, from: number, to: number): string {
  if (to - from > 7 && text.startsWith('<v>', from) && text.startsWith('</v>', to - 4))
    return text.slice(from + 3, to - 4)
  const content = text.slice(from, to)
  const open = /<v(?:\s[^>]*)?>/.exec(content)
  if (!open) return ''
  const start = open.index + open[0].length
  const close = content.indexOf('</v>', start)
  return close < 0 ? '' : content.slice(start, close)
}

/** The text of a cell that holds text. */
export function textValue(book: Workbook, kind: CellKind, text: string, from: number, to: number): string {
  if (kind === 'inline') {
    const simple = text.startsWith('<is><t>', from) && text.startsWith('</t></is>', to - 9)
    const inner = simple ? text.slice(from + 7, to - 9) : ''
    return simple && !inner.includes('<') ? cellText(inner) : itemText(text.slice(from, to))
  }
  const raw = rawValue(text, from, to)
  if (kind !== 'shared') return cellText(raw)
  if (raw === '') return ''
  const shared = book.shared.at(Number(raw))
  if (shared === undefined) throw broken('共享文字缺失')
  return shared
}

const something = /\S/

/** A cell as a person reads it, or null if it is blank. */
export function cellValue(
  book: Workbook,
  style: number,
  kind: CellKind,
  text: string,
  from: number,
  to: number,
): string | null {
  if (from === to) return null
  if (kind !== 'number' && kind !== 'boolean' && kind !== 'date') {
    const value = textValue(book, kind, text, from, to)
    return something.test(value) ? value : null
  }
  const raw = rawValue(text, from, to).trim()
  if (raw === '') return null
  if (kind === 'boolean') return raw === '1' || raw === 'true' ? 'TRUE' : 'FALSE'
  if (kind === 'date') return isoText(raw)
  return numberText(raw, book.styles[style] ?? plainStyle, book.date1904)
}
