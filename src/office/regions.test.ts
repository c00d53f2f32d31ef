import { Readable } from 'node:stream'
import { sql } from 'kysely'
import { beforeEach, expect, test } from 'vitest'
import { emptyScope } from '../host/context.ts'
import { asOwner, scoped } from '../host/database.ts'
import { storeUpload } from '../host/uploads.ts'
import { loadShippedRegions } from './regions-load.ts'
import { type Browser, refusal, shahekou, type Trial, trialOffice } from './testing.ts'

let trial: Trial
let admin: Browser
beforeEach(async () => {
  trial = await trialOffice()
  admin = await trial.signedIn({ account: 'admin', roles: ['系统管理员'] })
})

async function load(browser: Browser, csv: string, year = 2024) {
  const call = { sessionToken: browser.token }
  const upload = await storeUpload(trial.platform, call, '区划.csv', Readable.from([Buffer.from(csv)]))
  return browser.call('loadRegions', { fileId: (upload.output as { fileId: string }).fileId, year })
}
const names = async (input: object) => (await admin.call('listRegions', input)).rows.map((row) => row.name)

test('regions are listed below their parent, with full names and whether there is more below', async () => {
  expect(await names({})).toEqual(expect.arrayContaining(['辽宁省', '广东省']))
  const { rows } = await admin.call('listRegions', { parent: shahekou })
  expect(rows[0]).toMatchObject({
    code: '210204001000',
    name: '北河街道',
    fullName: '辽宁省大连市沙河口区北河街道',
    level: 'township',
    hasChildren: false,
    yearTo: null,
  })
  expect(await admin.call('getRegion', { code: '441900003000' })).toMatchObject({
    fullName: '广东省东莞市东湖街道',
    ancestors: [
      { code: '440000000000', name: '广东省' },
      { code: '441900000000', name: '东莞市' },
    ],
  })
  expect(await refusal(admin.call('getRegion', { code: '990000000000' }))).toMatchObject({ code: 'notFound' })
})

test('regions are found by name, first letters and the beginning of the code, below the parent asked for', async () => {
  const below = { parent: '210200000000' }
  expect((await names({ ...below, text: '沙河口' }))[0]).toBe('沙河口区')
  expect((await names({ ...below, text: 'SHK' }))[0]).toBe('沙河口区')
  expect(await names({ ...below, text: '210204001' })).toEqual(['北河街道'])
  expect(await names({ ...below, text: '东湖' })).toEqual([])
  expect(await names({ text: '%' })).toEqual([])
})

test('a file adds villages and renames; full names below a renamed region follow', async () => {
  const csv = '代码,名称\n210204,新沙河区\n210204001001,春柳社区\n210204001002,锦绣社区\n'
  expect(await load(admin, csv)).toEqual({ added: 2, renamed: 1, retired: 0 })
  const { rows } = await admin.call('listRegions', { parent: '210204001000' })
  expect(rows.map((row) => [row.fullName, row.level, row.yearFrom])).toEqual([
    ['辽宁省大连市新沙河区北河街道春柳社区', 'village', 2024],
    ['辽宁省大连市新沙河区北河街道锦绣社区', 'village', 2024],
  ])
  expect(await admin.call('getRegion', { code: '210204002000' })).toMatchObject({
    fullName: '辽宁省大连市新沙河区南河街道',
  })
  expect(await admin.call('getRegion', { code: '210204001000' })).toMatchObject({ hasChildren: true })
  expect(await load(admin, csv)).toEqual({ added: 0, renamed: 0, retired: 0 })
})

test('a code that a file leaves out stays in use; one with 停用年份 is retired and names its successor', async () => {
  const csv = '210204003000,中河街道,,\n210204002000,南河街道,2024年,210204003000\n'
  expect(await load(admin, csv)).toEqual({ added: 1, renamed: 0, retired: 1 })
  expect(await names({ parent: shahekou })).toEqual(['北河街道', '中河街道'])
  expect(await names({ parent: shahekou, asOfYear: 2023 })).toEqual(['北河街道', '南河街道'])
  expect(await names({ parent: shahekou, asOfYear: 2015 })).toEqual(['北河街道', '南河街道'])
  expect(await names({ parent: shahekou, asOfYear: 2024 })).toEqual(['北河街道', '中河街道'])
  expect(await admin.call('getRegion', { code: '210204002000' })).toMatchObject({
    yearTo: 2024,
    successorCode: '210204003000',
  })
  expect(await load(admin, '210204002000,南河街道\n', 2025)).toEqual({ added: 1, renamed: 0, retired: 0 })
  expect(await names({ parent: shahekou })).toEqual(['北河街道', '南河街道', '中河街道'])
})

test('a file with a wrong row changes nothing and names the rows', async () => {
  const csv = '代码,名称\n210204004000,西河街道\n21020,缺位\n210204005000,\n210204004000,重复\n'
  const answer = await refusal(load(admin, csv))
  expect(answer).toMatchObject({ code: 'invalid' })
  for (const row of ['第 3 行', '第 4 行', '第 5 行']) expect(answer?.message).toContain(row)
  expect(await names({ parent: shahekou })).toEqual(['北河街道', '南河街道'])
  expect(await refusal(load(admin, '110101001000,没有上级的街道\n'))).toMatchObject({ code: 'invalid' })
  expect(await refusal(load(admin, '210204002000,南河街道,2024,210204999000\n'))).toMatchObject({ code: 'invalid' })
})

test('somebody else’s upload cannot be loaded', async () => {
  const other = await trial.signedIn({ account: 'other', roles: ['系统管理员'] })
  const call = { sessionToken: other.token }
  const body = Readable.from([Buffer.from('210204004000,西河街道\n')])
  const { output } = await storeUpload(trial.platform, call, '区划.csv', body)
  const input = { fileId: (output as { fileId: string }).fileId, year: 2024 }
  expect(await refusal(admin.call('loadRegions', input))).toMatchObject({ code: 'notFound' })
})

test('a township that was loaded belongs at once to who has its county', async () => {
  const rest = await trial.signedIn({ account: 'rest', roles: ['系统管理员'], excludedRegions: ['210204001000'] })
  await load(admin, '210204003000,中河街道\n210300000000,鞍山市\n210302000000,铁东区\n')
  const place = { countyCode: shahekou, kind: 'park', name: '中河园', areaCode: '210204003000' }
  expect(await refusal(rest.call('createPlace', place))).toBeNull()
  const province = await trial.signedIn({ account: 'province', roles: ['系统管理员'], regions: ['210000000000'] })
  expect((await province.call('me')).counties.map((county) => county.code)).toContain('210302000000')
})

test('the shipped list is loaded once, and not again while no newer year is shipped', async () => {
  const { database } = trial.platform
  await asOwner(database, (tx) => sql`truncate region`.execute(tx))
  const run = () => scoped(database, emptyScope, (tx) => loadShippedRegions(tx))
  const first = await run()
  expect(first!.added).toBeGreaterThan(44_000)
  expect(await run()).toBeNull()
  expect(await admin.call('getRegion', { code: '110101001000' })).toMatchObject({ fullName: '北京市东城区东华门街道' })
  const whole = await trial.signedIn({ account: 'whole', roles: ['系统管理员'], regions: ['000000000000'] })
  expect((await whole.call('me')).counties.length).toBe(200)
})
