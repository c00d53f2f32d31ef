import { Problem } from '../base/problem.ts'
import { firstRowsMax, tooWide } from './sheets-rows.ts'
import {
  csvSheetName,
  type Delimiter,
  type FileDescription,
  type SheetCount,
  type SheetLimits,
  type TextEncoding,
  type FoundRow,
} from './sheets-shape.ts'
import { BadBytes, decodedText, detectEncoding, endless } from './sheets-text.ts'

/** How a text file is written. */
export interface TextDialect {
  encoding: TextEncoding
  delimiter: Delimiter
}

const quote = 34
const carriageReturn = 13
const lineFeed = 10

/**
 * Cuts text that arrives in pieces into records, by RFC 4180 and as forgiving as spreadsheets are: bare quotes inside a field,
 * text after a closing quote, and any of the three line ends.
 */
export class RecordCutter {
  /** Records cut so far: the number of the last row, as a spreadsheet shows it. */
  row = 0
  #rest = ''
  #next = 0
  #fields: string[] = []
  readonly #delimiter: number
  readonly #limits: SheetLimits

  constructor(delimiter: Delimiter, limits: SheetLimits) {
    this.#delimiter = delimiter.charCodeAt(0)
    this.#limits = limits
  }

  push(piece: string, onRecord: (fields: string[]) => void, last = false): void {
    const text = this.#rest + piece
    let at = 0
    while (at < text.length && this.#record(text, at, last)) {
      this.row += 1
      at = this.#next
      onRecord(this.#fields)
    }
    this.#rest = text.slice(at)
    if (this.#rest.length > this.#limits.rowCharsMax) throw endless(this.#limits)
    if (last && this.#rest !== '')
      throw new Problem('invalid', `第 ${this.row + 1} 行的引号没有配对，请检查后重新上传。`)
  }

  /** Reads the record at `at` into `#fields`; false when its end is not here yet. */
  #record(text: string, at: number, last: boolean): boolean {
    this.#fields = []
    let place = at
    for (;;) {
      const end = text.charCodeAt(place) === quote ? this.#quoted(text, place) : this.#bare(text, place)
      if (end < 0) return false
      const code = text.charCodeAt(end)
      if (code === this.#delimiter) {
        place = end + 1
        continue
      }
      // Without what follows, a return may be half of a line end, and no line end at all half of a field.
      if (!last && (Number.isNaN(code) || (code === carriageReturn && end + 1 === text.length))) return false
      this.#next = end + (code === carriageReturn && text.charCodeAt(end + 1) === lineFeed ? 2 : 1)
      return true
    }
  }

  #bare(text: string, from: number): number {
    const end = this.#fieldEnd(text, from)
    this.#fields.push(text.slice(from, end))
    return end
  }

  #quoted(text: string, from: number): number {
    let value = ''
    let at = from + 1
    for (;;) {
      const close = text.indexOf('"', at)
      if (close < 0) return -1
      value += text.slice(at, close)
      at = close + 1
      if (text.charCodeAt(at) !== quote) break
      value += '"'
      at += 1
    }
    const end = this.#fieldEnd(text, at)
    this.#fields.push(value + text.slice(at, end))
    return end
  }

  #fieldEnd(text: string, from: number): number {
    let at = from
    for (; at < text.length; at += 1) {
      const code = text.charCodeAt(at)
      if (code === this.#delimiter || code === lineFeed || code === carriageReturn) break
    }
    return at
  }
}

const guarded = /^'+[=+\-@\t\r\n＝＋－＠]/

/** A field as a person reads it: our own formula guard off, `="0123"` (text kept as text by other systems) unwrapped, blank null. */
function fieldValue(field: string): string | null {
  const first = field.charCodeAt(0)
  let value = field
  if (first === 39 && guarded.test(field)) value = field.slice(1)
  else if (first === 61) value = /^="([^"]*)"$/.exec(field)?.[1] ?? field
  return /\S/.test(value) ? value : null
}

function readRecord(fields: string[], row: number, limits: SheetLimits): FoundRow | undefined {
  const cells: (string | null)[] = []
  for (let at = 0; at < fields.length; at += 1) {
    const value = fieldValue(fields[at]!)
    if (value === null) continue
    if (at >= limits.columnsMax) throw tooWide(limits.columnsMax)
    while (cells.length < at) cells.push(null)
    cells.push(value)
  }
  return cells.length === 0 ? undefined : { row, cells }
}

/** The rows of a text file that hold something, in batches; `count` follows. Throws `Problem` naming the row that does not decode. */
export async function* textRows(
  path: string,
  dialect: TextDialect,
  limits: SheetLimits,
  count: SheetCount,
): AsyncGenerator<FoundRow[]> {
  const cutter = new RecordCutter(dialect.delimiter, limits)
  let batch: FoundRow[] = []
  const onRecord = (fields: string[]) => {
    if (cutter.row > limits.rowsMax)
      throw new Problem('tooLarge', `文件超过 ${limits.rowsMax} 行，无法读取。请拆分成几个文件。`)
    const found = readRecord(fields, cutter.row, limits)
    if (found) {
      count.rows += 1
      batch.push(found)
    } else count.skipped += 1
  }
  try {
    for await (const text of decodedText(path, dialect.encoding, limits)) {
      if (text.includes('\0'))
        throw new Problem(
          'unsupported',
          `第 ${cutter.row + 1} 行附近有非文本内容。请另存为 .xlsx 或“CSV UTF-8”后重新上传。`,
        )
      cutter.push(text, onRecord)
      if (batch.length > 0) yield batch
      batch = []
    }
    cutter.push('', onRecord, true)
    if (batch.length > 0) yield batch
  } catch (error) {
    throw error instanceof BadBytes ? badRow(cutter.row + 1, dialect.encoding) : error
  }
}

function badRow(row: number, encoding: TextEncoding): Problem {
  const name = encoding === 'gb18030' ? 'GB18030（GBK）' : encoding.toUpperCase()
  return new Problem(
    'invalid',
    `第 ${row} 行的文字不是 ${name} 编码，文件可能混用了两种编码。请另存为 .xlsx 或“CSV UTF-8”后重新上传。`,
  )
}

const sampleChars = 65_536

/** The encoding of a text file by its bytes, the delimiter by which its first lines fall into most columns. */
export async function detectDialect(path: string, limits: SheetLimits): Promise<TextDialect> {
  const encoding = await detectEncoding(path, limits)
  let sample = ''
  try {
    for await (const text of decodedText(path, encoding, limits)) {
      sample += text
      if (sample.length >= sampleChars) break
    }
  } catch (error) {
    if (!(error instanceof BadBytes)) throw error
  }
  const delimiters: Delimiter[] = [',', '\t', ';']
  const scores = delimiters.map((delimiter) => columnsOf(sample.slice(0, sampleChars), delimiter, limits))
  return { encoding, delimiter: delimiters[scores.indexOf(Math.max(...scores))]! }
}

function columnsOf(sample: string, delimiter: Delimiter, limits: SheetLimits): number {
  const widths = new Map<number, number>()
  const cutter = new RecordCutter(delimiter, limits)
  cutter.push(sample, (fields) => {
    if (fields.length > 1 && cutter.row <= 50)
      widths.set(fields.length, (widths.get(fields.length) ?? 0) + fields.length)
  })
  return Math.max(0, ...widths.values())
}

/** Encoding, delimiter, size and first rows of a text file. Reads it to the end, so a file that breaks is refused here. */
export async function describeText(path: string, limits: SheetLimits): Promise<FileDescription> {
  const dialect = await detectDialect(path, limits)
  const count: SheetCount = { sheet: csvSheetName, rows: 0, skipped: 0 }
  const firstRows: FoundRow[] = []
  for await (const rows of textRows(path, dialect, limits, count)) {
    firstRows.push(...rows.slice(0, Math.max(0, firstRowsMax - firstRows.length)))
  }
  const sheet = { name: csvSheetName, visible: true, rowCount: count.rows, firstRows, merges: [] }
  return { format: 'text', ...dialect, sheets: [sheet] }
}
