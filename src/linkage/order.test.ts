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

/** Rows that a full run would place otherwise. */
async function otherwise(desk: Awaited<ReturnType<typeof openDesk>>) {
  await desk.call('linkage.rehearseRelink', { countyCode: county })
  await finishJobs(desk.platform)
  return (await desk.call<{ rows: { name: string }[] }>('linkage.listRehearsal', { countyCode: county })).rows
}

test('linking everything afresh finds what the files one by one had found', async () => {
  const desk = await linked([2, 0, 4, 1, 3])
  expect(await otherwise(desk)).toEqual([])
})

test('two rows of one organisation that come together beside a unit that they resemble are one, as when all came at once', async () => {
  const titles = '企业名称,法定代表人,联系电话,住所'
  const name = '福州时龙经贸有限公司'
  const desk = await openDesk()
  await desk.imported([titles, `${name},周萍茂,,永平街87号19层7号`], 'socialInsurance')
  const two = [`${name},张有光,,西安路66号`, `${name},张有光,13007688681,徐州街37号3单元1号`]
  const found = await desk.imported([titles, ...two], 'tax')
  expect(found.counts).toMatchObject({ created: 1, joined: 1, queued: 0 })
  expect(await otherwise(desk)).toEqual([])
})

test('a code that another organisation had written is its owner’s when that comes, and who waited because of it does not wait', async () => {
  const titles = '企业名称,统一社会信用代码,法定代表人,住所'
  const [code, other] = ['91350100M000100Y43', '91210204MA0P5CJJ37']
  const desk = await openDesk()
  await desk.imported([titles, `大连华旭信息技术有限责任公司,${code},于知涛,民西园372号1单元11层9号`])
  await desk.imported([titles, `大连华旭信息技术有限责任公司,${other},于知涛,民西园372号1单元11层9号`], 'tax')
  await desk.imported([titles, `大连思兴软件有限责任公司,${code},李娜,民西街435号`], 'socialInsurance')
  expect(await otherwise(desk)).toEqual([])
  const units = new Map((await desk.units()).map((unit) => [unit.name, unit.uscc]))
  expect(units).toEqual(
    new Map([
      ['大连华旭信息技术有限责任公司', other],
      ['大连思兴软件有限责任公司', code],
    ]),
  )
})

test('units without a code make nothing more common: a full run forms them last', async () => {
  const titles = '企业名称,统一社会信用代码,法定代表人'
  const desk = await openDesk()
  const bare = Array.from('山海松竹梅兰菊荷云月星风雪石', (sign) => `大连${sign}${sign}${sign}商贸有限公司,,王思`)
  await desk.imported([titles, ...bare, '大连邦腾东保安服务有限公司,,王思'], 'tax')
  await desk.imported([titles, '大连富东保安服务有限公司,91350100M000100Y43,王思'], 'socialInsurance')
  expect(await otherwise(desk)).toEqual([])
})

test('of two rows that each just fit a unit and not each other one waits, whether they come together or not', async () => {
  const titles = '企业名称,统一社会信用代码,住所'
  const name = '大连云栖纺织有限公司'
  const desk = await openDesk()
  const rows = [
    `${name},91350100M000100Y43,`,
    `${name},,大连市沙河口区黄河路620号`,
    `${name},,大连市沙河口区中山路15号`,
  ]
  const { counts } = await desk.imported([titles, ...rows])
  expect(counts).toMatchObject({ created: 1, joined: 1, queued: 1 })
})
