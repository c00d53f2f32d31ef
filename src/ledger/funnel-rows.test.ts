import { sql } from 'kysely'
import { beforeAll, expect, test } from 'vitest'
import { newId } from '../base/ids.ts'
import { finishJobs } from '../host/command.ts'
import { asOwner } from '../host/database.ts'
import type { Platform } from '../host/platform.ts'
import { readSheets } from '../host/sheets.ts'
import { actorLike } from '../host/testing-platform.ts'
import { ledgerPermissions } from './contract.ts'
import { bringFile, callLedger, ledgerPlatform, testCounty } from './testing.ts'

let platform: Platform
const [first, second] = [newId(), newId()]
const code = '91350100M000100Y43'

beforeAll(async () => {
  platform = await ledgerPlatform()
  const row = (unitId: string | null, name: string, outcome: 'joined' | 'refused' | 'queued' = 'joined') => ({
    unitId,
    outcome,
    fields: { name, ...(name.startsWith('大连') ? { uscc: code } : {}) },
  })
  await bringFile(platform.database, 'marketRegulation', [
    row(first, '大连海风物流有限公司'),
    row(second, '山间茶叶工作室'),
    row(null, '某某', 'refused'),
  ])
  await bringFile(platform.database, 'tax', [row(null, '听雨商贸', 'queued'), row(first, '大连海风物流有限责任公司')])
})

interface Rows {
  rows: { name: string; fate: string; unitId: string | null; department: string }[]
  total: number
}
const listed = (input: object = {}, actor?: ReturnType<typeof actorLike>) =>
  callLedger<Rows>(platform, 'listFunnelRows', input, ...(actor ? [actor] : []))
const told = async (input: object = {}) => (await listed(input)).rows.map((row) => [row.name, row.fate])

test('the rows of one unit stand beside each other, those of none after them, each with what became of it', async () => {
  const all = await listed()
  expect(all.total).toBe(5)
  const ofUnits = all.rows.slice(0, 3)
  expect(ofUnits.map((row) => row.unitId)).toEqual(first < second ? [first, first, second] : [second, first, first])
  expect(await told({ fate: 'repeated' })).toEqual([['大连海风物流有限责任公司', 'repeated']])
  expect(all.rows.slice(3).map((row) => [row.name, row.fate])).toEqual([
    ['听雨商贸', 'queued'],
    ['某某', 'refused'],
  ])
  const pages = [
    await listed({ pageSize: 2 }),
    await listed({ pageSize: 2, page: 2 }),
    await listed({ pageSize: 2, page: 3 }),
  ]
  expect(pages.flatMap((page) => page.rows)).toEqual(all.rows)
})

test('rows are found by name as it is written elsewhere, by code, by department, and all of it together', async () => {
  expect((await listed({ text: '海风物流有限责任公司' })).total).toBe(2)
  expect((await listed({ text: code.toLowerCase() })).total).toBe(2)
  expect((await listed({ department: 'tax' })).rows.map((row) => row.department)).toEqual(['tax', 'tax'])
  expect(await told({ text: '海风', department: 'tax' })).toEqual([['大连海风物流有限责任公司', 'repeated']])
  expect(await told({ text: '海风', fate: 'counted' })).toEqual([['大连海风物流有限公司', 'counted']])
  expect(await listed({ text: '百分%号' })).toEqual({ rows: [], total: 0 })
})

test('an account of another county sees none of them', async () => {
  const elsewhere = actorLike(newId(), Object.keys(ledgerPermissions), { counties: ['210203000000'], areas: '*' })
  expect(await listed({}, elsewhere)).toEqual({ rows: [], total: 0 })
  expect(await listed({ region: testCounty }, elsewhere)).toEqual({ rows: [], total: 0 })
})

test('the list is taken out as it is filtered, in its order, for a purpose', async () => {
  const asked = { format: 'csv', purpose: '与来源部门核对去向' }
  const { jobId } = await callLedger<{ jobId: string }>(platform, 'exportFunnelRows', { text: '海风', ...asked })
  await finishJobs(platform)
  const { rows } = await asOwner(platform.database, (tx) =>
    sql<{ result: { fileId: string } }>`select result from job where id = ${jobId}`.execute(tx),
  )
  const cells: (string | null)[][] = []
  for await (const batch of readSheets(platform.files.path(rows[0]!.result.fileId), '来源行.csv'))
    cells.push(...batch.map((row) => [...row.cells]))
  expect(cells[0]![0]).toMatch(/搜索“海风”，共 2 行　用途：与来源部门核对去向/)
  expect(cells.slice(2).map((row) => [row[0], row[1], row[2], row[5]])).toEqual([
    ['大连海风物流有限公司', code, '计为一家', '市场监管'],
    ['大连海风物流有限责任公司', code, '重复', '税务'],
  ])
  const none = callLedger(platform, 'exportFunnelRows', { text: '没有这样的行', ...asked })
  await expect(none).rejects.toMatchObject({ code: 'invalid' })
})
