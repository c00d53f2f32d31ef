import { afterEach, beforeEach, expect, test } from 'vitest'
import { Problem } from '../base/problem.ts'
import { type Actor, emptyScope, type JobKind, type JobRun } from './context.ts'
import { asOwner, scoped } from './database.ts'
import { cancelJob, jobsOf } from './job-list.ts'
import { type JobRunner, startJobs } from './jobs.ts'
import { openContext } from './open-context.ts'
import type { Platform } from './platform.ts'
import type { HostTables, JobTable } from './tables.ts'
import { actorLike, testPlatform } from './testing-platform.ts'

const owner = actorLike('01900000-0000-7000-8000-000000000001', [])
const origin = { id: 'request', address: '10.0.0.5', userAgent: '', sessionToken: null }
let platform: Platform
let runner: JobRunner | undefined
let account: Actor | null
let seen: string[]

/** The kinds of the tests; `step` lets a test hold a job where it wants it. */
let steps: Record<string, (job: JobRun<unknown>) => Promise<unknown>>
const kind = (name: string): JobKind => ({ kind: name, run: (job) => steps[name]!(job) })

beforeEach(async () => {
  account = owner
  seen = []
  steps = {}
  platform = await testPlatform({
    jobKinds: ['quick', 'slow', 'other'].map(kind),
    people: { authenticate: async () => null, actorOf: async () => account, operator: async () => actorLike(null, []) },
  })
})
afterEach(async () => {
  await runner?.stop()
  runner = undefined
})

const enqueue = (name: string, input: unknown = null, actor: Actor = owner) =>
  scoped(platform.database, actor.scope, (tx) =>
    openContext(platform, tx, actor, origin).ctx.enqueue({
      kind: name,
      title: `作业 ${name}`,
      input,
      countyCode: '210204000000',
    }),
  )
const jobs = (): Promise<JobTable[]> =>
  asOwner(platform.database, (tx) =>
    tx.withTables<HostTables>().selectFrom('job').selectAll().orderBy('created_at').orderBy('id').execute(),
  )
const job = async (id: string): Promise<JobTable> => (await jobs()).find((one) => one.id === id)!
const set = (id: string, values: Partial<JobTable>) =>
  asOwner(platform.database, (tx) =>
    tx.withTables<HostTables>().updateTable('job').set(values).where('id', '=', id).execute(),
  )
const until = async (what: () => Promise<boolean> | boolean): Promise<void> => {
  while (!(await what())) await new Promise((resolve) => setTimeout(resolve, 20))
}
/** Resolves with the abort's reason thrown, as a handler that heeds its signal does. */
const heldUntilAborted = (run: JobRun<unknown>): Promise<never> =>
  new Promise((_, reject) => run.signal.addEventListener('abort', () => reject(run.signal.reason as Error)))

test('every job runs once, with its own input, and keeps its result', async () => {
  steps['quick'] = async (run) => {
    seen.push(String(run.input))
    await run.progress(3, 3, '写完')
    return { fileName: `${String(run.input)}.csv` }
  }
  for (const name of ['一', '二', '三']) await enqueue('quick', name)
  runner = startJobs(platform)
  await runner.idle()
  expect(seen.toSorted()).toEqual(['一', '三', '二'])
  const rows = await jobs()
  expect(rows.map((row) => [row.state, row.done, row.total, row.message])).toEqual(
    [1, 2, 3].map(() => ['done', 3, 3, '写完']),
  )
  expect(rows[0]!.result).toEqual({ fileName: '一.csv' })
})

test('a job queued by a command that is rolled back never runs', async () => {
  steps['quick'] = async () => seen.push('ran')
  const rolledBack = scoped(platform.database, owner.scope, async (tx) => {
    await openContext(platform, tx, owner, origin).ctx.enqueue({ kind: 'quick', title: '作业', input: null })
    throw new Problem('conflict', '不行。')
  })
  await expect(rolledBack).rejects.toThrow('不行。')
  runner = startJobs(platform)
  await runner.idle()
  expect(seen).toEqual([])
})

test('a step of a job runs in the scope of who asked, and journals what it records', async () => {
  steps['quick'] = async (run) =>
    run.transaction(async (ctx) => {
      seen.push(ctx.actor.scope.counties.join(), String(ctx.actor.userId))
      ctx.record({ countyCode: '210204000000', subject: 'unit:1', after: { count: 2 } })
    })
  const id = await enqueue('quick')
  runner = startJobs(platform)
  await runner.idle()
  expect(seen).toEqual(['210204000000', owner.userId])
  const rows = await asOwner(platform.database, (tx) =>
    tx.withTables<HostTables>().selectFrom('journal').selectAll().execute(),
  )
  expect(rows).toMatchObject([
    { operation: 'quick', actor_id: owner.userId, request_id: id, address: '10.0.0.5', subject: 'unit:1' },
  ])
})

test('the job of an account that was suspended meanwhile does not run', async () => {
  steps['quick'] = async () => seen.push('ran')
  const id = await enqueue('quick')
  account = null
  runner = startJobs(platform)
  await runner.idle()
  expect(seen).toEqual([])
  expect(await job(id)).toMatchObject({ state: 'failed', error: expect.stringContaining('已停用') })
})

test('a refusal is told in its own words, our own bug without its text', async () => {
  steps['quick'] = async () => {
    throw new Problem('conflict', '文件已经删除，请重新上传。')
  }
  steps['other'] = async () => {
    throw new Error('secret of the house')
  }
  const [refused, broken] = [await enqueue('quick'), await enqueue('other')]
  runner = startJobs(platform)
  await runner.idle()
  expect(await job(refused)).toMatchObject({ state: 'failed', error: '文件已经删除，请重新上传。' })
  const { error } = await job(broken)
  expect(error).toContain('已记录')
  expect(error).not.toContain('secret')
})

test('a queued job that is cancelled never runs, a running one is told to stop', async () => {
  steps['slow'] = heldUntilAborted
  steps['quick'] = async () => seen.push('ran')
  const asOwnerOfJob = (id: string) =>
    scoped(platform.database, owner.scope, (tx) =>
      cancelJob(openContext(platform, tx, owner, origin).ctx, id, { everyone: false }),
    )
  const waiting = await enqueue('quick')
  await asOwnerOfJob(waiting)
  const running = await enqueue('slow')
  runner = startJobs(platform)
  await until(async () => (await job(running)).state === 'running')
  await asOwnerOfJob(running)
  await runner.idle()
  expect((await jobs()).map((row) => row.state)).toEqual(['cancelled', 'cancelled'])
  expect(seen).toEqual([])
  await expect(asOwnerOfJob(running)).rejects.toThrow('已经结束')
})

test('a job interrupted by a stop goes on at the next start', async () => {
  steps['slow'] = async (run) => (seen.length === 0 ? (seen.push('first'), heldUntilAborted(run)) : seen.push('second'))
  const id = await enqueue('slow')
  runner = startJobs(platform)
  await until(() => seen.length === 1)
  await runner.stop()
  expect(await job(id)).toMatchObject({ state: 'queued', attempts: 0, runner: null })
  runner = startJobs(platform)
  await runner.idle()
  expect(seen).toEqual(['first', 'second'])
  expect((await job(id)).state).toBe('done')
})

test('a job whose process was killed is taken up again at the next start', async () => {
  steps['quick'] = async () => seen.push('ran')
  const id = await enqueue('quick')
  const { hostname } = await import('node:os')
  await set(id, { state: 'running', runner: `${hostname()}:999999999`, attempts: 1, seen_at: new Date() })
  runner = startJobs(platform)
  await runner.idle()
  expect(seen).toEqual(['ran'])
  expect(await job(id)).toMatchObject({ state: 'done', attempts: 2 })
})

test('a job that dies five times is given up with a sentence', async () => {
  steps['quick'] = async () => seen.push('ran')
  const id = await enqueue('quick')
  const { hostname } = await import('node:os')
  await set(id, { state: 'running', runner: `${hostname()}:999999999`, attempts: 5, seen_at: new Date() })
  runner = startJobs(platform)
  await runner.idle()
  expect(seen).toEqual([])
  expect(await job(id)).toMatchObject({ state: 'failed', error: expect.stringContaining('多次中断') })
})

test('a process that lost its job to another writes nothing for it any more', async () => {
  const { promise: held, resolve: go } = Promise.withResolvers<void>()
  steps['slow'] = async (run) => {
    seen.push('started')
    await held
    await run.transaction(async (ctx) => ctx.record({ subject: 'unit:1' }))
  }
  const id = await enqueue('slow')
  runner = startJobs(platform)
  await until(() => seen.length === 1)
  await set(id, { runner: 'elsewhere:1' })
  go()
  await runner.idle()
  const rows = await asOwner(platform.database, (tx) =>
    tx.withTables<HostTables>().selectFrom('journal').selectAll().execute(),
  )
  expect(rows).toEqual([])
  expect(await job(id)).toMatchObject({ state: 'running', runner: 'elsewhere:1' })
})

const seenBy = (actor: Actor, everyone: boolean) =>
  scoped(platform.database, actor.scope, (tx) =>
    jobsOf(openContext(platform, tx, actor, origin).ctx, { everyone, page: 1, pageSize: 20 }),
  )

test('one sees one’s own jobs, and those of one’s counties only when asked for everyone', async () => {
  const near = actorLike('01900000-0000-7000-8000-000000000002', [])
  const far = actorLike('01900000-0000-7000-8000-000000000003', [], { counties: ['110101000000'], areas: '*' })
  await enqueue('quick')
  expect((await seenBy(owner, false)).total).toBe(1)
  expect((await seenBy(near, false)).total).toBe(0)
  expect((await seenBy(near, true)).rows).toHaveLength(1)
  expect((await seenBy(far, true)).total).toBe(0)
  expect((await seenBy({ ...far, scope: emptyScope }, true)).total).toBe(0)
})
