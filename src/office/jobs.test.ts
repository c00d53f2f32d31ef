import { existsSync } from 'node:fs'
import { beforeEach, expect, test } from 'vitest'
import { emptyScope } from '../host/context.ts'
import { scoped } from '../host/database.ts'
import { removeJobFiles } from '../host/job-files.ts'
import { startJobs } from '../host/jobs.ts'
import type { HostTables } from '../host/tables.ts'
import { refusal, shahekou, type Trial, trialOffice, zhongshan } from './testing.ts'

let trial: Trial
beforeEach(async () => {
  trial = await trialOffice()
})

const gone = { code: 'notFound' }

/** Has an auditor ask for a check of the journal, which queues a job. */
async function queued(account: string, region: string) {
  const browser = await trial.signedIn({ account, roles: ['审计管理员'], regions: [region] })
  const { jobId } = await browser.call('verifyJournal')
  return { browser, jobId }
}

const finish = (id: string, result: object) =>
  scoped(trial.platform.database, emptyScope, (tx) =>
    tx
      .withTables<HostTables>()
      .updateTable('job')
      .set({ state: 'done', result: JSON.stringify(result), finished_at: trial.clock.now })
      .where('id', '=', id)
      .execute(),
  )

test('one sees one’s own jobs only, and with the permission everybody’s', async () => {
  const near = await queued('near', shahekou)
  const far = await queued('far', zhongshan)
  expect((await near.browser.call('listJobs')).rows.map((job) => job.id)).toEqual([near.jobId])
  expect(await refusal(near.browser.call('getJob', { id: far.jobId }))).toMatchObject(gone)
  expect(await refusal(near.browser.call('cancelJob', { id: far.jobId }))).toMatchObject(gone)
  expect(await refusal(near.browser.call('listJobs', { everyone: 'true' }))).toMatchObject({ code: 'forbidden' })
  const admin = await trial.signedIn({ account: 'admin', roles: ['系统管理员'] })
  expect((await admin.call('listJobs', { everyone: 'true' })).total).toBe(2)
  expect((await admin.call('listJobs')).total).toBe(0)
})

test('a job that waits is cancelled at once', async () => {
  const { browser, jobId } = await queued('near', shahekou)
  await browser.call('cancelJob', { id: jobId })
  expect((await browser.call('getJob', { id: jobId })).state).toBe('cancelled')
  expect(await refusal(browser.call('cancelJob', { id: jobId }))).toMatchObject({ code: 'conflict' })
})

test('the file of a finished job is fetched by its owner alone, and its id is never shown', async () => {
  const { browser, jobId } = await queued('near', shahekou)
  expect(await refusal(browser.call('downloadJob', { id: jobId }))).toMatchObject({ code: 'conflict' })
  const fileId = '5f0c1f9e-7c3c-4d0e-9a44-0f6d3f6f8a11'
  await finish(jobId, { fileId, fileName: '台账.xlsx', bytes: 12 })
  const job = await browser.call('getJob', { id: jobId })
  expect(job).toMatchObject({ downloadable: true, result: { fileName: '台账.xlsx', bytes: 12 } })
  expect(JSON.stringify(job)).not.toContain(fileId)
  const { url } = await browser.call('downloadJob', { id: jobId })
  expect(url).toMatch(/^\/api\/files\//)
  expect(url).not.toContain(fileId)
  const admin = await trial.signedIn({ account: 'admin', roles: ['系统管理员'] })
  expect((await admin.call('getJob', { id: jobId })).downloadable).toBe(true)
  expect(await refusal(admin.call('downloadJob', { id: jobId }))).toMatchObject(gone)
})

test('a check of the journal runs as a job and finds a whole chain', async () => {
  const { browser, jobId } = await queued('near', shahekou)
  const runner = startJobs(trial.platform)
  await runner.idle()
  await runner.stop()
  expect(await browser.call('getJob', { id: jobId })).toMatchObject({ state: 'done', result: { ok: true, faults: [] } })
})

test('the journal’s own chain is read by who looks after the whole installation, and not by a county', async () => {
  const near = await trial.signedIn({ account: 'near', roles: ['审计管理员'] })
  const whole = await trial.signedIn({ account: 'whole', roles: ['审计管理员'], regions: ['000000000000'] })
  const clerk = await trial.signedIn({ account: 'clerk', roles: ['系统管理员'] })
  const place = { countyCode: shahekou, kind: 'park', name: '西山园', areaCode: shahekou }
  await clerk.call('createPlace', place)
  const read = async (browser: typeof near) =>
    (await browser.call('listJournal')).rows.map((row) => `${row.summary} ${row.outcome}`)
  expect(await read(near)).toEqual(['新建区域 done'])
  expect(await read(whole)).toEqual(expect.arrayContaining(['新建区域 done', '登录 done']))
  const { rows } = await whole.call('listJournal', { text: '新建区' })
  expect(rows.map((row) => row.operation)).toEqual(['office.createPlace'])
})

test('a file that a job left is removed after its days, and the job says so', async () => {
  const { browser, jobId } = await queued('near', shahekou)
  const { files } = trial.platform
  const stored = await files.put(Buffer.from('一份导出'), 1_000)
  await finish(jobId, { fileId: stored.id, fileName: '台账.xlsx' })
  const day = 24 * 3_600_000
  expect(await removeJobFiles(trial.platform, new Date(trial.clock.now.getTime() - day))).toBe(0)
  expect(existsSync(files.path(stored.id))).toBe(true)
  expect(await removeJobFiles(trial.platform, new Date(trial.clock.now.getTime() + day))).toBe(1)
  expect(existsSync(files.path(stored.id))).toBe(false)
  expect((await browser.call('getJob', { id: jobId })).downloadable).toBe(false)
  expect(await refusal(browser.call('downloadJob', { id: jobId }))).toMatchObject({
    message: expect.stringContaining('已过保留期'),
  })
})
