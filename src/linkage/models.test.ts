import { beforeEach, expect, test } from 'vitest'
import { finishJobs } from '../host/command.ts'
import { sampleCounty, sampleDistrict } from '../ledger/sample.ts'
import { county, openDesk } from './testing.ts'

let desk: Awaited<ReturnType<typeof openDesk>>
beforeEach(async () => {
  desk = await openDesk()
})

interface Model {
  active: number
  offered: { version: number; rows: number; units: number } | null
  versions: { version: number; state: string }[]
  weights: { comparison: string; level: string; before: number; after: number | null }[]
  calibration: { pairs: number; right: number }[]
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
  await choose(1, true)
  expect(await model()).toMatchObject({ active: 1, offered: null, versions: [{ version: 1, state: 'active' }] })
  await choose(0, true)
  expect(await model()).toMatchObject({ active: 0, versions: [{ version: 1, state: 'retired' }] })
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
