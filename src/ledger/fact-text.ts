import { industryName } from './industry.ts'
import { ownerships, type UnitField, unitFields, unitKinds, unitStatuses } from './field-contract.ts'

/** A fact's canonical value in the words of the screen: `true` → 是, `enterprise` → 企业, `1234` → 1,234 人. */
export function factText(field: UnitField, value: string): string {
  const words = unitFields[field]
  if (words.kind === 'yesNo') return value === 'true' ? '是' : '否'
  if (words.kind === 'kind') return (unitKinds as Record<string, string>)[value] ?? value
  if (words.kind === 'status') return (unitStatuses as Record<string, string>)[value] ?? value
  if (words.kind === 'ownership') return (ownerships as Record<string, string>)[value] ?? value
  if (words.kind === 'year') return `${value} 年度`
  if (words.kind === 'industry') return industryName(value) ?? value
  if (words.kind === 'count' || words.kind === 'money') {
    return `${Number(value).toLocaleString('zh-CN')} ${'unit' in words ? words.unit : ''}`.trim()
  }
  return value
}
