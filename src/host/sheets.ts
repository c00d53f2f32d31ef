import { createWriteStream } from 'node:fs'
import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { runSheetTask } from './sheets-run.ts'
import {
  defaultLimits,
  type FileDescription,
  type SheetCount,
  type SheetLimits,
  type SheetRow,
} from './sheets-shape.ts'

export interface ReadOptions {
  signal?: AbortSignal
  limits?: Partial<SheetLimits>
}

/** Rows of a file in batches of up to 1,000, sheet after sheet; `counts` is complete once the loop has ended by itself. */
export interface SheetReading extends AsyncIterable<SheetRow[]> {
  readonly counts: readonly SheetCount[]
}

/**
 * Reads a .xlsx, .csv, .tsv or .txt row by row in a thread of its own; `sheets` narrows to these names. The loop throws `Problem`
 * (`invalid`, `tooLarge`, `unsupported`; `notFound` for an unknown sheet name) with a sentence for the person who uploaded it.
 */
export function readSheets(
  path: string,
  fileName: string,
  options: ReadOptions & { sheets?: readonly string[] } = {},
): SheetReading {
  const counts: SheetCount[] = []
  return {
    counts,
    async *[Symbol.asyncIterator]() {
      counts.length = 0
      const task = { kind: 'read', sheets: options.sheets ?? null, ...taskOf(path, fileName, options) } as const
      for await (const message of runSheetTask(task, options.signal)) {
        if (message.kind !== 'rows') continue
        const { numbers, cells, count } = message
        const sheet = count.sheet
        if (counts.at(-1)?.sheet === sheet) counts[counts.length - 1] = count
        else counts.push(count)
        const rows: SheetRow[] = numbers.map((row, at) => ({ sheet, row, cells: cells[at]! }))
        if (rows.length > 0) yield rows
      }
    },
  }
}

/** Format, encoding, sheets, rough sizes, first rows and merged ranges of a file; refuses like `readSheets`. */
export async function describeFile(
  path: string,
  fileName: string,
  options: ReadOptions = {},
): Promise<FileDescription> {
  const task = { kind: 'describe', ...taskOf(path, fileName, options) } as const
  for await (const message of runSheetTask(task, options.signal)) {
    if (message.kind === 'described') return message.description
  }
  throw new Error('the sheet thread described nothing')
}

/**
 * Writes the sender's own workbook back with only the rows in `errors` (sheet name, row number, what is wrong) and those up to the
 * sheet's header row (`headerRows`, 1 when not said), and a column 错误信息 after the last. A text file comes back as .xlsx too, so
 * that codes stay text. Rows move up; sheets without an error are left out. Resolves to how many of the rows were found.
 */
export async function returnWorkbook(
  path: string,
  fileName: string,
  errors: ReadonlyMap<string, ReadonlyMap<number, string>>,
  out: Writable | string,
  options: ReadOptions & { headerRows?: ReadonlyMap<string, number> } = {},
): Promise<{ rows: number }> {
  const headerRows = options.headerRows ?? new Map<string, number>()
  const task = { kind: 'return', errors, headerRows, ...taskOf(path, fileName, options) } as const
  let rows = 0
  async function* bytes() {
    for await (const message of runSheetTask(task, options.signal)) {
      if (message.kind === 'bytes') yield message.bytes
      if (message.kind === 'returned') rows = message.rows
    }
  }
  await pipeline(Readable.from(bytes()), typeof out === 'string' ? createWriteStream(out) : out)
  return { rows }
}

function taskOf(path: string, fileName: string, options: ReadOptions) {
  return { path, fileName, limits: { ...defaultLimits, ...options.limits } }
}
