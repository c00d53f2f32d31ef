import { beforeAll, expect, test } from 'vitest'
import { finishJobs } from '../host/command.ts'
import { sampleCounty, sampleDistrict } from '../ledger/sample.ts'
import { county, openDesk } from './testing.ts'

const departments = ['marketRegulation', 'tax', 'socialInsurance', 'civilAffairs', 'townshipPark']
let files: { fileName: string; bytes: Uint8Array }[]
beforeAll(async () => {
  files = (await sampleDistrict({ seed: 7, organisations: 90, county: { ...sampleCounty, code: county } })).files
})

/** Imports the files in an order, given by their places. */
async function linked(order: readonly number[]) {
  const desk = await openDesk()
  for (const at of order) await desk.importedFile(files[at]!, departments[at]!)
  return desk
}

test('the order of the files does not change which rows are together', async () => {
  const forwards = await (await linked([0, 1, 2, 3, 4])).partition()
  expect(forwards.length).toBeGreaterThan(80)
  const backwards = await linked([4, 2, 3, 1, 0])
  expect(await backwards.partition()).toEqual(forwards)
  // The sample plants codes of other organisations: no unit may hold two.
  const codes = forwards
    .filter((one) => one.startsWith('unit'))
    .map((one) => new Set(one.match(/(?<="uscc": ")\w{18}/g)).size)
  expect(Math.max(...codes)).toBe(1)
})

test('linking everything afresh finds what the files one by one had found', async () => {
  const desk = await linked([2, 0, 4, 1, 3])
  await desk.call('linkage.rehearseRelink', { countyCode: county })
  await finishJobs(desk.platform)
  expect(await desk.call('linkage.listRehearsal', { countyCode: county })).toMatchObject({ rows: [] })
})

test('two rows of one organisation that come together beside a unit that they resemble are one, as when all came at once', async () => {
  const titles = '企业名称,法定代表人,联系电话,住所'
  const name = '福州时龙经贸有限公司'
  const desk = await openDesk()
  await desk.imported([titles, `${name},周萍茂,,永平街87号19层7号`], 'socialInsurance')
  const two = [`${name},张有光,,西安路66号`, `${name},张有光,13007688681,徐州街37号3单元1号`]
  const found = await desk.imported([titles, ...two], 'tax')
  expect(found.counts).toMatchObject({ created: 1, joined: 1, queued: 0 })
  await desk.call('linkage.rehearseRelink', { countyCode: county })
  await finishJobs(desk.platform)
  expect(await desk.call('linkage.listRehearsal', { countyCode: county })).toMatchObject({ rows: [] })
})
