import { notFound, Problem } from '../base/problem.ts'
import type { Context } from './context.ts'
import type { HostTables, JobTable } from './tables.ts'

interface Whose {
  /** Also the jobs of others that belong to the actor's counties, or to none; the caller has checked the permission. */
  everyone: boolean
}

function visible(ctx: Context, whose: Whose) {
  const jobs = ctx.tx.withTables<HostTables>().selectFrom('job')
  const { userId, scope } = ctx.actor
  return jobs.where((is) => {
    const own = userId === null ? is('owner_id', 'is', null) : is('owner_id', '=', userId)
    if (!whose.everyone) return own
    const near = scope.counties.length > 0 ? [is('county_code', 'in', [...scope.counties])] : []
    return is.or([own, is('county_code', 'is', null), ...near])
  })
}

/** A page of the actor's jobs, newest first. */
export async function jobsOf(
  ctx: Context,
  filter: Whose & { state?: JobTable['state'] | undefined; page: number; pageSize: number },
): Promise<{ rows: JobTable[]; total: number }> {
  let query = visible(ctx, filter)
  if (filter.state) query = query.where('state', '=', filter.state)
  const { total } = await query.select((of) => of.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const rows = await query
    .selectAll()
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(filter.pageSize)
    .offset((filter.page - 1) * filter.pageSize)
    .execute()
  return { rows, total }
}

/** One job. @throws Problem('notFound') when it is not the actor's to see. */
export async function jobOf(ctx: Context, id: string, whose: Whose): Promise<JobTable> {
  const job = await visible(ctx, whose).selectAll().where('id', '=', id).executeTakeFirst()
  if (!job) throw notFound('个作业')
  return job
}

/** Cancels a queued job at once, and asks a running one to stop (it hears of it within a second). @throws Problem */
export async function cancelJob(ctx: Context, id: string, whose: Whose): Promise<void> {
  const job = await jobOf(ctx, id, whose)
  if (job.state !== 'queued' && job.state !== 'running') throw new Problem('conflict', '这个作业已经结束，不能取消。')
  const these = () => ctx.tx.withTables<HostTables>().updateTable('job').where('id', '=', id)
  const cancelled = await these()
    .set({ state: 'cancelled', cancel_asked: true, finished_at: ctx.now })
    .where('state', '=', 'queued')
    .returning('id')
    .executeTakeFirst()
  if (!cancelled) await these().set({ cancel_asked: true }).where('state', '=', 'running').execute()
}

/**
 * Of these jobs, those that ended before their work was done: failed, cancelled (a queued one is without ever having run), or
 * no longer there. Whatever waits for one of them waits in vain.
 */
export async function endedEarly(ctx: Context, ids: readonly (string | null)[]): Promise<Set<string>> {
  const asked = ids.filter((id) => id !== null)
  if (asked.length === 0) return new Set()
  const rows = await ctx.tx
    .withTables<HostTables>()
    .selectFrom('job')
    .select('id')
    .where('id', 'in', asked)
    .where('state', 'in', ['queued', 'running', 'done'])
    .execute()
  const others = new Set(rows.map((row) => row.id))
  return new Set(asked.filter((id) => !others.has(id)))
}

/** Whether a job of this kind waits or runs for the county, whoever asked for it. */
export async function isUnderWay(ctx: Context, kind: string, countyCode: string): Promise<boolean> {
  const found = await ctx.tx
    .withTables<HostTables>()
    .selectFrom('job')
    .select('id')
    .where('kind', '=', kind)
    .where('county_code', '=', countyCode)
    .where('state', 'in', ['queued', 'running'])
    .executeTakeFirst()
  return found !== undefined
}
