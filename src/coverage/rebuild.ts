import { notFound } from '../base/problem.ts'
import type { Context } from '../host/context.ts'
import { ledgerTables } from '../ledger/service.ts'
import type { CoverageTables } from './tables.ts'

/**
 * 重算覆盖情况: every unit of a county is looked at again as of today, and every sum is counted again from the states that are
 * kept. States of days gone by stay as they are.
 */
export async function rebuildCoverage(input: { countyCode: string }, ctx: Context) {
  const { countyCode } = input
  if (!ctx.actor.scope.counties.includes(countyCode) || ctx.actor.scope.areas !== '*') throw notFound('个县')
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
    .set({ slots_known: 0 })
    .where('county_code', '=', countyCode)
    .execute()
  ctx.record({ countyCode, subject: `coverage:${countyCode}`, after: { 重算单位数: rows.length } })
  return { units: rows.length }
}
