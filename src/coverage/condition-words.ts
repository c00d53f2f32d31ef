import { type Column, columns, type Condition } from './condition-contract.ts'

/**
 * A condition as a Chinese sentence, as an office would say it: `在实体运营；且覆盖方式为单独组建或联合组建`. `deep`: inside of
 * another, where joined parts stand in brackets.
 */
export function conditionText(condition: Condition, deep = false): string {
  if ('and' in condition) return joined(condition.and, deep ? '且' : '；且', '不限', deep)
  if ('or' in condition) return joined(condition.or, deep ? '或' : '；或', '无单位符合', deep)
  if ('not' in condition) return `不是“${conditionText(condition.not, true)}”`
  return testText(condition)
}

function joined(list: readonly Condition[], word: string, empty: string, deep: boolean): string {
  if (list.length === 0) return empty
  if (list.length === 1) return conditionText(list[0]!, deep)
  const text = list.map((one) => conditionText(one, true)).join(word)
  return deep ? `（${text}）` : text
}

type Test = Exclude<Condition, { and: unknown } | { or: unknown } | { not: unknown }>

function testText(test: Test): string {
  const { title } = columns[test.column]
  if ('known' in test) return test.known ? `${title}已知` : `${title}未知`
  if ('is' in test) return test.is ? title : `非“${title}”`
  if ('in' in test) return `${title}为${test.in.map((value) => choiceText(test.column, value)).join('或')}`
  if ('startsWith' in test) return `${title}代码以 ${test.startsWith.join('、')} 开头`
  return `${title}${boundsText(test.atLeast, test.atMost, unitOf(test.column))}`
}

function boundsText(atLeast: number | undefined, atMost: number | undefined, unit: string): string {
  if (atLeast !== undefined && atLeast === atMost) return ` ${atLeast} ${unit}`
  if (atMost === undefined) return `不少于 ${atLeast ?? 0} ${unit}`
  if (!atLeast) return `不多于 ${atMost} ${unit}`
  return ` ${atLeast} 至 ${atMost} ${unit}`
}

function choiceText(column: Column, value: string): string {
  const words = columns[column]
  const choices: Record<string, string> = 'choices' in words ? words.choices : {}
  return choices[value] ?? value
}

function unitOf(column: Column): string {
  const words = columns[column]
  return 'unit' in words ? words.unit : ''
}
