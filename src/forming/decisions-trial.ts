import { sql } from 'kysely'
import type { Context } from '../host/context.ts'
import type { DecisionRow } from './decide.ts'
import { requireWhole } from './decisions.ts'
import { countGaps, findGaps } from './gaps.ts'

/** 试算组建判定表: how many units would be decided how, before anything is changed. */
export async function tryDecisionTable(input: { countyCode: string; rows: readonly DecisionRow[] }, ctx: Context) {
  requireWhole(input.rows)
  const region = input.countyCode
  const [now, next] = [await findGaps(ctx, { region }), await findGaps(ctx, { region, rows: input.rows })]
  const before = new Map((await countGaps(ctx, now)).map((one) => [one.action, one.units]))
  const after = new Map((await countGaps(ctx, next)).map((one) => [one.action, one.units]))
  const actionOf = (found: typeof now, code: string) => found.table.get(code)?.action
  const { rows: pairs } = await sql<{ old: string; new: string; units: number }>`
    select a.code as old, b.code as new, count(*)::integer as units
    from (${now.decided}) a join (${next.decided}) b using (county_code, unit_id) group by a.code, b.code`.execute(
    ctx.tx,
  )
  return {
    counts: [...new Set([...before.keys(), ...after.keys()])].map((action) => ({
      action,
      before: before.get(action) ?? 0,
      after: after.get(action) ?? 0,
    })),
    changed: pairs
      .filter((pair) => actionOf(now, pair.old) !== actionOf(next, pair.new))
      .reduce((sum, pair) => sum + pair.units, 0),
  }
}
