import { expect, test } from 'vitest'
import { asOwner, scoped } from './database.ts'
import { startExport } from './export-file.ts'
import { openContext } from './open-context.ts'
import type { HostTables } from './tables.ts'
import { actorLike, testPlatform } from './testing-platform.ts'

test('a list is taken out for a purpose that the journal keeps, by a job that is told who asked; none or too many are refused', async () => {
  const platform = await testPlatform({})
  const actor = actorLike('01900000-0000-7000-8000-000000000001', [])
  const origin = { id: 'request', address: '10.0.0.5', userAgent: '', sessionToken: null }
  const start = (total: number) =>
    scoped(platform.database, actor.scope, async (tx) => {
      const { ctx, detail } = openContext(platform, tx, actor, origin)
      const list = {
        kind: 'trial.job',
        title: '组建台账',
        noun: '单位',
        unit: '家',
        max: 20_000,
        subject: 'export:trial',
      }
      const asked = { format: 'csv' as const, purpose: '会议研究', region: '210204000000' }
      const { jobId } = await startExport(ctx, asked, { ...list, total, countyCode: '210204000000' })
      return { jobId, detail: detail() }
    })
  const { jobId, detail } = await start(12_345)
  expect(detail).toEqual({
    countyCode: '210204000000',
    subject: 'export:trial',
    purpose: '会议研究',
    after: { 导出: '组建台账', 数目: 12_345 },
  })
  const job = await asOwner(platform.database, (tx) =>
    tx.withTables<HostTables>().selectFrom('job').selectAll().where('id', '=', jobId).executeTakeFirst(),
  )
  expect(job).toMatchObject({
    title: '导出组建台账（12,345 家）',
    county_code: '210204000000',
    input: { format: 'csv', purpose: '会议研究', region: '210204000000', by: '试用者' },
  })
  await expect(start(0)).rejects.toMatchObject({ code: 'invalid', message: '没有符合条件的单位，不用导出。' })
  await expect(start(20_001)).rejects.toMatchObject({
    code: 'tooLarge',
    message: '一次最多导出 2 万家，请加筛选条件，分几次导出。',
  })
})
