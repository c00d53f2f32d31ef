import { narrow } from '../base/chinese.ts'
import { checkCode } from '../base/codes.ts'
import { titleText } from '../base/title.ts'
import type { Department, UnitField } from './field-contract.ts'
import type { SheetMapping } from './import-contract.ts'

/** The first rows of one sheet, as the spreadsheet shows them. */
export interface SheetHead {
  sheet: string
  visible: boolean
  firstRows: readonly { row: number; cells: readonly (string | null)[] }[]
}

export interface Recognised {
  /** Null when nothing speaks for any department. */
  department: Department | null
  because: string | null
  mapping: SheetMapping[]
  /** A roster of persons (name and ID number a row): not a register of units. */
  personRoster: boolean
}

/** Words of column titles by field; the first that fits counts, so the narrower stand first. */
const titleWords: readonly [UnitField, RegExp][] = [
  ['formerName', /曾用名|原名称?$/],
  ['shortName', /简称/],
  ['organisationCode', /^组织机构代码证?号?$/],
  ['uscc', /信用代码|^统一代码|纳税人识别号|^税号$|^(机构|单位)?代码$/],
  ['registrationNumber', /注册号|执照号/],
  ['capital', /(注册|开办|认缴).*(资本|资金)/],
  ['annualReport', /年报|年度报告|年检/],
  ['inOperation', /是否.*(经营|运营|营业|在营)|实体运营/],
  ['hasPremises', /(是否|有无).*场所|固定.*场所/],
  ['ownership', /控股/],
  ['taxStatus', /(纳税人|税务)状态/],
  ['status', /状态$/],
  ['hasPartyOrg', /是否.*党|党(组织|支部).*(情况|建立|成立|组建|与否)|有无党组织/],
  ['memberCount', /党员(人|总)?数|^党员$/],
  ['insuredCount', /(参保|缴费).*数/],
  ['staffCount', /(从业|职工|员工|在岗|用工|就业).*(数|人员)|^人数$|^(职工|员工)$/],
  ['taxPaid', /税额|缴税|纳税额/],
  ['registrationLevel', /登记.*级别/],
  ['supervisingBody', /主管(单位|部门)/],
  ['foundedOn', /(成立|注册|登记|开业|设立).*(日期|时间|年月)/],
  ['phone', /电话|手机|联系方式/],
  ['legalRep', /法定代表人|法人|负责人|经营者|理事长/],
  ['industry', /行业/],
  ['enterpriseType', /^(企业|公司|经营主体|市场主体|主体|登记注册|经济)(类型|性质)$|^企业登记注册类型$/],
  ['kind', /(类型|性质|类别)$/],
  ['address', /地址|住所|经营场所|坐落/],
  ['place', /园区|楼宇|商圈|所在市场/],
  ['area', /街道|乡镇|镇街|属地/],
  ['name', /名称|单位全称|^(单位|企业|公司|机构)$|字号/],
  ['remark', /备注|说明/],
]

/** The field that a column's title names, or null. */
export function fieldOfTitle(title: string): UnitField | null {
  const words = titleText(title)
  return words === '' ? null : (titleWords.find(([, pattern]) => pattern.test(words))?.[0] ?? null)
}

/** Finds header, columns, department of a file from its name and first rows. */
export function recognise(fileName: string, heads: readonly SheetHead[]): Recognised {
  const mapping = heads.map(mapSheet)
  const titles = mapping.flatMap((sheet) => sheet.columns.map((column) => column.title))
  const personRoster =
    titles.some((one) => /^姓名$/.test(narrow(one))) && titles.some((one) => /身份(证|号码)/.test(one))
  return { ...departmentOf(fileName, titles, heads), mapping, personRoster }
}

function mapSheet(head: SheetHead): SheetMapping {
  const headerRow = headerOf(head)
  const header = head.firstRows.find((row) => row.row === headerRow)?.cells ?? []
  const below = head.firstRows.filter((row) => row.row > headerRow)
  const width = Math.max(header.length, ...below.map((row) => row.cells.length), 1)
  const taken = new Set<UnitField>()
  const columns = Array.from({ length: width }, (_, index) => {
    const title = (header[index] ?? '').trim()
    const field = fieldOfTitle(title)
    const own = field !== null && !taken.has(field) ? field : null
    if (own) taken.add(own)
    return { index, title, field: own }
  })
  if (!taken.has('uscc')) adoptCodes(columns, below)
  return { sheet: head.sheet, use: head.visible && taken.has('name'), headerRow, columns }
}

/** The row with the most known titles, of those with the same number the first; row 1 when no row has two. */
const personWords = /^(姓名|性别|民族|出生日期|(公民)?身份(证件?)?号码?|学历)$/

/** What a cell says as part of a header: the field it names, or the word of a roster of persons. */
function headerWord(cell: string): string | null {
  const person = personWords.exec(narrow(cell))?.[0]
  return person ?? fieldOfTitle(cell)
}

function headerOf(head: SheetHead): number {
  let best = { row: head.firstRows[0]?.row ?? 1, known: 1 }
  for (const { row, cells } of head.firstRows) {
    const known = new Set(cells.flatMap((cell) => (cell && cell.length <= 24 ? (headerWord(cell) ?? []) : []))).size
    if (known > best.known) best = { row, known }
  }
  return best.row
}

/** A column without a telling title that holds mostly valid codes is the code column. */
function adoptCodes(columns: SheetMapping['columns'], rows: SheetHead['firstRows']): void {
  for (const column of columns) {
    const values = rows.flatMap((row) => row.cells[column.index] ?? [])
    const codes = values.filter((value) => checkCode(value).kind === 'uscc').length
    if (column.field !== null || codes < 2 || codes * 2 < values.length) continue
    column.field = 'uscc'
    return
  }
}

/** What speaks for a department: words of the file's name (3 points), of column titles (2), of sheet names (1). */
const departmentWords: readonly [Department, RegExp, RegExp][] = [
  ['marketRegulation', /市场监管|市监|工商|企业登记/, /^企业名称|登记状态|注册资本|核准日期/],
  ['tax', /税务|纳税|国税|地税/, /纳税人/],
  ['socialInsurance', /人社|社保|参保|医保/, /参保|单位编号/],
  ['civilAffairs', /民政|社会组织|社团|民非/, /社会组织|业务主管单位|登记机关级别/],
  ['justice', /司法|律师|律所/, /律师|执业许可/],
  ['commerce', /商务|外资/, /外资|进出口/],
  ['approval', /行政审批|审批局/, /许可|审批/],
  ['townshipPark', /街道|园区|乡镇|社区|台账|摸底/, /党员(人)?数|建立党组织|所在园区|楼宇/],
]

function departmentOf(
  fileName: string,
  titles: readonly string[],
  heads: readonly SheetHead[],
): Pick<Recognised, 'department' | 'because'> {
  const ranked = departmentWords.map(([department, names, columns]) => {
    const inFile = names.exec(fileName)?.[0]
    const inTitles = titles.find((title) => columns.test(title))
    const inSheet = heads.map((head) => names.exec(head.sheet)?.[0]).find(Boolean)
    const reasons = [
      inFile ? `文件名里有“${inFile}”` : '',
      inTitles ? `表头有“${inTitles}”` : '',
      inSheet ? `工作表名里有“${inSheet}”` : '',
    ].filter(Boolean)
    return {
      department,
      points: (inFile ? 3 : 0) + (inTitles ? 2 : 0) + (inSheet ? 1 : 0),
      because: reasons.join('，'),
    }
  })
  const [best] = ranked.sort((a, b) => b.points - a.points)
  return best && best.points >= 2
    ? { department: best.department, because: best.because }
    : { department: null, because: null }
}

/** The words of a header in one text, by which a saved mapping is found again. */
export function headerSignature(mapping: readonly SheetMapping[]): string {
  const [first] = mapping.filter((one) => one.use)
  return (first?.columns ?? []).map((column) => narrow(column.title)).join('|')
}
