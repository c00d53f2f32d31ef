import { compareRows, type Likeness } from './compare.ts'
import type { Features } from './features.ts'

/** Departments by how far their word on a unit's code goes, the register that gives codes first. */
const trust = ['marketRegulation', 'civilAffairs', 'justice', 'approval', 'tax', 'socialInsurance', 'commerce']

/** Lower is more trusted. */
export function trustOf({ department }: Features): number {
  const at = trust.indexOf(department)
  return at < 0 ? trust.length : at < 4 ? 0 : at
}

const names: ReadonlySet<string> = new Set(['same', 'core', 'sound', 'typo', 'part', 'near'])

/**
 * Whether two rows that carry one code can be one organisation: anything that tells agrees, and they are not a branch and
 * its parent.
 */
export function agrees(left: Features, right: Features): boolean {
  // The same name all through: what most rows of a code have.
  if (left.names[0]?.whole === right.names[0]?.whole) return true
  const alike = compareRows(left, right)
  if (alike.name === 'kin') return alike.person === 'same' && isSamePlace(alike)
  return names.has(alike.name ?? 'other') || isSamePerson(alike)
}

const isSamePlace = ({ address }: Likeness) => address === 'same' || address === 'part'
const isSamePerson = (alike: Likeness) =>
  alike.person === 'same' || alike.person === 'near' || alike.phone === 'same' || isSamePlace(alike)

/** Whether two rows of different valid codes are so much alike that one of the codes must be somebody else's. */
export function clashes(left: Features, right: Features): boolean {
  const alike = compareRows(left, right)
  const told = [alike.person === 'same', alike.phone === 'same', isSamePlace(alike)].filter(Boolean).length
  if (alike.name === 'same' || alike.name === 'core' || alike.name === 'sound') {
    return told >= 1 && alike.region !== 'other'
  }
  return (alike.name === 'typo' || alike.name === 'part') && told >= 2
}

/** Parts the rows of one code into those that agree with each other, over others if need be; the owners of the code first. */
export function partsOfCode(rows: readonly Features[]): number[][] {
  const first = rows[0]
  if (first && rows.every((row) => row === first || agrees(row, first))) return [rows.map((_, at) => at)]
  const parts: number[][] = []
  for (const [at, row] of rows.entries()) {
    const fitting = parts.filter((part) => part.some((other) => agrees(row, rows[other]!)))
    const merged = [...fitting.flat(), at]
    for (const part of fitting) parts.splice(parts.indexOf(part), 1)
    parts.push(merged)
  }
  const most = (part: readonly number[]) => Math.min(...part.map((at) => trustOf(rows[at]!)))
  const owns = (part: readonly number[]) => (part.some((at) => fitsCode(rows[at]!)) ? 0 : 1)
  // A department that says the same month after month is one voice.
  const voices = (part: readonly number[]) => new Set(part.map((at) => rows[at]!.department)).size
  return parts.sort(
    (a, b) => owns(a) - owns(b) || voices(b) - voices(a) || most(a) - most(b) || b.length - a.length || a[0]! - b[0]!,
  )
}

const societyEnd = /(?:协会|学会|商会|联合会|促进会|研究会|联谊会|基金会|俱乐部|服务中心|培训学校|幼儿园|养老院)$/

/** Whether a code can be of this row: codes of one kind of body do not go with the other's names; MA came in October 2015. */
function fitsCode({ code, names: [name], foundedOn }: Features): boolean {
  if (name && code.startsWith('9') && societyEnd.test(name.whole) && !name.whole.includes('公司')) return false
  if (name && /^5[123]/.test(code) && name.whole.endsWith('有限公司')) return false
  if (foundedOn && code.startsWith('9') && code.slice(8, 10) === 'MA') return foundedOn >= '2015-01-01'
  return true
}
