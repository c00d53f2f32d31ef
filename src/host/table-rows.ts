import { readSheets } from './sheets.ts'

/** A row below its head, trimmed; `row` is the number that a spreadsheet shows. */
export interface TableRow<Columns> {
  row: number
  cells: string[]
  columns: Columns
}

/**
 * The rows of a table batch by batch, without empty ones and whatever stands above the head. `head` finds the columns in a row, or
 * answers null while a row is not the head; each sheet has its own.
 */
export async function* rowsBelowHead<Columns>(
  path: string,
  fileName: string,
  head: (cells: readonly string[]) => Columns | null,
  options: { signal?: AbortSignal } = {},
): AsyncGenerator<TableRow<Columns>[]> {
  let columns: Columns | null = null
  let sheet: string | undefined
  for await (const batch of readSheets(path, fileName, options)) {
    const rows: TableRow<Columns>[] = []
    for (const one of batch) {
      if (one.sheet !== sheet) [columns, sheet] = [null, one.sheet]
      const cells = one.cells.map((cell) => (cell ?? '').trim())
      if (columns === null) columns = head(cells)
      else if (cells.some((cell) => cell !== '')) rows.push({ row: one.row, cells, columns })
    }
    yield rows
  }
}

/** What a job that reads a table answers of rows: how many it read, and of those it refused why, the first 200 in words. */
export class RowTally {
  read = 0
  refused = 0
  readonly errors: { row: number; message: string }[] = []
  refuse(row: number, message: string): void {
    this.refused += 1
    if (this.errors.length < errorsMax) this.errors.push({ row, message })
  }
  result() {
    return { read: this.read, refused: this.refused, errors: this.errors.toSorted((a, b) => a.row - b.row) }
  }
}
const errorsMax = 200
