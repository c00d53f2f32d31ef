import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { sql } from 'kysely'
import { beforeAll, expect, test } from 'vitest'
import { newId } from '../base/ids.ts'
import { county } from '../coverage/testing.ts'
import { runChores } from '../host/chores.ts'
import { finishJobs } from '../host/command.ts'
import { asOwner } from '../host/database.ts'
import type { Actor } from '../host/context.ts'
import type { Platform } from '../host/platform.ts'
import type { HostTables } from '../host/tables.ts'
import { actorLike } from '../host/testing-platform.ts'
import { storeUpload } from '../host/uploads.ts'
import { formingTables } from './plan-kept.ts'
import { type FormingTrial, permissions, trialForming } from './testing.ts'

const elsewhere = actorLike(newId(), permissions, { counties: ['210203000000'], areas: '*' })
let trial: FormingTrial
let platform: Platform
let here: Actor
const units: string[] = []
const name = (sign: string) => `大连试验${sign}商贸有限公司`

const call = <T>(of: string, input: unknown, actor: Actor = here): Promise<T> => trial.call<T>(of, input, actor)

interface Plan {
  state: string
  revision: number
  groups: number
  left: number
  units: number
  unitList: { id: string; accuracy: string }[]
  groupList: { leadId: string; unitIds: string[]; locked: boolean; proposal: string | null }[]
  bound: { leftProved: boolean } | null
}

/** Six units with two members each: five in one building with known places, one far off. */
beforeAll(async () => {
  trial = await trialForming()
  ;({ platform, here } = trial)
  for (const [at, sign] of ['甲', '乙', '丙', '丁', '戊', '己'].entries())
    units.push(await trial.unit({ name: name(sign), formal: 2, east: at === 5 ? 0.5 : at * 0.0001 }))
  await runChores(platform)
})

/** What a job left behind. */
async function resultOf(jobId: string): Promise<unknown> {
  const job = await asOwner(platform.database, (tx) =>
    tx.withTables<HostTables>().selectFrom('job').selectAll().where('id', '=', jobId).executeTakeFirstOrThrow(),
  )
  expect(job).toMatchObject({ state: 'done', error: null })
  return job.result
}

const longitudeOf = async (unitId: string) =>
  asOwner(platform.database, async (tx) => {
    const places = formingTables(tx).selectFrom('forming_place').select('longitude')
    return (await places.where('unit_id', '=', unitId).executeTakeFirstOrThrow()).longitude
  })

async function planned(): Promise<{ id: string; plan: Plan }> {
  const { id } = await call<{ id: string }>('forming.startPlan', { region: county })
  await finishJobs(platform)
  return { id, plan: await call<Plan>('forming.getPlan', { id }) }
}

test('units with one or two members are proposed for a joint branch', async () => {
  const { rows, total } = await call<{ rows: { action: string }[]; total: number }>('forming.listGaps', {})
  expect(total).toBe(6)
  expect(new Set(rows.map((row) => row.action))).toEqual(new Set(['joint']))
})

test('a plan groups what is near, leaves over what nobody is near to, and proves that no plan leaves fewer', async () => {
  const { plan } = await planned()
  expect(plan).toMatchObject({ state: 'ready', units: 6, left: 1, bound: { leftProved: true } })
  expect(plan.unitList.map((one) => one.accuracy)).toEqual(Array(6).fill('exact'))
  expect(new Set(plan.groupList.flatMap((group) => group.unitIds))).toEqual(new Set(units.slice(0, 5)))
})

test('a move is tried before it is made, is refused on another’s newer version, and locked groups stay as they are', async () => {
  const { id, plan } = await planned()
  const far = { unitId: units[5], to: plan.groupList[0]!.leadId }
  const effect = await call<{ leftOver: number; broken: unknown[] }>('forming.evaluateMove', { id, moves: [far] })
  expect(effect).toMatchObject({ leftOver: -1 })
  expect(effect.broken.length).toBe(1)
  const stale = call('forming.applyMoves', { id, revision: plan.revision + 1, moves: [far] })
  await expect(stale).rejects.toMatchObject({ code: 'conflict' })
  const leadIds = plan.groupList.map((group) => group.leadId)
  await call('forming.lockGroups', { id, revision: plan.revision, leadIds, locked: true })
  const { revision } = await call<Plan>('forming.getPlan', { id })
  await call('forming.replanRest', { id, revision, fresh: true })
  await finishJobs(platform)
  const after = await call<Plan>('forming.getPlan', { id })
  expect(after.groupList.map((group) => group.unitIds.toSorted())).toEqual(
    plan.groupList.map((group) => group.unitIds.toSorted()),
  )
  expect(after.groupList.every((group) => group.locked)).toBe(true)
})

test('measuring the gap makes no plan: locked groups stay where the rest is planned again before it begins', async () => {
  const { id, plan } = await planned()
  const leadIds = plan.groupList.map((group) => group.leadId)
  const { revision } = await call<Plan>('forming.lockGroups', { id, revision: plan.revision, leadIds, locked: true })
  await call('forming.measurePlan', { id })
  await call('forming.replanRest', { id, revision, fresh: true })
  await finishJobs(platform)
  const after = await call<Plan>('forming.getPlan', { id })
  expect(after).toMatchObject({ state: 'ready', groups: plan.groups, bound: { leftProved: true } })
  expect(after.groupList.every((group) => group.locked)).toBe(true)
})

/** How many of some calls made at once were done; the others were refused as conflicts. */
async function doneOf(calls: readonly Promise<unknown>[]): Promise<number> {
  const ends = await Promise.allSettled(calls)
  const refused = ends.filter((end) => end.status === 'rejected')
  for (const { reason } of refused) expect(reason).toMatchObject({ code: 'conflict' })
  return ends.length - refused.length
}

test('of a move and an approval of what was seen at once, one is refused; so is a second approval of an old version', async () => {
  const { id, plan } = await planned()
  const { revision, groupList } = plan
  const group = groupList[0]!
  const unitId = group.unitIds.find((one) => one !== group.leadId)!
  const move = call('forming.applyMoves', { id, revision, moves: [{ unitId, to: null }] })
  const approval = call('forming.approvePlan', { id, revision, leadIds: [group.leadId] })
  expect(await doneOf([approval, move])).toBe(1)
  expect(await doneOf([call('forming.approvePlan', { id, revision })])).toBe(0)
  await withdrawAll(id)
})

test('of two plans that are approved at once with the same units, one is refused', async () => {
  const plans = [await planned(), await planned()]
  expect(await doneOf(plans.map(({ id, plan }) => call('forming.approvePlan', { id, revision: plan.revision })))).toBe(
    1,
  )
  for (const { id } of plans) await withdrawAll(id)
})

async function withdrawAll(id: string): Promise<void> {
  const { revision, groupList } = await call<Plan>('forming.getPlan', { id })
  const leadIds = groupList.filter((group) => group.proposal !== null).map((group) => group.leadId)
  if (leadIds.length > 0) await call('forming.withdrawApproval', { id, revision, leadIds, reason: '试验完毕' })
}

test('a plan kept before plans told of their scope and of their units’ members is read like any other', async () => {
  const { id, plan } = await planned()
  await asOwner(platform.database, (tx) =>
    sql`update forming_plan set scope = default, input = jsonb_set(input, '{units}', (
        select jsonb_agg(u - '{formal,reported,operating,address}'::text[]) from jsonb_array_elements(input->'units') u))
      where id = ${id}`.execute(tx),
  )
  const { groupList, unitList } = await call<Plan>('forming.getPlan', { id })
  expect(groupList).toEqual(plan.groupList)
  expect(unitList[0]).toMatchObject({ formal: 2, reported: false, operating: true, address: null })
})

test('approved groups are proposals, and are not approved twice', async () => {
  const { id, plan } = await planned()
  const answer = await call<{ approved: number }>('forming.approvePlan', { id, revision: plan.revision })
  expect(answer.approved).toBe(plan.groups)
  const { total } = await call<{ total: number }>('forming.listProposals', {})
  expect(total).toBe(plan.groups)
  const { revision } = await call<Plan>('forming.getPlan', { id })
  await expect(call('forming.approvePlan', { id, revision })).rejects.toMatchObject({ code: 'invalid' })
})

test('a table of coordinates is checked before anything is kept, and says of each bad row what is wrong', async () => {
  const [first] = units
  const before = await call<{ known: number }>('forming.getPlaces', { countyCode: county })
  const lines = ['单位名称,经度,纬度', `${name('甲')},121.7,38.8`, '没有的公司,121.7,38.8', `${name('乙')},38.9,121.6`]
  const stored = await storeUpload(platform, { actor: here }, '坐标.csv', Readable.from([lines.join('\n')]))
  const { fileId } = stored.output as { fileId: string }
  const told = { countyCode: county, fileId, source: '实地', surveyedOn: '2026-01-03' }
  const run = async (checkOnly: boolean) => {
    const { jobId } = await call<{ jobId: string }>('forming.importPlaces', { ...told, checkOnly })
    await finishJobs(platform)
    return resultOf(jobId)
  }
  const expected = {
    read: 3,
    placed: 1,
    replaced: 1,
    refused: 2,
    errors: [
      { row: 3, message: '台账里没有唯一的“没有的公司”，请核对代码或名称。' },
      { row: 4, message: '经度和纬度似乎颠倒了，请核对。' },
    ],
  }
  expect(await run(true)).toEqual(expected)
  expect(await longitudeOf(first!)).toBe(121.6)
  expect(await run(false)).toEqual(expected)
  expect(await longitudeOf(first!)).toBe(121.7)
  expect(await call<{ known: number }>('forming.getPlaces', { countyCode: county })).toEqual(before)
})

test('a service that knows addresses is tried with one, then asked for the rest; one that does not answer is told of', async () => {
  const asked: string[] = []
  const server = createServer((request, response) => {
    const address = new URL(request.url!, 'http://x').searchParams.get('address')!
    asked.push(address)
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ status: '0', location: { lon: 121.59, lat: 38.91, level: '门址' } }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/?tk=secret&address={address}`
  const id = await trial.unit({ name: name('庚'), formal: 1, values: { address: '中山路 688 号' } })
  await runChores(platform)
  const tried = async (to: string) => {
    const told = { countyCode: county, url: to, address: '沙河口区中山路 1 号' }
    const { jobId } = await call<{ jobId: string }>('forming.tryGeocoder', told)
    await finishJobs(platform)
    return resultOf(jobId)
  }
  expect(await tried(url)).toEqual({ longitude: 121.59, latitude: 38.91 })
  await call('forming.setGeocoder', { countyCode: county, url, accuracyMetres: 100 })
  const { jobId } = await call<{ jobId: string }>('forming.geocodeUnits', { countyCode: county })
  await finishJobs(platform)
  expect(await resultOf(jobId)).toEqual({ asked: 1, placed: 1, failed: 0 })
  expect(asked).toEqual(['沙河口区中山路 1 号', '沙河口区中山路 688 号'])
  expect(await longitudeOf(id)).toBe(121.59)
  await new Promise((resolve) => server.close(resolve))
  expect(await tried(url)).toMatchObject({ said: expect.stringContaining('没有应答') })
  const kept = await asOwner(platform.database, (tx) =>
    tx.withTables<HostTables>().selectFrom('job').select('input').where('kind', '=', 'forming.tryGeocoder').execute(),
  )
  expect(JSON.stringify(kept)).not.toContain('secret')
  await call('ledger.stateOperation', { id, inOperation: false, reason: '试验完毕' })
  await runChores(platform)
})

test('a plan is taken out as a document for the meeting or as a table, and the purpose is asked', async () => {
  const { id } = await planned()
  await expect(call('forming.exportPlan', { id })).rejects.toMatchObject({ code: 'invalid' })
  for (const format of ['docx', 'xlsx']) {
    const { jobId } = await call<{ jobId: string }>('forming.exportPlan', { id, format, purpose: '部务会研究' })
    await finishJobs(platform)
    const result = await resultOf(jobId)
    expect(result).toMatchObject({ fileName: expect.stringMatching(new RegExp(`\\.${format}$`)) })
    expect((result as { bytes: number }).bytes).toBeGreaterThan(2000)
  }
})

test('a unit that refused is in no group, and a plan of another county is not found', async () => {
  await call('forming.addWish', { kind: 'refused', unitId: units[0], reason: '暂不具备条件' })
  const { id, plan } = await planned()
  expect(plan.groupList.flatMap((group) => group.unitIds)).not.toContain(units[0])
  await expect(call('forming.getPlan', { id }, elsewhere)).rejects.toMatchObject({ code: 'notFound' })
})
