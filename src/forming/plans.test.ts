import { beforeAll, expect, test } from 'vitest'
import { county } from '../coverage/testing.ts'
import { runChores } from '../host/chores.ts'
import { actAsOperator, finishJobs } from '../host/command.ts'
import { cancelJob } from '../host/job-list.ts'
import { asOwner } from '../host/database.ts'
import type { SheetRow } from '../host/sheets-shape.ts'
import { readSheets } from '../host/sheets.ts'
import type { HostTables } from '../host/tables.ts'
import { planCounty } from './commands.ts'
import type { ScopeReason } from './contract.ts'
import { builtInDecisions } from './decide.ts'
import { type FormingTrial, trialForming } from './testing.ts'

let trial: FormingTrial
const ids = new Map<string, string>()
const id = (sign: string) => ids.get(sign)!
const call = <T>(of: string, input: unknown): Promise<T> => trial.call<T>(of, input)

interface Scope {
  rows: { unitId: string; reason: ScopeReason }[]
  counts: { reason: ScopeReason; units: number }[]
  total: number
}
interface Plan {
  state: string
  phase: string
  revision: number
  units: number
  left: number
  approved: number
  scopeCounts: { reason: ScopeReason; units: number }[]
  unitList: { id: string }[]
  refused: string[]
  groupList: { leadId: string; unitIds: string[]; proposal: string | null }[]
  bound: { percent: number; leftProved: boolean } | null
}

const scope = (more: object = {}) => call<Scope>('forming.listScope', { region: county, pageSize: 50, ...more })
const plan = (planId: string) => call<Plan>('forming.getPlan', { id: planId })

async function planned(more: object = {}): Promise<{ id: string; plan: Plan }> {
  const started = await call<{ id: string }>('forming.startPlan', { region: county, scope: more })
  await finishJobs(trial.platform)
  return { id: started.id, plan: await plan(started.id) }
}

/** Every kind of unit with members there is; five that join stand side by side. */
beforeAll(async () => {
  trial = await trialForming()
  const told = {
    甲: { formal: 2 },
    乙: { formal: 1 },
    丙: { formal: 2 },
    丁: { formal: 1 },
    单: { formal: 4 },
    停: { formal: 2, operating: false },
    报: { values: { memberCount: '1' } },
    多: { values: { memberCount: '5' } },
    预: { probationary: 1 },
    拒: { formal: 1 },
    空: {},
  }
  for (const [at, [sign, more]] of Object.entries(told).entries())
    ids.set(sign, await trial.unit({ name: `大连编排${sign}商贸有限公司`, east: at * 0.0001, ...more }))
  await call('forming.addWish', { kind: 'refused', unitId: id('拒'), reason: '暂不具备条件' })
  await runChores(trial.platform)
})

test('every unit with members is in a plan or out of it for one reason, and the numbers add up', async () => {
  const found = await scope()
  const reasons = Object.fromEntries(found.rows.map((row) => [row.unitId, row.reason]))
  expect(reasons[id('空')]).toBeUndefined()
  for (const sign of ['甲', '乙', '丙', '丁']) expect(reasons[id(sign)]).toBe('joins')
  const others = {
    单: 'own',
    停: 'notOperating',
    报: 'reported',
    多: 'reportedMany',
    预: 'probationary',
    拒: 'refused',
  }
  for (const [sign, reason] of Object.entries(others)) expect([sign, reasons[id(sign)]]).toEqual([sign, reason])
  expect(found.counts.reduce((sum, one) => sum + one.units, 0)).toBe(found.total)
  for (const { reason, units } of found.counts) expect((await scope({ reason })).total).toBe(units)
})

test('a plan takes in whom its scope says, and tells how many stayed out and why', async () => {
  const usual = await planned()
  expect(usual.plan.unitList.map((unit) => unit.id).toSorted()).toEqual(
    ['甲', '乙', '丙', '丁', '拒'].map(id).toSorted(),
  )
  const wider = await planned({ notOperating: true, reported: true })
  expect(wider.plan.unitList.map((unit) => unit.id)).toEqual(expect.arrayContaining([id('停'), id('报')]))
  expect(wider.plan.scopeCounts.find((one) => one.reason === 'reportedMany')).toMatchObject({ units: 1 })
  expect(wider.plan.scopeCounts.find((one) => one.reason === 'joins')).toMatchObject({ units: 6 })
})

test('a plan’s table tells formal members apart from those a department reports', async () => {
  const { id: planId } = await planned({ reported: true })
  const asked = { id: planId, format: 'xlsx', purpose: '部务会研究' }
  const { jobId } = await call<{ jobId: string }>('forming.exportPlan', asked)
  await finishJobs(trial.platform)
  const { result } = await asOwner(trial.platform.database, (tx) =>
    tx.withTables<HostTables>().selectFrom('job').select('result').where('id', '=', jobId).executeTakeFirstOrThrow(),
  )
  const path = trial.platform.files.path((result as { fileId: string }).fileId)
  const rows: SheetRow['cells'][] = []
  for await (const batch of readSheets(path, '方案.xlsx')) rows.push(...batch.map(({ cells }) => cells))
  const titles = rows.filter((cells) => cells.includes('乡镇街道'))
  expect(titles.length).toBe(2)
  for (const cells of titles) expect(cells).toEqual(expect.arrayContaining(['党员', '其中正式党员']))
  const reported = rows.find((cells) => cells.includes('大连编排报商贸有限公司'))!
  const at = titles[0]!.indexOf('党员')
  expect(reported.slice(at, at + 2)).toEqual(['1', '0'])
})

test('who refused is counted once: not taken in, not left over', async () => {
  const lines: string[] = []
  await planCounty(trial.platform, { county }, (line) => lines.push(line))
  const told = lines.join('\n')
  const { counts, total } = await scope()
  const joins = counts.find((one) => one.reason === 'joins')!.units
  expect(told).toContain(`有党员的单位 ${total} 家，列入编排 ${joins} 家`)
  expect(told).toContain('明确不参加 1 家')
  const { id: planId, plan: found } = await planned()
  expect(found).toMatchObject({ units: joins + 1, left: 0, refused: [id('拒')] })
  const { revision } = found
  await call('forming.applyMoves', { id: planId, revision, moves: [{ unitId: id('拒'), to: null }] })
  expect((await plan(planId)).left).toBe(0)
})

test('a small plan is proved to be the best there is', async () => {
  const { plan: found } = await planned()
  expect(found).toMatchObject({ state: 'ready', left: 0, bound: { percent: 0, leftProved: true } })
})

test('an approval is withdrawn with its reason, and units in an approved group are in no other plan’s', async () => {
  const first = await planned()
  const second = await planned()
  const { revision } = first.plan
  await call('forming.approvePlan', { id: first.id, revision, reason: '会议研究同意' })
  const other = call('forming.approvePlan', { id: second.id, revision: second.plan.revision, reason: '会议研究同意' })
  await expect(other).rejects.toMatchObject({ message: expect.stringContaining('已在另一个批准的编组里') })
  expect((await scope({ reason: 'proposed' })).total).toBe(4)
  await expect(call('forming.discardPlan', { id: first.id, reason: '重新编排' })).rejects.toMatchObject({
    code: 'conflict',
  })
  const approved = await plan(first.id)
  const leadIds = approved.groupList.map((group) => group.leadId)
  await call('forming.withdrawApproval', { id: first.id, revision: approved.revision, leadIds, reason: '情况有变' })
  const after = await plan(first.id)
  expect(after).toMatchObject({ state: 'ready', approved: 0 })
  expect(after.groupList.every((group) => group.proposal === null)).toBe(true)
  expect((await scope({ reason: 'proposed' })).total).toBe(0)
  await call('forming.discardPlan', { id: first.id, reason: '重新编排' })
  await expect(plan(first.id)).rejects.toMatchObject({ code: 'notFound' })
})

test('a unit is not paired with itself', async () => {
  const { id: planId, plan: found } = await planned()
  const group = found.groupList[0]!
  const unitId = group.unitIds.find((one) => one !== group.leadId)!
  const told = { id: planId, revision: found.revision, moves: [{ unitId, to: null }] }
  const { revision } = await call<{ revision: number }>('forming.applyMoves', told)
  const moves = [{ unitId, to: unitId }]
  await expect(call('forming.applyMoves', { id: planId, revision, moves })).rejects.toMatchObject({ code: 'invalid' })
})

test('a plan that was changed by hand is measured again', async () => {
  const { id: planId, plan: found } = await planned({ notOperating: true })
  const group = found.groupList[0]!
  const unitId = group.unitIds.find((one) => one !== group.leadId)!
  await call('forming.applyMoves', { id: planId, revision: found.revision, moves: [{ unitId, to: null }] })
  expect((await plan(planId)).bound).toBeNull()
  await call('forming.measurePlan', { id: planId })
  await finishJobs(trial.platform)
  const { bound } = await plan(planId)
  expect(bound).toMatchObject({ leftProved: false })
})

test('a plan whose job was cancelled before it began keeps its groups or has failed, and is not in anybody’s way', async () => {
  const cancel = (jobId: string) =>
    actAsOperator(trial.platform, 'office.cancelJob', (ctx) => cancelJob(ctx, jobId, { everyone: true }))
  const listed = async (state: string) =>
    (await call<{ rows: { id: string }[] }>('forming.listPlans', { region: county, state, pageSize: 100 })).rows.map(
      (row) => row.id,
    )
  const empty = await call<{ id: string; jobId: string }>('forming.startPlan', { region: county })
  await cancel(empty.jobId)
  expect(await plan(empty.id)).toMatchObject({ state: 'failed', error: expect.stringContaining('请重新编排') })
  expect(await listed('running')).not.toContain(empty.id)
  expect(await listed('failed')).toContain(empty.id)
  await call('forming.discardPlan', { id: empty.id, reason: '重新编排' })
  const { id: planId, plan: found } = await planned()
  const again = () =>
    call<{ jobId: string }>('forming.replanRest', { id: planId, revision: found.revision, fresh: false })
  await cancel((await again()).jobId)
  expect(await plan(planId)).toMatchObject({ state: 'ready', groupList: found.groupList })
  expect(await listed('ready')).toContain(planId)
  await call('forming.measurePlan', { id: planId })
  await finishJobs(trial.platform)
  await again()
  expect(await listed('running')).toContain(planId)
  await finishJobs(trial.platform)
  const { revision } = await plan(planId)
  const unitId = found.groupList[0]!.unitIds.find((one) => one !== found.groupList[0]!.leadId)!
  await call('forming.applyMoves', { id: planId, revision, moves: [{ unitId, to: null }] })
  await call('forming.discardPlan', { id: planId, reason: '重新编排' })
})

test('a changed decision table is tried before it holds, and every version stays to be seen', async () => {
  const table = () =>
    call<{ version: number; current: number; rows: object[] }>('forming.getDecisionTable', { countyCode: county })
  const rows = builtInDecisions.map((row) => (row.action === 'joint' ? { ...row, action: 'regional' as const } : row))
  const tried = await call<{ changed: number; counts: { action: string; before: number; after: number }[] }>(
    'forming.tryDecisionTable',
    { countyCode: county, rows },
  )
  const joint = tried.counts.find((one) => one.action === 'joint')!
  expect(joint.before).toBeGreaterThan(0)
  expect(joint.after).toBe(0)
  expect(tried.changed).toBe(joint.before)
  expect(await table()).toMatchObject({ version: 0, current: 0 })
  const changed = await call<{ version: number }>('forming.changeDecisionTable', {
    countyCode: county,
    version: 0,
    rows,
    reason: '县委组织部会议',
  })
  expect(await table()).toMatchObject({ version: changed.version, current: changed.version })
  const stale = call('forming.changeDecisionTable', { countyCode: county, version: 0, rows, reason: '又改一次' })
  await expect(stale).rejects.toMatchObject({ code: 'conflict' })
  const first = await call<{ version: number; current: number; rows: object[] }>('forming.getDecisionTable', {
    countyCode: county,
    version: 0,
  })
  expect(first).toMatchObject({ version: 0, current: changed.version })
  expect(first.rows).toEqual(builtInDecisions)
})
