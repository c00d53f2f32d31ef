import type { Transaction } from '../host/context.ts'
import type { Chore, ChoreRun } from '../host/chores.ts'
import type { HostTables } from '../host/tables.ts'
import { memberTables } from './member-person.ts'

const dayMs = 24 * 3_600_000
/** An import of members that nobody went on with is given up after this long, for its file must not wait. */
const importKeptMs = 3 * dayMs
const asideKeptMs = 4 * dayMs

/**
 * Removes the rosters that no job could remove: of a comparison that was cancelled while it waited or died too often, of an
 * import left lying, of an upload whose command failed.
 */
export const forgetRosters: Chore = {
  name: 'party.forgetRosters',
  async run(run) {
    const { checks, imports, now } = await run.transaction(async (tx, at) => ({
      checks: await leftChecks(tx),
      imports: await leftImports(tx, at),
      now: at,
    }))
    for (const one of checks) await forget(run, one, 'roster_check')
    for (const one of imports) await forget(run, one, 'member_import')
    await run.files.sweepAside(new Date(now.getTime() - asideKeptMs))
  },
}

interface Left {
  county_code: string
  id: string
  file_id: string | null
}

async function leftChecks(tx: Transaction): Promise<Left[]> {
  const waiting = await memberTables(tx)
    .selectFrom('roster_check')
    .select(['county_code', 'id', 'file_id', 'job_id'])
    .where((eb) => eb.or([eb('file_id', 'is not', null), eb('state', '=', 'working')]))
    .execute()
  if (waiting.length === 0) return []
  const going = await tx
    .withTables<HostTables>()
    .selectFrom('job')
    .select('id')
    .where(
      'id',
      'in',
      waiting.flatMap((one) => one.job_id ?? []),
    )
    .where('state', 'in', ['queued', 'running'])
    .execute()
  const ids = new Set(going.map((job) => job.id))
  return waiting.filter((one) => one.job_id === null || !ids.has(one.job_id))
}

async function leftImports(tx: Transaction, now: Date): Promise<Left[]> {
  return memberTables(tx)
    .selectFrom('member_import')
    .select(['county_code', 'id', 'file_id'])
    .where('file_id', 'is not', null)
    .where((eb) =>
      eb.or([
        eb('state', 'in', ['committed', 'undone', 'discarded']),
        eb('state', 'in', ['recognising', 'mapping', 'checking', 'preview', 'failed']).and(
          'created_at',
          '<',
          new Date(now.getTime() - importKeptMs),
        ),
      ]),
    )
    .execute()
}

async function forget(run: ChoreRun, left: Left, table: 'roster_check' | 'member_import'): Promise<void> {
  if (left.file_id) await run.files.remove(left.file_id)
  await run.transaction((tx, now) => (table === 'roster_check' ? endCheck(tx, left, now) : endImport(tx, left)))
}

async function endCheck(tx: Transaction, left: Left, now: Date): Promise<void> {
  const tables = memberTables(tx)
  await tables
    .updateTable('roster_check')
    .set({ file_id: null })
    .where('county_code', '=', left.county_code)
    .where('id', '=', left.id)
    .execute()
  const stopped = await tables
    .updateTable('roster_check')
    .set({ state: 'cancelled', finished_at: now })
    .where('county_code', '=', left.county_code)
    .where('id', '=', left.id)
    .where('state', '=', 'working')
    .returning('id')
    .executeTakeFirst()
  if (!stopped) return
  await tables
    .deleteFrom('roster_hit')
    .where('county_code', '=', left.county_code)
    .where('check_id', '=', left.id)
    .execute()
}

async function endImport(tx: Transaction, left: Left): Promise<void> {
  const tables = memberTables(tx)
  await tables
    .updateTable('member_import')
    .set({ file_id: null })
    .where('county_code', '=', left.county_code)
    .where('id', '=', left.id)
    .execute()
  const given = await tables
    .updateTable('member_import')
    .set({ state: 'discarded', sketch: '[]', error: '三天没有办理，原文件已删除，请重新上传。' })
    .where('county_code', '=', left.county_code)
    .where('id', '=', left.id)
    .where('state', 'in', ['recognising', 'mapping', 'checking', 'preview', 'failed'])
    .returning('id')
    .executeTakeFirst()
  if (!given) return
  await tables
    .deleteFrom('member_row')
    .where('county_code', '=', left.county_code)
    .where('import_id', '=', left.id)
    .execute()
}
