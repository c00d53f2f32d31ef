import { nameKey, narrow } from '../base/chinese.ts'
import { checkCode } from '../base/codes.ts'
import { parseCount } from '../base/number.ts'
import { type FieldProblem, Problem } from '../base/problem.ts'
import { parseLooseDate } from '../base/time.ts'
import { ownerships, type UnitField, unitFields, unitKinds, unitStatuses } from './field-contract.ts'
import { parseIndustry } from './industry.ts'

type Values = Partial<Record<UnitField, string | null>>

/** What a person typed, as facts keep it; an emptied field is null. @throws Problem naming each field and its cure. */
export function canonicalValues(typed: Values): Values {
  const problems: FieldProblem[] = []
  const values: Values = {}
  for (const [name, text] of Object.entries(typed) as [UnitField, string | null | undefined][]) {
    if (text === undefined) continue
    const trimmed = text?.trim() ?? ''
    const read = trimmed === '' ? { value: null } : canonicalValue(name, trimmed)
    if ('wrong' in read) problems.push({ path: name, message: read.wrong })
    else values[name] = read.value
  }
  const [first] = problems
  if (first)
    throw new Problem('invalid', `${unitFields[first.path as UnitField].title}：${first.message}`, { fields: problems })
  return values
}

type Read = { value: string | null } | { wrong: string }

function canonicalValue(field: UnitField, text: string): Read {
  const { kind } = unitFields[field]
  if (kind === 'code') return readCode(text)
  if (kind === 'count') {
    const count = parseCount(text)
    return count ? { value: String(count.value) } : { wrong: '应为人数，例如 30' }
  }
  if (kind === 'money')
    return /^\d+(\.\d{1,2})?$/.test(text.replace(/,/g, ''))
      ? { value: text.replace(/,/g, '') }
      : { wrong: '应为金额，例如 12000.50' }
  if (kind === 'date') {
    const date = parseLooseDate(text)
    return date ? { value: date } : { wrong: '应为日期，例如 2003-02-18' }
  }
  if (kind === 'yesNo') return text === 'true' || text === 'false' ? { value: text } : { wrong: '请选择是或否' }
  if (kind === 'year') return /^20\d{2}$/.test(text) ? { value: text } : { wrong: '应为年度，例如 2024' }
  if (kind === 'ownership') return text in ownerships ? { value: text } : { wrong: '请从列表里选择控股情况' }
  if (kind === 'kind') return text in unitKinds ? { value: text } : { wrong: '请从列表里选择单位类型' }
  if (kind === 'status') return text in unitStatuses ? { value: text } : { wrong: '请从列表里选择登记状态' }
  if (kind === 'region') return /^\d{12}$/.test(text) ? { value: text } : { wrong: '请从列表里选择乡镇街道' }
  if (kind === 'industry') {
    const code = parseIndustry(text)
    return code ? { value: code } : { wrong: '应为行业门类或代码，例如 F 或 F5199' }
  }
  if (kind === 'name')
    return nameKey(text).length >= 2 && text.length <= 150
      ? { value: narrow(text) }
      : { wrong: '名称应为 2 至 150 个字' }
  return { value: text }
}

function readCode(text: string): Read {
  const reading = checkCode(text)
  if (reading.kind === 'uscc') return { value: reading.code }
  if (reading.kind === 'empty') return { value: null }
  if (reading.kind === 'invalid') return { wrong: `${reading.reason}，${reading.fix}` }
  return { wrong: '应为 18 位统一社会信用代码' }
}
