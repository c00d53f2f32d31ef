import { type KyselyPlugin, sql } from 'kysely'
import { beforeAll, expect, test } from 'vitest'
import { asOwner, scoped } from '../host/database.ts'
import { openContext } from '../host/open-context.ts'
import type { Platform } from '../host/platform.ts'
import type { RowProblem } from './import-contract.ts'
import { listProblems } from './imports.ts'
import { bringFile, callLedger, ledgerKeeper, ledgerPlatform, testCounty } from './testing.ts'

type Page = { rows: RowProblem[]; total: number }
const rowsMax = 240
let platform: Platform
let id: string

/** A file of two sheets: a third of the rows sent back for two errors each, of the others most with a reminder. */
beforeAll(async () => {
  platform = await ledgerPlatform()
  const rows = Array.from({ length: rowsMax }, (_, at) => ({
    unitId: null,
    outcome: at % 3 === 0 ? ('refused' as const) : ('queued' as const),
  }))
  id = await bringFile(platform.database, 'tax', rows)
  const problem = (field: string, level: string, rule: string) =>
    JSON.stringify([{ column: field, columnLetter: 'C', field, value: '', level, rule, fix: '请更正' }])
  await asOwner(platform.database, async (tx) => {
    await sql`update source_row set sheet = case when row_number % 2 = 0 then '乙' else '甲' end, warnings = 1,
      problems = ${problem('phone', 'warning', '电话位数不对')}::jsonb`.execute(tx)
    await sql`update source_row set warnings = 0, problems = ${problem('name', 'error', '没有单位名称')}::jsonb
      || ${problem('status', 'error', '登记状态不认识')}::jsonb where outcome = 'refused'`.execute(tx)
    await sql`update source_row set warnings = 0, problems = '[]' where outcome = 'queued' and row_number % 5 = 0`.execute(
      tx,
    )
  })
})

const pageOf = (more: object = {}) => callLedger<Page>(platform, 'listProblems', { id, ...more })
const placeOf = ({ sheet, row, rule }: RowProblem) => `${sheet} ${String(row).padStart(4, '0')} ${rule}`

test('problems come in the order of the file and of the row, whole from page to page, and are filtered', async () => {
  const all = (await pageOf({ pageSize: 200 })).rows.concat((await pageOf({ pageSize: 200, page: 2 })).rows)
  const errors = ['没有单位名称', '登记状态不认识']
  expect(all.slice(0, 4).map((one) => [one.sheet, one.row, one.rule, one.level])).toMatchObject([
    ['乙', 2, errors[0], 'error'],
    ['乙', 2, errors[1], 'error'],
    ['乙', 4, '电话位数不对', 'warning'],
    ['乙', 6, '电话位数不对', 'warning'],
  ])
  expect(all.map((one) => `${one.sheet} ${String(one.row).padStart(4, '0')}`)).toEqual(
    all.map((one) => `${one.sheet} ${String(one.row).padStart(4, '0')}`).toSorted(),
  )
  expect(new Set(all.map(placeOf)).size).toBe((await pageOf()).total)
  const wanted = { level: 'error', rule: errors[1] }
  const of = all.filter((one) => one.rule === wanted.rule)
  expect(await pageOf({ ...wanted, pageSize: 200 })).toEqual({ rows: of, total: rowsMax / 3 })
  expect(await pageOf({ ...wanted, pageSize: 10, page: 3 })).toEqual({ rows: of.slice(20, 30), total: rowsMax / 3 })
  expect(await pageOf({ level: 'warning', rule: errors[0] })).toEqual({ rows: [], total: 0 })
})

test('a page of problems reads no more rows than it shows', async () => {
  let read = 0
  const counting: KyselyPlugin = {
    transformQuery: ({ node }) => node,
    transformResult: async ({ result }) => {
      read += result.rows.length
      return result
    },
  }
  const { rows, total } = await scoped(platform.database, { counties: [testCounty], areas: '*' }, (tx) => {
    const origin = { id: '', address: '', userAgent: '', sessionToken: null }
    const { ctx } = openContext(platform, tx.withPlugin(counting), ledgerKeeper, origin)
    return listProblems({ id, page: 2, pageSize: 10 }, ctx)
  })
  expect([rows.length, total]).toEqual([10, (await pageOf()).total])
  // The import and the count are two more.
  expect(read).toBe(12)
})
