import { Readable } from 'node:stream'
import { sql } from 'kysely'
import { beforeAll, expect, test } from 'vitest'
import { newId } from '../base/ids.ts'
import { Problem } from '../base/problem.ts'
import { addDays, today } from '../base/time.ts'
import { coverageContract, coveragePermissions } from '../coverage/contract.ts'
import { coverage, coverageChores } from '../coverage/service.ts'
import { county, layRegions } from '../coverage/testing.ts'
import { formingContract, formingPermissions } from '../forming/contract.ts'
import { planContract } from '../forming/plan-contract.ts'
import { forming } from '../forming/service.ts'
import { runChores } from '../host/chores.ts'
import { actAsOperator, finishJobs } from '../host/command.ts'
import type { Actor, Context } from '../host/context.ts'
import { asOwner } from '../host/database.ts'
import { cancelJob } from '../host/job-list.ts'
import { JobStopped } from '../host/job-run.ts'
import { invoke } from '../host/pipeline.ts'
import type { Platform } from '../host/platform.ts'
import type { HostTables } from '../host/tables.ts'
import { actorLike, testPlatform } from '../host/testing-platform.ts'
import { storeUpload } from '../host/uploads.ts'
import { ledgerContract, ledgerPermissions } from '../ledger/contract.ts'
import { funnelContract } from '../ledger/funnel-contract.ts'
import { ledger } from '../ledger/service.ts'
import { orgContract, orgPermissions } from '../party/contract.ts'
import { memberContract, memberPermissions } from '../party/member-contract.ts'
import { members } from '../party/member-service.ts'
import { orgImportContract } from '../party/org-import-contract.ts'
import { partyOrgs } from '../party/service.ts'
import { orgWriteContract } from '../party/write-contract.ts'
import { instructorContract, instructorPermissions } from './contract.ts'
import { confirmJob } from './plan-confirm.ts'
import { assignJob } from './plans.ts'
import { instructor, instructorJobs } from './service.ts'

const rooms = [
  ledgerPermissions,
  memberPermissions,
  orgPermissions,
  coveragePermissions,
  formingPermissions,
  instructorPermissions,
]
const permissions = rooms.flatMap((one) => Object.keys(one))
const here = actorLike(newId(), permissions)
const elsewhere = actorLike(newId(), permissions, { counties: ['210203000000'], areas: '*' })
const day = today(new Date())
const units: string[] = []
let platform: Platform

const call = async <T>(name: string, input: unknown, actor: Actor = here): Promise<T> =>
  (await invoke(platform, name, input, { actor })).output as T

interface Row {
  id: string
  name: string
  phone: string | null
  units: number
}
interface Pair {
  unitId: string
  instructorId: string | null
  metres: number | null
  measured: boolean
  kept: boolean
}
interface Choice {
  name: string
  metres: number
  load: number
  room: number
}
interface Plan {
  counts: Record<string, number>
  plan: { state: string; error: string | null; pairs: number; fresh: number; given: number; short: number }
  rows: Pair[]
  total: number
}

const add = (name: string, phone: string, more: object = {}) =>
  call<{ id: string }>('instructor.addInstructor', {
    countyCode: county,
    name,
    phone,
    areaCode: county,
    origin: 'office',
    from: '2026-01-01',
    ...more,
  })
const register = async () => (await call<{ rows: Row[] }>('instructor.listInstructors', { pageSize: 50 })).rows
const plan = (id: string, show = 'all') => call<Plan>('instructor.getAssignPlan', { id, show, pageSize: 50 })

async function planned(): Promise<string> {
  const { id } = await call<{ id: string }>('instructor.startAssign', { region: county, which: 'zero', staffMin: 50 })
  await finishJobs(platform)
  return id
}

/** A job's row when its work is done. */
async function jobOf(id: string) {
  await finishJobs(platform)
  return asOwner(platform.database, (tx) =>
    tx.withTables<HostTables>().selectFrom('job').selectAll().where('id', '=', id).executeTakeFirstOrThrow(),
  )
}

const covered = async (unitId: string) => {
  await runChores(platform)
  return (await call<{ now: { state: string } | null }>('coverage.getUnitCoverage', { id: unitId })).now?.state
}

/** Four units at work with 60 people and no members, three near each other and one far; one unit that is too small. */
beforeAll(async () => {
  platform = await testPlatform({
    contracts: {
      ledger: { ...ledgerContract, ...funnelContract },
      party: { ...orgContract, ...orgWriteContract, ...orgImportContract, ...memberContract },
      coverage: coverageContract,
      forming: { ...formingContract, ...planContract },
      instructor: instructorContract,
    },
    handlers: { ledger, party: { ...partyOrgs, ...members }, coverage, forming, instructor },
    jobKinds: instructorJobs,
    chores: coverageChores,
    people: { authenticate: async () => null, actorOf: async () => here, operator: async () => here },
  })
  await layRegions(platform)
  for (const [at, sign] of ['甲', '乙', '丙', '丁', '戊'].entries()) {
    const staffCount = at === 4 ? '10' : '60'
    const values = { name: `大连指导${sign}商贸有限公司`, kind: 'enterprise', status: 'active', staffCount }
    const { id } = await call<{ id: string }>('ledger.createUnit', { countyCode: county, values })
    units.push(id)
    await call('ledger.stateOperation', { id, inOperation: true, reason: '实地看过' })
    const place = { longitude: 121.6 + (at === 3 ? 0.1 : at * 0.001), latitude: 38.9 }
    await call('forming.setPlace', { unitId: id, ...place, source: '实地', surveyedOn: '2026-01-02' })
  }
  await runChores(platform)
})

test('nobody is planned for while the register is empty', async () => {
  const start = call('instructor.startAssign', { region: county, which: 'zero' })
  await expect(start).rejects.toMatchObject({ message: expect.stringContaining('还没有在任的指导员') })
})

test('names and telephone numbers are masked, shown only for a purpose, and the same person is registered once', async () => {
  await add('张建国', '13800138000', { longitude: 121.601, latitude: 38.9, capacity: 2 })
  await expect(add('张建国', '138-0013-8000')).rejects.toMatchObject({ message: '这名指导员已经登记过。' })
  const [one] = await register()
  expect(one).toMatchObject({ name: '张*', phone: '138****8000', units: 0 })
  const reveal = { id: one!.id, field: 'name' }
  await expect(call('instructor.revealInstructor', reveal)).rejects.toMatchObject({ code: 'invalid' })
  expect(await call('instructor.revealInstructor', { ...reveal, purpose: '通知培训' })).toEqual({ value: '张建国' })
})

test('a plan sends as many as there is room for, the nearest first, and sends nobody before it is confirmed', async () => {
  await add('李卫东', '13900139000', { longitude: 121.7, latitude: 38.9, capacity: 1 })
  const id = await planned()
  const found = await plan(id)
  expect(found.plan).toMatchObject({ state: 'draft', pairs: 3, fresh: 3, given: 0, short: 1 })
  expect(found.rows.filter((row) => row.instructorId !== null).every((row) => row.measured)).toBe(true)
  expect((await plan(id, 'far')).total).toBe(0)
  const far = found.rows.find((row) => row.unitId === units[3])!
  expect(far.metres).toBeLessThan(50)
  expect(found.rows.map((row) => row.unitId)).not.toContain(units[4])
  expect(await covered(units[0]!)).toBe('none')
})

test('a draft is changed by hand within the load, and confirmed it is counted by coverage', async () => {
  const id = await planned()
  const { rows } = await plan(id)
  const short = rows.find((row) => row.instructorId === null)!
  const [zhang, li] = ['张*', '李*'].map(async (name) => (await register()).find((one) => one.name === name)!.id)
  const full = call('instructor.setPair', { id, unitId: short.unitId, from: null, to: await zhang })
  await expect(full).rejects.toMatchObject({ message: expect.stringContaining('已经派满') })
  const choices = await call<{ rows: Choice[] }>('instructor.listPairChoices', { id, unitId: short.unitId })
  expect(choices.rows.map((one) => [one.name, one.load, one.room])).toEqual([
    ['张*', 2, 2],
    ['李*', 1, 1],
  ])
  expect(choices.rows[0]!.metres).toBeLessThan(choices.rows[1]!.metres)
  await call('instructor.setPair', { id, unitId: units[3], from: await li, to: null })
  await call('instructor.setPair', { id, unitId: short.unitId, from: null, to: await li })
  expect((await plan(id, 'short')).rows.map((row) => row.unitId)).toEqual([units[3]])
  await call('instructor.confirmAssign', { id, on: addDays(day, -30), source: '县委部署' })
  await finishJobs(platform)
  expect((await plan(id)).plan.state).toBe('confirmed')
  for (const unitId of units.slice(0, 3)) expect(await covered(unitId)).toBe('workOnly')
  expect((await register()).map((one) => one.units).reduce((sum, one) => sum + one, 0)).toBe(3)
  const change = call('instructor.setPair', { id, unitId: units[3], from: null, to: await li })
  await expect(change).rejects.toMatchObject({ code: 'conflict' })
})

test('a plan after another keeps who is there, and who leaves is recalled from every unit', async () => {
  await add('王海燕', '13700137000', { longitude: 121.7, latitude: 38.9, capacity: 5 })
  const id = await planned()
  const again = await plan(id)
  expect(again.plan).toMatchObject({ pairs: 4, fresh: 1, given: 0, short: 0 })
  expect(again.counts).toMatchObject({ all: 4, fresh: 1, given: 0, short: 0 })
  const kept = again.rows.find((row) => row.kept)!
  await call('instructor.setPair', { id, unitId: kept.unitId, from: kept.instructorId, to: null })
  expect((await plan(id, 'given')).rows).toMatchObject([{ unitId: kept.unitId, instructorId: kept.instructorId }])
  const { jobId } = await call<{ jobId: string }>('instructor.exportAssignPlan', {
    id,
    show: 'given',
    purpose: '报部务会',
  })
  expect(await jobOf(jobId)).toMatchObject({ state: 'done', error: null })
  await call('instructor.dropAssign', { id })
  const zhang = (await register()).find((one) => one.name === '张*')!
  const early = call('instructor.endInstructor', { id: zhang.id, on: '2025-12-31', reason: '调离' })
  await expect(early).rejects.toMatchObject({ code: 'invalid' })
  expect(await call('instructor.endInstructor', { id: zhang.id, on: day, reason: '调离' })).toEqual({ ended: 2 })
  const page = await call<{ assignments: { to: string | null; unitId: string }[] }>('instructor.getInstructor', {
    id: zhang.id,
  })
  expect(page.assignments.map((one) => one.to)).toEqual([day, day])
  expect(await covered(page.assignments[0]!.unitId)).toBe('none')
})

test('an instructor is sent by hand within the load, once to a unit, and the end is kept with its reason', async () => {
  const li = (await register()).find((one) => one.name === '李*')!
  const wang = (await register()).find((one) => one.name === '王*')!
  const sending = { unitId: units[3], instructorId: wang.id, on: addDays(day, -5), source: '街道安排' }
  const { id } = await call<{ id: string }>('instructor.assignUnit', sending)
  await expect(call('instructor.assignUnit', sending)).rejects.toMatchObject({ code: 'conflict' })
  const over = call('instructor.assignUnit', { ...sending, instructorId: li.id })
  await expect(over).rejects.toMatchObject({ message: expect.stringContaining('上限 1 家') })
  expect(await covered(units[3]!)).toBe('workOnly')
  await call('instructor.endAssignment', { id, on: day, reason: '已建党组织' })
  const { rows } = await call<{ rows: { endedReason: string }[] }>('instructor.listAssignments', { ended: true })
  expect(rows.map((row) => row.endedReason)).toContain('已建党组织')
})

test('a register is checked row by row before it is kept, and read again writes nobody twice', async () => {
  const lines = [
    '姓名,电话,所在街道,可联系家数',
    '赵明亮,13600136000,沙河口区,3',
    '钱,1,沙河口区,',
    '孙小红,,没有的街道,2',
  ]
  const stored = await storeUpload(platform, { actor: here }, '指导员.csv', Readable.from([lines.join('\n')]))
  const { fileId } = stored.output as { fileId: string }
  const run = async (checkOnly: boolean) => {
    const { jobId } = await call<{ jobId: string }>('instructor.importInstructors', {
      countyCode: county,
      fileId,
      checkOnly,
    })
    return (await jobOf(jobId)).result as { read: number; kept: number; errors: { row: number }[] }
  }
  const before = (await register()).length
  expect(await run(true)).toMatchObject({ read: 3, kept: 1, errors: [{ row: 3 }, { row: 4 }] })
  expect((await register()).length).toBe(before)
  expect(await run(false)).toMatchObject({ kept: 1 })
  expect(await run(false)).toMatchObject({ kept: 0 })
  expect((await register()).length).toBe(before + 1)
})

test('an instructor whose telephone or employer was corrected is known by the new one', async () => {
  const known = { code: 'invalid', message: '这名指导员已经登记过。' }
  const edit = (id: string, phone: string | null, employer: string | null) =>
    call('instructor.editInstructor', { id, areaCode: county, origin: 'office', skills: [], phone, employer })
  const { id } = await add('冯更正', '13500135000')
  await edit(id, '13500135001', null)
  await expect(add('冯更正', '135 0013 5001')).rejects.toMatchObject(known)
  await edit(id, null, '沙河口区司法局')
  await expect(add('冯更正', '13500135001')).rejects.toMatchObject(known)
  const other = await add('冯更正', '13500135002')
  await expect(edit(other.id, '13500135001', null)).rejects.toMatchObject({
    code: 'invalid',
    message: expect.stringContaining('名册里已有同名'),
  })
  const { id: noPhone } = await add('冯无号', '', { phone: null, employer: '区民政局' })
  await edit(noPhone, null, '区社会组织服务中心')
  const again = add('冯无号', '', { phone: null, employer: '区社会组织服务中心' })
  await expect(again).rejects.toMatchObject(known)
})

test('a unit of few people but much capital is planned for; two each are sent where two are asked for', async () => {
  const few = {
    name: '大连指导己投资有限公司',
    kind: 'enterprise',
    status: 'active',
    staffCount: '5',
    capital: '20000000',
  }
  const { id: unitId } = await call<{ id: string }>('ledger.createUnit', { countyCode: county, values: few })
  await call('ledger.stateOperation', { id: unitId, inOperation: true, reason: '实地看过' })
  await runChores(platform)
  const start = { region: county, which: 'zero', each: 2 }
  const { id } = await call<{ id: string }>('instructor.startAssign', start)
  await finishJobs(platform)
  const { rows } = await plan(id)
  expect(rows.filter((row) => row.unitId === unitId && row.instructorId !== null).length).toBe(2)
  expect(rows.map((row) => row.unitId)).not.toContain(units[4])
  await call('instructor.dropAssign', { id })
})

const cancel = (jobId: string) =>
  actAsOperator(platform, 'office.cancelJob', (ctx) => cancelJob(ctx, jobId, { everyone: true }))
const twoEach = () =>
  call<{ id: string; jobId: string }>('instructor.startAssign', { region: county, which: 'zero', each: 2 })

test('a plan whose job was cancelled before it began has failed, here and in the list', async () => {
  const { id, jobId } = await twoEach()
  await cancel(jobId)
  expect((await plan(id)).plan).toMatchObject({ state: 'failed', error: expect.stringContaining('请重新安排') })
  const { rows } = await call<{ rows: { id: string; state: string }[] }>('instructor.listAssignPlans', {})
  expect(rows.find((row) => row.id === id)).toMatchObject({ state: 'failed' })
})

/** A job of a plan as the runner would run it, with what goes wrong. */
const runOf = <Input>(input: Input, signal: AbortSignal, fails: (at: number) => boolean = () => false) => {
  let at = 0
  return {
    id: newId(),
    input,
    signal,
    files: platform.files,
    progress: async () => undefined,
    async transaction<T>(run: (ctx: Context) => Promise<T>): Promise<T> {
      at += 1
      if (fails(at)) throw new Problem('conflict', '写到一半出错。')
      return actAsOperator(platform, 'instructor.plan', run)
    },
  }
}

test('a plan goes on when the platform that stopped starts again', async () => {
  const { id } = await twoEach()
  const stopped = assignJob.run(runOf({ id }, AbortSignal.abort(new JobStopped())))
  await expect(stopped).rejects.toBeInstanceOf(JobStopped)
  expect((await plan(id)).plan.state).toBe('running')
  await finishJobs(platform)
  expect((await plan(id)).plan.state).toBe('draft')
  await call('instructor.dropAssign', { id })
})

test('a confirmation that was cancelled or failed leaves the draft, and confirmed again leaves out a unit that is gone', async () => {
  const { id } = await twoEach()
  await finishJobs(platform)
  const { rows: fresh } = await plan(id, 'fresh')
  const gone = fresh[0]!.unitId
  const sending = { id, on: day, source: '县委部署' }
  const confirm = async () => (await call<{ jobId: string }>('instructor.confirmAssign', sending)).jobId
  const draft = { state: 'draft', error: expect.stringContaining('请再次确认') }
  await cancel(await confirm())
  expect((await plan(id)).plan).toMatchObject(draft)
  const broken = await confirm()
  const run = confirmJob.run(runOf(sending, new AbortController().signal, (at) => at === 2))
  await expect(run).rejects.toMatchObject({ message: '写到一半出错。' })
  expect((await plan(id)).plan).toMatchObject(draft)
  await cancel(broken)
  await asOwner(platform.database, (tx) => sql`delete from unit where id = ${gone}::uuid`.execute(tx))
  const job = await jobOf(await confirm())
  const left = fresh.filter((row) => row.unitId === gone).map((row) => row.unitId)
  expect(job).toMatchObject({ state: 'done', result: { sent: fresh.length - left.length, left } })
  const told = expect.stringContaining(`${left.length} 家没有登记`)
  expect((await plan(id)).plan).toMatchObject({ state: 'confirmed', error: told })
})

test('another county sees none of it', async () => {
  const [one] = await register()
  await expect(call('instructor.getInstructor', { id: one!.id }, elsewhere)).rejects.toMatchObject({ code: 'notFound' })
  const { jobId } = await call<{ jobId: string }>('instructor.exportInstructors', { purpose: '报送名单' })
  expect(await jobOf(jobId)).toMatchObject({ state: 'done', error: null })
})
