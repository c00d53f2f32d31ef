import { Problem } from '../base/problem.ts'
import { countsFrom1904, readStyles, type NumberStyle } from './sheets-number.ts'
import type { SheetLimits } from './sheets-shape.ts'
import { broken, ElementCutter, itemText, tags } from './sheets-xml.ts'
import { openPackage, type Package } from './sheets-zip.ts'

/** One worksheet of an open workbook: its tab's name, its part in the package. */
export interface SheetPart {
  name: string
  visible: boolean
  part: string
}

/** An open workbook: what its cells mean, and where its sheets are. Close the package when done. */
export interface Workbook {
  package: Package
  sheets: SheetPart[]
  styles: NumberStyle[]
  shared: SharedStrings
  date1904: boolean
  /** Names of the parts that hold the styles and the theme, or null. */
  stylesPart: string | null
  themePart: string | null
}

const blockChars = 32_768

/** The strings that cells share, kept in blocks: a million short strings of their own cost three times the memory. */
class SharedStrings {
  #blocks: string[] = []
  #pieces: string[] = []
  #pieceChars = 0
  #blockOf = new Uint32Array(1024)
  #endOf = new Uint32Array(1024)
  #count = 0

  add(text: string): void {
    if (this.#count === this.#endOf.length) {
      this.#blockOf = grown(this.#blockOf)
      this.#endOf = grown(this.#endOf)
    }
    this.#pieces.push(text)
    this.#pieceChars += text.length
    this.#blockOf[this.#count] = this.#blocks.length
    this.#endOf[this.#count] = this.#pieceChars
    this.#count += 1
    if (this.#pieceChars >= blockChars) this.seal()
  }

  /** Call after the last `add`, before the first `at`. */
  seal(): void {
    this.#blocks.push(this.#pieces.join(''))
    this.#pieces = []
    this.#pieceChars = 0
  }

  /** The string of this index, or undefined outside the table. */
  at(index: number): string | undefined {
    if (!(index >= 0 && index < this.#count)) return undefined
    const block = this.#blockOf[index]!
    const start = index > 0 && this.#blockOf[index - 1] === block ? this.#endOf[index - 1]! : 0
    return this.#blocks[block]!.slice(start, this.#endOf[index])
  }
}

function grown(table: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const bigger = new Uint32Array(table.length * 2)
  bigger.set(table)
  return bigger
}

/** Opens a workbook and reads all but its sheets. Throws `Problem` for what cannot or must not be read. */
export async function openWorkbook(path: string, limits: SheetLimits): Promise<Workbook> {
  const pack = await openPackage(path, limits)
  try {
    return await readWorkbook(pack, limits)
  } catch (error) {
    pack.close()
    throw error
  }
}

async function readWorkbook(pack: Package, limits: SheetLimits): Promise<Workbook> {
  const root = await relations(pack, '_rels/.rels', '')
  const main = root.find((one) => one.type === 'officeDocument')?.target ?? 'xl/workbook.xml'
  if (main.endsWith('.bin')) throw new Problem('unsupported', '这是二进制工作簿（.xlsb）。请另存为 .xlsx 后重新上传。')
  const xml = await pack.text(main)
  const folder = main.slice(0, main.lastIndexOf('/') + 1)
  const links = await relations(pack, `${folder}_rels/${main.slice(folder.length)}.rels`, folder)
  const part = (type: string, usual: string) => {
    const name = links.find((one) => one.type === type)?.target ?? `${folder}${usual}`
    return pack.has(name) ? name : null
  }
  const sheets: SheetPart[] = []
  for (const sheet of tags(xml, 'sheet')) {
    const id = [...sheet].find(([name]) => name.endsWith(':id'))?.[1]
    const link = links.find((one) => one.id === id)
    if (!link) throw broken('工作表目录不完整')
    const visible = (sheet.get('state') ?? 'visible') === 'visible'
    if (link.type === 'worksheet') sheets.push({ name: sheet.get('name') ?? '', visible, part: link.target })
  }
  if (sheets.length === 0) throw new Problem('invalid', '工作簿里没有工作表，请检查后重新上传。')
  const stylesPart = part('styles', 'styles.xml')
  return {
    package: pack,
    sheets,
    styles: stylesPart === null ? [] : readStyles(await pack.text(stylesPart)),
    shared: await sharedStrings(pack, part('sharedStrings', 'sharedStrings.xml'), limits),
    date1904: countsFrom1904(xml),
    stylesPart,
    themePart: part('theme', 'theme/theme1.xml'),
  }
}

interface Relation {
  id: string
  /** Last word of the relation's type: the transitional and the strict schema differ only before it. */
  type: string
  target: string
}

async function relations(pack: Package, part: string, folder: string): Promise<Relation[]> {
  if (!pack.has(part)) return []
  const found: Relation[] = []
  for (const link of tags(await pack.text(part), 'Relationship')) {
    if (link.get('TargetMode') === 'External') continue
    const target = link.get('Target') ?? ''
    const type = link.get('Type') ?? ''
    found.push({
      id: link.get('Id') ?? '',
      type: type.slice(type.lastIndexOf('/') + 1),
      target: partName(folder, target),
    })
  }
  return found
}

/** A part's name as the directory has it. It cannot leave the package: names are only looked up among its entries. */
function partName(folder: string, target: string): string {
  const steps: string[] = []
  for (const step of (target.startsWith('/') ? target : `${folder}${target}`).split('/')) {
    if (step === '..') steps.pop()
    else if (step !== '' && step !== '.') steps.push(step)
  }
  return steps.join('/')
}

async function sharedStrings(pack: Package, part: string | null, limits: SheetLimits): Promise<SharedStrings> {
  const strings = new SharedStrings()
  if (part !== null) {
    const cutter = new ElementCutter('sst', 'si', limits.rowCharsMax)
    const add = (text: string, start: number, end: number) => strings.add(itemText(text.slice(start, end)))
    for await (const piece of pack.pieces(part, limits.sharedBytesMax)) cutter.push(piece, add)
    cutter.finish()
  }
  strings.seal()
  return strings
}
