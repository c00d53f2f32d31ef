import { addressLevel, compareInto, compareNames, comparisonNames, levelAt, placeOf } from './compare.ts'
import { column, columns, type Rows } from './rows.ts'

/** Departments by how far their word on a unit's code goes, the register that gives codes first. */
const trust = ['marketRegulation', 'civilAffairs', 'justice', 'approval', 'tax', 'socialInsurance', 'commerce']

/** Lower is more trusted. */
export function trustOf(rows: Rows, row: number): number {
  const at = trust.indexOf(rows.departmentOf(row))
  return at < 0 ? trust.length : at < 4 ? 0 : at
}

const levels = new Uint8Array(comparisonNames.length)
const { name, person, address } = levelAt
const isSamePlace = () => levels[placeOf.address] === address.same || levels[placeOf.address] === address.part
const isSamePhone = () => levels[placeOf.phone] === levelAt.phone.same

/**
 * Whether two rows that carry one code can be one organisation: anything that tells agrees, and they are not a branch and
 * its parent.
 */
export function agrees(rows: Rows, left: number, right: number): boolean {
  // The same name all through: what most rows of a code have.
  if (rows.cell(left, column.whole) === rows.cell(right, column.whole)) return true
  compareInto(levels, rows, left, right)
  const alike = levels[placeOf.name]!
  const ofPerson = levels[placeOf.person]
  if (alike === name.kin) return ofPerson === person.same && isSamePlace()
  return alike <= name.near || ofPerson === person.same || ofPerson === person.near || isSamePhone() || isSamePlace()
}

/** Whether two rows of different valid codes are so much alike that one of the codes must be somebody else's. */
export function clashes(rows: Rows, left: number, right: number): boolean {
  const told = toldAlike(rows, left, right)
  if (told === 0) return false
  compareNames(levels, rows, left * columns, right * columns)
  const alike = levels[placeOf.name]!
  if (alike <= name.sound) return levels[placeOf.region] !== levelAt.region.other
  return (alike === name.typo || alike === name.part) && told >= 2
}

/** How many of person, phone and place are the same. */
function toldAlike({ cells, texts }: Rows, left: number, right: number): number {
  const [a, b] = [left * columns, right * columns]
  const person = cells[a + column.person]!
  const phone = cells[a + column.phone]!
  const isSamePerson = person > 0 && person === cells[b + column.person]
  const isSamePhone = phone > 0 && phone === cells[b + column.phone]
  const place = addressLevel(texts, cells, a, b)
  return (isSamePerson ? 1 : 0) + (isSamePhone ? 1 : 0) + (place === address.same || place === address.part ? 1 : 0)
}

/**
 * Parts the rows of one code into those that agree with each other, over others if need be; the owners of the code first.
 * Of parts that nothing tells apart the one whose row comes first among `members`.
 */
export function partsOfCode(rows: Rows, members: readonly number[]): number[][] {
  const [one] = members
  if (one === undefined || members.every((row) => row === one || agrees(rows, row, one))) return [[...members]]
  const parts: number[][] = []
  for (const row of members) {
    const fitting = parts.filter((part) => part.some((other) => agrees(rows, row, other)))
    const merged = [...fitting.flat(), row]
    for (const part of fitting) parts.splice(parts.indexOf(part), 1)
    parts.push(merged)
  }
  const most = (part: readonly number[]) => Math.min(...part.map((row) => trustOf(rows, row)))
  const first = (part: readonly number[]) => Math.min(...part.map((row) => members.indexOf(row)))
  const owns = (part: readonly number[]) => (part.some((row) => fitsCode(rows, row)) ? 0 : 1)
  // A department that says the same month after month is one voice.
  const voices = (part: readonly number[]) => new Set(part.map((row) => rows.departmentOf(row))).size
  return parts.sort(
    (a, b) =>
      owns(a) - owns(b) || voices(b) - voices(a) || most(a) - most(b) || b.length - a.length || first(a) - first(b),
  )
}

const societyEnd = /(?:协会|学会|商会|联合会|促进会|研究会|联谊会|基金会|俱乐部|服务中心|培训学校|幼儿园|养老院)$/

/** Whether a code can be of this row: codes of one kind of body do not go with the other's names; MA came in October 2015. */
function fitsCode(rows: Rows, row: number): boolean {
  const [code, whole] = [rows.texts.text(rows.codeOf(row)), rows.textOf(row, column.whole)]
  const foundedOn = rows.textOf(row, column.foundedOn)
  if (code.startsWith('9') && societyEnd.test(whole) && !whole.includes('公司')) return false
  if (/^5[123]/.test(code) && whole.endsWith('有限公司')) return false
  if (foundedOn && code.startsWith('9') && code.slice(8, 10) === 'MA') return foundedOn >= '2015-01-01'
  return true
}
