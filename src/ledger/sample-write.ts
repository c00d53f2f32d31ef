import { buffer } from 'node:stream/consumers'
import { ZipFile } from 'yazl'

/** What a sheet's cell can hold: text, number, a sum over a column above it, or nothing (the cell exists but is empty). */
export type SampleCell = string | number | { sum: string; value: number }

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** A CSV with CRLF ends, quoted where needed. */
export function csvText(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(quoted).join(',')}\r\n`).join('')
}

/** UTF-8 with the byte order mark that Chinese spreadsheets need. */
export function utf8WithMark(text: string): Uint8Array {
  return new TextEncoder().encode(`\ufeff${text}`)
}

let gbTable: Map<string, number> | undefined

// Neither Node nor the browser writes GB18030, but both read it: every two-byte code is read once and turned round.
function gbCodes(): Map<string, number> {
  if (gbTable) return gbTable
  gbTable = new Map()
  const decoder = new TextDecoder('gb18030')
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    for (let trail = 0x40; trail <= 0xfe; trail++) {
      if (trail === 0x7f) continue
      const sign = decoder.decode(Uint8Array.of(lead, trail))
      if (sign.length === 1 && sign !== '\ufffd' && !gbTable.has(sign)) gbTable.set(sign, (lead << 8) | trail)
    }
  }
  return gbTable
}

/** The text in GB18030. Throws a RangeError for a character that needs four bytes: the sample's words have none. */
export function gb18030(text: string): Uint8Array {
  const codes = gbCodes()
  const bytes: number[] = []
  for (const sign of text) {
    const point = sign.codePointAt(0)!
    if (point < 0x80) bytes.push(point)
    else {
      const code = codes.get(sign)
      if (code === undefined) throw new RangeError(`no two-byte GB18030 code for ${sign}`)
      bytes.push(code >> 8, code & 0xff)
    }
  }
  return Uint8Array.from(bytes)
}

export interface WorkbookSheet {
  name: string
  rows: SampleCell[][]
  merges: string[]
}

const xmlHead = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const pack = 'http://schemas.openxmlformats.org/package/2006'

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

function sheetXml(sheet: WorkbookSheet, shared: Map<string, number>): string {
  const rows = sheet.rows.map((row, at) => {
    const cells = row.map((cell, column) => {
      const place = `r="${String.fromCharCode(65 + column)}${at + 1}" s="1"`
      if (cell === '') return `<c ${place}/>`
      if (typeof cell === 'number') return `<c ${place}><v>${cell}</v></c>`
      if (typeof cell === 'object') return `<c ${place}><f>SUM(${cell.sum})</f><v>${cell.value}</v></c>`
      const known = shared.get(cell) ?? shared.size
      shared.set(cell, known)
      return `<c ${place} t="s"><v>${known}</v></c>`
    })
    return `<row r="${at + 1}">${cells.join('')}</row>`
  })
  const merges = sheet.merges.map((range) => `<mergeCell ref="${range}"/>`).join('')
  return (
    `${xmlHead}<worksheet xmlns="${main}"><sheetData>${rows.join('')}</sheetData>` +
    `<mergeCells count="${sheet.merges.length}">${merges}</mergeCells></worksheet>`
  )
}

/** An XLSX workbook as spreadsheet programs write it: shared strings, one bordered style, merged cells. */
export async function workbook(sheets: readonly WorkbookSheet[]): Promise<Uint8Array> {
  const shared = new Map<string, number>()
  const parts = new Map<string, string>(
    sheets.map((sheet, at) => [`xl/worksheets/sheet${at + 1}.xml`, sheetXml(sheet, shared)]),
  )
  const ids = sheets.map((_, at) => at + 1)
  const strings = [...shared.keys()].map((text) => `<si><t xml:space="preserve">${escapeXml(text)}</t></si>`).join('')
  parts.set('xl/sharedStrings.xml', `${xmlHead}<sst xmlns="${main}" uniqueCount="${shared.size}">${strings}</sst>`)
  parts.set(
    'xl/styles.xml',
    `${xmlHead}<styleSheet xmlns="${main}"><fonts count="1"><font><sz val="11"/><name val="宋体"/></font></fonts>` +
      '<fills count="1"><fill><patternFill patternType="none"/></fill></fills><borders count="2"><border/><border><left style="thin"/>' +
      '<right style="thin"/><top style="thin"/><bottom style="thin"/></border></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>' +
      '<cellXfs count="2"><xf/><xf borderId="1" applyBorder="1"/></cellXfs></styleSheet>',
  )
  parts.set(
    'xl/workbook.xml',
    `${xmlHead}<workbook xmlns="${main}" xmlns:r="${office}"><sheets>` +
      sheets
        .map((sheet, at) => `<sheet name="${escapeXml(sheet.name)}" sheetId="${at + 1}" r:id="rId${at + 1}"/>`)
        .join('') +
      '</sheets></workbook>',
  )
  parts.set(
    'xl/_rels/workbook.xml.rels',
    relations([
      ...ids.map((id) => [`${office}/worksheet`, `worksheets/sheet${id}.xml`] as const),
      [`${office}/sharedStrings`, 'sharedStrings.xml'],
      [`${office}/styles`, 'styles.xml'],
    ]),
  )
  parts.set('_rels/.rels', relations([[`${office}/officeDocument`, 'xl/workbook.xml']]))
  const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml'
  parts.set(
    '[Content_Types].xml',
    `${xmlHead}<Types xmlns="${pack}/content-types"><Default Extension="rels" ` +
      'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>' +
      `<Override PartName="/xl/workbook.xml" ContentType="${type}.sheet.main+xml"/>` +
      `<Override PartName="/xl/sharedStrings.xml" ContentType="${type}.sharedStrings+xml"/>` +
      `<Override PartName="/xl/styles.xml" ContentType="${type}.styles+xml"/>` +
      ids
        .map((id) => `<Override PartName="/xl/worksheets/sheet${id}.xml" ContentType="${type}.worksheet+xml"/>`)
        .join('') +
      '</Types>',
  )
  return zipped(parts)
}

function relations(list: readonly (readonly [string, string])[]): string {
  const entries = list.map(
    ([type, target], at) => `<Relationship Id="rId${at + 1}" Type="${type}" Target="${target}"/>`,
  )
  return `${xmlHead}<Relationships xmlns="${pack}/relationships">${entries.join('')}</Relationships>`
}

async function zipped(parts: ReadonlyMap<string, string>): Promise<Uint8Array> {
  const zip = new ZipFile()
  // The DOS form has no zone: the same bytes wherever and whenever it is made.
  const options = { mtime: new Date(2026, 0, 1), forceDosTimestamp: true, mode: 0o100644 }
  for (const name of ['[Content_Types].xml', ...[...parts.keys()].filter((key) => key !== '[Content_Types].xml')]) {
    zip.addBuffer(Buffer.from(parts.get(name)!), name, options)
  }
  zip.end()
  return new Uint8Array(await buffer(zip.outputStream))
}
