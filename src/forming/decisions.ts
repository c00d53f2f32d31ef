import { notFound, Problem } from '../base/problem.ts'
import type { Context, Transaction } from '../host/context.ts'
import { builtInDecisions, type DecisionCondition, type DecisionRow } from './decide.ts'
import { formingTables } from './plan-kept.ts'

/** The decision table in force in a county: its own newest version, or the built-in one (version 0). */
export async function decisionTable(
  tx: Transaction,
  countyCode: string,
): Promise<{ version: number; rows: readonly DecisionRow[] }> {
  const own = await formingTables(tx)
    .selectFrom('forming_decisions')
    .select(['version', 'rows'])
    .where('county_code', '=', countyCode)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst()
  return own ?? { version: 0, rows: builtInDecisions }
}

// The contract's lists are not read-only.
const shown = (one: DecisionCondition) => ('oneOf' in one ? { ...one, oneOf: [...one.oneOf] } : { ...one })

/** The rows of one version. @throws Problem('notFound') */
async function rowsOf(tx: Transaction, countyCode: string, version: number): Promise<readonly DecisionRow[]> {
  if (version === 0) return builtInDecisions
  const found = await formingTables(tx)
    .selectFrom('forming_decisions')
    .select('rows')
    .where('county_code', '=', countyCode)
    .where('version', '=', version)
    .executeTakeFirst()
  if (!found) throw notFound('版判定表')
  return found.rows
}

/** 查看组建判定表: the one in force or an earlier version, with who changed it when and why. */
export async function getDecisionTable(input: { countyCode: string; version?: number | undefined }, ctx: Context) {
  const { countyCode } = input
  const { version: current } = await decisionTable(ctx.tx, countyCode)
  const version = input.version ?? current
  const rows = await rowsOf(ctx.tx, countyCode, version)
  const versions = await formingTables(ctx.tx)
    .selectFrom('forming_decisions')
    .select(['version', 'author', 'at', 'reason'])
    .where('county_code', '=', countyCode)
    .orderBy('version', 'desc')
    .execute()
  return {
    version,
    current,
    rows: rows.map(({ all, any, ...row }) => ({
      ...row,
      all: all.map(shown),
      ...(any === undefined ? {} : { any: any.map(shown) }),
    })),
    versions: versions.map((one) => ({ ...one, at: one.at.toISOString() })),
  }
}

/** @throws Problem where two rows share a code, or where the last row does not take whatever is left */
export function requireWhole(rows: readonly DecisionRow[]): void {
  const codes = new Set(rows.map((row) => row.code))
  if (codes.size < rows.length) throw new Problem('invalid', '有两行代码相同，请改成不同的代码。')
  const last = rows.at(-1)!
  if (last.all.length > 0 || last.any !== undefined || last.endsOn !== null)
    throw new Problem('invalid', '最后一行须不设条件、不设止日，使每家单位都有判定。')
}

/** 修改组建判定表: a new version of the whole table; codes are unique and the last row takes whatever is left. */
export async function changeDecisionTable(
  input: { countyCode: string; version: number; rows: readonly DecisionRow[]; reason: string },
  ctx: Context,
) {
  const { countyCode, rows, reason } = input
  requireWhole(rows)
  const now = await decisionTable(ctx.tx, countyCode)
  if (now.version !== input.version) throw new Problem('conflict', '判定表刚被改动过，请刷新后再改。')
  const version = now.version + 1
  await formingTables(ctx.tx)
    .insertInto('forming_decisions')
    .values({
      county_code: countyCode,
      version,
      rows: JSON.stringify(rows),
      reason,
      author: ctx.actor.name,
      at: ctx.now,
    })
    .execute()
  ctx.record({ countyCode, subject: 'formingDecisions', before: now, after: { version, rows, reason } })
  return { version }
}
