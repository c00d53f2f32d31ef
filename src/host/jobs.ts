import { hostname } from 'node:os'
import { sql } from 'kysely'
import { emptyScope, type Transaction } from './context.ts'
import { scoped } from './database.ts'
import { type JobEnd, JobStopped, runJob } from './job-run.ts'
import type { Platform } from './platform.ts'
import type { HostTables, JobTable } from './tables.ts'

const pollMs = 5_000
const staleMs = 60_000
const attemptsMax = 5

const nothing = (): void => undefined

/** The process's own job runner. */
export interface JobRunner {
  /** Stops taking jobs, tells the running ones to stop, waits for them; they go on at the next start. */
  stop(): Promise<void>
  /** Resolves when nothing is queued or running here. */
  idle(): Promise<void>
}

/**
 * Runs queued jobs, oldest first: one at a time on the embedded database, two on PostgreSQL, of one kind and county never two,
 * for both would have to be done twice where they meet. A job whose process died is
 * taken up again: at once when it ran on this machine, after a minute of silence when on another.
 */
export function startJobs(platform: Platform): JobRunner {
  const name = `${hostname()}:${process.pid}`
  const parallel = platform.database.kind === 'embedded' ? 1 : 2
  const running = new Map<string, { promise: Promise<void>; abort: AbortController }>()
  const idlers: (() => void)[] = []
  const state = { stopping: false, woken: false, wake: nothing }
  platform.wakeJobs = () => {
    state.woken = true
    state.wake()
  }
  const start = (job: JobTable) => {
    const abort = new AbortController()
    const promise = runJob(platform, job, name, abort)
      .then((end) => settle(platform, job, name, end))
      .catch((error: unknown) => platform.log.error('a job could not be settled', error, { job: job.id }))
      .finally(() => {
        running.delete(job.id)
        platform.wakeJobs()
      })
    running.set(job.id, { promise, abort })
  }
  const loop = async () => {
    await releaseDead(platform, name)
    while (!state.stopping) {
      state.woken = false
      try {
        if (running.size < parallel) {
          // One that ends while this looks may have kept another of its kind from being found.
          const isAlone = running.size === 0
          const job = await claim(platform, name)
          if (job) {
            start(job)
            continue
          }
          if (isAlone) for (const done of idlers.splice(0)) done()
        }
        await releaseStale(platform)
      } catch (error) {
        platform.log.error('jobs could not be read', error)
      }
      if (!state.woken && !state.stopping) await waitFor(pollMs, (wake) => (state.wake = wake))
    }
  }
  const ended = loop().catch((error: unknown) => platform.log.error('the job runner stopped', error))
  return {
    async stop() {
      state.stopping = true
      state.wake()
      await ended
      for (const one of running.values()) one.abort.abort(new JobStopped())
      await Promise.all([...running.values()].map((one) => one.promise))
    },
    idle() {
      return new Promise((resolve) => {
        idlers.push(resolve)
        platform.wakeJobs()
      })
    },
  }
}

function waitFor(ms: number, expose: (wake: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    timer.unref()
    expose(() => {
      clearTimeout(timer)
      resolve()
    })
  })
}

function inJobs<T>(platform: Platform, run: (tx: Transaction) => Promise<T>): Promise<T> {
  return scoped(platform.database, emptyScope, run)
}

function claim(platform: Platform, name: string): Promise<JobTable | undefined> {
  const now = platform.clock()
  return inJobs(platform, async (tx) => {
    // One after the other: two that look at the same moment would both find that none of a kind runs.
    await sql`select pg_advisory_xact_lock(hashtext('liangxin.job'))`.execute(tx)
    const { rows } = await sql<JobTable>`
      update job set state = 'running', runner = ${name}, seen_at = ${now}, attempts = attempts + 1,
        started_at = coalesce(started_at, ${now})
      where id = (
        select id from job q where state = 'queued' and not exists (
          select from job r where r.state = 'running' and r.kind = q.kind and r.county_code = q.county_code
        ) order by created_at, id limit 1 for update skip locked
      ) returning *`.execute(tx)
    return rows[0]
  })
}

async function settle(platform: Platform, job: JobTable, name: string, end: JobEnd): Promise<void> {
  const now = platform.clock()
  await inJobs(platform, (tx) =>
    tx
      .withTables<HostTables>()
      .updateTable('job')
      .set(
        end.state === 'queued'
          ? { state: 'queued', runner: null, attempts: job.attempts - 1 }
          : {
              ...end.progress,
              state: end.state,
              result: end.result === undefined ? null : JSON.stringify(end.result),
              error: end.error ?? null,
              finished_at: now,
            },
      )
      .where('id', '=', job.id)
      .where('runner', '=', name)
      .where('state', '=', 'running')
      .execute(),
  )
}

/** At start: jobs that this machine was running, in a process that is no more. */
async function releaseDead(platform: Platform, name: string): Promise<void> {
  const rows = await inJobs(platform, (tx) =>
    tx.withTables<HostTables>().selectFrom('job').select(['id', 'runner']).where('state', '=', 'running').execute(),
  )
  const dead = rows.filter(
    (row) => row.runner === name || platform.database.kind === 'embedded' || isDeadHere(row.runner),
  )
  await release(
    platform,
    dead.map((row) => row.id),
  )
}

function isDeadHere(runner: string | null): boolean {
  const [host, pid] = (runner ?? '').split(/:(?=\d+$)/)
  if (host !== hostname()) return false
  try {
    process.kill(Number(pid), 0)
    return false
  } catch {
    return true
  }
}

async function releaseStale(platform: Platform): Promise<void> {
  const before = new Date(platform.clock().getTime() - staleMs)
  const rows = await inJobs(platform, (tx) =>
    tx
      .withTables<HostTables>()
      .selectFrom('job')
      .select('id')
      .where('state', '=', 'running')
      .where('seen_at', '<', before)
      .execute(),
  )
  await release(
    platform,
    rows.map((row) => row.id),
  )
}

/** Puts interrupted jobs back in the queue; one that was to be cancelled is, one that keeps dying is given up. */
async function release(platform: Platform, ids: string[]): Promise<void> {
  if (ids.length === 0) return
  const now = platform.clock()
  await inJobs(platform, async (tx) => {
    const these = () =>
      tx.withTables<HostTables>().updateTable('job').where('id', 'in', ids).where('state', '=', 'running')
    await these().set({ state: 'cancelled', finished_at: now }).where('cancel_asked', '=', true).execute()
    const given = {
      state: 'failed' as const,
      finished_at: now,
      error: '作业多次中断，已停止重试。请检查运行日志后重新提交。',
    }
    await these().set(given).where('attempts', '>=', attemptsMax).execute()
    await these().set({ state: 'queued', runner: null }).execute()
  })
}
