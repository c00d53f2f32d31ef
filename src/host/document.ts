import type { IParagraphOptions, IRunOptions, Paragraph, Table } from 'docx'

/** A table of a document; `share` is a column's part of the width, in percent. */
export interface DocumentTable {
  columns: readonly { title: string; share: number; align?: 'left' | 'right' }[]
  rows: readonly (readonly string[])[]
}

/** What stands below a document's title, from above to below. */
export type DocumentPart =
  | { heading: string }
  | { paragraph: string }
  | { table: DocumentTable }
  /** To whom it goes (主送机关), from the left edge. */
  | { addressee: string }
  /** A line about the document itself, in small type. */
  | { note: string }
  /** What comes with it, numbered, after an empty line (附件说明). */
  | { attachments: readonly string[] }
  /** Its number, in the middle under the title (发文字号). */
  | { docNo: string }
  /** Who signs and when, line by line at the right, after an empty line. */
  | { signature: readonly string[] }

/** A document as an office writes it. */
export interface OfficialDocument {
  title: string
  parts: readonly DocumentPart[]
}

/** Twentieths of a point a millimetre. */
const millimetre = 1440 / 25.4
const points = (size: number) => size * 2
/** Body text is 三号, 16 points, with 28 points from line to line: 22 lines of 28 characters a page. */
const bodySize = 16
const lineHeight = 28 * 20

const fonts = {
  title: '方正小标宋简体',
  heading: '黑体',
  body: '仿宋_GB2312',
  number: 'Times New Roman',
} as const

function run(text: string, eastAsia: string, size: number, more: IRunOptions = {}): IRunOptions {
  const font = { ascii: fonts.number, hAnsi: fonts.number, cs: fonts.number, eastAsia, hint: 'eastAsia' }
  // Signs that XML has no place for would leave a file that no program opens.
  return { text: text.replace(/[\u0000-\u0008\u000b-\u001f\ufffe\uffff]/g, ''), font, size: points(size), ...more }
}

/**
 * Writes a document in the layout of GB/T 9704-2012: A4, a text area of 156 × 225 mm, title 小标宋 22 points, headings 黑体 and body
 * 仿宋 16 points, page numbers below. Texts are text: no field or formula lives. Meant for some hundreds of rows: about a
 * millisecond and 50 KB of memory a row.
 */
export async function writeDocument({ title, parts }: OfficialDocument): Promise<Buffer> {
  const docx = await import('docx')
  const exact = { line: lineHeight, lineRule: docx.LineRuleType.EXACT }
  const line = (own: IRunOptions, more: IParagraphOptions = {}) =>
    new docx.Paragraph({
      spacing: exact,
      children: [new docx.TextRun(own)],
      ...more,
    })
  const indent = { firstLine: bodySize * 20 * 2 }
  const partOf = (part: DocumentPart): (Paragraph | Table)[] => {
    if ('heading' in part) return [line(run(part.heading, fonts.heading, bodySize), { indent, keepNext: true })]
    if ('paragraph' in part) return [line(run(part.paragraph, fonts.body, bodySize), { indent })]
    if ('note' in part) return [new docx.Paragraph({ children: [new docx.TextRun(run(part.note, fonts.body, 10.5))] })]
    if ('addressee' in part) return [line(run(part.addressee, fonts.body, bodySize))]
    if ('signature' in part)
      return part.signature.map((text, at) =>
        line(run(text, fonts.body, bodySize), {
          alignment: docx.AlignmentType.RIGHT,
          indent: { right: bodySize * 20 * 2 },
          keepLines: true,
          keepNext: at + 1 < part.signature.length,
          spacing: { ...exact, before: at === 0 ? lineHeight : 0 },
        }),
      )
    if ('docNo' in part) return [line(run(part.docNo, fonts.body, bodySize), { alignment: docx.AlignmentType.CENTER })]
    if ('attachments' in part)
      return part.attachments.map((text, at) =>
        line(
          run(
            `${at === 0 ? '附件：' : '　　　'}${part.attachments.length > 1 ? `${at + 1}．` : ''}${text}`,
            fonts.body,
            bodySize,
          ),
          {
            indent,
            spacing: { ...exact, before: at === 0 ? lineHeight : 0 },
          },
        ),
      )
    return [tableOf(docx, part.table), line(run('', fonts.body, bodySize))]
  }
  const document = new docx.Document({
    title,
    creator: '',
    sections: [
      {
        properties: {
          page: {
            size: { width: Math.round(210 * millimetre), height: Math.round(297 * millimetre) },
            margin: {
              top: Math.round(37 * millimetre),
              bottom: Math.round(35 * millimetre),
              left: Math.round(28 * millimetre),
              right: Math.round(26 * millimetre),
              footer: Math.round(28 * millimetre),
            },
          },
        },
        footers: { default: new docx.Footer({ children: [pageNumber(docx)] }) },
        children: [
          line(run(title, fonts.title, 22), { alignment: docx.AlignmentType.CENTER, spacing: { after: lineHeight } }),
          ...parts.flatMap(partOf),
        ],
      },
    ],
  })
  return docx.Packer.toBuffer(document)
}

type Docx = typeof import('docx')

/** 四号 numbers between two dashes, as on every page of an official document. */
function pageNumber(docx: Docx): Paragraph {
  const { text, ...style } = run('', '宋体', 14)
  return new docx.Paragraph({
    alignment: docx.AlignmentType.CENTER,
    children: [new docx.TextRun({ ...style, children: [`${text ?? ''}— `, docx.PageNumber.CURRENT, ' —'] })],
  })
}

/** 五号 text with a head that comes again on every page; a row is not torn. */
function tableOf(docx: Docx, { columns, rows }: DocumentTable): Table {
  const width = Math.round(156 * millimetre)
  const widths = columns.map(({ share }) => Math.round((width * share) / 100))
  const cell = (at: number, text: string, eastAsia: string, alignment: 'left' | 'right' | 'center') =>
    new docx.TableCell({
      width: { size: widths[at]!, type: docx.WidthType.DXA },
      margins: { left: 80, right: 80 },
      verticalAlign: docx.VerticalAlignTable.CENTER,
      children: [new docx.Paragraph({ alignment, children: [new docx.TextRun(run(text, eastAsia, 10.5))] })],
    })
  const head = new docx.TableRow({
    tableHeader: true,
    cantSplit: true,
    children: columns.map(({ title }, at) => cell(at, title, fonts.heading, 'center')),
  })
  const body = rows.map(
    (row) =>
      new docx.TableRow({
        cantSplit: true,
        children: columns.map(({ align = 'left' }, at) => cell(at, row[at] ?? '', fonts.body, align)),
      }),
  )
  return new docx.Table({
    width: { size: width, type: docx.WidthType.DXA },
    columnWidths: widths,
    layout: docx.TableLayoutType.FIXED,
    rows: [head, ...body],
  })
}
