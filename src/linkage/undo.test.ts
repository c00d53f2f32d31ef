import { sql } from 'kysely'
import { beforeAll, expect, test } from 'vitest'
import { finishJobs } from '../host/command.ts'
import { asOwner } from '../host/database.ts'
import { sampleCounty, sampleDistrict } from '../ledger/sample.ts'
import { county, openDesk } from './testing.ts'

const departments = ['marketRegulation', 'tax', 'socialInsurance', 'civilAffairs', 'townshipPark']
const codeA = '91350100M000100Y43'
const header = '企业名称,统一社会信用代码,法定代表人,联系电话,从业人数'

let files: { fileName: string; bytes: Uint8Array }[]
beforeAll(async () => {
  files = (await sampleDistrict({ seed: 7, organisations: 90, county: { ...sampleCounty, code: county } })).files
})

type Desk = Awaited<ReturnType<typeof openDesk>>

async function undo(desk: Desk, id: string): Promise<void> {
  await desk.call('ledger.undoImport', { id, reason: '试着撤销' })
  await finishJobs(desk.platform)
  expect(await desk.call('ledger.getImport', { id })).toMatchObject({ state: 'undone', stalled: false })
}

test.each([0, 2])('undoing file %i leaves every row with those it would be with had it never come', async (undone) => {
  const others = [0, 1, 2, 3, 4].filter((at) => at !== undone)
  const without = await openDesk()
  for (const at of others) await without.importedFile(files[at]!, departments[at]!)
  const expected = await without.partition()
  const desk = await openDesk()
  const ids: string[] = []
  for (const at of [0, 1, 2, 3, 4]) ids.push((await desk.importedFile(files[at]!, departments[at]!)).id)
  await undo(desk, ids[undone]!)
  const left = await desk.partition()
  expect(left.filter((one) => !one.includes(`${departments[undone]} `))).toEqual(expected)
})

test('a row that a later file repeats keeps its unit, its links and its code when the first file is undone', async () => {
  const desk = await openDesk()
  const lines = [header, `大连海风物流有限公司,${codeA},王小二,13912345678,10`]
  const first = await desk.imported(lines)
  const again = await desk.imported(lines, 'marketRegulation', '2026-02-01')
  expect(again.counts).toMatchObject({ repeated: 1, created: 0 })
  const [unit] = await desk.units()
  await undo(desk, first.id)
  expect(await desk.units()).toMatchObject([{ id: unit!.id, uscc: codeA }])
  expect(await desk.call('ledger.getImport', { id: again.id })).toMatchObject({ counts: { repeated: 0, created: 1 } })
  const { rows } = await desk.call<{ rows: object[] }>('linkage.listUnitLinks', { id: unit!.id })
  expect(rows).toMatchObject([{ importId: again.id, row: 2, repeated: false, why: { cause: 'import' } }])
  // The unit is still found by what the undone file had said of it.
  const next = await desk.imported([header, `大连海风物流有限公司,${codeA},王小二,13912345678,11`], 'tax', '2026-03-01')
  expect(next.counts).toMatchObject({ joined: 1 })
})

test('a waiting row that a later file repeats still waits when the first file is undone', async () => {
  const desk = await openDesk()
  await desk.imported([header, `大连海风物流有限公司,${codeA},王小二,13912345678,10`])
  const claim = [header, `山间茶叶工作室,${codeA},赵六,,3`]
  const first = await desk.imported(claim, 'tax')
  const again = await desk.imported(claim, 'tax', '2026-02-01')
  await undo(desk, first.id)
  const { rows } = await desk.queue({ importId: again.id })
  expect(rows).toMatchObject([{ name: '山间茶叶工作室' }])
  await desk.call('linkage.decideQueueItem', { id: rows[0]!.id, decision: { kind: 'create' } })
  expect((await desk.units()).map((one) => one.name).sort()).toEqual(['大连海风物流有限公司', '山间茶叶工作室'])
})

test('undoing that stops half way says so and goes on when asked', async () => {
  const desk = await openDesk()
  const { id } = await desk.imported([header, `大连海风物流有限公司,${codeA},王小二,13912345678,10`])
  const kinds = desk.platform.jobKinds
  const unlink = kinds.get('linkage.unlink')!
  kinds.delete('linkage.unlink')
  await desk.call('ledger.undoImport', { id, reason: '试着撤销' })
  await finishJobs(desk.platform)
  expect(await desk.call('ledger.getImport', { id })).toMatchObject({ state: 'undoing', stalled: true })
  kinds.set('linkage.unlink', unlink)
  await desk.call('ledger.resumeImport', { id })
  await finishJobs(desk.platform)
  expect(await desk.call('ledger.getImport', { id })).toMatchObject({ state: 'undone' })
})

test('rows that only the undone file had held together part as if it had never come, whatever their order', async () => {
  const titles = '企业名称,统一社会信用代码,法定代表人,联系电话,住所'
  const name = '福州时龙经贸有限公司'
  const held = [titles, `${name},${codeA},周萍茂,13007688681,徐州街37号3单元1号`]
  const others: [string, string][] = [
    ['tax', `${name},,张有光,,西安路66号`],
    ['socialInsurance', `${name},,周萍茂,,永平街87号19层7号`],
    ['townshipPark', `${name},,张有光,13007688681,徐州街37号3单元1号`],
  ]
  const without = await openDesk()
  for (const [department, line] of others) await without.imported([titles, line], department)
  const expected = await without.partition()
  for (const order of [others, others.toReversed()]) {
    const desk = await openDesk()
    const { id } = await desk.imported(held)
    for (const [department, line] of order) await desk.imported([titles, line], department)
    expect(await desk.partition()).toHaveLength(1)
    await undo(desk, id)
    const left = await desk.partition()
    expect(left.filter((one) => !one.includes('marketRegulation '))).toEqual(expected)
  }
})

test('a row that is repeated by a file still coming in goes over to it when its own file is undone', async () => {
  const desk = await openDesk()
  const lines = [header, `大连海风物流有限公司,${codeA},王小二,13912345678,10`]
  const first = await desk.imported(lines)
  const again = await desk.imported(lines, 'marketRegulation', '2026-02-01')
  const setState = (state: string) =>
    asOwner(desk.platform.database, (tx) => sql`update import set state = ${state} where id = ${again.id}`.execute(tx))
  await setState('committing')
  const [unit] = await desk.units()
  await undo(desk, first.id)
  await setState('committed')
  expect(await desk.units()).toMatchObject([{ id: unit!.id, uscc: codeA }])
  const next = await desk.imported([header, `大连海风物流有限公司,${codeA},王小二,13912345678,11`], 'tax', '2026-03-01')
  expect(next.counts).toMatchObject({ joined: 1 })
})

test('a unit on which somebody wrote a note is withdrawn, not removed, when its import is undone', async () => {
  const desk = await openDesk()
  const first = await desk.imported([header, `大连海风物流有限公司,${codeA},王小二,13912345678,10`])
  const [unit] = await desk.units()
  await desk.call('ledger.addNote', { id: unit!.id, text: '已上门，负责人愿意配合' })
  await undo(desk, first.id)
  expect(await desk.units()).toEqual([])
  const { rows } = await asOwner(desk.platform.database, (tx) =>
    sql`select u.withdrawn_reason, n.body from unit u join unit_note n on n.unit_id = u.id`.execute(tx),
  )
  expect(rows).toEqual([{ withdrawn_reason: '带来它的导入已撤销', body: '已上门，负责人愿意配合' }])
})

test('a row found to carry another’s code brings it to no new unit when its file comes again', async () => {
  const desk = await openDesk()
  await desk.imported([header, `大连海风物流有限公司,${codeA},王小二,13912345678,10`])
  const lines = [header, `山间茶叶工作室,${codeA},赵六,,3`]
  const wrong = await desk.imported(lines, 'tax')
  const [item] = (await desk.queue()).rows
  await desk.call('linkage.decideQueueItem', { id: item!.id, decision: { kind: 'create' } })
  await undo(desk, wrong.id)
  const again = await desk.imported(lines, 'tax', '2026-02-01')
  expect(again.counts.joined + again.counts.created + again.counts.queued).toBe(1)
  expect((await desk.units()).filter((one) => one.uscc === codeA)).toHaveLength(1)
})
