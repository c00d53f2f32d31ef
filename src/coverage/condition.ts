import type { Column, Condition, CountColumn } from './condition-contract.ts'

/** Values of a unit on a day, by column; null where not known. */
export type Values = Readonly<Record<Column, string | number | boolean | null>>

/** True where a unit fulfils the condition; a value that is not known fulfils no comparison. */
export function fulfils(condition: Condition, values: Values): boolean {
  if ('and' in condition) return condition.and.every((one) => fulfils(one, values))
  if ('or' in condition) return condition.or.some((one) => fulfils(one, values))
  if ('not' in condition) return !fulfils(condition.not, values)
  const value = values[condition.column]
  if ('known' in condition) return (value !== null) === condition.known
  if (value === null) return false
  if ('in' in condition) return condition.in.includes(String(value))
  if ('is' in condition) return value === condition.is
  if ('startsWith' in condition) return condition.startsWith.some((start) => String(value).startsWith(start))
  return Number(value) >= (condition.atLeast ?? 0) && Number(value) <= (condition.atMost ?? Infinity)
}

/** What is counted: the units that fulfil `where`, or a column's persons added up over them. `slot`: its place, from 1. */
export interface Measure {
  slot: number
  where: Condition
  sum: CountColumn | null
}

/** What one unit adds to a measure on a day; a unit that is not there adds nothing. */
export function amount(measure: Measure, values: Values | null): number {
  if (!values || !fulfils(measure.where, values)) return 0
  return measure.sum === null ? 1 : Number(values[measure.sum] ?? 0)
}
