import { Problem } from '../base/problem.ts'
import { cellValue, rowNumber, scanCells } from './sheets-cells.ts'
import type { FoundRow, MergedRange, SheetCount, SheetDescription, SheetLimits } from './sheets-shape.ts'
import type { SheetPart, Workbook } from './sheets-workbook.ts'
import { ElementCutter, inside, tags } from './sheets-xml.ts'

/** Up to here a description counts exactly; beyond, a row of formatted empty texts counts as well. */
const exactRowsMax = 50_000

/** Rows of a sheet kept in a description. */
export const firstRowsMax = 30

/** Hands out a sheet row by row: its number and where its XML lies. The cutter gives head and tail afterwards. */
export async function* eachRows<T>(
  book: Workbook,
  sheet: SheetPart,
  limits: SheetLimits,
  read: (row: number, text: string, start: number, end: number) => T | undefined,
  cutter = new ElementCutter('sheetData', 'row', limits.rowCharsMax),
): AsyncGenerator<T[]> {
  let last = 0
  let found: T[] = []
  const onRow = (text: string, start: number, end: number) => {
    last = rowNumber(text, start, last, limits.rowsMax)
    const result = read(last, text, start, end)
    if (result !== undefined) found.push(result)
  }
  for await (const piece of book.package.pieces(sheet.part)) {
    cutter.push(piece, onRow)
    if (found.length > 0) yield found
    found = []
  }
  cutter.finish()
}

/** A row's cells as a person reads them; undefined for a row that holds nothing. */
export function readRow(
  book: Workbook,
  limits: SheetLimits,
  row: number,
  text: string,
  start: number,
  end: number,
): FoundRow | undefined {
  const cells: (string | null)[] = []
  scanCells(text, start, end, (column, style, kind, from, to) => {
    const value = cellValue(book, style, kind, text, from, to)
    if (value === null) return
    if (column >= limits.columnsMax) throw tooWide(limits.columnsMax)
    while (cells.length < column) cells.push(null)
    cells[column] = value
  })
  return cells.length === 0 ? undefined : { row, cells }
}

/** The refusal of a sheet that is wider than anyone fills in by hand. */
export function tooWide(columnsMax: number): Problem {
  return new Problem('tooLarge', `表格超过 ${columnsMax} 列，无法读取。请删去不用的列后重新上传。`)
}

/** The rows of a sheet that hold something, in batches; `count` follows. */
export async function* sheetRows(
  book: Workbook,
  sheet: SheetPart,
  limits: SheetLimits,
  count: SheetCount,
): AsyncGenerator<FoundRow[]> {
  const read = (row: number, text: string, start: number, end: number) => {
    const found = readRow(book, limits, row, text, start, end)
    if (found) count.rows += 1
    else count.skipped += 1
    return found
  }
  yield* eachRows(book, sheet, limits, read)
}

/** Name, rough size, first rows and the merged ranges in them. */
export async function describeSheet(book: Workbook, sheet: SheetPart, limits: SheetLimits): Promise<SheetDescription> {
  const cutter = new ElementCutter('sheetData', 'row', limits.rowCharsMax, true)
  const firstRows: SheetDescription['firstRows'] = []
  let rowCount = 0
  const look = (row: number, text: string, start: number, end: number): undefined => {
    if (rowCount < exactRowsMax) {
      const found = readRow(book, limits, row, text, start, end)
      if (!found) return
      rowCount += 1
      if (firstRows.length < firstRowsMax) firstRows.push(found)
    } else if (/<[vt][\s>]/.test(text.slice(start, end))) rowCount += 1
  }
  for await (const rows of eachRows(book, sheet, limits, look, cutter)) void rows
  const lastRow = firstRows.at(-1)?.row ?? 0
  const merges = readMerges(cutter.tail).filter((range) => range.fromRow <= lastRow)
  return { name: sheet.name, visible: sheet.visible, rowCount, firstRows, merges }
}

/** The merged ranges that follow a sheet's rows. */
export function readMerges(tail: string): MergedRange[] {
  const merges: MergedRange[] = []
  for (const merge of tags(inside(tail, 'mergeCells'), 'mergeCell')) {
    const match = /^\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})$/.exec(merge.get('ref') ?? '')
    if (!match) continue
    const [, fromLetters, fromRow, toLetters, toRow] = match
    merges.push({
      fromRow: Number(fromRow),
      toRow: Number(toRow),
      fromColumn: columnIndex(fromLetters!),
      toColumn: columnIndex(toLetters!),
    })
  }
  return merges
}

function columnIndex(letters: string): number {
  let column = 0
  for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 64
  return column - 1
}
