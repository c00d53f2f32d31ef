import { Problem } from '../base/problem.ts'
import { describeText, detectDialect, textRows } from './sheets-csv.ts'
import { recognise } from './sheets-recognise.ts'
import { returnedFile } from './sheets-return.ts'
import { describeSheet, sheetRows } from './sheets-rows.ts'
import {
  csvSheetName,
  type FileDescription,
  type SheetCount,
  type SheetMessage,
  type SheetTask,
  type FoundRow,
} from './sheets-shape.ts'
import { openWorkbook } from './sheets-workbook.ts'

const batchRows = 1000

/** What the reading thread does for a task: its messages, or a `Problem`. */
export async function* perform(task: SheetTask): AsyncGenerator<SheetMessage> {
  const format = await recognise(task.path, task.fileName, task.limits)
  if (task.kind === 'describe') yield { kind: 'described', description: await describe(task, format) }
  else if (task.kind === 'read')
    yield* format === 'text' ? readText(task, task.sheets) : readWorkbook(task, task.sheets)
  else yield* returnedFile(task, format)
}

async function describe(task: SheetTask, format: 'xlsx' | 'text'): Promise<FileDescription> {
  if (format === 'text') return describeText(task.path, task.limits)
  const book = await openWorkbook(task.path, task.limits)
  try {
    const sheets = []
    for (const sheet of book.sheets) sheets.push(await describeSheet(book, sheet, task.limits))
    return { format, encoding: null, delimiter: null, sheets }
  } finally {
    book.package.close()
  }
}

function refuseUnknown(wanted: readonly string[] | null, names: readonly string[]): void {
  const missing = wanted?.find((name) => !names.includes(name))
  if (missing !== undefined) throw new Problem('notFound', `文件里没有名为“${missing}”的工作表，请重新选择。`)
}

async function* readText(task: SheetTask, wanted: readonly string[] | null): AsyncGenerator<SheetMessage> {
  refuseUnknown(wanted, [csvSheetName])
  const count: SheetCount = { sheet: csvSheetName, rows: 0, skipped: 0 }
  yield* inBatches(textRows(task.path, await detectDialect(task.path, task.limits), task.limits, count), count)
}

async function* readWorkbook(task: SheetTask, wanted: readonly string[] | null): AsyncGenerator<SheetMessage> {
  const book = await openWorkbook(task.path, task.limits)
  try {
    refuseUnknown(
      wanted,
      book.sheets.map((sheet) => sheet.name),
    )
    for (const sheet of book.sheets) {
      if (wanted && !wanted.includes(sheet.name)) continue
      const count: SheetCount = { sheet: sheet.name, rows: 0, skipped: 0 }
      yield* inBatches(sheetRows(book, sheet, task.limits, count), count)
    }
  } finally {
    book.package.close()
  }
}

/** Even batches; the last one, perhaps empty, carries the sheet's final count. */
async function* inBatches(source: AsyncIterable<FoundRow[]>, count: SheetCount): AsyncGenerator<SheetMessage> {
  let batch: FoundRow[] = []
  const message = (rows: FoundRow[]): SheetMessage => ({
    kind: 'rows',
    numbers: rows.map((found) => found.row),
    cells: rows.map((found) => found.cells),
    count: { ...count },
  })
  for await (const rows of source) {
    batch = batch.length === 0 ? rows : batch.concat(rows)
    while (batch.length >= batchRows) yield message(batch.splice(0, batchRows))
  }
  yield message(batch)
}
