import { Problem } from '../base/problem.ts'
import type { Context } from '../host/context.ts'
import type { ImportState } from './import-contract.ts'
import { ledgerTables } from './units.ts'

/**
 * Holds an import against others until the command ends: of two who press at once the second waits here, and is told.
 * @throws Problem('conflict') when it is in no such state any more
 */
export async function holdInState(
  ctx: Context,
  found: { county_code: string; id: string },
  states: readonly ImportState[],
): Promise<void> {
  const mine = await ledgerTables(ctx.tx)
    .selectFrom('import')
    .select('id')
    .where('county_code', '=', found.county_code)
    .where('id', '=', found.id)
    .where('state', 'in', states)
    .forUpdate()
    .executeTakeFirst()
  if (!mine) throw new Problem('conflict', '这次导入已经走到别的步骤，请刷新页面。')
}
