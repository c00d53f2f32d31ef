import { type RawBuilder, sql } from 'kysely'
import type { Condition } from './condition-contract.ts'
import type { Measure } from './condition.ts'

type Test = RawBuilder<boolean>

/**
 * The condition as SQL over the columns of `unit_state`, true or false and never null: the same as `fulfils` of condition.ts
 * (a property test compares the two). Column names are those of the contract, values are parameters.
 */
export function conditionSql(condition: Condition): Test {
  if ('and' in condition) return joined(condition.and, 'and', 'true')
  if ('or' in condition) return joined(condition.or, 'or', 'false')
  if ('not' in condition) return sql<boolean>`not ${conditionSql(condition.not)}`
  const column = sql.ref(condition.column)
  if ('known' in condition) return condition.known ? sql`(${column} is not null)` : sql`(${column} is null)`
  if ('is' in condition) return sql`(${column} is ${sql.raw(condition.is ? 'true' : 'false')})`
  if ('in' in condition) return sql`coalesce(${column} = any (${condition.in}::text[]), false)`
  if ('startsWith' in condition) {
    return sql`coalesce(${column} like any (${condition.startsWith.map((start) => `${start}%`)}::text[]), false)`
  }
  const atLeast = condition.atLeast ?? 0
  return condition.atMost === undefined
    ? sql`coalesce(${column} >= ${atLeast}::int, false)`
    : sql`coalesce(${column} between ${atLeast}::int and ${condition.atMost}::int, false)`
}

function joined(list: readonly Condition[], word: 'and' | 'or', empty: string): Test {
  if (list.length === 0) return sql.raw(empty)
  return sql`(${sql.join(list.map(conditionSql), sql.raw(` ${word} `))})`
}

/** What a row of `unit_state` adds to a measure, as an integer. */
export function amountSql(measure: Measure): RawBuilder<number> {
  const one = measure.sum === null ? sql`1` : sql`coalesce(${sql.ref(measure.sum)}, 0)`
  return sql`case when ${conditionSql(measure.where)} then ${one} else 0 end`
}
