import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { beforeEach, expect, test } from 'vitest'
import { finishJobs } from '../host/command.ts'
import { JobCancelled } from '../host/job-run.ts'
import { asOwner } from '../host/database.ts'
import { county, type MemberTrial, memberTrial, personNumber } from './member-testing.ts'
import { compareRosterJob } from './roster-job.ts'

let trial: MemberTrial
let sea: string
let rain: string

const header = '姓名,公民身份号码,党员类别,所在党支部,工作单位'
const insuredHeader = '姓名,公民身份号码,用人单位,参保起始'
const seaName = '大连海风物流有限公司'
const rainName = '大连听雨商贸有限公司'
const seaBranch = `中共${seaName}支部委员会`
const member = (n: number, branch = seaBranch, employer = seaName) =>
  `王${n}号,${personNumber(n)},正式党员,${branch},${employer}`
const insured = (n: number, employer: string) => `王${n}号,${personNumber(n)},${employer},2020-01`

beforeEach(async () => {
  trial = await memberTrial()
  sea = await trial.unit(seaName)
  rain = await trial.unit(rainName)
  await trial.imported([header, member(1), member(2), member(3), member(4, '北河街道社区党支部', rainName)])
})

const tallyOf = async (unitId: string) => {
  const { now } = await trial.call<{ now: object | null }>('party.unitMembers', { unitId })
  return now
}
interface Task {
  id: string
  kind: string
  state: string
  unitId: string
}
const tasks = async (filter: object = {}) => (await trial.call<{ rows: Task[] }>('party.listMemberTasks', filter)).rows

function filesLeft(): number {
  const { dataDir } = trial.platform.config
  return ['files', 'files-aside']
    .map((name) => join(dataDir, name))
    .filter((directory) => existsSync(directory))
    .flatMap((directory) => readdirSync(directory, { recursive: true }).map(String))
    .filter((name) => name.endsWith('.bin')).length
}

test('members in a roster count where they work; others leave a number and nothing else', async () => {
  const check = await trial.compared([
    insuredHeader,
    insured(1, seaName),
    insured(2, rainName),
    insured(4, rainName),
    insured(50, seaName),
    insured(51, rainName),
    '坏号,990101198001010011,某公司,2020-01',
  ])
  expect(check).toMatchObject({ state: 'done', fileKept: false, error: null })
  expect(check.counts).toMatchObject({
    read: 6,
    bad: 1,
    members: 3,
    others: 2,
    here: 1,
    elsewhere: 2,
    notFound: 1,
    tasks: 2,
  })
  expect(filesLeft()).toBe(0)
  expect(await tallyOf(sea)).toMatchObject({ formal: 3, knownElsewhere: 0 })
  expect(await tallyOf(rain)).toMatchObject({ formal: 0, knownElsewhere: 2 })
  expect(await tasks()).toMatchObject([
    { kind: 'transfer', state: 'open', unitId: rain },
    { kind: 'transfer', state: 'open', unitId: rain },
  ])
  const units = await trial.call<{ rows: object[] }>('party.listRosterUnits', { id: check.id })
  expect(units.rows).toContainEqual({ unitId: rain, name: rainName, here: 0, elsewhere: 2, notFound: 0 })
  expect(units.rows).toContainEqual({ unitId: sea, name: seaName, here: 1, elsewhere: 0, notFound: 1 })
  const kept = await asOwner(trial.platform.database, (tx) => sql`select * from roster_hit`.execute(tx))
  expect(kept.rows).toHaveLength(3)
})

test('a roster of everybody asks whether those it does not name still work there', async () => {
  const check = await trial.compared([insuredHeader, insured(1, seaName), insured(2, seaName)], '2026-02-01', true)
  expect(check.counts).toMatchObject({ notFound: 2, tasks: 2 })
  expect((await tasks({ kind: 'verify' })).map((task) => task.unitId).toSorted()).toEqual([rain, sea].toSorted())
})

test('the same roster again makes no task twice, what was dismissed stays so, and a transferred relation settles its task', async () => {
  const lines = [insuredHeader, insured(2, rainName), insured(4, rainName)]
  await trial.compared(lines)
  const [first, second] = await tasks()
  await trial.call('party.decideMemberTask', { id: first!.id, state: 'dismissed', reason: '本人不愿转接' })
  expect((await trial.compared(lines, '2026-03-01')).counts.tasks).toBe(0)
  expect(await tasks({ state: 'open' })).toMatchObject([{ id: second!.id }])
  const rainBranch = `中共${rainName}支部委员会`
  await trial.imported([header, member(2, rainBranch, rainName), member(4, rainBranch, rainName)], '2026-04-01')
  expect(await tasks({ state: 'open' })).toEqual([])
  expect(await tasks({ state: 'settled' })).toMatchObject([{ id: second!.id }])
})

test('undoing a comparison takes back what it counted and asked', async () => {
  const before = [await tallyOf(sea), await tallyOf(rain)]
  const { id } = await trial.compared([insuredHeader, insured(2, rainName)])
  expect(await tallyOf(rain)).toMatchObject({ knownElsewhere: 2 })
  await trial.call('party.undoRosterCheck', { id, reason: '报错了月份' })
  expect([await tallyOf(sea), await tallyOf(rain)]).toEqual(before)
  expect(await tasks()).toEqual([])
})

test('a file that is no roster fails and is removed', async () => {
  const check = await trial.compared(['企业名称,从业人数', `${seaName},10`])
  expect(check).toMatchObject({ state: 'failed', fileKept: false })
  expect(check.error).toContain('不像参保名册')
  expect(filesLeft()).toBe(0)
})

const start = async (lines: readonly string[]) => {
  const fileId = await trial.upload(lines)
  return trial.call<{ id: string; jobId: string }>('party.createRosterCheck', {
    fileId,
    countyCode: county,
    asOf: '2026-02-01',
  })
}
const hitsOf = async () =>
  (await asOwner(trial.platform.database, (tx) => sql`select * from roster_hit`.execute(tx))).rows.length

test('a comparison that was cancelled half way leaves neither file nor finds', async () => {
  const { id } = await start([insuredHeader, insured(2, rainName)])
  await trial.stopped(compareRosterJob, id, new JobCancelled())
  expect(await trial.call('party.getRosterCheck', { id })).toMatchObject({ state: 'cancelled', fileKept: false })
  expect([filesLeft(), await hitsOf()]).toEqual([0, 0])
})

test('a comparison that was killed half way goes on to the same end', async () => {
  const { id } = await start([insuredHeader, insured(1, seaName), insured(2, rainName)])
  await trial.stopped(compareRosterJob, id, new Error('killed'))
  expect([filesLeft(), await hitsOf()]).toEqual([1, 2])
  await finishJobs(trial.platform)
  expect(await trial.call('party.getRosterCheck', { id })).toMatchObject({
    state: 'done',
    counts: { read: 2, members: 2, here: 1, elsewhere: 1, tasks: 1 },
  })
  expect([filesLeft(), await hitsOf()]).toEqual([0, 2])
})

test('a comparison that was cancelled while it waited loses its file all the same', async () => {
  const { id, jobId } = await start([insuredHeader, insured(2, rainName)])
  await asOwner(trial.platform.database, (tx) =>
    sql`update job set state = 'cancelled' where id = ${jobId}`.execute(tx),
  )
  await finishJobs(trial.platform)
  expect(await trial.call('party.getRosterCheck', { id })).toMatchObject({ state: 'cancelled', fileKept: false })
  expect(filesLeft()).toBe(0)
})
