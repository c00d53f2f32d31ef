import { beforeEach, expect, test } from 'vitest'
import { finishJobs } from '../host/command.ts'
import { sampleCounty, sampleDistrict } from '../ledger/sample.ts'
import { county, openDesk } from './testing.ts'
import { compareRows, count, defaultWeights, emptyTally, estimateWeights, weighPair } from './weights.ts'

let desk: Awaited<ReturnType<typeof openDesk>>
beforeEach(async () => {
  desk = await openDesk()
})

interface Model {
  active: number
  offered: { version: number; pairs: number } | null
  versions: { version: number; state: string }[]
  weights: { comparison: string; level: string; before: number; after: number | null }[]
  calibration: { pairs: number; right: number }[]
}
const model = () => desk.call<Model>('linkage.getModel', { countyCode: county })
const choose = (version: number, take: boolean) =>
  desk.call('linkage.chooseModel', { countyCode: county, version, take })

test('estimated weights are offered with what they rest on, change nothing until taken, and can be put back', async () => {
  const { files } = await sampleDistrict({ seed: 3, organisations: 260, county: { ...sampleCounty, code: county } })
  await desk.importedFile(files[0]!, 'marketRegulation')
  await desk.importedFile(files[1]!, 'tax')
  await desk.call('linkage.estimateModel', { countyCode: county })
  await finishJobs(desk.platform)
  const offered = await model()
  expect(offered).toMatchObject({ active: 0, offered: { version: 1 } })
  expect(offered.offered!.pairs).toBeGreaterThan(100)
  const legalRep = offered.weights.filter((one) => one.comparison === '法定代表人')
  expect(legalRep.map((one) => [one.level, one.after! > 0])).toEqual([
    ['相同', true],
    ['不同', false],
  ])
  await choose(1, true)
  expect(await model()).toMatchObject({ active: 1, offered: null, versions: [{ version: 1, state: 'active' }] })
  await choose(0, true)
  expect(await model()).toMatchObject({ active: 0, versions: [{ version: 1, state: 'retired' }] })
})

test('too few proven pairs give no weights but a sentence', async () => {
  await desk.imported(['企业名称,统一社会信用代码', '大连海风物流有限公司,91350100M000100Y43'])
  await desk.call('linkage.estimateModel', { countyCode: county })
  await finishJobs(desk.platform)
  expect(await model()).toMatchObject({ active: 0, offered: null })
})

test('a version that is not there cannot be taken, nor one that is in use', async () => {
  await expect(choose(7, true)).rejects.toMatchObject({ code: 'notFound' })
  await expect(choose(0, true)).rejects.toMatchObject({ code: 'conflict' })
})

const row = {
  name: '大连海风物流有限公司',
  legalRep: '王小二',
  phone: '139-1234 5678',
  address: '大连市沙河口区西南路1号',
}

test('what is the same speaks for, what differs against, and what one side lacks says nothing', () => {
  const same = weighPair(row, { ...row, phone: '13912345678' }, defaultWeights)
  expect(
    same.parts
      .slice(1)
      .filter((part) => part.bits > 0)
      .map((part) => part.title),
  ).toEqual(['名称', '法定代表人', '联系电话', '地址'])
  expect(same.probability).toBeGreaterThan(0.99)
  const branch = weighPair(row, { ...row, name: '大连海风物流有限公司西山分公司', legalRep: '李四' }, defaultWeights)
  expect(branch.parts.find((part) => part.title === '总部与分支')?.bits).toBeLessThan(0)
  expect(compareRows(row, { name: row.name })).toEqual({ name: 'same', branch: 'same' })
})

test('weights are the logarithm of how much oftener a level is seen among pairs of one organisation', () => {
  const [matched, random] = [emptyTally(), emptyTally()]
  for (let at = 0; at < 100; at += 1) {
    count(matched, { legalRep: at < 90 ? 'same' : 'other' })
    count(random, { legalRep: at < 1 ? 'same' : 'other' })
  }
  const { bits } = estimateWeights(matched, random, defaultWeights)
  expect(bits.legalRep['same']).toBeCloseTo(Math.log2(90.5 / 1.5), 5)
  expect(bits.legalRep['other']).toBeCloseTo(Math.log2(10.5 / 99.5), 5)
  expect(bits.phone).toEqual(defaultWeights.bits.phone)
})
