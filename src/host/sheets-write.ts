import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ownStyle, ownStyles, PackageWriter, sheetEnd, sheetStart, textCell } from './sheets-package.ts'
import { columnLetters } from '../base/number.ts'

export interface WriteColumn {
  title: string
  /** In characters of the default font; 14 when left out. */
  width?: number
  /** `date` takes `YYYY-MM-DD`; `number` takes numbers. What does not fit its kind is written as text. Default `text`. */
  kind?: 'text' | 'number' | 'date'
}

export type WriteRow = readonly (string | number | null)[]

export interface WriteSheet {
  name: string
  columns: readonly WriteColumn[]
  rows: AsyncIterable<WriteRow> | Iterable<WriteRow>
  /** A line above the header: what the figures mean, as of when. */
  note?: string
}

export interface WriteOptions {
  signal?: AbortSignal
  /** Rows of a sheet before a further one is begun, header and note included. */
  sheetRowsMax?: number
  /** 1 (fast) to 9 (small); 3 when left out: a tenth larger than 6 at three quarters of the time. */
  compressionLevel?: number
}

/**
 * Writes a workbook in constant memory to a stream or a path: header bold, in view while scrolling, and filtered; text cells are
 * text (no formula lives, a long code keeps its digits); further sheets where one is full. Resolves to the rows written. When the
 * rows fail or the signal aborts it rejects with that, and a path holds no half file.
 */
export async function writeXlsx(
  out: Writable | string,
  sheets: readonly WriteSheet[],
  options: WriteOptions = {},
): Promise<{ rows: number }> {
  const writer = new PackageWriter(options.compressionLevel)
  let rows = 0
  const filled = (async () => {
    for (const sheet of sheets) rows += await addSheets(writer, sheet, options.sheetRowsMax ?? 1_048_576)
    writer.addPart('xl/styles.xml', ownStyles())
    writer.finish()
  })()
  filled.catch((error: Error) => writer.abandon(error))
  try {
    await deliver(writer.output, out, options.signal)
  } catch (error) {
    writer.abandon(error as Error)
    await filled.catch(() => {})
    throw error
  }
  await filled
  return { rows }
}

async function deliver(source: Readable, out: Writable | string, signal: AbortSignal | undefined): Promise<void> {
  const target = typeof out === 'string' ? createWriteStream(out) : out
  try {
    await pipeline(source, target, { ...(signal && { signal }) })
  } catch (error) {
    if (typeof out === 'string') {
      if (!target.closed) await once(target, 'close').catch(() => {})
      await rm(out, { force: true })
    }
    throw signal?.aborted === true ? signal.reason : error
  }
}

// Larger strings go to the old generation at once and wait there for a full collection.
const pieceChars = 2 ** 14

/** One table over as many sheets as it needs. */
async function addSheets(writer: PackageWriter, sheet: WriteSheet, rowsMax: number): Promise<number> {
  const rows = Symbol.asyncIterator in sheet.rows ? sheet.rows[Symbol.asyncIterator]() : sheet.rows[Symbol.iterator]()
  const above = sheet.note === undefined ? 1 : 2
  const last = columnLetters(sheet.columns.length - 1)
  let written = 0
  try {
    let next = await rows.next()
    do {
      async function* xml(): AsyncGenerator<string> {
        let text = sheetStart(frameOf(sheet, above)) + headerRows(sheet)
        let row = above
        while (next.done !== true && row < rowsMax) {
          row += 1
          written += 1
          text += rowXml(sheet.columns, next.value, row)
          if (text.length >= pieceChars) {
            yield text
            text = ''
          }
          // No turn of the event loop for rows that are at hand: it would cost as much as the row.
          const step = rows.next()
          next = step instanceof Promise ? await step : step
        }
        const merges = above === 2 && sheet.columns.length > 1 ? [`A1:${last}1`] : []
        yield text + sheetEnd({ filter: `A${above}:${last}${row}`, merges })
      }
      await writer.addSheet(sheet.name, xml())
    } while (next.done !== true)
  } finally {
    await rows.return?.()
  }
  return written
}

function frameOf(sheet: WriteSheet, frozenRows: number) {
  const columns = sheet.columns.map((column, at) => ({
    from: at,
    to: at,
    width: column.width ?? 14,
    style: ownStyle[column.kind === 'date' ? 'date' : column.kind === 'number' ? 'plain' : 'text'],
  }))
  return { columns, frozenRows }
}

function headerRows(sheet: WriteSheet): string {
  const row = sheet.note === undefined ? 1 : 2
  const note = sheet.note === undefined ? '' : `<row r="1">${textCell(0, 1, ownStyle.note, sheet.note)}</row>`
  const titles = sheet.columns.map((column, at) => textCell(at, row, ownStyle.header, column.title))
  return `${note}<row r="${row}">${titles.join('')}</row>`
}

function rowXml(columns: readonly WriteColumn[], values: WriteRow, row: number): string {
  let xml = `<row r="${row}">`
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at]!
    if (value === null || value === '') continue
    xml += cellXml(columns[at]?.kind ?? 'text', value, at, row)
  }
  return `${xml}</row>`
}

function cellXml(kind: 'text' | 'number' | 'date', value: string | number, column: number, row: number): string {
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) return ''
    if (kind !== 'text') return `<c r="${columnLetters(column)}${row}"><v>${value}</v></c>`
    return textCell(column, row, ownStyle.text, String(value))
  }
  const day = kind === 'date' ? dayNumber(value) : null
  if (day !== null) return `<c r="${columnLetters(column)}${row}" s="${ownStyle.date}"><v>${day}</v></c>`
  return textCell(column, row, ownStyle.text, value)
}

// A register has few days and many rows.
const days = new Map<string, number | null>()

/** The day number of a `YYYY-MM-DD` from March 1900 on, before which spreadsheets disagree; null for anything else. */
function dayNumber(date: string): number | null {
  const known = days.get(date)
  if (known !== undefined) return known
  const time = /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(date) : Number.NaN
  const number = time / 86_400_000 + 25_569
  const day = number > 60 && new Date(time).toISOString().startsWith(date) ? number : null
  if (days.size < 100_000) days.set(date, day)
  return day
}

const dangerous = /^'*[=+\-@\t\r\n＝＋－＠]/

/** Text a spreadsheet would take for a formula gets a `'` before it; `readSheets` takes exactly one off again. */
function guardFormula(text: string): string {
  return dangerous.test(text) ? `'${text}` : text
}

function csvField(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : ''
  const safe = guardFormula(value.replaceAll('\0', ''))
  return /[",\r\n\t;]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/**
 * Writes UTF-8 with byte order mark, commas and CRLF, with `note` as a line of its own above the header. Text that looks like a
 * formula is guarded (see `guardFormula`).
 */
export async function writeCsv(
  out: Writable | string,
  columns: readonly Pick<WriteColumn, 'title'>[],
  rows: AsyncIterable<WriteRow> | Iterable<WriteRow>,
  options: Pick<WriteOptions, 'signal'> & Pick<WriteSheet, 'note'> = {},
): Promise<{ rows: number }> {
  let written = 0
  const note = options.note === undefined ? '' : `${csvField(options.note)}\r\n`
  async function* pieces(): AsyncGenerator<Buffer> {
    let text = `\ufeff${note}${columns.map((column) => csvField(column.title)).join(',')}\r\n`
    for await (const row of rows) {
      text += `${row.map(csvField).join(',')}\r\n`
      written += 1
      if (text.length < pieceChars) continue
      yield Buffer.from(text)
      text = ''
    }
    yield Buffer.from(text)
  }
  await deliver(Readable.from(pieces(), { objectMode: false }), out, options.signal)
  return { rows: written }
}
