import { Readable } from 'node:stream'
import { sql } from 'kysely'
import { beforeAll, expect, test } from 'vitest'
import { newId } from '../base/ids.ts'
import { addDays, today } from '../base/time.ts'
import { coverageContract, coveragePermissions } from '../coverage/contract.ts'
import { coverage, coverageChores } from '../coverage/service.ts'
import { county, layRegions } from '../coverage/testing.ts'
import { formingContract, formingPermissions } from '../forming/contract.ts'
import { planContract } from '../forming/plan-contract.ts'
import { forming, formingJobs } from '../forming/service.ts'
import { runChores } from '../host/chores.ts'
import { finishJobs } from '../host/command.ts'
import type { Actor } from '../host/context.ts'
import { asOwner } from '../host/database.ts'
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
import { type casePage, foundingContract, foundingPermissions } from './contract.ts'
import { founding, foundingJobs } from './service.ts'
import type { z } from 'zod'

const rooms = [
  ledgerPermissions,
  memberPermissions,
  orgPermissions,
  coveragePermissions,
  formingPermissions,
  foundingPermissions,
]
const permissions = rooms.flatMap((one) => Object.keys(one))
const here = actorLike(newId(), permissions)
const clerk = actorLike(
  here.userId,
  permissions.filter((one) => one !== 'founding.approve'),
)
/** Sees everything and opens nothing that names a person. */
const reader = actorLike(
  newId(),
  permissions.filter((one) => one.endsWith('.read') || one === 'founding.export'),
)
const elsewhere = actorLike(newId(), permissions, { counties: ['210203000000'], areas: '*' })
const day = today(new Date())
let platform: Platform
let made = 0

const call = async <T>(name: string, input: unknown, actor: Actor = here): Promise<T> =>
  (await invoke(platform, name, input, { actor })).output as T
type Case = z.infer<typeof casePage>
interface PlanPage {
  revision: number
  groupList: { leadId: string; unitIds: string[]; proposal: string | null }[]
}
interface Waiting {
  total: number
  rows: { planId: string; proposalId: string }[]
}
const look = (id: string) => call<Case>('founding.getCase', { id })

/** A unit at work with so many formal members. */
async function unit(formal: number): Promise<string> {
  made += 1
  const values = { name: `大连办理${made}号商贸有限公司`, kind: 'enterprise', status: 'active', staffCount: '20' }
  const { id } = await call<{ id: string }>('ledger.createUnit', { countyCode: county, values })
  await call('ledger.stateOperation', { id, inOperation: true, reason: '实地看过' })
  const counts = { unitId: id, formal, probationary: 0, asOf: '2026-01-01', source: '年报' }
  await call('party.reportMembers', counts)
  return id
}

/** A case of a unit's own branch, at its first step. */
async function opened(formal = 4): Promise<{ id: string; unitId: string }> {
  const unitId = await unit(formal)
  await runChores(platform)
  const { id } = await call<{ id: string }>('founding.openCase', {
    unitIds: [unitId],
    kind: 'branch',
    formingMode: 'solo',
    parentName: '某街道党工委',
  })
  return { id, unitId }
}

const finish = (id: string, step: string, on = day) => call('founding.finishStep', { id, step, on, note: '已经办好' })

/** Brings a case to its reply. */
async function toReply(id: string): Promise<void> {
  for (const step of ['contact', 'screen', 'survey', 'verify', 'request']) await finish(id, step)
}

/** Brings a case from its reply to its end. */
async function toEnd(id: string): Promise<void> {
  made += 1
  await call('founding.registerReply', { id, on: day, docNo: `〔2026〕办${made}号` })
  await call('founding.registerElection', { id, on: day, formedBy: 'appointment', secretary: '李卫东' })
  for (const { item } of (await look(id)).dossier)
    await call('founding.addEvidence', { id, step: 'filing', item, on: day, note: '纸质材料已收' })
  await call('founding.registerFiling', { id, on: day })
}

const stateOf = async (unitId: string) => {
  await runChores(platform)
  return (await call<{ now: { state: string } | null }>('coverage.getUnitCoverage', { id: unitId })).now?.state
}

beforeAll(async () => {
  platform = await testPlatform({
    contracts: {
      ledger: { ...ledgerContract, ...funnelContract },
      party: { ...orgContract, ...orgWriteContract, ...orgImportContract, ...memberContract },
      coverage: coverageContract,
      forming: { ...formingContract, ...planContract },
      founding: foundingContract,
    },
    handlers: { ledger, party: { ...partyOrgs, ...members }, coverage, forming, founding },
    jobKinds: [...formingJobs, ...foundingJobs],
    chores: coverageChores,
    people: {
      authenticate: async () => null,
      actorOf: async (_, id) => (id === reader.userId ? reader : here),
      operator: async () => here,
    },
  })
  await layRegions(platform)
})

test('a case goes from the first talk to a party organisation with its term and secretary, and the unit is covered', async () => {
  const { id, unitId } = await opened()
  await toReply(id)
  const waits = await look(id)
  expect(waits).toMatchObject({ step: 'reply', orgId: null, state: 'open', overdue: false })
  const { orgId } = await call<{ orgId: string }>('founding.registerReply', {
    id,
    on: day,
    docNo: '大街工发〔2026〕1号',
  })
  expect(await stateOf(unitId)).toBe('own')
  await call('founding.registerElection', { id, on: day, entitled: 4, present: 4, secretary: '张建国' })
  const org = await call<{ name: string; secretary?: unknown }>('party.getOrg', { id: orgId })
  expect(org.name).toMatch(/号商贸有限公司党支部$/)
  await expect(call('founding.registerFiling', { id, on: day })).rejects.toMatchObject({
    message: expect.stringContaining('材料还缺 8 份：组建申请（请示）、党组织登记表'),
  })
  for (const { item } of (await look(id)).dossier)
    await call('founding.addEvidence', { id, step: 'filing', item, on: day, note: '纸质材料已收' })
  await call('founding.registerFiling', { id, on: day })
  const page = await look(id)
  expect(page).toMatchObject({ state: 'done', step: null, dueOn: null, endedOn: day, orgId })
  expect(page.stepList.length).toBe(8)
  expect(JSON.stringify(page)).not.toContain('张建国')
})

test('an election at which fewer than four fifths came is refused, and writes nothing', async () => {
  const { id } = await opened(5)
  await toReply(id)
  const { orgId } = await call<{ orgId: string }>('founding.registerReply', { id, on: day, docNo: '〔2026〕2号' })
  const refused = call('founding.registerElection', { id, on: day, entitled: 5, present: 3, secretary: '李卫东' })
  await expect(refused).rejects.toMatchObject({ message: expect.stringContaining('不足应到的 80%') })
  expect((await look(id)).step).toBe('election')
  expect(JSON.stringify(await call('party.getOrg', { id: orgId }))).not.toContain('李')
})

test('no step is done out of order, in the future or before the one before, nor skipped without a reason', async () => {
  const { id } = await opened()
  await expect(finish(id, 'survey')).rejects.toMatchObject({ code: 'conflict' })
  await expect(finish(id, 'contact', addDays(day, 1))).rejects.toMatchObject({ code: 'invalid' })
  await finish(id, 'contact')
  await expect(finish(id, 'screen', addDays(day, -1))).rejects.toMatchObject({
    message: expect.stringContaining('不能早于上一步“沟通”'),
  })
  await expect(call('founding.skipStep', { id, step: 'screen', reason: '' })).rejects.toMatchObject({ code: 'invalid' })
  await call('founding.skipStep', { id, step: 'screen', reason: '已由园区筛选过' })
  expect((await look(id)).stepList.at(-1)).toMatchObject({ step: 'screen', state: 'skipped', note: '已由园区筛选过' })
  await finish(id, 'survey')
  await finish(id, 'verify')
  await finish(id, 'request')
  const skip = call('founding.skipStep', { id, step: 'reply', reason: '上级已口头同意' })
  await expect(skip).rejects.toMatchObject({ message: '“批复”不能跳过。' })
})

test('taking the reply back takes the organisation back, which only who may register it can', async () => {
  const { id, unitId } = await opened()
  await toReply(id)
  await call('founding.registerReply', { id, on: day, docNo: '〔2026〕3号' })
  const stepId = (await look(id)).stepList.at(-1)!.id
  const back = { id, stepId, reason: '批复文号登记错了' }
  await expect(call('founding.takeBackStep', back, clerk)).rejects.toMatchObject({ code: 'forbidden' })
  await call('founding.takeBackStep', back)
  const page = await look(id)
  expect(page).toMatchObject({ step: 'reply', orgId: null })
  expect(page.stepList.at(-1)!.takenBack).toMatchObject({ reason: '批复文号登记错了' })
  expect(await stateOf(unitId)).toBe('none')
  await call('founding.registerReply', { id, on: day, docNo: '〔2026〕4号' })
  expect(await stateOf(unitId)).toBe('own')
})

test('a step past its term is overdue on the board until it is put off, with its reason kept', async () => {
  await call('founding.changeFoundingSetting', {
    countyCode: county,
    key: 'contactTerm',
    value: 1,
    effectiveOn: day,
    source: '试点要求',
  })
  const { id } = await opened()
  const page = await look(id)
  expect(page.dueOn).toBe(addDays(day, 1))
  const later = { id, step: 'contact', until: addDays(day, 20), reason: '负责人出差未归' }
  await call('founding.postponeStep', later)
  expect(await look(id)).toMatchObject({ dueOn: addDays(day, 20), overdue: false })
  await expect(call('founding.postponeStep', { ...later, until: addDays(day, 3) })).rejects.toMatchObject({
    message: expect.stringContaining('之后'),
  })
  const board = await call<{ columns: { step: string; total: number; cases: { id: string }[] }[] }>(
    'founding.getBoard',
    {},
  )
  expect(board.columns[0]!.cases.map((one) => one.id)).toContain(id)
})

test('a unit stands in one open case only; a closed one is opened again where it was', async () => {
  const { id, unitId } = await opened()
  const again = { unitIds: [unitId], kind: 'branch', formingMode: 'solo' }
  await expect(call('founding.openCase', again)).rejects.toMatchObject({ code: 'conflict' })
  await finish(id, 'contact')
  await call('founding.closeCase', { id, reason: '单位已注销' })
  expect(await look(id)).toMatchObject({ state: 'closed', closedReason: '单位已注销' })
  const other = await call<{ id: string }>('founding.openCase', again)
  await expect(call('founding.reopenCase', { id, reason: '误终止' })).rejects.toMatchObject({ code: 'conflict' })
  await call('founding.closeCase', { id: other.id, reason: '重复开办' })
  await call('founding.reopenCase', { id, reason: '误终止' })
  expect(await look(id)).toMatchObject({ state: 'open', step: 'screen' })
})

/** Three units side by side whose group was approved: the plan, its lead and what waits to be opened. */
async function approvedGroup(): Promise<{ ids: string[]; planId: string; leadId: string; proposalId: string }> {
  const ids = [await unit(1), await unit(2), await unit(1)]
  for (const [at, id] of ids.entries()) {
    const place = { longitude: 121.6 + at * 0.0001, latitude: 38.9, source: '实地', surveyedOn: '2026-01-02' }
    await call('forming.setPlace', { unitId: id, ...place })
  }
  await runChores(platform)
  const { id: planId } = await call<{ id: string }>('forming.startPlan', { region: county })
  await finishJobs(platform)
  const { revision, groupList } = await call<PlanPage>('forming.getPlan', { id: planId })
  const { leadId } = groupList.find((group) => group.unitIds.includes(ids[0]!))!
  await call('forming.approvePlan', { id: planId, revision, leadIds: [leadId], reason: '会议研究同意' })
  const { rows } = await call<Waiting>('founding.listWaiting', {})
  return { ids, planId, leadId, proposalId: rows.find((row) => row.planId === planId)!.proposalId }
}

const withdraw = async ({ planId, leadId }: { planId: string; leadId: string }) => {
  const { revision } = await call<PlanPage>('forming.getPlan', { id: planId })
  await call('forming.withdrawApproval', { id: planId, revision, leadIds: [leadId], reason: '改编' })
}
const proposalOf = async ({ planId, leadId }: { planId: string; leadId: string }) =>
  (await call<PlanPage>('forming.getPlan', { id: planId })).groupList.find((group) => group.leadId === leadId)!.proposal

test('approved groups wait until they are opened, and become joint branches of their units', async () => {
  const group = await approvedGroup()
  const proposalIds = [group.proposalId]
  const made = await call<{ opened: number; ids: string[] }>('founding.openFromProposals', { proposalIds })
  expect(made.opened).toBe(1)
  await expect(call('founding.openFromProposals', { proposalIds })).rejects.toMatchObject({ code: 'conflict' })
  expect((await call<Waiting>('founding.listWaiting', {})).total).toBe(0)
  const page = await look(made.ids[0]!)
  expect(page).toMatchObject({ kind: 'jointBranch', formingMode: 'joint', units: 3, members: 4, form: 'found' })
  await toReply(page.id)
  await call('founding.registerReply', { id: page.id, on: day, docNo: '〔2026〕9号' })
  for (const id of group.ids) expect(await stateOf(id)).toBe('joint')
  expect(await proposalOf(group)).toBe('founded')
  await expect(withdraw(group)).rejects.toMatchObject({ message: expect.stringContaining('党组织已成立，不能撤回') })
  const stepId = (await look(page.id)).stepList.at(-1)!.id
  await call('founding.takeBackStep', { id: page.id, stepId, reason: '批复写错' })
  expect(await proposalOf(group)).toBe('begun')
  await call('founding.closeCase', { id: page.id, reason: '不再组建' })
})

test('an approval is withdrawn until a case is begun on it, and again once that case is closed', async () => {
  const group = await approvedGroup()
  const { ids } = await call<{ ids: string[] }>('founding.openFromProposals', { proposalIds: [group.proposalId] })
  expect(await proposalOf(group)).toBe('begun')
  await expect(withdraw(group)).rejects.toMatchObject({ message: expect.stringContaining('先到组建办理里终止') })
  await call('founding.closeCase', { id: ids[0]!, reason: '暂缓' })
  expect(await proposalOf(group)).toBe('approved')
  await withdraw(group)
  expect(await proposalOf(group)).toBeNull()
})

test('a closed case is not opened again on an approval that was withdrawn, or that another case stands on', async () => {
  const group = await approvedGroup()
  const openCases = () => call<{ ids: string[] }>('founding.openFromProposals', { proposalIds: [group.proposalId] })
  const reopen = (id: string) => call('founding.reopenCase', { id, reason: '误终止' })
  const first = (await openCases()).ids[0]!
  await call('founding.closeCase', { id: first, reason: '暂缓' })
  await reopen(first)
  expect(await proposalOf(group)).toBe('begun')
  await call('founding.closeCase', { id: first, reason: '暂缓' })
  const second = (await openCases()).ids[0]!
  await toReply(second)
  await toEnd(second)
  const another = { code: 'conflict', message: expect.stringContaining('已另行开办') }
  await expect(reopen(first)).rejects.toMatchObject(another)
  expect(await proposalOf(group)).toBe('founded')
  const other = await approvedGroup()
  const third = await call<{ ids: string[] }>('founding.openFromProposals', { proposalIds: [other.proposalId] })
  await call('founding.closeCase', { id: third.ids[0]!, reason: '暂缓' })
  await withdraw(other)
  const gone = { code: 'conflict', message: expect.stringContaining('批准已撤回') }
  await expect(reopen(third.ids[0]!)).rejects.toMatchObject(gone)
  expect(await look(third.ids[0]!)).toMatchObject({ state: 'closed' })
})

test('a closed case is not opened again for a unit that got an organisation meanwhile', async () => {
  const { id, unitId } = await opened()
  await call('founding.closeCase', { id, reason: '暂缓' })
  const again = { unitIds: [unitId], kind: 'branch', formingMode: 'solo' }
  const other = await call<{ id: string }>('founding.openCase', again)
  await toReply(other.id)
  await toEnd(other.id)
  const refused = { code: 'conflict', message: expect.stringContaining('已归入') }
  await expect(call('founding.reopenCase', { id, reason: '误终止' })).rejects.toMatchObject(refused)
})

test('a group is opened by one of those who press at once, or else withdrawn', async () => {
  const group = await approvedGroup()
  const open = () => call<{ ids: string[] }>('founding.openFromProposals', { proposalIds: [group.proposalId] })
  const [first, second] = await Promise.allSettled([open(), open()])
  expect([first.status, second.status].toSorted()).toEqual(['fulfilled', 'rejected'])
  const refused = [first, second].find((end) => end.status === 'rejected')!
  expect(refused.reason).toMatchObject({ code: 'conflict', message: expect.stringContaining('请刷新') })
  const opened = [first, second].find((end) => end.status === 'fulfilled')!.value
  await call('founding.closeCase', { id: opened.ids[0]!, reason: '暂缓' })
  const ends = await Promise.allSettled([open(), withdraw(group)])
  expect(ends.map((end) => end.status).toSorted()).toEqual(['fulfilled', 'rejected'])
  expect(await proposalOf(group)).toBe(ends[0].status === 'fulfilled' ? 'begun' : null)
})

test('a reply is refused while there are fewer formal members than a branch needs', async () => {
  const { id } = await opened(2)
  await toReply(id)
  const reply = call('founding.registerReply', { id, on: day, docNo: '〔2026〕10号' })
  await expect(reply).rejects.toMatchObject({ message: expect.stringContaining('正式党员') })
  expect(await look(id)).toMatchObject({ state: 'open', step: 'reply' })
})

test('a paper is filed with its file, handed out only for a purpose, and taken down with a reason', async () => {
  const { id } = await opened()
  const stored = await storeUpload(platform, { actor: here }, '党员名册.pdf', Readable.from(['%PDF-1.4 名册']))
  const { fileId } = stored.output as { fileId: string }
  const paper = { id, step: 'survey', item: 'roster', on: day, note: '摸排时收到', fileId }
  const { id: paperId } = await call<{ id: string }>('founding.addEvidence', paper)
  expect((await look(id)).dossier.find((one) => one.item === 'roster')).toMatchObject({ state: 'there' })
  await expect(call('founding.downloadEvidence', { id: paperId })).rejects.toMatchObject({ code: 'invalid' })
  const { url } = await call<{ url: string }>('founding.downloadEvidence', { id: paperId, purpose: '核对党员人数' })
  expect(url).toMatch(/^\/api\/files\//)
  const asReader = call('founding.downloadEvidence', { id: paperId, purpose: '看一看' }, reader)
  await expect(asReader).rejects.toMatchObject({ code: 'forbidden' })
  await call('founding.removeEvidence', { id: paperId, reason: '传错了文件' })
  expect((await look(id)).dossier.find((one) => one.item === 'roster')).toMatchObject({ state: 'missing' })
  await call('founding.addEvidence', { id, step: 'survey', item: 'roster', on: day, note: '由上级代存', waived: true })
  expect((await look(id)).dossier.find((one) => one.item === 'roster')).toMatchObject({ state: 'waived' })
})

test('documents are written of what happened, and the list is taken out, each for a purpose', async () => {
  const { id } = await opened()
  const early = call('founding.writeDocument', { id, kind: 'result', purpose: '报备使用' })
  await expect(early).rejects.toMatchObject({ message: '选举（任职）结果还没有登记，登记后再生成报告。' })
  const jobs = [
    await call<{ jobId: string }>('founding.writeDocument', { id, kind: 'request', purpose: '报送上级' }),
    await call<{ jobId: string }>('founding.exportCases', { state: 'open', purpose: '调度会使用' }),
  ]
  await finishJobs(platform)
  for (const { jobId } of jobs) {
    const job = await asOwner(platform.database, (tx) =>
      tx.withTables<HostTables>().selectFrom('job').selectAll().where('id', '=', jobId).executeTakeFirstOrThrow(),
    )
    expect(job).toMatchObject({ state: 'done', error: null })
    expect((job.result as { bytes: number }).bytes).toBeGreaterThan(2000)
  }
})

test('units that join an organisation come under the parent that it has', async () => {
  const { id } = await opened()
  await toReply(id)
  const { orgId } = await call<{ orgId: string }>('founding.registerReply', { id, on: day, docNo: '〔2026〕11号' })
  const [unitId, proposalId] = [await unit(1), newId()]
  await asOwner(platform.database, (tx) =>
    sql`insert into forming_proposal (county_code, id, area_code, plan_id, state, lead_id, host_org_id, unit_ids,
        members, approved_by, approved_at)
      values (${county}, ${proposalId}, ${county}, ${newId()}, 'approved', ${unitId}, ${orgId}, ${[unitId]}::uuid[],
        1, '部务会', now())`.execute(tx),
  )
  const { ids } = await call<{ ids: string[] }>('founding.openFromProposals', { proposalIds: [proposalId] })
  expect(await look(ids[0]!)).toMatchObject({ form: 'join', hostOrgId: orgId, parentName: '某街道党工委' })
})

test('a case is found by the name of its organisation as it is written, and by a unit however it is written', async () => {
  const [orgName, name] = ['甲（集团）有限责任公司党支部', '大连检索（集团）有限责任公司']
  const values = { name, kind: 'enterprise', status: 'active', staffCount: '20' }
  const { id: unitId } = await call<{ id: string }>('ledger.createUnit', { countyCode: county, values })
  const { id } = await call<{ id: string }>('founding.openCase', {
    unitIds: [unitId],
    kind: 'branch',
    formingMode: 'solo',
    orgName,
  })
  for (const text of [orgName, '（集团）有限责任', name, '大连检索(集团)有限公司']) {
    const { rows } = await call<{ rows: { id: string }[] }>('founding.listCases', { text })
    expect(rows.map((row) => row.id)).toEqual([id])
  }
})

test('a document names the secretary only to who may see names', async () => {
  const { id } = await opened()
  await toReply(id)
  await toEnd(id)
  const write = async (purpose: string, actor: Actor) => {
    await call('founding.writeDocument', { id, kind: 'filing', purpose }, actor)
    await finishJobs(platform)
    const { rows } = await asOwner(platform.database, (tx) =>
      sql`select from journal where purpose = ${purpose} and subject like 'partyPost:%'`.execute(tx),
    )
    return rows.length
  }
  expect(await write('报备时使用', here)).toBe(1)
  expect(await write('只是看一看', reader)).toBe(0)
})

test('a case of another county is not found', async () => {
  const { id } = await opened()
  await expect(call('founding.getCase', { id }, elsewhere)).rejects.toMatchObject({ code: 'notFound' })
  await expect(call('founding.closeCase', { id, reason: '试一试' }, elsewhere)).rejects.toMatchObject({
    code: 'notFound',
  })
})
