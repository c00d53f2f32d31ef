import { sql } from 'kysely'
import type { Context } from '../host/context.ts'
import { countTurns } from '../ledger/service.ts'
import { isComing } from './coming.ts'

const reasonStart = '按此前的人工认定退回：'

/**
 * Sends staged rows back that say word for word what a person sent back before, with the reason given then; only taking that
 * back makes such rows asked again.
 */
export async function refuseAgain(ctx: Context, countyCode: string): Promise<void> {
  const { rows } = await sql<{ import_id: string }>`
    update source_row r set outcome = 'refused',
      reason = case when said.reason like ${`${reasonStart}%`} then said.reason else ${reasonStart} || coalesce(said.reason, '') end
    from (
      select distinct on (earlier.digest) earlier.digest, earlier.reason
      from queue_item q
      join source_row earlier on earlier.county_code = q.county_code and earlier.id = q.source_row_id
      join import i on i.county_code = earlier.county_code and i.id = earlier.import_id and i.state not in ('undone', 'undoing')
      where q.county_code = ${countyCode} and q.state = 'refused'
      order by earlier.digest, q.decided_at desc
    ) said, import i
    where r.county_code = ${countyCode} and r.outcome = 'staged' and r.digest = said.digest
      and i.county_code = r.county_code and i.id = r.import_id and ${isComing}
    returning r.import_id`.execute(ctx.tx)
  const turns = rows.map((row) => ({ importId: row.import_id, from: 'staged' as const, to: 'refused' as const }))
  await countTurns(ctx, countyCode, turns)
}
