import { sql } from 'kysely'
import type { Context, JobKind } from '../host/context.ts'
import { findImport, finishUndo } from '../ledger/service.ts'
import { lockCounty } from './county-lock.ts'
import { linkRows } from './linking.ts'
import { modelOf } from './model-in-use.ts'
import { Neighbourhood } from './neighbourhood.ts'
import { type KnownRow, rowsOfImport } from './neighbours.ts'

const pageRows = 500

/**
 * The second half of undoing an import: rows of other imports that its rows had drawn to a unit, kept apart or left in doubt
 * are settled again without them, page by page. Killed in between it starts over, to the same end.
 */
export const unlinkJob: JobKind<{ id: string }> = {
  kind: 'linkage.unlink',
  async run(job) {
    const { id } = job.input
    const total = await job.transaction((ctx) => dropKeys(ctx, id))
    let [done, moved] = [0, 0]
    for (let after = ''; ;) {
      job.signal.throwIfAborted()
      const start = after
      const step = await job.transaction((ctx) => settleWithout(ctx, id, start))
      if (step === null) break
      moved += step.moved
      done += step.rows
      after = step.last
      await job.progress(done, total, '正在把受它影响的行重新比对')
    }
    await job.transaction((ctx) => finishUndo(ctx, id, moved))
    return { moved }
  },
}

/** Nobody finds the gone rows any more, and a key that they held is no longer common for them; answers how many they are. */
async function dropKeys(ctx: Context, id: string): Promise<number> {
  const { county_code: county } = await findImport(ctx, id)
  await lockCounty(ctx, county)
  const { rows } = await sql<{ n: number }>`
    with gone as (
      select id from source_row
      where county_code = ${county} and import_id = ${id} and outcome in ('joined', 'created', 'queued')
    ), dropped as (
      delete from link_row k using gone where k.county_code = ${county} and k.id = gone.id
    )
    select count(*) as n from gone`.execute(ctx.tx)
  return rows[0]?.n ?? 0
}

/** Settles what a page of the gone rows bore on; null when there is none left. */
async function settleWithout(ctx: Context, id: string, after: string) {
  const { county_code: countyCode } = await findImport(ctx, id)
  await lockCounty(ctx, countyCode)
  const gone = await rowsOfImport(ctx, countyCode, id, after, pageRows)
  const last = gone.at(-1)?.id
  if (!last) return null
  const near = await rowsBorneOn(ctx, countyCode, gone)
  const settled = await linkRows(ctx, countyCode, near, { cause: 'relink', recordedBy: '撤销导入后重新比对' })
  return { rows: gone.length, moved: settled.joined + settled.created + settled.queued, last }
}

/** The rows that stand and on which the gone ones may have borne: the same rule by which rows that come are taken in. */
async function rowsBorneOn(ctx: Context, countyCode: string, gone: readonly KnownRow[]): Promise<KnownRow[]> {
  const around = new Neighbourhood(ctx, countyCode, await modelOf(ctx, countyCode))
  await around.reach(gone)
  return around.leftBy(gone)
}
