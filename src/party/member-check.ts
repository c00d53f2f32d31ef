import { nameKey, narrow } from '../base/chinese.ts'
import { looksLikeIdentity } from '../base/identity.ts'
import { columnLetters } from '../base/number.ts'
import { parseLooseDate } from '../base/time.ts'
import type { MemberKind } from './member-contract.ts'
import { coverCell } from './member-columns.ts'
import type { MemberField, MemberProblem, MemberSheet } from './member-import-contract.ts'
import { readPersonNumber } from './member-number.ts'

/** A member as a row names one; lives in memory only. Days are `YYYY-MM-DD`. */
export interface ReadMember {
  number: string
  name: string
  kind: MemberKind
  floating: boolean
  branch: string | null
  employer: string | null
  joinedOn: string | null
  formalOn: string | null
}

export interface CheckedMember {
  /** Totals, remarks: nobody. */
  notData: boolean
  /** Null for a row that is sent back. */
  member: ReadMember | null
  problems: MemberProblem[]
}

interface Reading {
  columns: MemberSheet['columns']
  cells: readonly (string | null)[]
  problems: MemberProblem[]
}

const aside = /^(合计|总计|小计|共计|注[:：]|说明[:：]|备注[:：]|填表人|填报|制表|审核)/

/** Checks one row below the header of a roster of members. Pure; `asOf` is the day that the roster speaks of. */
export function checkMember(
  cells: readonly (string | null)[],
  columns: MemberSheet['columns'],
  asOf: string,
): CheckedMember {
  const reading: Reading = { columns, cells, problems: [] }
  const first = cells.find((cell) => cell !== null && cell.trim() !== '')?.trim() ?? ''
  if (first === '' || (aside.test(narrow(first)) && cellOf(reading, 'idNumber') === '')) {
    return { notData: true, member: null, problems: [] }
  }
  const name = readName(reading)
  const number = readNumber(reading)
  const kind = readKind(reading)
  const joinedOn = readDay(reading, 'joinedOn', asOf)
  const formalOn = readDay(reading, 'formalOn', asOf)
  if (kind?.kind === 'probationary' && formalOn) {
    say(reading, 'formalOn', 'warning', '预备党员不应有转正日期', '核对党员类别；日期不取用')
  }
  if (joinedOn && formalOn && formalOn < joinedOn) {
    say(reading, 'formalOn', 'warning', '转正早于入党', '核对两个日期；照常入库')
  }
  const employer = readText(reading, 'employer')
  if (!employer) say(reading, 'employer', 'warning', '没有工作单位', '这名党员不计入任何单位；在职的请补填')
  if (!name || !number || !kind) return { notData: false, member: null, problems: reading.problems }
  const member = {
    number,
    name,
    kind: kind.kind,
    floating: kind.floating || /^(是|有|√|流|1|y)/i.test(narrow(cellOf(reading, 'floating'))),
    branch: readText(reading, 'branch'),
    employer,
    joinedOn,
    formalOn: kind.kind === 'formal' ? formalOn : null,
  }
  return { notData: false, member, problems: reading.problems }
}

function columnOf(reading: Reading, field: MemberField) {
  return reading.columns.find((column) => column.field === field)
}

function cellOf(reading: Reading, field: MemberField): string {
  const column = columnOf(reading, field)
  return column ? (reading.cells[column.index] ?? '').trim() : ''
}

function say(reading: Reading, field: MemberField, level: 'error' | 'warning', rule: string, fix: string): null {
  const column = columnOf(reading, field)
  const value = coverCell(field, cellOf(reading, field))
  const letter = column ? columnLetters(column.index) : '—'
  reading.problems.push({ column: column?.title ?? '', columnLetter: letter, value, level, rule, fix })
  return null
}

function readName(reading: Reading): string | null {
  const name = cellOf(reading, 'name').replace(/\s+/g, '')
  if (name === '') return say(reading, 'name', 'error', '没有姓名', '补填姓名')
  if (name.length > 40 || /\d{3}/.test(name)) return say(reading, 'name', 'error', '不是姓名', '填与身份证一致的姓名')
  return name
}

function readNumber(reading: Reading): string | null {
  const read = readPersonNumber(cellOf(reading, 'idNumber'))
  if (read.kind === 'number') return read.number
  if (read.kind === 'empty') return say(reading, 'idNumber', 'error', '没有身份证号', '补填 18 位公民身份号码')
  return say(reading, 'idNumber', 'error', read.rule, read.fix)
}

function readKind(reading: Reading): { kind: MemberKind; floating: boolean } | null {
  const text = narrow(cellOf(reading, 'kind'))
  if (text === '') return say(reading, 'kind', 'error', '没有党员类别', '填正式党员或预备党员')
  const floating = text.includes('流动')
  if (/预备/.test(text) || /^0?2$/.test(text)) return { kind: 'probationary', floating }
  if (/积极分子|发展对象|入党申请|团员|群众|民主党派|停止党籍|出党|除名/.test(text)) {
    return say(reading, 'kind', 'error', '不是党员', '名册只收正式党员和预备党员，这一行请删去')
  }
  if (/正式|^(中共)?党员$|^流动党员$|中共党员/.test(text) || /^0?1$/.test(text)) return { kind: 'formal', floating }
  return say(reading, 'kind', 'error', '不认识的党员类别', '填正式党员或预备党员')
}

function readDay(reading: Reading, field: 'joinedOn' | 'formalOn', asOf: string): string | null {
  const text = cellOf(reading, field)
  if (text === '' || /^(-+|—+|\/|无)$/.test(text)) return null
  const day = parseLooseDate(text)
  if (!day || day < '1921-07-01') return say(reading, field, 'warning', '不是日期', '写成 2003-02-18；本列不取用')
  if (day > asOf) return say(reading, field, 'warning', '日期晚于数据截至日', '核对日期；本列不取用')
  return day
}

/** A text that names an organisation. A person's number in it is not kept. */
function readText(reading: Reading, field: 'branch' | 'employer'): string | null {
  const text = cellOf(reading, field).replace(/\s+/g, ' ').slice(0, 150)
  if (text === '' || /^(-+|—+|\/|无|暂无|不详)$/.test(text)) return null
  if (looksLikeIdentity(text) || /\d{15}|\d{17}[\dXx]/.test(narrow(text))) {
    return say(reading, field, 'warning', '单元格里是身份证号', '不取用，也不保存；请填单位名称')
  }
  return nameKey(text).length >= 2 ? text : null
}
