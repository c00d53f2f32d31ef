import { sql } from 'kysely'
import { beforeAll, expect, test } from 'vitest'
import { Readable } from 'node:stream'
import { finishJobs } from '../host/command.ts'
import { asOwner } from '../host/database.ts'
import { storeUpload } from '../host/uploads.ts'
import type { ImportCounts } from '../ledger/import-contract.ts'
import { sampleCounty, sampleDistrict } from '../ledger/sample.ts'
import { bulkLimits } from './bulk.ts'
import { linkJob } from './link-job.ts'
import { county, openDesk } from './testing.ts'

const departments = ['marketRegulation', 'tax', 'socialInsurance', 'civilAffairs', 'townshipPark']
let files: { fileName: string; bytes: Uint8Array }[]
beforeAll(async () => {
  files = (await sampleDistrict({ seed: 11, organisations: 260, county: { ...sampleCounty, code: county } })).files
})

type Desk = Awaited<ReturnType<typeof openDesk>>
interface Page {
  state: string
  mapping: unknown
  counts: ImportCounts
}

/** Takes files to where they can be committed; answers their imports. */
async function checked(desk: Desk): Promise<string[]> {
  const ids: string[] = []
  for (const [at, { fileName, bytes }] of files.entries()) {
    const upload = await storeUpload(desk.platform, { actor: desk.here }, fileName, Readable.from([bytes]))
    const { fileId } = upload.output as { fileId: string }
    const sent = { fileId, countyCode: county, department: departments[at], asOf: '2026-01-01' }
    const { id } = await desk.call<{ id: string }>('ledger.createImport', sent)
    await finishJobs(desk.platform)
    const { mapping } = await desk.call<Page>('ledger.getImport', { id })
    await desk.call('ledger.checkImport', { id, department: departments[at], asOf: '2026-01-01', mapping })
    await finishJobs(desk.platform)
    ids.push(id)
  }
  return ids
}

/** A desk that links whatever is committed all at once. */
async function openBulkDesk(): Promise<Desk> {
  const desk = await openDesk()
  desk.platform.jobKinds.set('linkage.link', linkJob({ ...bulkLimits, newRowsMin: 1 }))
  return desk
}

test('files committed together are linked at once, to the same units as one by one', async () => {
  const desk = await openBulkDesk()
  const ids = await checked(desk)
  for (const id of ids) await desk.call('ledger.commitImport', { id })
  await finishJobs(desk.platform)
  const together = await desk.partition()
  let staged = 0
  for (const id of ids) {
    const { state, counts } = await desk.call<Page>('ledger.getImport', { id })
    expect(state).toBe('committed')
    expect(counts.joined + counts.created + counts.repeated + counts.queued + counts.refused).toBe(counts.read)
    staged += counts.read - counts.refused
  }
  expect(staged).toBeGreaterThan(500)
  const other = await openDesk()
  for (const id of await checked(other)) {
    await other.call('ledger.commitImport', { id })
    await finishJobs(other.platform)
  }
  expect(await other.partition()).toEqual(together)
})

test('a later file that is linked at once with all that stands moves nothing that one by one would not move', async () => {
  const desk = await openBulkDesk()
  for (const id of await checked(desk)) {
    await desk.call('ledger.commitImport', { id })
    await finishJobs(desk.platform)
  }
  const atOnce = await desk.partition()
  await desk.call('linkage.rehearseRelink', { countyCode: county })
  await finishJobs(desk.platform)
  expect(await desk.call('linkage.listRehearsal', { countyCode: county })).toMatchObject({ rows: [] })
  expect(atOnce.length).toBeGreaterThan(200)
})

test('what people decided holds when all is linked at once', async () => {
  const desk = await openBulkDesk()
  const header = '企业名称,统一社会信用代码,法定代表人,联系电话'
  const code = '91350100M000100Y43'
  await desk.imported([header, `大连海风物流有限公司,${code},王小二,13912345678`, '山间茶叶工作室,,李四,13812345678'])
  const [tea, wind] = ['山间茶叶工作室', '大连海风物流有限公司'].map(
    async (name) => (await desk.units()).find((one) => one.name === name)!.id,
  )
  await desk.call('linkage.mergeUnits', { id: await tea, intoId: await wind, reason: '同一家' })
  await desk.imported(
    [header, '山间茶叶工作室,,李四,13812345678', `大连海风物流有限公司,${code},王小二,13912345679`],
    'tax',
    '2026-02-01',
  )
  expect(await desk.units()).toMatchObject([{ id: await wind, uscc: code }])
})

test('rows of a commit that somebody cancelled are not linked along with those of another', async () => {
  const desk = await openBulkDesk()
  const [cancelled, other] = await checked(desk)
  await desk.call('ledger.commitImport', { id: cancelled })
  await asOwner(desk.platform.database, (tx) =>
    sql`update job set state = 'cancelled' where kind = 'linkage.link' and state = 'queued'`.execute(tx),
  )
  await desk.call('ledger.commitImport', { id: other })
  await finishJobs(desk.platform)
  const { counts } = await desk.call<Page>('ledger.getImport', { id: cancelled })
  expect(counts).toMatchObject({ staged: counts.read - counts.refused, joined: 0, created: 0 })
  // Gone on with, it comes to the same units as if it had come later.
  await desk.call('ledger.resumeImport', { id: cancelled })
  await finishJobs(desk.platform)
  expect(await desk.call<Page>('ledger.getImport', { id: cancelled })).toMatchObject({
    state: 'committed',
    counts: { staged: 0 },
  })
})

test('a unit that a person types while rows of its code are being linked does not stop the import', async () => {
  const desk = await openBulkDesk()
  const [id] = await checked(desk)
  await desk.call('ledger.commitImport', { id })
  const [held] = (
    await asOwner(desk.platform.database, (tx) =>
      sql<{ uscc: string; name: string }>`
        select fields ->> 'uscc' as uscc, fields ->> 'name' as name from source_row
        where import_id = ${id!} and outcome = 'staged' and fields ? 'uscc' order by row_number limit 1`.execute(tx),
    )
  ).rows
  // Between reading the county and writing the first part.
  const kind = linkJob({ ...bulkLimits, newRowsMin: 1 })
  desk.platform.jobKinds.set('linkage.link', {
    ...kind,
    run: (job) =>
      kind.run({
        ...job,
        progress: async (done, total, message) => {
          if (message?.startsWith('正在比对'))
            await desk.call('ledger.createUnit', {
              countyCode: county,
              values: held,
            })
          await job.progress(done, total, message)
        },
      }),
  })
  await finishJobs(desk.platform)
  expect(await desk.call<Page>('ledger.getImport', { id })).toMatchObject({ state: 'committed', counts: { staged: 0 } })
  const { rows } = await asOwner(desk.platform.database, (tx) =>
    sql`select r.outcome from unit u join source_row r on r.unit_id = u.id
      where r.fields ->> 'uscc' = ${held!.uscc} group by r.outcome`.execute(tx),
  )
  expect(rows).toEqual([{ outcome: 'joined' }])
})
