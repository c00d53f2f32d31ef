import { once } from 'node:events'
import { createWriteStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import yauzl from 'yauzl'
import yazl from 'yazl'
import { readSheets, type ReadOptions } from './sheets.ts'
import type { SheetRow } from './sheets-shape.ts'

// For tests: files as other programs write them, made from raw parts.

/** A folder that goes away with `using`. */
export function folder() {
  const path = mkdtempSync(join(tmpdir(), 'sheets-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

export const mainSpace = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const linkSpace = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const packSpace = 'http://schemas.openxmlformats.org/package/2006/relationships'

/** One worksheet: the XML inside `<sheetData>`, and what comes before and after it. */
export interface RawSheet {
  name: string
  rows: string
  before?: string
  after?: string
  state?: string
}

/** The parts of a workbook; `more` adds or replaces parts. */
export function parts(sheets: RawSheet[], more: Record<string, string> = {}): Map<string, string> {
  const tabs = sheets.map(
    (sheet, at) =>
      `<sheet name="${sheet.name}" sheetId="${at + 1}" state="${sheet.state ?? 'visible'}" r:id="rId${at + 1}"/>`,
  )
  const links = sheets.map(
    (_, at) => `<Relationship Id="rId${at + 1}" Type="${linkSpace}/worksheet" Target="worksheets/sheet${at + 1}.xml"/>`,
  )
  const all = new Map<string, string>([
    [
      '_rels/.rels',
      `<Relationships xmlns="${packSpace}"><Relationship Id="a" Type="${linkSpace}/officeDocument" Target="/xl/workbook.xml"/></Relationships>`,
    ],
    [
      'xl/workbook.xml',
      `<workbook xmlns="${mainSpace}" xmlns:r="${linkSpace}"><sheets>${tabs.join('')}</sheets></workbook>`,
    ],
    ['xl/_rels/workbook.xml.rels', `<Relationships xmlns="${packSpace}">${links.join('')}</Relationships>`],
  ])
  for (const [at, sheet] of sheets.entries()) {
    all.set(
      `xl/worksheets/sheet${at + 1}.xml`,
      `<worksheet xmlns="${mainSpace}">${sheet.before ?? ''}<sheetData>${sheet.rows}</sheetData>${sheet.after ?? ''}</worksheet>`,
    )
  }
  for (const [name, text] of Object.entries(more)) all.set(name, text)
  return all
}

/** A shared strings part of these `<si>` contents. */
export const sharedPart = (...items: string[]) =>
  `<sst xmlns="${mainSpace}">${items.map((item) => `<si>${item}</si>`).join('')}</sst>`

/** A styles part: number formats by id, then the format id of each cell format. */
export function stylesPart(formats: Record<number, string>, cellFormats: number[]): string {
  const codes = Object.entries(formats).map(
    ([id, code]) => `<numFmt numFmtId="${id}" formatCode="${code.replaceAll('"', '&quot;')}"/>`,
  )
  return (
    `<styleSheet xmlns="${mainSpace}"><numFmts count="${codes.length}">${codes.join('')}</numFmts><fonts count="1"><font/></fonts>` +
    `<cellStyleXfs count="1"><xf numFmtId="14"/></cellStyleXfs>` +
    `<cellXfs count="${cellFormats.length}">${cellFormats.map((id) => `<xf numFmtId="${id}" xfId="0"/>`).join('')}</cellXfs></styleSheet>`
  )
}

/** Writes parts as a zip; resolves to its path. */
export async function zipFile(path: string, all: Map<string, string | Buffer>): Promise<string> {
  const zip = new yazl.ZipFile()
  for (const [name, text] of all) zip.addBuffer(Buffer.from(text), name)
  zip.end()
  await once(zip.outputStream.pipe(createWriteStream(path)), 'close')
  return path
}

/** Writes a file of bytes or text; returns its path. */
export function plainFile(path: string, content: string | Buffer): string {
  writeFileSync(path, content)
  return path
}

/** All rows of a file. */
export async function allRows(path: string, options: ReadOptions & { sheets?: string[] } = {}): Promise<SheetRow[]> {
  const rows: SheetRow[] = []
  for await (const batch of readSheets(path, path, options)) rows.push(...batch)
  return rows
}

/** The cells of all rows of a file. */
export const allCells = async (path: string) => (await allRows(path)).map((row) => row.cells)

let gbBytes: Map<string, [number, number]> | undefined

/** Text as GB18030, as far as two bytes a character go. */
export function gb18030(text: string): Buffer {
  if (!gbBytes) {
    gbBytes = new Map()
    const decoder = new TextDecoder('gb18030')
    for (let lead = 0x81; lead <= 0xfe; lead += 1) {
      for (let trail = 0x40; trail <= 0xfe; trail += 1)
        gbBytes.set(decoder.decode(Uint8Array.of(lead, trail)), [lead, trail])
    }
  }
  return Buffer.from(Array.from(text).flatMap((sign) => (sign < '\x80' ? [sign.charCodeAt(0)] : gbBytes!.get(sign)!)))
}

/** An entry of a zip made byte by byte; sizes default to the truth, so that a test can lie in one. */
export interface RawEntry {
  name: string
  packed: Buffer
  method?: number
  flags?: number
  size?: number
  packedSize?: number
  sum?: number
}

/** A zip whose directory says what the test wants; `entryCount` beyond 65,535 goes into a zip64 record. */
export function rawZip(entries: RawEntry[], entryCount = entries.length): Buffer {
  const bodies: Buffer[] = []
  const records: Buffer[] = []
  let offset = 0
  for (const {
    name,
    packed,
    method = 8,
    flags = 0,
    size = packed.length,
    packedSize = packed.length,
    sum = 0,
  } of entries) {
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50, 0)
    local.writeUInt16LE(flags, 6)
    local.writeUInt16LE(method, 8)
    local.writeUInt16LE(Buffer.byteLength(name), 26)
    const record = Buffer.alloc(46)
    record.writeUInt32LE(0x02014b50, 0)
    record.writeUInt16LE(flags, 8)
    record.writeUInt16LE(method, 10)
    record.writeUInt32LE(sum, 16)
    record.writeUInt32LE(packedSize, 20)
    record.writeUInt32LE(size, 24)
    record.writeUInt16LE(Buffer.byteLength(name), 28)
    record.writeUInt32LE(offset, 42)
    bodies.push(local, Buffer.from(name), packed)
    records.push(record, Buffer.from(name))
    offset += 30 + Buffer.byteLength(name) + packed.length
  }
  const directory = Buffer.concat(records)
  return Buffer.concat([...bodies, directory, directoryEnd(offset, directory.length, entryCount)])
}

function directoryEnd(offset: number, bytes: number, entryCount: number): Buffer {
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(Math.min(entryCount, 0xffff), 8)
  end.writeUInt16LE(Math.min(entryCount, 0xffff), 10)
  end.writeUInt32LE(bytes, 12)
  end.writeUInt32LE(offset, 16)
  if (entryCount < 0xffff) return end
  const wide = Buffer.alloc(56)
  wide.writeUInt32LE(0x06064b50, 0)
  wide.writeBigUInt64LE(44n, 4)
  wide.writeBigUInt64LE(BigInt(entryCount), 24)
  wide.writeBigUInt64LE(BigInt(entryCount), 32)
  wide.writeBigUInt64LE(BigInt(bytes), 40)
  wide.writeBigUInt64LE(BigInt(offset), 48)
  const locator = Buffer.alloc(20)
  locator.writeUInt32LE(0x07064b50, 0)
  locator.writeBigUInt64LE(BigInt(offset + bytes), 8)
  locator.writeUInt32LE(1, 16)
  return Buffer.concat([wide, locator, end])
}

/** The parts of a zip as text, by another way than the reader's own. */
export async function unzipped(path: string): Promise<Map<string, string>> {
  const zip = await yauzl.openPromise(path)
  const found = new Map<string, string>()
  for await (const entry of zip.eachEntry()) {
    const chunks: Buffer[] = []
    for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Buffer)
    found.set(entry.fileName, Buffer.concat(chunks).toString())
  }
  return found
}
