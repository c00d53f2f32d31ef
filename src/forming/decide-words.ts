// The decision table in the words of the field.
import type { DecisionCondition, UnitFacts } from './decide.ts'

/** What a condition looks at, with its measure word. */
export const factWords = {
  members: ['正式党员', '名'],
  membersKnown: ['已知党员（含未转入）', '名'],
  staff: ['从业人员', '人'],
  capital: ['注册资本', '元'],
  partners: ['可联合的单位', '家'],
  organisation: ['已有党组织', ''],
  industryReady: ['行业党组织', ''],
  regionReady: ['园区、楼宇或街区党组织', ''],
  hostReady: ['可挂靠的党组织', ''],
} as const

/** The party organisation a unit has today. */
export const organisationWords: Record<UnitFacts['organisation'], string> = {
  none: '无',
  joint: '联合（含统建、挂靠）',
  branch: '单独党支部',
  generalBranch: '党总支',
  committee: '党委',
}

const figure = (value: number) => (value >= 10_000 && value % 10_000 === 0 ? `${value / 10_000} 万` : `${value}`)

type Numbers = Extract<DecisionCondition, { fact: 'members' | 'membersKnown' | 'staff' | 'capital' | 'partners' }>
/** A condition as it comes from anywhere: a bound may be left out or undefined. */
type Said =
  | Exclude<DecisionCondition, Numbers>
  | { fact: Numbers['fact']; min?: number | undefined; max?: number | undefined }

/** A condition in words: `正式党员 3 至 6 名`, `已有党组织：无`. */
export function conditionText(condition: Said): string {
  const [word, unit] = factWords[condition.fact]
  if ('oneOf' in condition) return `${word}：${condition.oneOf.map((one) => organisationWords[one]).join('、')}`
  if ('is' in condition) return condition.is ? `有${word}` : `没有${word}`
  const { min, max } = condition
  const space = unit === '元' ? '' : ' '
  const values =
    min !== undefined && min === max
      ? figure(min)
      : min === undefined
        ? `不超过 ${figure(max ?? 0)}`
        : max === undefined
          ? `${figure(min)}${space}${unit}以上`
          : `${figure(min)} 至 ${figure(max)}`
  return max === undefined ? `${word} ${values}` : `${word} ${values}${space}${unit}`
}

/** What a unit has of what a condition asks, in words: `2 名`, `无`, `没有登记`. */
export function factText(condition: Said, facts: UnitFacts): string {
  if ('oneOf' in condition) return organisationWords[facts.organisation]
  if ('is' in condition) return facts[condition.fact] ? '有' : '没有'
  const value = facts[condition.fact]
  return value === null ? '没有登记' : `${figure(value)} ${factWords[condition.fact][1]}`
}

/** All conditions of a row in words; 其余单位 where it has none. */
export function rowText(row: { all: readonly Said[]; any?: readonly Said[] | undefined }): string {
  const any = (row.any ?? []).map((one) => conditionText(one)).join(' 或 ')
  const parts = [
    ...row.all.map((one) => conditionText(one)),
    ...(any === '' ? [] : [row.all.length > 0 ? `（${any}）` : any]),
  ]
  return parts.length === 0 ? '其余单位' : parts.join('，')
}
