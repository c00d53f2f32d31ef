import { nameKey, narrow } from '../base/chinese.ts'
import { looksLikeIdentity } from '../base/identity.ts'
import { readPersonNumber } from './member-number.ts'

/** Where the columns of a roster of the insured stand, from 0, and the row of its header, from 1. */
export interface RosterColumns {
  headerRow: number
  number: number
  employer: number
}

const employerCharsMax = 150

/**
 * The two cells of a roster's row that a comparison looks at: the person's number as 18 characters, null where it is none,
 * and the employer's name, empty where none is told. Null for a row that is nobody's (totals, remarks).
 */
export function readRosterRow(
  cells: readonly (string | null)[],
  columns: RosterColumns,
): { number: string | null; employer: string } | null {
  const read = readPersonNumber(cells[columns.number] ?? '')
  const first = narrow(cells.find((cell) => cell !== null && cell.trim() !== '') ?? '')
  if (read.kind === 'empty' && (first === '' || /^(合计|总计|小计|共计|注[:：]|说明|备注|制表|填报|审核)/.test(first)))
    return null
  return { number: read.kind === 'number' ? read.number : null, employer: employerOf(cells[columns.employer] ?? '') }
}

/** An employer's name; a sole proprietor's that holds a person's number is left out. */
function employerOf(cell: string): string {
  const text = cell.replace(/\s+/g, ' ').trim().slice(0, employerCharsMax)
  if (looksLikeIdentity(text) || /\d{15}|\d{17}[\dXx]/.test(narrow(text))) return ''
  return nameKey(text).length >= 2 ? text : ''
}
