// The decision table said in SQL, so that a county's units are decided where they are.
import { type RawBuilder, sql } from 'kysely'
import type { DecisionCondition, DecisionRow } from './decide.ts'

const columns = {
  members: 'members',
  membersKnown: 'members_known',
  staff: 'staff',
  capital: 'capital',
  partners: 'partners',
  industryReady: 'industry_ready',
  regionReady: 'region_ready',
  hostReady: 'host_ready',
} as const

function conditionSql(condition: DecisionCondition): RawBuilder<boolean> {
  if ('oneOf' in condition) return sql`organisation = any (${[...condition.oneOf]}::text[])`
  const column = sql.ref(columns[condition.fact])
  if ('is' in condition) return sql`${column} = ${condition.is}`
  const { min, max } = condition
  return sql`${column} is not null and ${column} >= ${min ?? 0}::bigint and ${column} <= ${max ?? Number.MAX_SAFE_INTEGER}::bigint`
}

/** The code of the row that decides, over columns members, members_known, organisation, staff, capital, partners and the three `_ready`. */
export function decisionSql(table: readonly DecisionRow[], day: string): RawBuilder<string | null> {
  const rows = table.filter((row) => row.effectiveOn <= day && (row.endsOn === null || day < row.endsOn))
  const cases = rows.map((row) => {
    const all = row.all.map((one) => sql<boolean>`(${conditionSql(one)})`)
    const any = row.any?.map((one) => sql<boolean>`(${conditionSql(one)})`)
    const tests = any === undefined ? all : [...all, sql<boolean>`(${sql.join(any, sql` or `)})`]
    return sql`when ${tests.length === 0 ? sql`true` : sql.join(tests, sql` and `)} then ${row.code}::text`
  })
  return cases.length === 0 ? sql`null::text` : sql`case ${sql.join(cases, sql` `)} end`
}
