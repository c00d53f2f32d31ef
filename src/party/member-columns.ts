import { narrow } from '../base/chinese.ts'
import { looksLikeIdentity } from '../base/identity.ts'
import { maskName } from '../base/mask.ts'
import { titleText } from '../base/title.ts'
import type { MemberField, MemberSheet } from './member-import-contract.ts'

/** The first rows of one sheet, as the spreadsheet shows them. */
export interface RosterHead {
  sheet: string
  visible: boolean
  firstRows: readonly { row: number; cells: readonly (string | null)[] }[]
}

/** Words of column titles by field; the first that fits counts, so the narrower stand first. */
const titleWords: readonly [MemberField, RegExp][] = [
  ['idNumber', /身份(证|号)|证件号/],
  ['floating', /流动/],
  ['formalOn', /转正|(转为|成为)正式/],
  ['joinedOn', /(入党|加入(中国共产)?党(组织)?).*(日期|时间|年月)/],
  ['kind', /(人员|党员)(类别|类型)|政治面貌|^类别$/],
  ['branch', /党(支部|总支|委|组织)|组织关系|^支部(名称)?$/],
  ['employer', /(工作|用人|参保|所在|就业)(单位|企业)|^单位(名称)?$|^(企业|公司)(名称)?$/],
  ['name', /^(党员)?姓名$/],
]

/** What a column's title names in a roster of persons, or null. */
export function memberFieldOf(title: string): MemberField | null {
  const words = titleText(title)
  return words === '' ? null : (titleWords.find(([, pattern]) => pattern.test(words))?.[0] ?? null)
}

/** How each sheet of a roster of persons is to be read, from its first rows. Sheets without names or numbers stay out. */
export function memberColumns(heads: readonly RosterHead[]): MemberSheet[] {
  return heads.map((head) => {
    const headerRow = headerOf(head)
    const header = head.firstRows.find((row) => row.row === headerRow)?.cells ?? []
    const below = head.firstRows.filter((row) => row.row > headerRow)
    const width = Math.max(header.length, ...below.map((row) => row.cells.length), 1)
    const taken = new Set<MemberField>()
    const columns = Array.from({ length: width }, (_, index) => {
      const title = safeTitle(header[index] ?? '')
      const field = memberFieldOf(title)
      const own = field !== null && !taken.has(field) ? field : null
      if (own) taken.add(own)
      return { index, title, field: own }
    })
    if (!taken.has('idNumber') && adoptNumbers(columns, below)) taken.add('idNumber')
    return { sheet: head.sheet, use: head.visible && taken.has('idNumber'), headerRow, columns }
  })
}

/** A header is words. In a sheet without one the first person stands there, and is not to be taken for a title. */
function safeTitle(cell: string): string {
  const title = cell.trim().slice(0, 40)
  return /\d{6,}/.test(title) ? '' : title
}

function headerOf(head: RosterHead): number {
  let best = { row: head.firstRows[0]?.row ?? 1, known: 1 }
  for (const { row, cells } of head.firstRows) {
    const known = new Set(cells.flatMap((cell) => (cell && cell.length <= 24 ? (memberFieldOf(cell) ?? []) : []))).size
    if (known > best.known) best = { row, known }
  }
  return best.row
}

/** A column without a telling title that holds mostly persons' numbers is the column of numbers. */
function adoptNumbers(columns: MemberSheet['columns'], rows: RosterHead['firstRows']): boolean {
  for (const column of columns) {
    const values = rows.flatMap((row) => row.cells[column.index] ?? [])
    const numbers = values.filter((value) => looksLikeIdentity(value)).length
    if (column.field !== null || numbers === 0 || numbers * 2 < values.length) continue
    column.field = 'idNumber'
    return true
  }
  return false
}

/** A cell as it may be shown and kept: no number of a person, no name, no phone. */
export function coverCell(field: MemberField | null, cell: string): string {
  const text = cell.trim()
  if (text === '') return ''
  if (field === 'idNumber' || /\d{11}/.test(narrow(text))) {
    return '*'.repeat(Math.min(Array.from(text).length, 18))
  }
  if (field === 'name') return maskName(text)
  return text.slice(0, 80)
}
