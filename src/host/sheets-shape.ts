/** One row that holds something, as a person reads it in the spreadsheet program. */
export interface FoundRow {
  /** 1-based, as the spreadsheet program shows it. */
  row: number
  /** By column from A; blank cells are null; nothing after the last cell that holds something. */
  cells: (string | null)[]
}

export interface SheetRow extends FoundRow {
  /** The sheet's name; `csvSheetName` for a text file. */
  sheet: string
}

/** The name by which the only sheet of a text file goes. */
export const csvSheetName = 'CSV'

/** The title of the column that `returnWorkbook` adds. */
export const errorColumnTitle = '错误信息'

/** How much a file may ask of us. Sizes in bytes unless the name says otherwise. */
export interface SheetLimits {
  /** The file as uploaded. */
  bytesMax: number
  /** All parts of a workbook together, unpacked. */
  inflatedBytesMax: number
  entriesMax: number
  /** Unpacked size over packed size, for parts over 10 MB. */
  ratioMax: number
  sharedBytesMax: number
  /** One row's XML, one text record, in characters. */
  rowCharsMax: number
  rowsMax: number
  columnsMax: number
  /** Heap of the thread that reads, in megabytes. */
  heapMbMax: number
}

export const defaultLimits: SheetLimits = {
  bytesMax: 100 * 2 ** 20,
  inflatedBytesMax: 2 ** 31,
  entriesMax: 200,
  ratioMax: 200,
  sharedBytesMax: 256 * 2 ** 20,
  rowCharsMax: 16 * 2 ** 20,
  rowsMax: 1_048_576,
  columnsMax: 256,
  heapMbMax: 512,
}

export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'gb18030'
export type Delimiter = ',' | '\t' | ';'

/** A merged range; rows 1-based as shown, columns 0-based as in `SheetRow.cells`, both ends included. */
export interface MergedRange {
  fromRow: number
  toRow: number
  fromColumn: number
  toColumn: number
}

export interface SheetDescription {
  name: string
  /** False where the sender hid the sheet. */
  visible: boolean
  /** Rows that hold something; close, not exact, for a sheet of more than 50,000. */
  rowCount: number
  /** The first 30 rows that hold something. */
  firstRows: FoundRow[]
  /** Merged ranges that begin within the first rows. */
  merges: MergedRange[]
}

/** What a file looks like before anything is decided about it. */
export interface FileDescription {
  format: 'xlsx' | 'text'
  /** Null for a workbook. */
  encoding: TextEncoding | null
  delimiter: Delimiter | null
  sheets: SheetDescription[]
}

/** What was read of one sheet: rows handed out, and rows passed over because they hold only formatting or blanks. */
export interface SheetCount {
  sheet: string
  rows: number
  skipped: number
}

/** What the main thread asks of the reading thread. */
export type SheetTask = { path: string; fileName: string; limits: SheetLimits } & (
  | { kind: 'describe' }
  | { kind: 'read'; sheets: readonly string[] | null }
  | {
      kind: 'return'
      errors: ReadonlyMap<string, ReadonlyMap<number, string>>
      headerRows: ReadonlyMap<string, number>
    }
)

/** What the reading thread answers. Rows as two lists, their numbers and their cells: cheaper to send than objects. */
export type SheetMessage =
  | { kind: 'rows'; numbers: number[]; cells: (string | null)[][]; count: SheetCount }
  | { kind: 'described'; description: FileDescription }
  | { kind: 'bytes'; bytes: Uint8Array }
  | { kind: 'returned'; rows: number }
  | { kind: 'end' }
  | { kind: 'problem'; code: 'invalid' | 'tooLarge' | 'unsupported' | 'notFound'; message: string }
