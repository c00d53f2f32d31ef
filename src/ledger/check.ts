import { nameKey, narrow, withoutSlips } from '../base/chinese.ts'
import { checkCode, type CodeReading } from '../base/codes.ts'
import { looksLikeIdentity } from '../base/identity.ts'
import { maskName, maskPhone } from '../base/mask.ts'
import { columnLetters, parseCount } from '../base/number.ts'
import { parseLooseDate } from '../base/time.ts'
import { type Department, type UnitField, type UnitKind, unitFields, type UnitStatus } from './field-contract.ts'
import type { RowProblem, SheetMapping } from './import-contract.ts'
import { parseIndustry } from './industry.ts'
import { ownershipOf } from './ownership.ts'

export type Fields = Partial<Record<UnitField, string>>
export type CellProblem = Omit<RowProblem, 'sheet' | 'row'>

/** What checking a row needs to know besides the row. */
export interface CheckWith {
  department: Department
  columns: SheetMapping['columns']
  /** 12-digit codes of the county's townships by the key of their name, with and without 街道 or 镇. */
  townships: ReadonlyMap<string, string>
  /** A keyed digest of a person's number; the number itself is kept nowhere. */
  hashIdentity: (text: string) => string
}

export interface CheckedRow {
  /** Totals, notes: not a unit. */
  notData: boolean
  /** Canonical values by field; empty for a refused row's wrong fields. */
  fields: Fields
  /** The sender's own titles and cells, with ID numbers replaced. */
  cells: { title: string; value: string }[]
  problems: CellProblem[]
  refused: boolean
}

const totals = /^(合计|总计|小计|共计|本页合计)/
const remarks =
  /^(注[:：]|说明[:：]|备注[:：]|填表人|填报人|填报单位|制表|审核|联系人[:：]|负责人[:：]|单位负责人[:：])/

/** Checks one row below the header. Pure: the same row always gets the same answer. */
export function checkRow(raw: readonly (string | null)[], using: CheckWith): CheckedRow {
  const problems: CellProblem[] = []
  const fields: Fields = {}
  const cells: CheckedRow['cells'] = []
  const first = raw.find((cell) => cell !== null && cell.trim() !== '')?.trim() ?? ''
  const name = using.columns.find((column) => column.field === 'name')
  const named = name ? (raw[name.index] ?? '').trim() : ''
  if (
    totals.test(narrow(named)) ||
    (totals.test(narrow(first)) && !isName(named)) ||
    (remarks.test(first) && !isName(named))
  ) {
    return { notData: true, fields, cells, problems, refused: false }
  }
  for (const column of using.columns) {
    const text = (raw[column.index] ?? '').trim()
    const code = codeFields.has(column.field) ? checkCode(text) : null
    const cell = { column, text, code, problems, using }
    const shown = readCell(cell, fields)
    if (shown !== '') cells.push({ title: column.title || columnLetters(column.index), value: shown })
  }
  if (!fields.area && fields.address) {
    const area = areaInAddress(fields.address, using.townships)
    if (area) fields.area = area
  }
  if (!fields.name && name && !problems.some((problem) => problem.field === 'name')) {
    problems.push(problemAt({ column: name, text: named }, 'error', '没有单位名称', '补填单位全称；不是单位的行请删除'))
  }
  return { notData: false, fields, cells, problems, refused: problems.some((problem) => problem.level === 'error') }
}

/** The one township whose full name an address spells out; null where it names none, or two. */
function areaInAddress(address: string, townships: CheckWith['townships']): string | null {
  const key = nameKey(address)
  const codes = new Set<string>()
  for (const [name, code] of townships) {
    if (name.length >= 3 && /(街道|镇|乡)$/.test(name) && key.includes(name)) codes.add(code)
  }
  const [only, second] = codes
  return only && !second ? only : null
}

const isName = (text: string) => text.length >= 4 && !totals.test(text) && !remarks.test(text)

interface Cell {
  column: SheetMapping['columns'][number]
  text: string
  /** What kind of number stands there, in a column of codes. */
  code: CodeReading | null
  problems: CellProblem[]
  using: CheckWith
}

const codeFields: ReadonlySet<UnitField | null> = new Set(['uscc', 'registrationNumber', 'organisationCode'])

/** Reads a cell into its field; answers what may be kept of its text. */
function readCell(cell: Cell, fields: Fields): string {
  const { text, code, problems, using } = cell
  const { field } = cell.column
  if (text === '') return ''
  if (code ? isPerson(code) : looksLikeIdentity(text)) {
    const shown = `（身份证号，已换成密文 ${using.hashIdentity(narrow(text).toUpperCase()).slice(0, 12)}）`
    problems.push(
      problemAt(
        { ...cell, text: shown },
        'warning',
        '单元格里是身份证号',
        '不取用，也不保存原号；这一列请填单位的代码',
      ),
    )
    return shown
  }
  if (field === null || (isNothing(text) && !saysNone(field, text))) return text
  const value = readers[unitFields[field].kind](cell, field, fields)
  if (value !== null && fields[field] === undefined) fields[field] = value
  return text
}

/** A person's number where a unit's code should stand. */
function isPerson(reading: CodeReading): boolean {
  return (
    reading.kind === 'identity' ||
    ((reading.kind === 'registration' || reading.kind === 'tax') && reading.mayBeIdentity)
  )
}

/** 无 is an answer where a column asks whether there is any: 有无党组织, 党员数. */
const saysNone = (field: UnitField, text: string) =>
  text === '无' && (unitFields[field].kind === 'yesNo' || field === 'memberCount')

const isNothing = (text: string) => /^(-+|—+|\/+|无|暂无|不详|未知|空|null|n\/a)$/i.test(text)

type Reader = (cell: Cell, field: UnitField, fields: Fields) => string | null

function warn(cell: Cell, rule: string, fix: string): null {
  cell.problems.push(problemAt(cell, 'warning', rule, fix))
  return null
}

const scales: Record<string, number> = { '': 1, 万: 10_000, 亿: 100_000_000 }

/** Yuan of an amount of money, in 万 or 亿 where it or its column's title says so; null for anything else, other currencies too. */
function yuanOf(text: string, title: string): string | null {
  const found = /^(-?\d+(?:\.\d+)?)([万亿]?)(?:元|人民币)*$/.exec(narrow(text).replace(/[,，]/g, ''))
  if (!found) return null
  const scale = found[2] || (/[（(]([万亿])元/.exec(title)?.[1] ?? '')
  return String(Math.round(Number(found[1]) * scales[scale]! * 100) / 100)
}

const readers: Record<(typeof unitFields)[UnitField]['kind'], Reader> = {
  text: (cell, field) => (field === 'organisationCode' ? readOrganisationCode(cell) : cell.text.replace(/\s+/g, ' ')),
  name: readName,
  code: readCode,
  person: (cell) => cell.text.replace(/\s+/g, ''),
  phone(cell) {
    const digits = cell.text.replace(/\D/g, '')
    if (digits.length >= 7 && digits.length <= 30) return cell.text.replace(/\s+/g, '')
    return warn(cell, '电话位数不对', '填 11 位手机号，或带区号的固定电话')
  },
  count(cell) {
    const count = parseCount(cell.text)
    if (count && count.value <= 1_000_000) return String(count.value)
    return warn(cell, '不是人数', '只填数字，例如 30；本列不取用，其余照常入账')
  },
  money(cell) {
    const yuan = yuanOf(cell.text, cell.column.title)
    return yuan ?? warn(cell, '不是金额', '只填人民币金额，例如 12000.50、500 万元；本列不取用，其余照常入账')
  },
  date(cell) {
    const date = parseLooseDate(cell.text)
    if (date && date >= '1900-01-01' && date <= '2100-01-01') return date
    return warn(cell, '不是日期', '写成 2003-02-18；本列不取用，其余照常入账')
  },
  yesNo(cell) {
    const text = narrow(cell.text)
    if (/^(是|有|已建|已建立|已成立|√|y|yes|1|true)/i.test(text)) return 'true'
    if (/^(否|无|未建|未建立|没有|未成立|×|x|n|no|0|false)/i.test(text)) return 'false'
    return warn(cell, '应填是或否', '填“是”或“否”；本列不取用，其余照常入账')
  },
  year: readYear,
  ownership: (cell) =>
    ownershipOf(cell.text) ?? warn(cell, '不认识的控股情况', '填国有、集体、私人、港澳台商、外商控股之一；本列不取用'),
  kind: (cell) =>
    kindOf(cell.text) ?? warn(cell, '不认识的单位类型', '填企业、个体工商户、社会团体、民办非企业单位、基金会等'),
  status: (cell) => statusOf(cell.text) ?? warn(cell, '不认识的登记状态', '填存续、吊销、注销、迁出之一'),
  region(cell) {
    const key = nameKey(cell.text)
    const found = cell.using.townships.get(key) ?? [...cell.using.townships].find(([name]) => key.endsWith(name))?.[1]
    return found ?? warn(cell, '本县没有这个乡镇街道', '填区划里的乡镇街道全称；本列不取用，其余照常入账')
  },
  industry: (cell) =>
    parseIndustry(cell.text) ?? warn(cell, '不认识的行业', '填 GB/T 4754 的门类名称或代码，例如 F 或 F5199'),
}

const nameCharsMax = 150

function readName(cell: Cell, field: UnitField): string | null {
  const written = cell.text.replace(/\s+/g, ' ').replace(/(?<=[^\x00-\x7f]) (?=[^\x00-\x7f])/g, '')
  if (field === 'name' && written.length > nameCharsMax) {
    cell.problems.push(problemAt(cell, 'error', '单位名称过长', `超过 ${nameCharsMax} 个字，请核对是否几格并成了一格`))
    return null
  }
  const text = withoutSlips(written.slice(0, nameCharsMax))
  if (field !== 'name') return text || null
  if (nameKey(text).length >= 2 && /\p{L}/u.test(text)) return text
  cell.problems.push(problemAt(cell, 'error', '单位名称不完整', '填营业执照或登记证书上的全称'))
  return null
}

/** The code column takes every kind of code that units have had (domain B.1 to B.3). */
function readCode(cell: Cell, _field: UnitField, fields: Fields): string | null {
  const reading = cell.code!
  if (reading.kind === 'uscc') {
    if (!reading.innerOk) warn(cell, '主体标识码校验不符', '18 位校验正确，请再核对第 9 至 17 位；照常入账')
    return reading.code
  }
  if (reading.kind === 'organisation') fields.organisationCode ??= reading.code
  if (reading.kind === 'tax') fields.organisationCode ??= reading.organisationCode
  if (reading.kind === 'registration') fields.registrationNumber ??= reading.code
  if (reading.kind === 'invalid') {
    const likely = reading.suggestion ? `；可能是 ${reading.suggestion}` : ''
    // What else the row says is worth its place: it is linked by that, and sent back all the same.
    return warn(cell, reading.reason, `${reading.fix}${likely}。代码不取用，其余照常入账，并列入退回表`)
  }
  return null
}

/** A year, or the day of a report (which is of the year before); under a title with a year, whether it was reported. */
function readYear(cell: Cell): string | null {
  const titled = /(20\d{2})/.exec(cell.column.title)?.[1]
  const text = narrow(cell.text)
  if (titled && /^(是|已|有|√|y|正常)/i.test(text)) return titled
  if (titled && /^(否|未|没有|×|n)/i.test(text)) return null
  const bare = /^(20\d{2})(年|年度)?(年报|年检)?$/.exec(text)?.[1]
  if (bare) return bare
  const date = parseLooseDate(cell.text)
  if (date && date >= '2010-01-01' && date <= '2100-01-01') return String(Number(date.slice(0, 4)) - 1)
  return warn(cell, '不是年报年度', '填最近一次年报的年度，例如 2024；本列不取用')
}

function readOrganisationCode(cell: Cell): string | null {
  const reading = cell.code!
  if (reading.kind === 'organisation') return reading.code
  if (reading.kind === 'uscc') return reading.organisationCode
  return reading.kind === 'empty'
    ? null
    : warn(cell, '组织机构代码不对', '填 9 位组织机构代码，或在信用代码一列填 18 位代码；本列不取用')
}

const kindWords: readonly [UnitKind, RegExp][] = [
  ['lawFirm', /律师/],
  ['socialAssociation', /社会团体|社团/],
  ['privateNonEnterprise', /民办非企业|民非|社会服务机构/],
  ['foundation', /基金会/],
  ['selfEmployed', /个体/],
  ['cooperative', /合作社/],
  ['enterprise', /企业|公司|有限|股份|独资|合伙|非公/],
]

/** The kind of unit that words such as 有限责任公司 tell. */
export function kindOf(text: string): UnitKind | null {
  return kindWords.find(([, pattern]) => pattern.test(text))?.[0] ?? null
}

const statusWords: readonly [UnitStatus, RegExp][] = [
  ['revoked', /吊销|撤销/],
  ['cancelled', /注销|已销户/],
  ['movedOut', /迁出|外迁/],
  ['abnormal', /异常|非正常|停业|歇业/],
  ['active', /存续|在业|开业|在营|正常|有效|登记成立|确立/],
]

function statusOf(text: string): UnitStatus | null {
  return statusWords.find(([, pattern]) => pattern.test(text))?.[0] ?? null
}

function problemAt(
  cell: Pick<Cell, 'column' | 'text'>,
  level: 'error' | 'warning',
  rule: string,
  fix: string,
): CellProblem {
  const { index, title, field } = cell.column
  const text = field === 'phone' ? maskPhone(cell.text) : field === 'legalRep' ? maskName(cell.text) : cell.text
  return { column: title, columnLetter: columnLetters(index), field, value: text.slice(0, 80), level, rule, fix }
}

/** Township codes of a county by every way their name is written. */
export function townshipKeys(townships: readonly { code: string; name: string }[]): Map<string, string> {
  const keys = new Map<string, string>()
  for (const { code, name } of townships) {
    const short = name.replace(/(街道办事处|街道|民族乡|镇|乡)$/, '')
    for (const written of [
      name,
      `${short}街道`,
      `${short}街道办事处`,
      `${short}街道办`,
      short.length >= 2 ? short : name,
    ]) {
      keys.set(nameKey(written), code)
    }
  }
  return keys
}
