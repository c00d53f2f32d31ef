import { type Department, departments } from '../ledger/field-contract.ts'
import type { Features } from './features.ts'
import type { NameParts } from './name-parts.ts'
import { soundOf } from './sound.ts'
import { longer, Texts, type TextsImage } from './texts.ts'

/**
 * What a row says, a number a column; texts are numbers of `Texts`, 0 where the row says nothing. Sixteen numbers: a row is
 * one line of the processor's cache, and most pairs are told apart without a look at their texts.
 */
export const column = {
  whole: 0,
  core: 1,
  branch: 2,
  /** The region that the name gives, as `regionOf` reads it, and above it how many signs the core has. */
  place: 3,
  /** Five bits of the sound of each of the core's first six signs. */
  heads: 4,
  /** The core's last two signs. */
  tail: 5,
  person: 6,
  phone: 7,
  address: 8,
  /** Bits of the address's first signs and of its last: `endsOf`. */
  ends: 9,
  road: 10,
  number: 11,
  foundedOn: 12,
  /** Department and city, and above them ten bits of what the person's name sounds like at its ends. */
  origin: 13,
  /** Where the former name stands in `formers`, in the first columns' order; 0: there is none. */
  former: 14,
  inner: 15,
} as const

/** The columns that are texts. */
export const textColumns = Int32Array.of(
  column.whole,
  column.core,
  column.branch,
  column.person,
  column.phone,
  column.address,
  column.road,
  column.number,
  column.inner,
)

/** Numbers a row. */
export const columns = 16
const nameColumns = 6
/** So many rows are taken up together. */
const blockRows = 16
/** The columns that hold a row's own texts, in the order in which these are listed. */
const ownTexts = Int32Array.of(
  column.person,
  column.phone,
  column.address,
  column.road,
  column.number,
  column.foundedOn,
  column.inner,
)
const codeTexts = 3
/** The numbers of the texts of a block of rows; of names a row has two at most. */
const numbers = new Int32Array(blockRows * 16)
/** The region of a name that says 中国. */
export const wholeCountry = 1
/** Signs of a core whose sounds are kept, and bits a sound. */
export const headSigns = 6
export const headBits = 5
const regionBits = 20
const departmentBits = 5
const cityBits = 14

const departmentNames = Object.keys(departments) as Department[]
const placeOfDepartment = new Map(departmentNames.map((department, at) => [department, at]))

/** Digits of the region's code that a name gives, 0 for none. */
export const regionOf = (place: number) => place & (2 ** regionBits - 1)
/** How many signs the core of a name has. */
export const coreLength = (place: number) => place >>> regionBits
export const cityOf = (origin: number) => (origin >>> departmentBits) & (2 ** cityBits - 1)
/** Department and city alone. */
export const placeOfOrigin = (origin: number) => origin & (2 ** (departmentBits + cityBits) - 1)
/** Whether the persons' names of two rows neither begin nor end with the same sound; false where that is not known. */
export function differInPerson(origin: number, other: number): boolean {
  const ends = (origin ^ other) >>> (departmentBits + cityBits)
  return ends >>> headBits !== 0 && (ends & (2 ** headBits - 1)) !== 0
}

/** So many signs of an address's ends are taken: of two that are long and one slip apart one end is the same. */
const addressEnd = 3
/** The same of a code. */
const codeEnd = 7

/** Sixteen bits each of the first signs of a text and of its last. */
function endsOf(text: string, signs: number): number {
  const last = Math.max(0, text.length - signs)
  let [start, end] = [0, 0]
  for (let at = 0; at < signs && at < text.length; at += 1) {
    start = Math.imul(start ^ text.charCodeAt(at), 0x9e37_79b1)
    end = Math.imul(end ^ text.charCodeAt(last + at), 0x9e37_79b1)
  }
  return (start & 0xffff_0000) | (end >>> 16)
}

/** Whether two texts, by `endsOf`, neither begin nor end alike. */
export function differAtEnds(ends: number, others: number): boolean {
  const both = ends ^ others
  return both >>> 16 !== 0 && (both & 0xffff) !== 0
}

export interface RowsImage {
  cells: Int32Array
  codes: Int32Array
  formers: Int32Array
  count: number
  formersEnd: number
  texts: TextsImage
}

/** Rows taken apart, by number from 0: what they say stands in a few arrays, their texts once each in `texts`. */
export class Rows {
  readonly texts: Texts
  cells: Int32Array
  /** By row four numbers: its valid code, its old registration number, its code as written that failed the check, bits. */
  private codes: Int32Array
  /** Former names; what stands before `nameColumns` is no name. */
  formers = new Int32Array(nameColumns * 8)
  private formersEnd = nameColumns
  private count = 0

  constructor(texts = new Texts(), room = 64) {
    this.texts = texts
    this.cells = new Int32Array(room * columns)
    this.codes = new Int32Array(room * codeColumns)
  }

  get size(): number {
    return this.count
  }

  /** Takes rows up, in the order given. */
  addAll(list: Iterable<Features>): void {
    let block: Features[] = []
    for (const row of list) {
      if (block.push(row) < blockRows) continue
      this.addBlock(block)
      block = []
    }
    this.addBlock(block)
  }

  private addBlock(block: readonly Features[]): void {
    const said: string[] = []
    for (const row of block) listTexts(said, row)
    this.texts.addAll(said, numbers)
    let from = 0
    for (const row of block) from = this.put(row, from)
  }

  /** Takes up a row of which the numbers of its texts stand from a place on; answers where those of the next begin. */
  private put(row: Features, said: number): number {
    const from = this.count * columns
    if (from + columns > this.cells.length) this.cells = longer(this.cells, from + columns)
    const { cells } = this
    const [name, former] = row.names
    for (let at = 0; at < ownTexts.length; at += 1) cells[from + ownTexts[at]!] = numbers[said + at]!
    cells[from + column.ends] = endsOf(row.address, addressEnd)
    cells[from + column.origin] = originOf(row)
    this.putCodes(row, said + ownTexts.length)
    let next = said + ownTexts.length + codeTexts
    if (name) next = putName(cells, from, name, next)
    if (former) {
      cells[from + column.former] = this.roomForFormer()
      next = putName(this.formers, cells[from + column.former]!, former, next)
    }
    this.count += 1
    return next
  }

  private putCodes({ code, rawCode }: Features, said: number): void {
    const from = this.count * codeColumns
    if (from + codeColumns > this.codes.length) this.codes = longer(this.codes, from + codeColumns)
    for (let at = 0; at < codeTexts; at += 1) this.codes[from + at] = numbers[said + at]!
    this.codes[from + codeColumn.ends] = endsOf(code || rawCode, codeEnd)
  }

  private roomForFormer(): number {
    const at = this.formersEnd
    if (at + nameColumns > this.formers.length) this.formers = longer(this.formers, at + nameColumns)
    this.formersEnd += nameColumns
    return at
  }

  /** One number of a row. */
  cell(row: number, at: number): number {
    return this.cells[row * columns + at]!
  }

  /** The text of one number of a row. */
  textOf(row: number, at: number): string {
    return this.texts.text(this.cell(row, at))
  }

  /** The valid code that a row carries, as the number of its text; 0: none. */
  codeOf(row: number): number {
    return this.codes[row * codeColumns + codeColumn.code]!
  }

  registrationOf(row: number): number {
    return this.codes[row * codeColumns + codeColumn.registration]!
  }

  /** A code as written that failed the check. */
  rawCodeOf(row: number): number {
    return this.codes[row * codeColumns + codeColumn.rawCode]!
  }

  /** Whether the valid codes of two rows, or as written where there is none, neither begin nor end alike. */
  differInCode(row: number, other: number): boolean {
    const { codes } = this
    return differAtEnds(codes[row * codeColumns + codeColumn.ends]!, codes[other * codeColumns + codeColumn.ends]!)
  }

  /** What was read to fetch it: it must seem to be of use. */
  fetched = 0

  /** Fetches what some rows say in some columns, the first `count` of a list, before it is read one after the other. */
  fetch(list: ArrayLike<number>, count: number, wanted: Int32Array): void {
    const { cells, codes, texts } = this
    let read = 0
    for (let at = 0; at < count; at += 1) read ^= cells[list[at]! * columns]! ^ codes[list[at]! * codeColumns]!
    for (let at = 0; at < count; at += 1) {
      const base = list[at]! * columns
      for (const one of wanted) read ^= texts.start(cells[base + one]!)
    }
    if (wanted === textColumns)
      for (let at = 0; at < count; at += 1) read ^= texts.signs[texts.start(cells[list[at]! * columns + column.core]!)]!
    this.fetched = read
  }

  departmentOf(row: number): Department {
    return departmentNames[this.cell(row, column.origin) & (2 ** departmentBits - 1)]!
  }

  /** The row carries no valid code from now on; with `raw` not even one that is not. */
  dropCode(row: number, raw = false): void {
    this.codes[row * codeColumns + codeColumn.code] = 0
    this.cells[row * columns + column.inner] = 0
    if (raw) this.codes[row * codeColumns + codeColumn.rawCode] = 0
  }

  /** The rows as plain data that a thread can be given; they are of no use here once their arrays have gone over. */
  image(): RowsImage {
    const { cells, codes, formers, formersEnd, count, texts } = this
    return { cells, codes, formers, formersEnd, count, texts: texts.image() }
  }

  static of({ texts, ...image }: RowsImage): Rows {
    return Object.assign(new Rows(Texts.of(texts), 0), image)
  }

  /** These rows in this order, numbered anew; the texts are the same ones. */
  pick(order: ArrayLike<number>): Rows {
    const picked = new Rows(this.texts, Math.max(1, order.length))
    for (let at = 0; at < order.length; at += 1) {
      const [cell, code] = [order[at]! * columns, order[at]! * codeColumns]
      picked.cells.set(this.cells.subarray(cell, cell + columns), at * columns)
      picked.codes.set(this.codes.subarray(code, code + codeColumns), at * codeColumns)
    }
    picked.formers = this.formers.slice()
    picked.formersEnd = this.formersEnd
    picked.count = order.length
    return picked
  }
}

const codeColumn = { code: 0, registration: 1, rawCode: 2, ends: 3 } as const
const codeColumns = 4

function originOf({ department, city, person }: Features): number {
  const [first, last] = [person.charCodeAt(0) || 0, person.charCodeAt(person.length - 1) || 0]
  const ends = headOf(soundOf(first)) | (headOf(soundOf(last)) << headBits)
  return placeOfDepartment.get(department)! | (Number(city) << departmentBits) | (ends << (departmentBits + cityBits))
}

/** Bits of the sounds of a text's first signs; what one text sounds like may be that of another. */
function headsOf(core: string): number {
  let heads = 0
  for (let at = 0; at < headSigns && at < core.length; at += 1)
    heads |= headOf(soundOf(core.charCodeAt(at))) << (at * headBits)
  return heads
}

/** The bits of one sound. */
export const headOf = (sound: number) => Math.imul(sound, 0x9e37_79b1) >>> (32 - headBits)

/** Adds the texts of a row to a list: those of `ownTexts`, its codes, those of its names. */
function listTexts(list: string[], row: Features): void {
  list.push(row.person, row.phone, row.address, row.road, row.number, row.foundedOn, row.inner)
  list.push(row.code, row.registration, row.rawCode)
  for (const { whole, core, branch } of row.names) list.push(whole, core, branch)
}

/** Puts a name into an array, the numbers of its texts from a place on; answers where the next ones begin. */
function putName(array: Int32Array, at: number, { core, region }: NameParts, said: number): number {
  const digits = region === '' ? 0 : region === '00' ? wholeCountry : Number(region)
  array[at + column.whole] = numbers[said]!
  array[at + column.core] = numbers[said + 1]!
  array[at + column.branch] = numbers[said + 2]!
  array[at + column.place] = digits | (Math.min(core.length, 2 ** 11 - 1) << regionBits)
  array[at + column.heads] = headsOf(core)
  array[at + column.tail] = (core.charCodeAt(core.length - 2) << 16) | core.charCodeAt(core.length - 1)
  return said + 3
}

/** Rows taken apart, in the order given. */
export function rowsOf(list: Iterable<Features>): Rows {
  const rows = new Rows()
  rows.addAll(list)
  return rows
}
