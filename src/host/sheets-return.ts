import { Problem } from '../base/problem.ts'
import { rawValue, scanCells, textValue, type CellKind } from './sheets-cells.ts'
import { detectDialect, textRows } from './sheets-csv.ts'
import { isoText } from './sheets-number.ts'
import {
  ownStyle,
  ownStyles,
  PackageWriter,
  sheetEnd,
  sheetStart,
  textCell,
  type SheetFrame,
} from './sheets-package.ts'
import { columnLetters } from '../base/number.ts'
import { eachRows, readMerges, readRow } from './sheets-rows.ts'
import { csvSheetName, errorColumnTitle, type SheetMessage, type SheetTask, type FoundRow } from './sheets-shape.ts'
import { openWorkbook, type SheetPart, type Workbook } from './sheets-workbook.ts'
import { attributes, ElementCutter, inside, tags } from './sheets-xml.ts'

type ReturnTask = Extract<SheetTask, { kind: 'return' }>

/** A row that goes back: where it was, and its cells as XML by column once its new place is known. */
interface KeptRow {
  row: number
  height?: string
  cells: (newRow: number) => string[]
}

/** Where the error column goes on one sheet, and how it looks. */
interface Layout {
  errors: ReadonlyMap<number, string>
  headerRow: number
  errorColumn: number
  headerStyle: number
  errorStyle: number
}

const keeps = (layout: Pick<Layout, 'errors' | 'headerRow'>, row: number) =>
  row <= layout.headerRow || layout.errors.has(row)

/** The returned workbook in pieces, then how many of the rows were found. */
export async function* returnedFile(task: ReturnTask, format: 'xlsx' | 'text'): AsyncGenerator<SheetMessage> {
  if (![...task.errors.values()].some((rows) => rows.size > 0)) throw new Problem('notFound', '没有需要退回的行。')
  const book = format === 'xlsx' ? await openWorkbook(task.path, task.limits) : null
  const writer = new PackageWriter()
  const found = { rows: 0 }
  const filled = book ? returnBook(task, book, writer, found) : returnText(task, writer, found)
  filled.catch((error: Error) => writer.abandon(error))
  try {
    // A copy: posting a view would send the whole pool it lies in.
    for await (const bytes of writer.output) yield { kind: 'bytes', bytes: new Uint8Array(bytes as Buffer) }
    await filled
    yield { kind: 'returned', rows: found.rows }
  } finally {
    book?.package.close()
  }
}

const pieceChars = 2 ** 14

/** The kept rows in their new places: up to the header where they were, the others moved up behind it. */
async function* sheetXml(
  frame: SheetFrame,
  merges: readonly string[],
  kept: AsyncIterable<KeptRow>,
  layout: Layout,
  found: { rows: number },
): AsyncGenerator<string> {
  let text = sheetStart(frame)
  let next = layout.headerRow
  for await (const { row, height, cells } of kept) {
    const isData = row > layout.headerRow
    if (isData) next += 1
    const newRow = isData ? next : row
    const xml = cells(newRow)
    if (isData) {
      found.rows += 1
      xml[layout.errorColumn] = textCell(layout.errorColumn, newRow, layout.errorStyle, layout.errors.get(row)!)
    } else if (row === layout.headerRow) {
      xml[layout.errorColumn] = textCell(layout.errorColumn, newRow, layout.headerStyle, errorColumnTitle)
    }
    text += `<row r="${newRow}"${height === undefined ? '' : ` ht="${height}" customHeight="1"`}>${xml.join('')}</row>`
    if (text.length < pieceChars) continue
    yield text
    text = ''
  }
  yield text + sheetEnd({ merges })
}

/** Finds how wide the kept rows are, and the error column of an earlier return, which is used again. */
class Extent {
  width = 0
  again = -1
  readonly #headerRow: number

  constructor(headerRow: number) {
    this.#headerRow = headerRow
  }

  add({ row, cells }: FoundRow): void {
    this.width = Math.max(this.width, cells.length)
    if (row === this.#headerRow) this.again = cells.indexOf(errorColumnTitle)
  }

  get errorColumn(): number {
    return this.again >= 0 ? this.again : this.width
  }
}

async function returnBook(
  task: ReturnTask,
  book: Workbook,
  writer: PackageWriter,
  found: { rows: number },
): Promise<void> {
  const source = book.stylesPart === null ? null : await book.package.text(book.stylesPart)
  const styles = source === null ? { xml: ownStyles(), index: ownStyle.error } : withErrorStyle(source)
  for (const sheet of book.sheets) {
    const errors = task.errors.get(sheet.name)
    if (errors && errors.size > 0)
      await returnSheet(task, book, sheet, errors, writer, found, source ? styles.index : null)
  }
  writer.addPart('xl/styles.xml', styles.xml)
  if (book.themePart !== null) writer.addPart('xl/theme/theme1.xml', await book.package.text(book.themePart))
  writer.finish({ themed: book.themePart !== null, date1904: book.date1904 })
}

async function returnSheet(
  task: ReturnTask,
  book: Workbook,
  sheet: SheetPart,
  errors: ReadonlyMap<number, string>,
  writer: PackageWriter,
  found: { rows: number },
  errorStyle: number | null,
): Promise<void> {
  const headerRow = task.headerRows.get(sheet.name) ?? 1
  const cutter = new ElementCutter('sheetData', 'row', task.limits.rowCharsMax, true)
  const extent = new Extent(headerRow)
  let headerStyle: number = ownStyle.header
  const measure = (row: number, text: string, start: number, end: number): undefined => {
    if (!keeps({ errors, headerRow }, row)) return
    const found = readRow(book, task.limits, row, text, start, end)
    if (found) extent.add(found)
    if (row === headerRow && errorStyle !== null) headerStyle = lastStyle(text, start, end)
  }
  for await (const none of eachRows(book, sheet, task.limits, measure, cutter)) void none
  const layout = {
    errors,
    headerRow,
    errorColumn: extent.errorColumn,
    headerStyle,
    errorStyle: errorStyle ?? ownStyle.error,
  }
  const merges = readMerges(cutter.tail)
    .filter((one) => one.toRow <= headerRow && (one.fromRow !== one.toRow || one.fromColumn !== one.toColumn))
    .map((one) => `${columnLetters(one.fromColumn)}${one.fromRow}:${columnLetters(one.toColumn)}${one.toRow}`)
  const frame = frameOf(cutter.head, layout, errorStyle !== null)
  const kept = keptRows(task, book, sheet, layout, Math.max(extent.width, extent.again + 1), errorStyle !== null)
  await writer.addSheet(sheet.name, sheetXml(frame, merges, kept, layout, found))
}

async function* keptRows(
  task: ReturnTask,
  book: Workbook,
  sheet: SheetPart,
  layout: Layout,
  width: number,
  styled: boolean,
): AsyncGenerator<KeptRow> {
  const read = (row: number, text: string, start: number, end: number): KeptRow | undefined => {
    if (!keeps(layout, row)) return undefined
    const ht = Number(attributes(text.slice(start, text.indexOf('>', start))).get('ht') ?? Number.NaN)
    const cells = (newRow: number) => {
      const xml: string[] = []
      scanCells(text, start, end, (column, style, kind, from, to) => {
        if (column < width && column !== layout.errorColumn) {
          xml[column] = cellXml(book, column, newRow, styled ? style : 0, kind, text, from, to)
        }
      })
      return xml
    }
    // A row as high as its old text would hide the longer error.
    return { row, cells, ...(ht > 0 && row <= layout.headerRow && { height: String(ht) }) }
  }
  for await (const rows of eachRows(book, sheet, task.limits, read)) yield* rows
}

/** A cell as it was, with its formula replaced by its last value. */
function cellXml(
  book: Workbook,
  column: number,
  row: number,
  style: number,
  kind: CellKind,
  text: string,
  from: number,
  to: number,
): string {
  const raw = kind === 'inline' ? '' : rawValue(text, from, to).trim()
  const open = `<c r="${columnLetters(column)}${row}" s="${style}"`
  if (from === to || (kind !== 'inline' && raw === '')) return `${open}/>`
  if (kind === 'number' && Number.isFinite(Number(raw))) return `${open}><v>${raw}</v></c>`
  if (kind === 'boolean') return `${open} t="b"><v>${raw === '1' || raw === 'true' ? 1 : 0}</v></c>`
  if (kind === 'date') return textCell(column, row, style, isoText(raw))
  return textCell(column, row, style, textValue(book, kind, text, from, to))
}

function lastStyle(text: string, start: number, end: number): number {
  let last = 0
  scanCells(text, start, end, (_, style, _kind, from, to) => {
    if (from !== to) last = style
  })
  return last
}

/** The sender's column widths with room made for the error column. */
function frameOf(head: string, layout: Layout, styled: boolean): SheetFrame {
  const columns: SheetFrame['columns'] = []
  for (const column of tags(inside(head, 'cols'), 'col')) {
    const from = Number(column.get('min')) - 1
    const to = Math.min(Number(column.get('max')) - 1, 16_383)
    const width = Number(column.get('width') ?? 9)
    const style = styled && column.has('style') ? Number(column.get('style')) : undefined
    if (!(from >= 0 && from <= to && width >= 0)) continue
    for (const part of [
      { from, to: Math.min(to, layout.errorColumn - 1) },
      { from: Math.max(from, layout.errorColumn + 1), to },
    ]) {
      if (part.from <= part.to) columns.push({ ...part, width, style })
    }
  }
  columns.push({ from: layout.errorColumn, to: layout.errorColumn, width: 44 })
  columns.sort((one, other) => one.from - other.from)
  const height = [...tags(head, 'sheetFormatPr')][0]?.get('defaultRowHeight')
  return { columns, frozenRows: layout.headerRow, defaultRowHeight: Number(height) || undefined }
}

/** The sender's styles with one cell format more, for the error column. */
function withErrorStyle(styles: string): { xml: string; index: number } {
  const end = /<\/((?:[\w.-]+:)?)cellXfs>/.exec(styles)
  if (!end) return { xml: styles, index: 0 }
  const index = [...tags(inside(styles, 'cellXfs'), 'xf')].length
  const prefix = end[1]!
  const format =
    `<${prefix}xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1">` +
    `<${prefix}alignment vertical="top" wrapText="1"/></${prefix}xf>`
  const longer = styles.slice(0, end.index) + format + styles.slice(end.index)
  return { xml: longer.replace(/(<(?:[\w.-]+:)?cellXfs[^>]*\bcount=["'])\d+/, `$1${index + 1}`), index }
}

async function returnText(task: ReturnTask, writer: PackageWriter, found: { rows: number }): Promise<void> {
  const headerRow = task.headerRows.get(csvSheetName) ?? 1
  const errors = task.errors.get(csvSheetName) ?? new Map<number, string>()
  const dialect = await detectDialect(task.path, task.limits)
  const extent = new Extent(headerRow)
  const kept = async function* (): AsyncGenerator<FoundRow> {
    const count = { sheet: csvSheetName, rows: 0, skipped: 0 }
    for await (const rows of textRows(task.path, dialect, task.limits, count)) {
      for (const row of rows) if (keeps({ errors, headerRow }, row.row)) yield row
    }
  }
  for await (const row of kept()) extent.add(row)
  const errorColumn = extent.errorColumn
  const layout = { errors, headerRow, errorColumn, headerStyle: ownStyle.header, errorStyle: ownStyle.error }
  const rows = async function* (): AsyncGenerator<KeptRow> {
    for await (const { row, cells: values } of kept()) {
      const style = row === headerRow ? ownStyle.header : ownStyle.text
      yield {
        row,
        cells: (newRow) => values.map((text, at) => (text === null ? '' : textCell(at, newRow, style, text))),
      }
    }
  }
  const widths = errorColumn === 0 ? [] : [{ from: 0, to: errorColumn - 1, width: 18, style: ownStyle.text }]
  const frame = { columns: [...widths, { from: errorColumn, to: errorColumn, width: 44 }], frozenRows: headerRow }
  const name = task.fileName.replace(/\.[^.]*$/, '')
  await writer.addSheet(name, sheetXml(frame, [], rows(), layout, found))
  writer.addPart('xl/styles.xml', ownStyles())
  writer.finish()
}
