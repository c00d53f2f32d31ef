import { Readable } from 'node:stream'
import yazl from 'yazl'
import { columnLetters } from '../base/number.ts'

const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const packaging = 'http://schemas.openxmlformats.org/package/2006'
const media = 'application/vnd.openxmlformats-officedocument'

/** Excel takes no longer text in a cell. */
const cellCharsMax = 32_767

// oxlint-disable-next-line no-control-regex
const special = /[&<>\x00-\x1f\ufffe\uffff]|_x[0-9a-fA-F]{4}_/
// oxlint-disable-next-line no-control-regex
const illegal = /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g

/** Text for the inside of an element or attribute: characters that XML forbids are dropped, a return is kept as `_x000D_`. */
function escapeXml(text: string): string {
  if (!special.test(text) && !text.includes('"')) return text
  return text
    .replace(illegal, '')
    .replace(/_(?=x[0-9a-fA-F]{4}_)/g, '_x005F_')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '_x000D_')
}

/** A cell that holds text and nothing else: a formula in it stays text. Longer than a cell may be is cut. */
export function textCell(column: number, row: number, style: number, text: string): string {
  const shown = text.length > cellCharsMax ? text.slice(0, cellCharsMax) : text
  const keep = shown.charCodeAt(0) <= 32 || shown.charCodeAt(shown.length - 1) <= 32 ? ' xml:space="preserve"' : ''
  return `<c r="${columnLetters(column)}${row}" s="${style}" t="inlineStr"><is><t${keep}>${escapeXml(shown)}</t></is></c>`
}

/** The frame of a worksheet around its rows; `frozenRows` stay in view. */
export interface SheetFrame {
  columns: { from: number; to: number; width: number; style?: number | undefined; hidden?: boolean | undefined }[]
  frozenRows: number
  defaultRowHeight?: number | undefined
}

/** What comes before the rows. */
export function sheetStart(frame: SheetFrame): string {
  const columns = frame.columns.map((one) => {
    const more = `${one.style === undefined ? '' : ` style="${one.style}"`}${one.hidden === true ? ' hidden="1"' : ''}`
    return `<col min="${one.from + 1}" max="${one.to + 1}" width="${one.width}" customWidth="1"${more}/>`
  })
  const below = frame.frozenRows + 1
  const pane = `<pane ySplit="${frame.frozenRows}" topLeftCell="A${below}" activePane="bottomLeft" state="frozen"/>`
  return (
    `${head}<worksheet xmlns="${main}"><sheetViews><sheetView workbookViewId="0">${frame.frozenRows > 0 ? pane : ''}</sheetView></sheetViews>` +
    `<sheetFormatPr defaultRowHeight="${frame.defaultRowHeight ?? 15}"/>` +
    `${columns.length === 0 ? '' : `<cols>${columns.join('')}</cols>`}<sheetData>`
  )
}

/** What comes after the rows. Ranges like `A1:C9`. */
export function sheetEnd(more: { filter?: string; merges?: readonly string[] } = {}): string {
  const filter = more.filter === undefined ? '' : `<autoFilter ref="${more.filter}"/>`
  const ranges = (more.merges ?? []).map((range) => `<mergeCell ref="${range}"/>`)
  const merges = ranges.length === 0 ? '' : `<mergeCells count="${ranges.length}">${ranges.join('')}</mergeCells>`
  const margins = '<pageMargins left="0.5" right="0.5" top="0.5" bottom="0.5" header="0.3" footer="0.3"/>'
  return `</sheetData>${filter}${merges}${margins}</worksheet>`
}

/** Cell formats of our own workbooks, by name; see `ownStyles`. */
export const ownStyle = { plain: 0, text: 1, date: 2, header: 3, note: 4, error: 5 } as const

const font = (more: string) => `<font>${more}<sz val="11"/><name val="宋体"/><charset val="134"/></font>`

function cellFormat(numFmt: number, fontId: number, fill: number, alignment = ''): string {
  const aligned = alignment === '' ? '/>' : ` applyAlignment="1"><alignment ${alignment}/></xf>`
  return (
    `<xf numFmtId="${numFmt}" fontId="${fontId}" fillId="${fill}" borderId="0" xfId="0" applyNumberFormat="1" ` +
    `applyFont="1" applyFill="1"${aligned}`
  )
}

/** The styles part of our own workbooks. Text cells have the text format, so a code typed over stays a code. */
export function ownStyles(): string {
  const formats = [
    cellFormat(0, 0, 0),
    cellFormat(49, 0, 0),
    cellFormat(164, 0, 0),
    cellFormat(49, 1, 2, 'vertical="center" wrapText="1"'),
    cellFormat(49, 0, 0, 'vertical="top" wrapText="1"'),
    cellFormat(49, 2, 0, 'vertical="top" wrapText="1"'),
  ]
  return (
    `${head}<styleSheet xmlns="${main}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>` +
    `<fonts count="3">${font('')}${font('<b/>')}${font('<color rgb="FFB42318"/>')}</fonts>` +
    '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>' +
    '<fill><patternFill patternType="solid"><fgColor rgb="FFEEF1F4"/></patternFill></fill></fills>' +
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>' +
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>' +
    `<cellXfs count="${formats.length}">${formats.join('')}</cellXfs>` +
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
  )
}

/** A zip being written, part by part, in constant memory. */
export class PackageWriter {
  readonly #zip = new yazl.ZipFile()
  readonly #sheets: string[] = []
  readonly #sources: Readable[] = []
  readonly #compressionLevel: number

  constructor(compressionLevel = 3) {
    this.#compressionLevel = compressionLevel
  }

  /** The zip's bytes. Destroying it ends the sources. */
  get output(): Readable {
    return this.#zip.outputStream as Readable
  }

  /** Adds a worksheet from pieces of its XML; resolves when its last row was taken, rejects if the rows fail. */
  addSheet(name: string, xml: AsyncIterable<string>): Promise<void> {
    this.#sheets.push(uniqueName(name, this.#sheets))
    const source = Readable.from(encoded(xml), { objectMode: false })
    this.#sources.push(source)
    const done = new Promise<void>((resolve, reject) => {
      source.once('end', resolve)
      source.once('error', (error) => {
        this.output.destroy(error)
        reject(error)
      })
      source.once('close', () => reject(new Error('the workbook was given up')))
    })
    const part = `xl/worksheets/sheet${this.#sheets.length}.xml`
    this.#zip.addReadStream(source, part, { compressionLevel: this.#compressionLevel })
    return done
  }

  addPart(name: string, text: string): void {
    this.#zip.addBuffer(Buffer.from(text), name)
  }

  /** Adds what ties the parts together. `themed` when a theme part was added. */
  finish(more: { themed?: boolean; date1904?: boolean } = {}): void {
    const ids = this.#sheets.map((_, at) => at + 1)
    const themed = more.themed === true
    const tabs = this.#sheets.map(
      (name, at) => `<sheet name="${escapeXml(name)}" sheetId="${at + 1}" r:id="rId${at + 1}"/>`,
    )
    const epoch = more.date1904 === true ? '<workbookPr date1904="1"/>' : ''
    this.addPart(
      'xl/workbook.xml',
      `${head}<workbook xmlns="${main}" xmlns:r="${office}">${epoch}<sheets>${tabs.join('')}</sheets></workbook>`,
    )
    this.addPart(
      'xl/_rels/workbook.xml.rels',
      relations([
        ...ids.map((id) => relation(`rId${id}`, 'worksheet', `worksheets/sheet${id}.xml`)),
        relation('styles', 'styles', 'styles.xml'),
        ...(themed ? [relation('theme', 'theme', 'theme/theme1.xml')] : []),
      ]),
    )
    this.addPart('_rels/.rels', relations([relation('rId1', 'officeDocument', 'xl/workbook.xml')]))
    this.addPart(
      '[Content_Types].xml',
      contentTypes([
        ['workbook', 'spreadsheetml.sheet.main'],
        ['styles', 'spreadsheetml.styles'],
        ...(themed ? [['theme/theme1', 'theme'] as const] : []),
        ...ids.map((id) => [`worksheets/sheet${id}`, 'spreadsheetml.worksheet'] as const),
      ]),
    )
    this.#zip.end()
  }

  /** Gives up: the sources are closed, the output ends with this error. */
  abandon(error: Error): void {
    for (const source of this.#sources) source.destroy()
    this.output.destroy(error)
  }
}

function relation(id: string, type: string, target: string): string {
  return `<Relationship Id="${id}" Type="${office}/${type}" Target="${target}"/>`
}

function relations(list: readonly string[]): string {
  return `${head}<Relationships xmlns="${packaging}/relationships">${list.join('')}</Relationships>`
}

function contentTypes(parts: readonly (readonly [string, string])[]): string {
  const overrides = parts.map(
    ([name, type]) => `<Override PartName="/xl/${name}.xml" ContentType="${media}.${type}+xml"/>`,
  )
  const relationType = 'application/vnd.openxmlformats-package.relationships+xml'
  return (
    `${head}<Types xmlns="${packaging}/content-types"><Default Extension="rels" ContentType="${relationType}"/>` +
    `<Default Extension="xml" ContentType="application/xml"/>${overrides.join('')}</Types>`
  )
}

async function* encoded(xml: AsyncIterable<string>): AsyncGenerator<Buffer> {
  for await (const text of xml) yield Buffer.from(text)
}

/** A tab name that Excel takes: no `[]:*?/\`, at most 31 characters, not taken yet. */
function uniqueName(wanted: string, taken: readonly string[]): string {
  const plain =
    wanted
      .replace(/[[\]:*?/\\]/g, ' ')
      .replace(/^'+|'+$/g, '')
      .trim()
      .slice(0, 31) || '工作表'
  const used = new Set(taken.map((name) => name.toLowerCase()))
  for (let number = 1; ; number += 1) {
    const suffix = number === 1 ? '' : `（${number}）`
    const name = `${plain.slice(0, 31 - suffix.length)}${suffix}`
    if (!used.has(name.toLowerCase())) return name
  }
}
