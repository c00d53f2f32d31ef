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
  const declared = attributes(text.slice(start, text.indexOf('>', start))).get('r')
  const row = declared === undefined ? after + 1 : Number(declared)
  if (!Number.isInteger(row) || row <= after) throw broken('行号错乱')
  if (row > rowsMax) throw new Problem('tooLarge', `工作表超过 ${rowsMax} 行，无法读取。请拆分成几个工作表。`)
  return row
}

/** Goes through the cells of one `<row>` in one pass, without making strings. */
export function scanCells(text: string, start: number, end: number, onCell: OnCell): void {
  let at = text.indexOf('>', start) + 1
  let column = -1
  while (at < end) {
    const open = text.indexOf('<c', at)
    if (open < 0 || open >= end) return
    const after = text.charCodeAt(open + 2)
    if (after !== 32 && after !== 62 && after !== 47 && after > 32) {
      at = open + 2
      continue
    }
    let place = open + 2
    let style = 0
    let kind: CellKind = 'number'
    let next = column + 1
    let empty = false
    for (;;) {
      const code = text.charCodeAt(place)
      if (code === 62) break
      if (place >= end) throw broken('单元格不完整')
      if (code <= 32 || code === 47) {
        empty = code === 47
        place += 1
        continue
      }
      const equals = text.indexOf('=', place)
      const quote = text.charCodeAt(equals + 1)
      const close = equals < 0 || equals >= end ? -1 : text.indexOf(quote === 39 ? "'" : '"', equals + 2)
      if (close < 0 || close >= end) throw broken('单元格不完整')
      if (equals === place + 1) {
        if (code === 114) next = columnOf(text, equals + 2, close)
        else if (code === 115) style = Number(text.slice(equals + 2, close))
        else if (code === 116) kind = kindOf(text, equals + 2, close)
      }
      place = close + 1
      empty = false
    }
    column = next
    at = place + 1
    if (empty) onCell(column, style, kind, at, at)
    else {
      const close = text.indexOf('</c>', at)
      if (close < 0 || close >= end) throw broken('单元格不完整')
      onCell(column, style, kind, at, close)
      at = close + 4
    }
  }
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
  if (kind === 'inline') return itemText(text.slice(from, to))
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
