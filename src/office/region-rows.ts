import { pinyinInitials } from '../base/chinese.ts'
import { narrow } from '../base/narrow.ts'
import { countryCode, level, parentCode } from '../base/region.ts'
import { Problem } from '../base/problem.ts'
import type { RegionTable } from './tables.ts'

/** One line of a region file. */
export interface RegionLine {
  code: string
  name: string
  /** From this year on the code is no longer used; null while it is. */
  yearTo: number | null
  successorCode: string | null
}

/** Names of levels that exist for the code only; screens skip them and full names leave them out. */
const codeOnlyNames: ReadonlySet<string> = new Set(['市辖区', '县', '省直辖县级行政区划', '自治区直辖县级行政区划'])

/** A full code from 2, 4, 6, 9 or 12 digits (`210204` → `210204000000`), or null. */
export function fullCode(text: string): string | null {
  const digits = narrow(text)
  return /^(\d{2}|\d{4}|\d{6}|\d{9}|\d{12})$/.test(digits) ? digits.padEnd(12, '0') : null
}

const problemsMax = 20

/**
 * Reads the rows of a region file: 代码, 名称, and where given 停用年份, 承接代码; a header row is passed over.
 * @throws Problem naming the rows that cannot be read (the first twenty)
 */
export function readRegionLines(rows: Iterable<{ row: number; cells: readonly (string | null)[] }>): RegionLine[] {
  const lines: RegionLine[] = []
  const seen = new Map<string, number>()
  const fields: { path: string; message: string }[] = []
  let first = true
  for (const { row, cells } of rows) {
    const isHeader = first && !/\d/.test(cells[0] ?? '')
    first = false
    if (isHeader) continue
    const read = readLine(cells)
    const before = typeof read === 'string' ? undefined : seen.get(read.code)
    const problem = typeof read === 'string' ? read : before ? `代码 ${read.code} 与第 ${before} 行重复` : null
    if (problem !== null) fields.push({ path: `第 ${row} 行`, message: problem })
    else if (typeof read !== 'string') {
      seen.set(read.code, row)
      lines.push(read)
    }
  }
  if (fields.length === 0) return lines
  const said = fields.slice(0, 3).map((field) => `${field.path}：${field.message}`)
  const more = fields.length > said.length ? `等 ${fields.length} 处` : ''
  throw new Problem('invalid', `文件没有载入，请改正后重新上传。${said.join('；')}${more}。`, {
    fields: fields.slice(0, problemsMax),
  })
}

function readLine(cells: readonly (string | null)[]): RegionLine | string {
  const [codeText, nameText, yearText, successorText] = [0, 1, 2, 3].map((at) => (cells[at] ?? '').trim())
  const code = fullCode(codeText!)
  if (!code) return `“${codeText}”不是区划代码，应为 2、4、6、9 或 12 位数字`
  const name = narrow(nameText!)
  if (!name) return `代码 ${code} 没有名称`
  if (name.length > 60) return `“${name.slice(0, 10)}…”名称超过 60 个字`
  const yearTo = yearText ? Number(yearText.replace(/年$/, '')) : null
  if (yearTo !== null && !(Number.isInteger(yearTo) && yearTo >= 1980 && yearTo <= 2100)) {
    return `停用年份“${yearText}”应为四位年份`
  }
  const successorCode = successorText ? fullCode(successorText) : null
  if (successorText && !successorCode) return `承接代码“${successorText}”不是区划代码`
  if (successorCode && yearTo === null) return '填了承接代码，也要填停用年份'
  if (successorCode === code) return '承接代码不能是它自己'
  return { code, name, yearTo, successorCode }
}

type Known = Pick<RegionTable, 'full_name' | 'selectable'>

/**
 * Rows for the table, parents before children. `known` holds what is already there and is not in the file; a parent found in
 * neither is a problem. @throws Problem
 */
export function regionRows(
  lines: readonly RegionLine[],
  known: ReadonlyMap<string, Known>,
  year: number,
): RegionTable[] {
  const made = new Map<string, RegionTable>()
  for (const line of lines.toSorted((a, b) => (a.code < b.code ? -1 : 1))) {
    const parent = parentCode(line.code)
    const above = parent === null ? null : (made.get(parent) ?? known.get(parent))
    if (above === undefined) {
      throw new Problem(
        'invalid',
        `${line.name}（${line.code}）的上级 ${parent} 既不在文件里，也不在平台里。请先载入上级。`,
      )
    }
    const selectable = !codeOnlyNames.has(line.name)
    const head = parent === null || parent === countryCode ? '' : (above?.full_name ?? '')
    made.set(line.code, {
      code: line.code,
      name: line.name,
      full_name: selectable ? head + line.name : head || line.name,
      level: level(line.code),
      parent_code: parent,
      selectable,
      has_children: false,
      initials: pinyinInitials(line.name),
      year_from: year,
      year_to: line.yearTo,
      successor_code: line.successorCode,
    })
  }
  return [...made.values()]
}

/** The shipped file's lines and its year: `# year: 2023`, then `code, name, mark` a line. */
export function readShippedRegions(text: string): { lines: RegionLine[]; year: number } {
  const year = Number(/^# year: (\d{4})$/m.exec(text)?.[1])
  if (!year) throw new Error('the shipped region file does not say its year')
  const lines = text
    .split('\n')
    .filter((line) => line && !line.startsWith('#'))
    .map((line) => {
      const [code, name] = line.split('\t')
      return { code: code!, name: name!, yearTo: null, successorCode: null }
    })
  return { lines, year }
}
