import { beforeAll, expect, test } from 'vitest'
import { Readable } from 'node:stream'
import { finishJobs } from '../host/command.ts'
import { storeUpload } from '../host/uploads.ts'
import type { ImportCounts } from '../ledger/import-contract.ts'
import { sampleCounty, sampleDistrict } from '../ledger/sample.ts'
import { county, openDesk } from './testing.ts'

const departments = ['marketRegulation', 'tax', 'socialInsurance', 'civilAffairs', 'townshipPark']
let files: { fileName: string; bytes: Uint8Array }[]
beforeAll(async () => {
  files = (await sampleDistrict({ seed: 11, organisations: 2300, county: { ...sampleCounty, code: county } })).files
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

test('files committed together are linked at once, to the same units as one by one', async () => {
  const desk = await openDesk()
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
  expect(staged).toBeGreaterThan(5000)
  const other = await openDesk()
  for (const id of await checked(other)) {
    await other.call('ledger.commitImport', { id })
    await finishJobs(other.platform)
  }
  expect(await other.partition()).toEqual(together)
}, 120_000)
