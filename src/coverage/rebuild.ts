import { sql } from 'kysely'
import { notFound, Problem } from '../base/problem.ts'
import { today } from '../base/time.ts'
import type { Context } from '../host/context.ts'
import { ledgerTables } from '../ledger/service.ts'
import type { CoverageTables } from './tables.ts'

/**
 * 重算覆盖情况: every unit of a county is looked at again as of today, and every sum is counted again from the states that are
 * kept; states of days gone by stay as they are. With `history` the county is taken up anew, its past from the facts known
 * now: for the time in which ledger, organisations and members are brought in one after the other, and not once figures
 * were prepared to be sent up.
 */
export async function rebuildCoverage(
  input: { countyCode: string; history: boolean; reason?: string | undefined },
  ctx: Context,
) {
  const { countyCode, history, reason } = input
  if (!ctx.actor.scope.counties.includes(countyCode) || ctx.actor.scope.areas !== '*') throw notFound('个县')
  if (history) await forgetHistory(ctx, countyCode, reason)
  const rows = await ledgerTables(ctx.tx)
    .selectFrom('unit')
    .select('id')
    .where('county_code', '=', countyCode)
    .execute()
  await ctx.touch(
    countyCode,
    rows.map((row) => row.id),
  )
  await ctx.tx
    .withTables<CoverageTables>()
    .updateTable('coverage_county')
    .set({ slots_known: 0, ...(history ? { opened_on: null, day: today(ctx.now), broken: '[]' } : {}) })
    .where('county_code', '=', countyCode)
    .execute()
  const told = history ? { 建账回填: reason } : {}
  ctx.record({ countyCode, subject: `coverage:${countyCode}`, after: { 重算单位数: rows.length, ...told } })
  return { units: rows.length }
}

/** @throws Problem without a reason, and once the county prepared figures to be sent up */
async function forgetHistory(ctx: Context, countyCode: string, reason: string | undefined): Promise<void> {
  if (!reason)
    throw new Problem('invalid', '建账回填请写明理由。', { fields: [{ path: 'reason', message: '请写明理由' }] })
  const tables = ctx.tx.withTables<CoverageTables>()
  // Held first, so that nothing is worked out meanwhile.
  await sql`select 1 from coverage_county where county_code = ${countyCode} for update`.execute(ctx.tx)
  const sent = await tables
    .selectFrom('coverage_snapshot')
    .select('id')
    .where('county_code', '=', countyCode)
    .limit(1)
    .executeTakeFirst()
  if (sent) throw new Problem('conflict', '这个县已经生成过上报数据，过去各日的数字不能再变；更正请用订正。')
  await tables.deleteFrom('rollup').where('county_code', '=', countyCode).execute()
  await tables.deleteFrom('unit_state').where('county_code', '=', countyCode).execute()
}
