import { narrow } from '../base/chinese.ts'
import { maskName } from '../base/mask.ts'
import { columnLetters } from '../base/number.ts'
import { parseLooseDate } from '../base/time.ts'
import { coverOrgCell } from './org-columns.ts'
import type { OrgField, OrgProblem, OrgRowValues, OrgSheet } from './org-import-contract.ts'
import type { FormingMode, OrgKind } from './words-contract.ts'

/** What was read of one row. `values` is null for a row that is sent back; a row without a name goes with the one above. */
export interface CheckedOrg {
  /** Totals, remarks: no organisation. */
  notData: boolean
  values: OrgRowValues | null
  /** The secretary's full name; lives in memory only. */
  secretary: string | null
  problems: OrgProblem[]
}

interface Reading {
  columns: OrgSheet['columns']
  cells: readonly (string | null)[]
  problems: OrgProblem[]
}

const aside = /^(合计|总计|小计|共计|注[:：]|说明[:：]|备注[:：]|填表人|填报|制表|审核|(样例|示例)[:：])/
const nothing = /^(-+|—+|\/|无|暂无|不详|空缺|未定)$/

/** Checks one row below the header. Pure; `above` is the name in the last row that had one, `asOf` the file's day. */
export function checkOrg(
  cells: readonly (string | null)[],
  columns: OrgSheet['columns'],
  asOf: string,
  above: string | null,
): CheckedOrg {
  const reading: Reading = { columns, cells, problems: [] }
  const first = cells.find((cell) => cell !== null && cell.trim() !== '')?.trim() ?? ''
  if (first === '' || aside.test(narrow(first))) return { notData: true, values: null, secretary: null, problems: [] }
  const name = readName(reading, above)
  const kind = name ? readKind(reading, name) : null
  const mode = kind ? readMode(reading, kind) : null
  const foundedOn = readDay(reading, 'foundedOn', asOf, '1921-07-01')
  const electedOn = readDay(reading, 'electedOn', asOf, foundedOn ?? '1921-07-01')
  const expiresOn = readDay(reading, 'expiresOn', '2100-01-01', electedOn ?? '1921-07-01')
  const secretary = readSecretary(reading)
  const situation = narrow(cellOf(reading, 'situation'))
  const formal = readCount(reading, 'formal')
  const probationary = readCount(reading, 'probationary')
  const members = readCount(reading, 'members')
  if (!name || !kind || !mode) return { notData: false, values: null, secretary: null, problems: reading.problems }
  const values: OrgRowValues = {
    name,
    code: text(reading, 'code', 40),
    kind: /联合/.test(situation) && kind === 'branch' ? 'jointBranch' : kind,
    mode,
    parent: text(reading, 'parent', 100),
    sameAsParent: /上级.*相同|相同/.test(situation),
    units: readUnits(reading),
    areaCode: text(reading, 'area', 40),
    foundedOn,
    secretary: secretary ? maskName(secretary) : null,
    electedOn,
    expiresOn,
    formal: formal ?? (members === null ? null : Math.max(members - (probationary ?? 0), 0)),
    probationary: probationary ?? (members === null && formal === null ? null : 0),
  }
  if (members !== null && formal !== null && probationary !== null && formal + probationary !== members) {
    say(reading, 'members', 'warning', '党员数不等于正式与预备之和', '取用正式、预备两列；请核对')
  }
  return { notData: false, values, secretary, problems: reading.problems }
}

function columnOf(reading: Reading, field: OrgField) {
  return reading.columns.find((column) => column.field === field)
}

function cellOf(reading: Reading, field: OrgField): string {
  const column = columnOf(reading, field)
  return column ? (reading.cells[column.index] ?? '').trim() : ''
}

function say(reading: Reading, field: OrgField, level: 'error' | 'warning', rule: string, fix: string): null {
  const column = columnOf(reading, field)
  const value = coverOrgCell(field, cellOf(reading, field))
  const letter = column ? columnLetters(column.index) : '—'
  reading.problems.push({ column: column?.title ?? '', columnLetter: letter, value, level, rule, fix })
  return null
}

function text(reading: Reading, field: OrgField, max: number): string | null {
  const cell = cellOf(reading, field).replace(/\s+/g, ' ')
  if (cell === '' || nothing.test(cell)) return null
  if (cell.length > max) return say(reading, field, 'warning', `超过 ${max} 个字`, '不取用；请核对')
  return cell
}

function readName(reading: Reading, above: string | null): string | null {
  const name = cellOf(reading, 'name').replace(/\s+/g, '')
  if (name === '')
    return above ?? say(reading, 'name', 'error', '没有党组织名称', '补填名称；一个党组织多家单位可以只在第一行写')
  if (name.length < 3 || name.length > 100) return say(reading, 'name', 'error', '不像党组织名称', '填印章上的全称')
  if (!/党|支部|委员会|总支|工委/.test(name)) {
    say(reading, 'name', 'warning', '名称里没有“党”或“支部”', '核对是不是把单位名称填在了这一列；照常入库')
  }
  return name
}

const kindWords: readonly [OrgKind, RegExp][] = [
  ['composite', /综合(党)?委/],
  ['industry', /行业(党)?委/],
  ['jointBranch', /联合(党)?支部/],
  ['temporary', /临时/],
  ['floating', /流动/],
  ['functional', /功能/],
  ['generalBranch', /总支/],
  ['branch', /支部/],
  ['partyCommittee', /党委|党工委|委员会/],
]

/** The kind of organisation that words name, or null: 联合支部 → jointBranch. */
export function kindOf(words: string): OrgKind | null {
  const text = narrow(words)
  return kindWords.find(([, pattern]) => pattern.test(text))?.[0] ?? null
}

function readKind(reading: Reading, name: string): OrgKind | null {
  const cell = cellOf(reading, 'kind')
  const said = cell === '' ? null : kindOf(cell)
  const named = kindOf(name)
  if (said) return said === 'branch' && named === 'jointBranch' ? named : said
  if (cell !== '') say(reading, 'kind', 'warning', '不认识的类别', '按名称判断；请核对')
  return named ?? say(reading, 'kind', 'error', '看不出是哪一类党组织', '填党委、党总支、党支部、联合党支部等')
}

const modeWords: readonly [FormingMode, RegExp][] = [
  ['inCouncil', /理事会/],
  ['inMembers', /会员/],
  ['leadingEnterprise', /龙头/],
  ['solo', /单独|独立|单建|自建/],
  ['joint', /联合|联建/],
  ['regional', /区域|园区|楼宇|商圈|市场|统建/],
  ['industry', /行业|系统/],
  ['attached', /挂靠|依托/],
  ['project', /项目|工程/],
  ['temporary', /临时/],
  ['floating', /流动/],
  ['functional', /功能/],
  ['fallback', /兜底|综合/],
]

const modeOfKind: Partial<Record<OrgKind, FormingMode>> = {
  jointBranch: 'joint',
  temporary: 'temporary',
  floating: 'floating',
  functional: 'functional',
  composite: 'fallback',
  industry: 'industry',
}

function readMode(reading: Reading, kind: OrgKind): FormingMode {
  const cell = narrow(cellOf(reading, 'mode'))
  // 行业统建 is of the industry, 区域统建 of the area: the narrower words decide before 统建 does.
  const found = /行业/.test(cell) ? 'industry' : modeWords.find(([, pattern]) => pattern.test(cell))?.[0]
  if (found) return found
  if (cell !== '' && !nothing.test(cell)) say(reading, 'mode', 'warning', '不认识的组建方式', '按类别判断；请核对')
  return modeOfKind[kind] ?? 'solo'
}

function readDay(reading: Reading, field: OrgField, to: string, from: string): string | null {
  const cell = cellOf(reading, field)
  if (cell === '' || nothing.test(cell)) return null
  const day = parseLooseDate(cell)
  if (!day) return say(reading, field, 'warning', '不是日期', '写成 2003-02-18；本列不取用')
  if (day > to) return say(reading, field, 'warning', `日期晚于 ${to}`, '核对日期；本列不取用')
  if (day < from) return say(reading, field, 'warning', `日期早于 ${from}`, '核对日期；本列不取用')
  return day
}

function readSecretary(reading: Reading): string | null {
  const cell = cellOf(reading, 'secretary').replace(/\s+/g, '')
  if (cell === '' || nothing.test(cell)) return null
  if (cell.includes('*')) return say(reading, 'secretary', 'warning', '姓名已脱敏', '本列不取用')
  if (cell.length > 40 || /\d{3}/.test(cell)) return say(reading, 'secretary', 'warning', '不是姓名', '本列不取用')
  return cell
}

function readCount(reading: Reading, field: OrgField): number | null {
  const cell = narrow(cellOf(reading, field)).replace(/[名人]$/, '')
  if (cell === '' || nothing.test(cell)) return null
  const count = Number(cell)
  if (!Number.isInteger(count) || count < 0 || count > 100_000) {
    return say(reading, field, 'warning', '不是人数', '填整数；本列不取用')
  }
  return count
}

/** The units of a row; several may stand in one cell, parted by 、 or ； or line ends. */
function readUnits(reading: Reading): OrgRowValues['units'] {
  const parts = (field: OrgField, by: RegExp) =>
    cellOf(reading, field)
      .split(by)
      .map((part) => part.trim())
      .filter((part) => part !== '' && !nothing.test(part))
  const names = parts('unitName', /[、；;\n\r]+/)
  const codes = parts('unitCode', /[、；;，,\s]+/).map((code) => narrow(code).toUpperCase())
  if (names.length > 0 && codes.length > 1 && names.length !== codes.length) {
    say(reading, 'unitCode', 'warning', `单位 ${names.length} 家、代码 ${codes.length} 个`, '个数不同，代码不取用')
    return names.map((name) => ({ name, code: null, unitId: null }))
  }
  const many = Math.max(names.length, codes.length)
  return Array.from({ length: many }, (_, at) => ({
    name: names[at] ?? '',
    code: codes[at] ?? null,
    unitId: null,
  }))
}
