import { type Department, departments } from '../ledger/field-contract.ts'
import type { Features } from './features.ts'
import type { NameParts } from './name-parts.ts'
import { longer, Texts, type TextsImage } from './texts.ts'

/**
 * What a row says, a number a column. Texts are numbers of `Texts`, 0 where the row says nothing; a region is the number
 * that its digits make, 0 for none. A row has one name or two.
 */
export const column = {
  department: 0,
  city: 1,
  whole: 2,
  core: 3,
  branch: 4,
  region: 5,
  formerWhole: 6,
  formerCore: 7,
  formerBranch: 8,
  formerRegion: 9,
  code: 10,
  inner: 11,
  registration: 12,
  rawCode: 13,
  person: 14,
  phone: 15,
  address: 16,
  road: 17,
  number: 18,
  foundedOn: 19,
} as const

/** Numbers a row. */
export const columns = 20
/** The region of a name that says 中国. */
export const wholeCountry = 1

/** From the columns of a name to those of the former one. */
export const nameColumns = column.formerWhole - column.whole

const departmentNames = Object.keys(departments) as Department[]
const placeOfDepartment = new Map(departmentNames.map((department, at) => [department, at]))

export interface RowsImage {
  cells: Int32Array
  count: number
  texts: TextsImage
}

/** Rows taken apart, by number from 0: what they say stands in one array, their texts once each in `texts`. */
export class Rows {
  readonly texts: Texts
  cells: Int32Array
  private count = 0

  constructor(texts = new Texts(), room = 64) {
    this.texts = texts
    this.cells = new Int32Array(room * columns)
  }

  get size(): number {
    return this.count
  }

  /** Takes a row up; answers its number. */
  add(row: Features): number {
    const from = this.count * columns
    if (from + columns > this.cells.length) this.cells = longer(this.cells, from + columns)
    const { cells, texts } = this
    cells[from + column.department] = placeOfDepartment.get(row.department)!
    cells[from + column.city] = Number(row.city)
    const [name, former] = row.names
    if (name) this.putName(from, name)
    if (former) this.putName(from + nameColumns, former)
    cells[from + column.code] = texts.add(row.code)
    cells[from + column.inner] = texts.add(row.inner)
    cells[from + column.registration] = texts.add(row.registration)
    cells[from + column.rawCode] = texts.add(row.rawCode)
    cells[from + column.person] = texts.add(row.person)
    cells[from + column.phone] = texts.add(row.phone)
    cells[from + column.address] = texts.add(row.address)
    cells[from + column.road] = texts.add(row.road)
    cells[from + column.number] = texts.add(row.number)
    cells[from + column.foundedOn] = texts.add(row.foundedOn)
    this.count += 1
    return this.count - 1
  }

  private putName(from: number, { whole, core, branch, region }: NameParts): void {
    this.cells[from + column.whole] = this.texts.add(whole)
    this.cells[from + column.core] = this.texts.add(core)
    this.cells[from + column.branch] = this.texts.add(branch)
    this.cells[from + column.region] = region === '' ? 0 : region === '00' ? wholeCountry : Number(region)
  }

  /** One number of a row. */
  cell(row: number, at: number): number {
    return this.cells[row * columns + at]!
  }

  /** One text of a row. */
  textOf(row: number, at: number): string {
    return this.texts.text(this.cell(row, at))
  }

  departmentOf(row: number): Department {
    return departmentNames[this.cell(row, column.department)]!
  }

  /** The row says nothing in this column from now on. */
  clear(row: number, at: number): void {
    this.cells[row * columns + at] = 0
  }

  /** The rows as plain data that a thread can be given; they are of no use here once their arrays have gone over. */
  image(): RowsImage {
    return { cells: this.cells, count: this.count, texts: this.texts.image() }
  }

  static of({ cells, count, texts }: RowsImage): Rows {
    const rows = new Rows(Texts.of(texts), 0)
    rows.cells = cells
    rows.count = count
    return rows
  }

  /** These rows in this order, numbered anew; the texts are the same ones. */
  pick(order: ArrayLike<number>): Rows {
    const picked = new Rows(this.texts, Math.max(1, order.length))
    for (let at = 0; at < order.length; at += 1) {
      const from = order[at]! * columns
      picked.cells.set(this.cells.subarray(from, from + columns), at * columns)
    }
    picked.count = order.length
    return picked
  }
}

/** Rows taken apart, in the order given. */
export function rowsOf(list: Iterable<Features>): Rows {
  const rows = new Rows()
  for (const one of list) rows.add(one)
  return rows
}
