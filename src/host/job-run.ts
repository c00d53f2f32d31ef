import { Problem } from '../base/problem.ts'
import { type Actor, type Context, emptyScope, type JobRun } from './context.ts'
import { scoped } from './database.ts'
import { cleanText, writeJournal } from './journal.ts'
import { openContext } from './open-context.ts'
import type { Platform } from './platform.ts'
import type { HostTables, JobTable } from './tables.ts'

const beatMs = 500
const seenEveryMs = 5_000
const actorMs = 10_000

/** The reason of an abort when the process stops: the job goes back to the queue. */
export class JobStopped extends Error {}
/** The reason of an abort when somebody pressed 取消. */
export class JobCancelled extends Error {}
/** Another process has taken the job up: this one must not write for it any more. */
class JobLost extends Error {}

/** How a job ended; `queued`: it was interrupted and goes on later. */
export interface JobEnd {
  state: 'done' | 'failed' | 'cancelled' | 'queued'
  result?: unknown
  error?: string
  progress: Pick<JobTable, 'done' | 'total' | 'message'>
}

/** Runs one claimed job to its end; never throws. `name` is this runner, `abort` stops the job from outside. */
export async function runJob(platform: Platform, job: JobTable, name: string, abort: AbortController): Promise<JobEnd> {
  const progress = { done: job.done, total: job.total, message: job.message }
  const beat = startBeat(platform, job, name, progress, abort)
  try {
    const kind = platform.jobKinds.get(job.kind)
    if (!kind) throw new Problem('unsupported', '这个版本没有这种作业。')
    const actor = keptActor(platform, job)
    await actor()
    const run: JobRun<unknown> = {
      id: job.id,
      input: job.input,
      signal: abort.signal,
      files: platform.files,
      // Only noted here: a write would wait for the embedded database's one connection, which the caller may hold.
      async progress(done, total, message) {
        Object.assign(progress, { done, total, message: message === undefined ? progress.message : cleanText(message) })
      },
      async transaction(step) {
        // A job may fill tables that the planner takes for empty.
        await platform.statistics().catch((error: unknown) => platform.log.error('statistics failed', error))
        return runStep(platform, job, name, await actor(), step)
      },
    }
    const result = await kind.run(run)
    return { state: 'done', result, progress }
  } catch (error) {
    return endOf(platform, job, abort.signal, error, progress)
  } finally {
    await beat.stop()
  }
}

function endOf(
  platform: Platform,
  job: JobTable,
  signal: AbortSignal,
  error: unknown,
  progress: JobEnd['progress'],
): JobEnd {
  if (signal.reason instanceof JobStopped) return { state: 'queued', progress }
  if (signal.reason instanceof JobCancelled) return { state: 'cancelled', progress }
  if (error instanceof Problem) return { state: 'failed', error: error.message, progress }
  platform.log.error('a job failed', error, { job: job.id, kind: job.kind })
  return {
    state: 'failed',
    error: `系统出了问题，已记录（作业编号 ${job.id}）。请重新提交；仍不行时把编号告诉管理员。`,
    progress,
  }
}

/** The job's actor, read anew when it is older than ten seconds, so that a suspended account stops its jobs. */
function keptActor(platform: Platform, job: JobTable): () => Promise<Actor> {
  let kept: Actor | null = null
  let readAt = 0
  return async () => {
    if (kept && Date.now() - readAt < actorMs) return kept
    const now = platform.clock()
    kept = await scoped(platform.database, emptyScope, (tx) =>
      job.owner_id ? platform.people.actorOf(tx, job.owner_id, now) : platform.people.operator(tx, now),
    )
    readAt = Date.now()
    if (!kept) throw new Problem('forbidden', '提交作业的账号已停用，作业不再进行。')
    return kept
  }
}

async function runStep<T>(
  platform: Platform,
  job: JobTable,
  name: string,
  actor: Actor,
  step: (ctx: Context) => Promise<T>,
): Promise<T> {
  const { result, queued } = await scoped(platform.database, actor.scope, async (tx) => {
    const origin = { id: job.id, address: job.address, userAgent: 'job', sessionToken: null }
    const open = openContext(platform, tx, actor, origin)
    const result = await step(open.ctx)
    const detail = open.detail()
    if (detail) {
      const { address, kind: operation, id: requestId } = job
      const at = platform.clock()
      await writeJournal(tx, { at, actor, address, operation, requestId, inputDigest: null, outcome: 'done', detail })
    }
    // Last, so that the lock is short: from here to the commit nobody else can take the job up.
    const mine = await tx
      .withTables<HostTables>()
      .selectFrom('job')
      .select('id')
      .where('id', '=', job.id)
      .where('runner', '=', name)
      .where('state', '=', 'running')
      .forShare()
      .executeTakeFirst()
    if (!mine) throw new JobLost('the job was taken up by another process')
    return { result, queued: open.queued() }
  })
  if (queued) platform.wakeJobs()
  platform.wakeChores()
  return result
}

/** Writes progress at most twice a second, says every five seconds that the job lives, and hears of a cancellation. */
function startBeat(
  platform: Platform,
  job: JobTable,
  name: string,
  progress: JobEnd['progress'],
  abort: AbortController,
) {
  let written = JSON.stringify(progress)
  let seenAt = Date.now()
  let writing: Promise<void> = Promise.resolve()
  let busy = false
  const write = async () => {
    const now = JSON.stringify(progress)
    const changed = now !== written
    const asked = await scoped(platform.database, emptyScope, (tx) => {
      const jobs = tx.withTables<HostTables>()
      if (!changed && Date.now() - seenAt < seenEveryMs) {
        return jobs.selectFrom('job').select(['runner', 'cancel_asked']).where('id', '=', job.id).executeTakeFirst()
      }
      seenAt = Date.now()
      return jobs
        .updateTable('job')
        .set({ ...progress, seen_at: platform.clock() })
        .where('id', '=', job.id)
        .where('runner', '=', name)
        .returning(['runner', 'cancel_asked'])
        .executeTakeFirst()
    })
    written = now
    if (asked?.runner !== name) abort.abort(new JobLost())
    else if (asked.cancel_asked) abort.abort(new JobCancelled())
  }
  const timer = setInterval(() => {
    if (busy) return
    busy = true
    writing = write()
      .catch((error: unknown) => platform.log.error('progress of a job could not be written', error, { job: job.id }))
      .finally(() => (busy = false))
  }, beatMs)
  return {
    async stop() {
      clearInterval(timer)
      await writing
    },
  }
}
