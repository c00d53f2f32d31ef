import { beforeEach, expect, test } from 'vitest'
import { newId } from '../base/ids.ts'
import { finishJobs } from '../host/command.ts'
import { asOwner, scoped } from '../host/database.ts'
import type { HostTables } from '../host/tables.ts'
import type { Platform } from '../host/platform.ts'
import { actorLike } from '../host/testing-platform.ts'
import { ledgerPermissions } from './contract.ts'
import type { Department, UnitField } from './field-contract.ts'
import { deriveJob } from './rederive.ts'
import type { RulesPreview } from './survivorship-contract.ts'
import { bringFile, callLedger, ledgerKeeper, ledgerPlatform, testCounty } from './testing.ts'
import { ledgerTables } from './units.ts'

let platform: Platform

beforeEach(async () => {
  platform = await ledgerPlatform()
})

interface Rules {
  fields: { field: UnitField; order: Department[]; freshMonths: number | null; isDefault: boolean }[]
  versions: { version: number; byName: string; reason: string; value: object }[]
  waiting: number
}
const inCounty = { countyCode: testCounty }
const rules = () => callLedger<Rules>(platform, 'getRules', inCounty)
const ruleOf = async (field: UnitField) => (await rules()).fields.find((one) => one.field === field)!
const reason = '区里会议定的'

/** Runs what was enqueued, and answers the result of that job. */
async function resultOf<T>(jobId: string): Promise<T> {
  await finishJobs(platform)
  const job = await asOwner(platform.database, (tx) =>
    tx.withTables<HostTables>().selectFrom('job').selectAll().where('id', '=', jobId).executeTakeFirstOrThrow(),
  )
  expect(job).toMatchObject({ state: 'done', error: null })
  return job.result as T
}

async function units() {
  const rows = await asOwner(platform.database, (tx) =>
    ledgerTables(tx)
      .selectFrom('unit')
      .select(['name', 'staff_count', 'drop_reason', 'updated_at'])
      .orderBy('name')
      .execute(),
  )
  return new Map(rows.map((row) => [row.name, row]))
}

/** Three enterprises: of the first two the street and the tax office say different numbers of staff. */
async function threeUnits() {
  const ids = [newId(), newId(), newId()]
  const fields = (at: number) => ({ name: `公司${at}`, kind: 'enterprise', status: 'active', address: '理工园21号' })
  await bringFile(
    platform.database,
    'marketRegulation',
    ids.map((unitId, at) => ({ unitId, fields: fields(at) })),
  )
  const staff = (department: Department, values: string[]) =>
    bringFile(
      platform.database,
      department,
      values.map((staffCount, at) => ({ unitId: ids[at]!, fields: { staffCount } })),
    )
  await staff('townshipPark', ['12', '20', '15'])
  await staff('tax', ['3', '25', '15'])
  await finishJobs(platform)
  return ids
}

const taxFirst = async () => {
  const { order } = await ruleOf('staffCount')
  return {
    staffCount: {
      order: ['office', 'tax', ...order.filter((one) => !['office', 'tax'].includes(one))],
      freshMonths: null,
    },
  }
}

test('a changed order changes exactly the units that were named before, and going back to the default restores them', async () => {
  const ids = await threeUnits()
  const before = await units()
  const survivorship = await taxFirst()
  const { jobId } = await callLedger<{ jobId: string }>(platform, 'previewRules', { ...inCounty, survivorship })
  const preview = await resultOf<RulesPreview>(jobId)
  expect(preview).toMatchObject({
    looked: 3,
    units: 2,
    values: 2,
    fields: [{ field: 'staffCount', units: 2 }],
    moves: [{ from: null, to: 'tooSmall', units: 1 }],
  })
  expect(preview.examples.map((one) => one.unitId).toSorted()).toEqual(ids.slice(0, 2).toSorted())
  expect(await units()).toEqual(before)

  const saved = await callLedger<{ jobId: string }>(platform, 'saveSurvivorship', {
    ...inCounty,
    value: survivorship,
    reason,
  })
  expect(await resultOf(saved.jobId)).toEqual({ units: 3, changed: 2 })
  const after = await units()
  expect([...after].map(([name, unit]) => [name, unit.staff_count, unit.drop_reason])).toEqual([
    ['公司0', 3, 'tooSmall'],
    ['公司1', 25, null],
    ['公司2', 15, null],
  ])
  expect(after.get('公司2')).toEqual(before.get('公司2'))
  expect(await rules()).toMatchObject({ waiting: 0, versions: [{ version: 1, reason, byName: ledgerKeeper.name }] })

  const back = await callLedger<{ jobId: string }>(platform, 'saveSurvivorship', { ...inCounty, value: {}, reason })
  expect(await resultOf(back.jobId)).toEqual({ units: 3, changed: 2 })
  expect((await ruleOf('staffCount')).isDefault).toBe(true)
  expect((await units()).get('公司0')).toMatchObject({ staff_count: 12, drop_reason: null })
})

test('a changed threshold moves exactly the units between the old and the new one', async () => {
  await threeUnits()
  const funnel = { staffMin: 16 }
  const { jobId } = await callLedger<{ jobId: string }>(platform, 'previewRules', { ...inCounty, funnel })
  const preview = await resultOf<RulesPreview>(jobId)
  expect(preview).toMatchObject({ units: 2, values: 0, moves: [{ from: null, to: 'tooSmall', units: 2 }] })
  const saved = await callLedger<{ jobId: string }>(platform, 'saveFunnel', { ...inCounty, value: funnel, reason })
  expect(await resultOf(saved.jobId)).toEqual({ units: 3, changed: 2 })
  const small = [...(await units())].flatMap(([name, unit]) => (unit.drop_reason === 'tooSmall' ? [name] : []))
  expect(small).toEqual(['公司0', '公司2'])
})

test('what comes in later is taken by the county’s own rules', async () => {
  await threeUnits()
  await callLedger(platform, 'saveSurvivorship', { ...inCounty, value: await taxFirst(), reason })
  await finishJobs(platform)
  const unitId = newId()
  await bringFile(platform.database, 'townshipPark', [{ unitId, fields: { name: '后来公司', staffCount: '50' } }])
  await bringFile(platform.database, 'tax', [{ unitId, fields: { staffCount: '8' } }])
  expect((await units()).get('后来公司')?.staff_count).toBe(8)
})

interface Page {
  fields: { field: string; current: { value: string } | null; differs: boolean }[]
}

test('values in conflict stay visible beside the one taken, and their units are found by the field', async () => {
  const [id, , alike] = await threeUnits()
  const staffOf = async (unit: string | undefined) =>
    (await callLedger<Page>(platform, 'getUnit', { id: unit })).fields.find((one) => one.field === 'staffCount')
  expect(await staffOf(id)).toMatchObject({ current: { value: '12' }, others: [{ value: '3' }], differs: true })
  expect(await staffOf(alike)).toMatchObject({ current: { value: '15' }, differs: false })
  const found = (filter: object) => callLedger<{ total: number }>(platform, 'searchUnits', { filter })
  expect((await found({ conflicts: ['staffCount'] })).total).toBe(2)
  expect((await found({ conflicts: ['phone'] })).total).toBe(0)
  expect((await found({ anyConflict: true })).total).toBe(2)
})

test('a page as of a day takes values by the rules that held on that day', async () => {
  const id = newId()
  const day = '2026-03-01'
  await bringFile(platform.database, 'townshipPark', [{ unitId: id, fields: { name: '公司', staffCount: '12' } }], day)
  await bringFile(platform.database, 'tax', [{ unitId: id, fields: { staffCount: '3' } }], day)
  const change = { ...inCounty, value: await taxFirst(), reason, effectiveFrom: '2026-05-01' }
  await callLedger(platform, 'saveSurvivorship', change)
  const at = async (asOf: string) =>
    (await callLedger<Page>(platform, 'getUnit', { id, asOf })).fields.find((one) => one.field === 'staffCount')
      ?.current
  expect(await at('2026-04-30')).toMatchObject({ value: '12' })
  expect(await at('2026-05-01')).toMatchObject({ value: '3' })
})

test('a round that was stopped half way goes on where it was, and looks at every unit once', async () => {
  const rows = Array.from({ length: 450 }, (_, at) => ({
    unitId: newId(),
    fields: { name: `企业${at}`, kind: 'enterprise', staffCount: '12', address: '理工园21号' },
  }))
  await bringFile(platform.database, 'townshipPark', rows)
  await finishJobs(platform)
  const { jobId } = await callLedger<{ jobId: string }>(platform, 'saveFunnel', {
    ...inCounty,
    value: { staffMin: 13 },
    reason,
  })
  const abort = new AbortController()
  const changed = async () => [...(await units()).values()].filter((unit) => unit.drop_reason === 'tooSmall').length
  const stopped = deriveJob.run({
    id: jobId,
    input: inCounty,
    signal: abort.signal,
    files: platform.files,
    progress: async () => abort.abort(new Error('stopped')),
    transaction: (step) =>
      scoped(platform.database, ledgerKeeper.scope, (tx) =>
        step({ tx, now: new Date(), actor: ledgerKeeper } as Parameters<typeof step>[0]),
      ),
  })
  await expect(stopped).rejects.toThrow('stopped')
  const half = await changed()
  expect(half).toBe(200)
  expect((await rules()).waiting).toBe(250)
  expect(await resultOf(jobId)).toEqual({ units: 250, changed: 250 })
  expect(await changed()).toBe(450)
  expect((await rules()).waiting).toBe(0)
})

test('wrong rules are refused with what is wrong', async () => {
  const { order } = await ruleOf('staffCount')
  const save = (one: object) =>
    callLedger(platform, 'saveSurvivorship', {
      ...inCounty,
      reason,
      value: { staffCount: { freshMonths: null, ...one } },
    })
  await expect(save({ order: order.toReversed() })).rejects.toThrow('本单位填报的值总在最前')
  await expect(save({ order: order.slice(0, 4) })).rejects.toThrow('每个部门应恰好出现一次')
  const late = callLedger(platform, 'saveFunnel', { ...inCounty, reason, value: {}, effectiveFrom: '2099-01-01' })
  await expect(late).rejects.toThrow('不能晚于今天')
})

test('only who looks after the whole county changes its rules', async () => {
  const all = Object.keys(ledgerPermissions)
  const change = { ...inCounty, value: {}, reason }
  const township = actorLike(newId(), all, { counties: [testCounty], areas: ['210204001000'] })
  await expect(callLedger(platform, 'saveFunnel', change, township)).rejects.toMatchObject({ code: 'forbidden' })
  await expect(callLedger(platform, 'previewRules', inCounty, township)).rejects.toMatchObject({ code: 'forbidden' })
  const other = actorLike(newId(), all, { counties: ['210203000000'], areas: '*' })
  for (const [name, input] of [
    ['saveFunnel', change],
    ['deriveAgain', inCounty],
    ['getRules', inCounty],
  ] as const)
    await expect(callLedger(platform, name, input, other), name).rejects.toMatchObject({ code: 'notFound' })
})
