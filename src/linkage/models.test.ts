import { sql } from 'kysely'
import { beforeEach, expect, test } from 'vitest'
import { finishJobs } from '../host/command.ts'
import { asOwner } from '../host/database.ts'
import { sampleCounty, sampleDistrict } from '../ledger/sample.ts'
import { county, openDesk } from './testing.ts'

let desk: Awaited<ReturnType<typeof openDesk>>
beforeEach(async () => {
  desk = await openDesk()
})

interface Model {
  active: number
  offered: { version: number; rows: number; units: number; decided: number } | null
  versions: { version: number; state: string }[]
  weights: { comparison: string; level: string; before: number; after: number | null }[]
  calibration: { pairs: number; right: number }[]
  trial: { after: { right: number; wrong: number; asked: number; missed: number } } | null
  limits: { before: { join: number }; after: { join: number } | null }
}
const model = () => desk.call<Model>('linkage.getModel', { countyCode: county })
const choose = (version: number, take: boolean) =>
  desk.call('linkage.chooseModel', { countyCode: county, version, take })

test('estimated weights are offered with what they rest on, change nothing until taken, and can be put back', async () => {
  const { files } = await sampleDistrict({ seed: 3, organisations: 400, county: { ...sampleCounty, code: county } })
  await desk.importedFile(files[0]!, 'marketRegulation')
  await desk.importedFile(files[1]!, 'tax')
  await desk.call('linkage.estimateModel', { countyCode: county })
  await finishJobs(desk.platform)
  const offered = await model()
  expect(offered).toMatchObject({ active: 0, offered: { version: 1 } })
  expect(offered.offered!.rows).toBeGreaterThan(offered.offered!.units)
  const legalRep = offered.weights.filter((one) => one.comparison === '负责人')
  expect(legalRep.map((one) => [one.level, one.after! > 0])).toEqual([
    ['相同', true],
    ['只差一个字', true],
    ['不同', false],
  ])
  const { trial, limits } = offered
  expect(trial!.after.right + trial!.after.wrong + trial!.after.asked + trial!.after.missed).toBeGreaterThan(0)
  expect(limits.after!.join).toBeGreaterThanOrEqual(limits.before.join)
  await choose(1, true)
  expect(await model()).toMatchObject({ active: 1, offered: null, versions: [{ version: 1, state: 'active' }] })
  await choose(0, true)
  expect(await model()).toMatchObject({ active: 0, versions: [{ version: 1, state: 'retired' }] })
})

test('what people said of waiting rows counts in the next estimate, nothing else having changed', async () => {
  const { files } = await sampleDistrict({ seed: 3, organisations: 400, county: { ...sampleCounty, code: county } })
  for (const [at, department] of ['marketRegulation', 'tax', 'socialInsurance'].entries())
    await desk.importedFile(files[at]!, department)
  const estimated = async () => {
    await desk.call('linkage.estimateModel', { countyCode: county })
    await finishJobs(desk.platform)
    return model()
  }
  const before = await estimated()
  expect(before.offered).toMatchObject({ decided: 0 })
  for (const { id } of (await desk.queue()).rows) {
    const item = await desk.call<{ candidateList: { unitId: string }[] }>('linkage.getQueueItem', { id })
    for (const { unitId } of item.candidateList) await desk.call('linkage.denyCandidate', { id, unitId })
  }
  const after = await estimated()
  expect(after.offered!.decided).toBeGreaterThan(0)
  expect(after.weights.map((one) => one.after)).not.toEqual(before.weights.map((one) => one.after))
})

test('offered weights can be tried before they are taken, and only what was tried with those in use can be done', async () => {
  const { files } = await sampleDistrict({ seed: 3, organisations: 400, county: { ...sampleCounty, code: county } })
  await desk.importedFile(files[0]!, 'marketRegulation')
  await desk.importedFile(files[1]!, 'tax')
  await desk.call('linkage.estimateModel', { countyCode: county })
  await finishJobs(desk.platform)
  const before = await desk.dump()
  await desk.call('linkage.rehearseRelink', { countyCode: county, version: 1 })
  await finishJobs(desk.platform)
  expect(await desk.dump()).toEqual(before)
  expect(await model()).toMatchObject({ active: 0 })
  const rehearsal = () =>
    desk.call<{ total: number; tried: object }>('linkage.listRehearsal', { countyCode: county, pageSize: 1 })
  expect(await rehearsal()).toMatchObject({ tried: { version: 1, isInUse: false } })
  // Something to do, so that it is the weights which stand in the way.
  const [row] = await asOwner(desk.platform.database, (tx) =>
    sql<{ id: string; unit_id: string }>`select id, unit_id from source_row where unit_id is not null limit 1`.execute(
      tx,
    ),
  ).then(({ rows }) => rows)
  const outcome = JSON.stringify({ kind: 'queue', reason: 'doubtful', candidates: [], probability: null })
  await asOwner(desk.platform.database, (tx) =>
    sql`insert into link_rehearsal values (${county}, ${row!.id}, 0, ${row!.unit_id}, ${outcome}::jsonb)
      on conflict do nothing`.execute(tx),
  )
  await expect(desk.call('linkage.relinkAll', { countyCode: county })).rejects.toThrow('第 1 版权重，不是现用的')
  await choose(1, true)
  await desk.call('linkage.relinkAll', { countyCode: county })
  await finishJobs(desk.platform)
  expect(await rehearsal()).toMatchObject({ total: 0, tried: { version: 1, isInUse: true } })
  await expect(desk.call('linkage.rehearseRelink', { countyCode: county, version: 7 })).rejects.toThrow('没有第 7 版')
})

test('too few proven rows give no weights but a sentence', async () => {
  await desk.imported(['企业名称,统一社会信用代码', '大连海风物流有限公司,91350100M000100Y43'])
  await desk.call('linkage.estimateModel', { countyCode: county })
  await finishJobs(desk.platform)
  expect(await model()).toMatchObject({ active: 0, offered: null })
})

test('a version that is not there cannot be taken, nor one that is in use', async () => {
  await expect(choose(7, true)).rejects.toMatchObject({ code: 'notFound' })
  await expect(choose(0, true)).rejects.toMatchObject({ code: 'conflict' })
})
