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
  /** The address's first sign and its last. */
  ends: 9,
  road: 10,
  number: 11,
  foundedOn: 12,
  /** Department and city. */
  origin: 13,
  /** Where the former name stands in `formers`, in the first columns' order; 0: there is none. */
  former: 14,
  inner: 15,
} as const

/** The columns that are texts. */
const textColumns = Int32Array.of(
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
const fetchedRows = 16
/** The region of a name that says 中国. */
export const wholeCountry = 1
/** Signs of a core whose sounds are kept, and bits a sound. */
export const headSigns = 6
export const headBits = 5
const regionBits = 20
const departmentBits = 5

const departmentNames = Object.keys(departments) as Department[]
const placeOfDepartment = new Map(departmentNames.map((department, at) => [department, at]))

/** Digits of the region's code that a name gives, 0 for none. */
export const regionOf = (place: number) => place & (2 ** regionBits - 1)
/** How many signs the core of a name has. */
export const coreLength = (place: number) => place >>> regionBits
export const cityOf = (origin: number) => origin >>> departmentBits

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
  /** By row four numbers: its valid code, its old registration number, its code as written that failed the check. */
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

  /** Takes rows up, in the order given, faster than one by one. */
  addAll(list: Iterable<Features>): void {
    let block: Features[] = []
    const take = () => {
      const texts: string[] = []
      for (const row of block) listTexts(texts, row)
      this.texts.fetch(texts)
      for (const row of block) this.add(row)
      block = []
    }
    for (const row of list) if (block.push(row) === fetchedRows) take()
    take()
  }

  /** Takes a row up; answers its number. */
  add(row: Features): number {
    const from = this.count * columns
    if (from + columns > this.cells.length) this.cells = longer(this.cells, from + columns)
    const { cells, texts } = this
    const [name, former] = row.names
    if (name) this.putName(cells, from, name)
    if (former) cells[from + column.former] = this.addFormer(former)
    cells[from + column.person] = texts.add(row.person)
    cells[from + column.phone] = texts.add(row.phone)
    cells[from + column.address] = texts.add(row.address)
    cells[from + column.ends] = (row.address.charCodeAt(0) << 16) | row.address.charCodeAt(row.address.length - 1)
    cells[from + column.road] = texts.add(row.road)
    cells[from + column.number] = texts.add(row.number)
    cells[from + column.foundedOn] = texts.add(row.foundedOn)
    cells[from + column.origin] = placeOfDepartment.get(row.department)! | (Number(row.city) << departmentBits)
    cells[from + column.inner] = texts.add(row.inner)
    this.putCodes(row)
    this.count += 1
    return this.count - 1
  }

  private putCodes({ code, registration, rawCode }: Features): void {
    const from = this.count * codeColumns
    if (from + codeColumns > this.codes.length) this.codes = longer(this.codes, from + codeColumns)
    this.codes[from + codeColumn.code] = this.texts.add(code)
    this.codes[from + codeColumn.registration] = this.texts.add(registration)
    this.codes[from + codeColumn.rawCode] = this.texts.add(rawCode)
  }

  private putName(array: Int32Array, at: number, { whole, core, branch, region }: NameParts): void {
    const digits = region === '' ? 0 : region === '00' ? wholeCountry : Number(region)
    array[at + column.whole] = this.texts.add(whole)
    array[at + column.core] = this.texts.add(core)
    array[at + column.branch] = this.texts.add(branch)
    array[at + column.place] = digits | (Math.min(core.length, 2 ** 11 - 1) << regionBits)
    array[at + column.heads] = headsOf(core)
    array[at + column.tail] = (core.charCodeAt(core.length - 2) << 16) | core.charCodeAt(core.length - 1)
  }

  private addFormer(name: NameParts): number {
    const at = this.formersEnd
    if (at + nameColumns > this.formers.length) this.formers = longer(this.formers, at + nameColumns)
    this.putName(this.formers, at, name)
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

  /** What was read to fetch it: it must seem to be of use. */
  fetched = 0

  /** Fetches what some rows say, the first `count` of a list, before it is read one after the other. */
  fetch(list: ArrayLike<number>, count: number): void {
    const { cells, codes, texts } = this
    let read = 0
    for (let at = 0; at < count; at += 1) read ^= cells[list[at]! * columns]! ^ codes[list[at]! * codeColumns]!
    for (let at = 0; at < count; at += 1) {
      const base = list[at]! * columns
      for (const one of textColumns) read ^= texts.start(cells[base + one]!)
    }
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

const codeColumn = { code: 0, registration: 1, rawCode: 2 } as const
const codeColumns = 4

/** Bits of the sounds of a text's first signs; what one text sounds like may be that of another. */
function headsOf(core: string): number {
  let heads = 0
  for (let at = 0; at < headSigns && at < core.length; at += 1)
    heads |= headOf(soundOf(core.charCodeAt(at))) << (at * headBits)
  return heads
}

/** The bits of one sound. */
export const headOf = (sound: number) => Math.imul(sound, 0x9e37_79b1) >>> (32 - headBits)

/** Adds the texts of a row to a list. */
function listTexts(list: string[], row: Features): void {
  list.push(row.person, row.phone, row.address, row.road, row.number, row.foundedOn)
  list.push(row.inner, row.code, row.registration, row.rawCode)
  for (const { whole, core, branch } of row.names) list.push(whole, core, branch)
}

/** Rows taken apart, in the order given. */
export function rowsOf(list: Iterable<Features>): Rows {
  const rows = new Rows()
  rows.addAll(list)
  return rows
}
