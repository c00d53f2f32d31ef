import { sql } from 'kysely'
import { beforeEach, expect, test } from 'vitest'
import { finishJobs } from '../host/command.ts'
import { asOwner, scoped } from '../host/database.ts'
import { openContext } from '../host/open-context.ts'
import { relinkAllJob } from './relink-all.ts'
import { county, openDesk } from './testing.ts'

const codeA = '91350100M000100Y43'
const header = '企业名称,统一社会信用代码,法定代表人,联系电话,从业人数'

let desk: Awaited<ReturnType<typeof openDesk>>
beforeEach(async () => {
  desk = await openDesk()
})

interface Rehearsal {
  total: number
  tried: { at: string } | null
  rows: { from: { name: string } | null; to: { name: string } | null; outcome: string }[]
}

const job = async (operation: string) => {
  await desk.call(operation, { countyCode: county })
  await finishJobs(desk.platform)
}
const rehearsal = () => desk.call<Rehearsal>('linkage.listRehearsal', { countyCode: county })

/** Two units, of which the second wrongly has the first one's tax row, as a fault of ours would leave it. */
async function misplaced() {
  await desk.imported([
    header,
    `大连海风物流有限公司,${codeA},王小二,13912345678,10`,
    '大连斯达尔建筑有限公司,,李四,,20',
  ])
  await desk.imported([header, `大连海风物流有限公司,${codeA},王小二,13912345678,11`], 'tax', '2026-02-01')
  const right = await desk.partition()
  await asOwner(desk.platform.database, async (tx) => {
    await sql`update source_row set fields = fields - 'uscc' where fields ->> 'staffCount' = '11'`.execute(tx)
    await sql`update fact set unit_id = (select id from unit where uscc is null) where department = 'tax'`.execute(tx)
    await sql`update source_row set unit_id = (select id from unit where uscc is null), fields = fields || ${JSON.stringify({ uscc: codeA })}::jsonb
      where fields ->> 'staffCount' = '11'`.execute(tx)
  })
  return right
}

test('a full run is tried first, lists what it would change, and changes nothing', async () => {
  await misplaced()
  const before = await desk.dump()
  await job('linkage.rehearseRelink')
  expect(await desk.dump()).toEqual(before)
  const found = await rehearsal()
  expect(found.rows).toMatchObject([
    { from: { name: '大连斯达尔建筑有限公司' }, to: { name: '大连海风物流有限公司' }, outcome: 'join' },
  ])
})

test('a full run puts rows where a fresh start would, notes each as an event, and then finds nothing to change', async () => {
  const right = await misplaced()
  await job('linkage.rehearseRelink')
  await job('linkage.relinkAll')
  expect(await desk.partition()).toEqual(right)
  const unit = (await desk.units()).find((one) => one.uscc === codeA)!
  const { events } = await desk.call<{ events: { cause: string; from: { name: string } | null }[] }>(
    'linkage.listUnitLinks',
    { id: unit.id },
  )
  expect(events[0]).toMatchObject({ cause: 'relink', from: { name: '大连斯达尔建筑有限公司' } })
  await job('linkage.rehearseRelink')
  expect((await rehearsal()).total).toBe(0)
})

test('a full run that is asked for twice is done once, and the second is told why not', async () => {
  await misplaced()
  await job('linkage.rehearseRelink')
  const { tried } = await rehearsal()
  await desk.call('linkage.relinkAll', { countyCode: county })
  const again = () => desk.call('linkage.relinkAll', { countyCode: county })
  await expect(again()).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('正在全库重新比对'),
  })
  await finishJobs(desk.platform)
  await expect(again()).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('已经照它改完') })
  expect(await rehearsal()).toMatchObject({ total: 0, tried })
})

test('a full run that had ended when it was killed, or slipped in beside another, ends well', async () => {
  await misplaced()
  await job('linkage.rehearseRelink')
  const { jobId } = await desk.call<{ jobId: string }>('linkage.relinkAll', { countyCode: county })
  await finishJobs(desk.platform)
  const right = await desk.dump()
  await asOwner(desk.platform.database, (tx) => sql`update job set state = 'queued' where id = ${jobId}`.execute(tx))
  await finishJobs(desk.platform)
  const { rows } = await asOwner(desk.platform.database, (tx) =>
    sql`select state, result from job where id = ${jobId}`.execute(tx),
  )
  expect(rows).toEqual([{ state: 'done', result: { changed: 0, passedOver: 0 } }])
  expect(await desk.dump()).toEqual(right)
})

test('a full run keeps what people decided, split and merged', async () => {
  await desk.imported([
    header,
    `大连海风物流有限公司,${codeA},王小二,13912345678,10`,
    '山间茶叶工作室,,李四,13812345678,12',
  ])
  await desk.imported([header, `大连海风物流有限公司,${codeA},王小二,13912345678,11`], 'tax', '2026-02-01')
  const coded = (await desk.units()).find((one) => one.uscc === codeA)!
  const other = (await desk.units()).find((one) => one.uscc === null)!
  await desk.call('linkage.mergeUnits', { id: other.id, intoId: coded.id, reason: '同一家' })
  const { rows } = await desk.call<{ rows: { id: string; department: string }[] }>('linkage.listUnitLinks', {
    id: coded.id,
  })
  const tax = rows.find((row) => row.department === 'tax')!
  await desk.call('linkage.splitRow', { unitId: coded.id, sourceRowId: tax.id, intoId: null, reason: '抄错' })
  await job('linkage.rehearseRelink')
  expect(await rehearsal()).toMatchObject({ total: 0 })
})

test('rows that moved after the trial are left alone', async () => {
  await misplaced()
  await job('linkage.rehearseRelink')
  const wrong = (await desk.units()).find((one) => one.uscc === null)!
  const { rows } = await desk.call<{ rows: { id: string; department: string }[] }>('linkage.listUnitLinks', {
    id: wrong.id,
  })
  const tax = rows.find((row) => row.department === 'tax')!
  await desk.call('linkage.splitRow', { unitId: wrong.id, sourceRowId: tax.id, intoId: null, reason: '抄错' })
  const before = await desk.dump()
  await job('linkage.relinkAll')
  expect(await desk.dump()).toEqual(before)
})

test('rows whose unit was merged into another after the trial are left alone', async () => {
  await misplaced()
  await desk.imported([header, '另一家商贸有限公司,,赵六,13612345678,5'])
  await job('linkage.rehearseRelink')
  const right = (await desk.units()).find((one) => one.uscc === codeA)!
  const other = (await desk.units()).find((one) => one.name === '另一家商贸有限公司')!
  await desk.call('linkage.mergeUnits', { id: right.id, intoId: other.id, reason: '同一家' })
  const before = await desk.dump()
  await job('linkage.relinkAll')
  expect(await desk.dump()).toEqual(before)
})

test('a unit that a person denied after the trial is not joined', async () => {
  await desk.imported([header, `大连海风物流有限公司,${codeA},王小二,13912345678,10`])
  await desk.imported([header, `山间茶叶工作室,${codeA},赵六,,3`], 'tax')
  const [item] = (await desk.queue()).rows
  const [unit] = await desk.units()
  const found = await asOwner(desk.platform.database, (tx) =>
    sql<{ id: string }>`select id from source_row where outcome = 'queued'`.execute(tx),
  )
  const join = JSON.stringify({ kind: 'join', unitId: unit!.id, by: 'weights', waterfall: null })
  await job('linkage.rehearseRelink')
  await asOwner(desk.platform.database, (tx) =>
    sql`insert into link_rehearsal values (${county}, ${found.rows[0]!.id}, 0, null, ${join}::jsonb)`.execute(tx),
  )
  await desk.call('linkage.denyCandidate', { id: item!.id, unitId: unit!.id })
  await job('linkage.relinkAll')
  expect((await desk.queue()).rows).toMatchObject([{ name: '山间茶叶工作室' }])
})

test('a full run that stops half way goes on where it was, and every row moves once', async () => {
  const n = 450
  const lines = Array.from({ length: n }, (_, at) => `听雨${at}号工作室,,李${at},,${at + 1}`)
  await desk.imported([header, ...lines])
  await job('linkage.rehearseRelink')
  // Each row a part of its own, to be put back into the queue: parts are done two hundred at a time.
  await asOwner(desk.platform.database, (tx) =>
    sql`insert into link_rehearsal select county_code, id, row_number, unit_id,
      '{"kind": "queue", "reason": "doubtful", "candidates": [], "probability": null}' from source_row`.execute(tx),
  )
  const abort = new AbortController()
  const { platform, here } = desk
  const run = relinkAllJob.run({
    id: here.userId!,
    input: { countyCode: county, tried: (await rehearsal()).tried!.at },
    signal: abort.signal,
    files: platform.files,
    progress: async () => abort.abort(new Error('the process was killed')),
    transaction: (step) =>
      scoped(platform.database, here.scope, (tx) =>
        step(openContext(platform, tx, here, { id: '', address: '', userAgent: '', sessionToken: null }).ctx),
      ),
  })
  await expect(run).rejects.toThrow('killed')
  expect((await rehearsal()).total).toBe(n - 200)
  await job('linkage.relinkAll')
  expect((await rehearsal()).total).toBe(0)
  expect((await desk.queue({ pageSize: 1 })).total).toBe(n)
  const { rows } = await asOwner(platform.database, (tx) =>
    sql<{ times: number }>`
      select count(*)::int as times from link_event where cause = 'relink' group by source_row_id`.execute(tx),
  )
  expect(rows.map((row) => row.times)).toEqual(Array.from({ length: n }, () => 1))
})

/** Makes the trial say that the rows with a unit of their own are to wait. */
async function tryWaiting(): Promise<void> {
  await job('linkage.rehearseRelink')
  await asOwner(desk.platform.database, (tx) =>
    sql`insert into link_rehearsal select county_code, id, row_number, unit_id,
      '{"kind": "queue", "reason": "doubtful", "candidates": [], "probability": null}'
      from source_row where outcome in ('joined', 'created')`.execute(tx),
  )
}

test('rows that repeat one that moves go where it goes, and the imports count what their rows have become', async () => {
  const lines = [header, `大连海风物流有限公司,${codeA},王小二,13912345678,10`]
  const first = await desk.imported(lines)
  const again = await desk.imported(lines, 'marketRegulation', '2026-02-01')
  expect(again.counts).toMatchObject({ repeated: 1 })
  await tryWaiting()
  await job('linkage.relinkAll')
  expect(await desk.units()).toEqual([])
  const { rows } = await asOwner(desk.platform.database, (tx) =>
    sql`select outcome, unit_id from source_row order by outcome`.execute(tx),
  )
  expect(rows).toEqual([
    { outcome: 'queued', unit_id: null },
    { outcome: 'repeated', unit_id: null },
  ])
  expect(await desk.call('ledger.getImport', { id: first.id })).toMatchObject({ counts: { created: 0, queued: 1 } })
  expect(await desk.call('ledger.getImport', { id: again.id })).toMatchObject({ counts: { repeated: 1 } })
})

test('only the trial that a person looked at is carried out', async () => {
  await desk.imported([header, `大连海风物流有限公司,${codeA},王小二,13912345678,10`])
  await tryWaiting()
  const before = await desk.dump()
  await desk.call('linkage.relinkAll', { countyCode: county })
  // Somebody else's trial ends in between.
  await asOwner(desk.platform.database, (tx) =>
    sql`update link_state set rehearsed_at = rehearsed_at + interval '1 second'`.execute(tx),
  )
  await finishJobs(desk.platform)
  expect(await desk.dump()).toEqual(before)
})

test('who looks after some townships only cannot link a whole county', async () => {
  const township = { ...desk.here, scope: { ...desk.here.scope, areas: ['210204001000'] } }
  for (const name of ['linkage.relinkQueue', 'linkage.rehearseRelink', 'linkage.relinkAll'])
    await expect(desk.call(name, { countyCode: county }, township)).rejects.toMatchObject({ code: 'forbidden' })
})
