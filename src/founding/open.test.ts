import { sql } from 'kysely'
import { beforeAll, expect, test } from 'vitest'
import { newId } from '../base/ids.ts'
import { county } from '../coverage/testing.ts'
import { runChores } from '../host/chores.ts'
import { finishJobs } from '../host/command.ts'
import { asOwner } from '../host/database.ts'
import { call, day, look, opened, platform, startTrial, stateOf, toEnd, toReply, unit } from './testing.ts'

beforeAll(startTrial)

interface PlanPage {
  revision: number
  groupList: { leadId: string; unitIds: string[]; proposal: string | null }[]
}
interface Waiting {
  total: number
  rows: { planId: string; proposalId: string }[]
}

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

test('of those who open a case by hand for one unit at once, one does, and the others are told where it is', async () => {
  const shared = await unit(4)
  const others = [await unit(4), await unit(4), await unit(4)]
  await runChores(platform)
  const open = (unitIds: string[]) =>
    call<{ id: string }>('founding.openCase', { unitIds, kind: 'jointBranch', formingMode: 'joint' })
  const told = { code: 'conflict', message: expect.stringMatching(/正在“.+”中办理，请先办结或终止/) }
  const ends = await Promise.allSettled(others.map((other) => open([other, shared])))
  const won = ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value.id] : []))
  expect(won).toHaveLength(1)
  const refused = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as Error] : []))
  expect(refused).toMatchObject([told, told])
  await call('founding.closeCase', { id: won[0]!, reason: '暂缓' })
  const revived = await Promise.allSettled([
    call('founding.reopenCase', { id: won[0]!, reason: '误终止' }),
    open([shared]),
  ])
  expect(revived.map((end) => end.status).toSorted()).toEqual(['fulfilled', 'rejected'])
  expect(revived.find((end) => end.status === 'rejected')!.reason).toMatchObject(told)
})

test('units that join an organisation are filed as what it is, under the parent that it has', async () => {
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
  const host = { kind: 'branch', formingMode: 'solo', parentName: '某街道党工委' }
  expect(await look(ids[0]!)).toMatchObject({ ...host, form: 'join', hostOrgId: orgId })
})
