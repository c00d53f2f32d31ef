import { Readable } from 'node:stream'
import { sql } from 'kysely'
import { beforeAll, expect, test } from 'vitest'
import { newId } from '../base/ids.ts'
import { addDays, today } from '../base/time.ts'
import { county, layRegions, town } from '../coverage/testing.ts'
import { runChores } from '../host/chores.ts'
import { finishJobs } from '../host/command.ts'
import type { Actor } from '../host/context.ts'
import { asOwner } from '../host/database.ts'
import { invoke } from '../host/pipeline.ts'
import type { Platform } from '../host/platform.ts'
import type { HostTables } from '../host/tables.ts'
import { storeUpload } from '../host/uploads.ts'
import { actorLike, testPlatform } from '../host/testing-platform.ts'
import { ledgerContract, ledgerPermissions } from '../ledger/contract.ts'
import { funnelContract } from '../ledger/funnel-contract.ts'
import { ledger } from '../ledger/service.ts'
import { syncContract, syncPermissions } from './contract.ts'
import { builtInTemplates } from './rules.ts'
import { sync, syncChores, syncJobs } from './service.ts'

const permissions = [ledgerPermissions, syncPermissions].flatMap((one) => Object.keys(one))
const here = actorLike(newId(), permissions)
const elsewhere = actorLike(newId(), permissions, { counties: ['210203000000'], areas: '*' })
let platform: Platform
let now = new Date()
const day = () => today(now)

const call = async <T>(name: string, input: unknown, actor: Actor = here): Promise<T> =>
  (await invoke(platform, name, input, { actor })).output as T

interface Item {
  id: string
  title: string
  state: string
  dueOn: string | null
  overdue: boolean
  eventTitle: string
}
interface Event {
  id: string
  state: string
  items: Item[]
  milestones: { key: string; on: string | null }[]
}

const use = (key: string, effectiveOn: string) =>
  call('sync.switchTemplate', { countyCode: county, key, inUse: true, effectiveOn, reason: '县委部署' })
const look = (id: string) => call<Event>('sync.getEvent', { id })
const itemsOf = async (text: string) => (await call<{ rows: Item[] }>('sync.listItems', { text, pageSize: 50 })).rows

beforeAll(async () => {
  platform = await testPlatform(
    {
      contracts: { ledger: { ...ledgerContract, ...funnelContract }, sync: syncContract },
      handlers: { ledger, sync },
      jobKinds: syncJobs,
      chores: syncChores,
      people: { authenticate: async () => null, actorOf: async () => here, operator: async () => here },
    },
    { clock: () => now },
  )
  await layRegions(platform)
})

test('a society registered since the template is in use opens its steps by itself, once, with five working days', async () => {
  await use('henan-registration', addDays(day(), -10))
  const unit = (name: string, kind: string, foundedOn: string) =>
    call('ledger.createUnit', { countyCode: county, values: { name, kind, status: 'active', foundedOn } })
  await unit('大连同步新设协会', 'socialAssociation', addDays(day(), -3))
  await unit('大连同步旧有协会', 'socialAssociation', '2015-05-01')
  await unit('大连同步新设商贸有限公司', 'enterprise', addDays(day(), -3))
  await runChores(platform)
  expect(await itemsOf('大连同步')).toEqual([])
  now = new Date(now.getTime() + 120_000)
  await runChores(platform)
  await runChores(platform)
  const items = await itemsOf('大连同步')
  expect(new Set(items.map((one) => one.eventTitle))).toEqual(new Set(['大连同步新设协会']))
  expect(items.length).toBe(3)
  expect(items.filter((one) => one.overdue).length).toBe(2)
})

test('a project opens each step when its milestone comes, and is done with the last', async () => {
  await use('luohe-project', day())
  const { id } = await call<{ id: string }>('sync.openEvent', {
    countyCode: county,
    templateKey: 'luohe-project',
    title: '新能源电池项目',
    on: addDays(day(), -20),
  })
  expect((await look(id)).items.map((one) => one.state)).toEqual(['open', 'waiting', 'waiting', 'waiting', 'waiting'])
  const pass = (milestone: string, on: string) => call('sync.passMilestone', { id, milestone, on })
  await expect(pass('construction', addDays(day(), -30))).rejects.toMatchObject({ code: 'invalid' })
  await pass('construction', addDays(day(), -5))
  const site = (await look(id)).items[1]!
  expect(site).toMatchObject({ state: 'open', dueOn: addDays(day(), 25) })
  await call('sync.doItem', { id: site.id, on: day(), note: '场所已列入设计' })
  await expect(pass('construction', day())).rejects.toMatchObject({ code: 'conflict' })
  for (const one of (await look(id)).items.filter((item) => item.state !== 'done'))
    await call('sync.skipItem', { id: one.id, reason: '项目终止引进' })
  expect((await look(id)).state).toBe('done')
  await call('sync.reopenItem', { id: site.id, reason: '设计改了' })
  expect(await look(id)).toMatchObject({ state: 'open' })
})

test('a step that was done before its milestone does not hold the milestone up, and is dated by it', async () => {
  await use('danyang-enterprise', day())
  const { id } = await call<{ id: string }>('sync.openEvent', {
    countyCode: county,
    templateKey: 'danyang-enterprise',
    title: '先办一项的企业',
    on: addDays(day(), -20),
  })
  const production = async () => (await look(id)).items.slice(2)
  await call('sync.doItem', { id: (await production())[0]!.id, on: day(), note: '党支部已先成立' })
  const pass = (on: string) => call('sync.passMilestone', { id, milestone: 'production', on })
  await pass(addDays(day(), -5))
  const dueOn = addDays(day(), 25)
  expect(await production()).toMatchObject([
    { state: 'done', dueOn },
    { state: 'open', dueOn },
  ])
  await expect(pass(day())).rejects.toMatchObject({ code: 'conflict' })
})

test('a cancelled event asks for nothing and is taken up again with its terms', async () => {
  const { id } = await call<{ id: string }>('sync.openEvent', {
    countyCode: county,
    templateKey: 'luohe-project',
    title: '临港物流项目',
    on: addDays(day(), -60),
  })
  const overdue = async () =>
    (await call<{ rows: Item[] }>('sync.listItems', { overdue: true, pageSize: 50 })).rows.filter(
      (one) => one.eventTitle === '临港物流项目',
    ).length
  expect(await overdue()).toBe(1)
  await call('sync.cancelEvent', { id, reason: '项目取消' })
  expect(await overdue()).toBe(0)
  await call('sync.reviveEvent', { id, reason: '误取消' })
  expect(await overdue()).toBe(1)
  expect((await look(id)).items.map((one) => one.state)).toEqual(['open', 'waiting', 'waiting', 'waiting', 'waiting'])
})

test('an office writes its own template; events that run keep the version they began with', async () => {
  const told = { ...builtInTemplates['taizhou-grading']!, title: '规上企业入库同步' }
  const save = (items: unknown) =>
    call<{ version: number }>('sync.saveTemplate', {
      countyCode: county,
      key: 'own-entry',
      told: { ...told, items },
      reason: '部务会研究',
    })
  expect(await save(told.items)).toEqual({ version: 1 })
  const open = { countyCode: county, templateKey: 'own-entry', title: '甲公司入库', on: day() }
  await expect(call('sync.openEvent', open)).rejects.toMatchObject({ message: expect.stringContaining('没有启用') })
  await use('own-entry', day())
  const { id } = await call<{ id: string }>('sync.openEvent', open)
  const more = [...told.items, { key: 'visit', title: '走访一次', milestone: 'begin', term: 1, unit: 'months' }]
  expect(await save(more)).toEqual({ version: 3 })
  expect((await look(id)).items.length).toBe(1)
  const lost = save([{ key: 'x-lost', title: '没有节点的', milestone: 'nowhere', term: 1, unit: 'days' }])
  await expect(lost).rejects.toMatchObject({ message: expect.stringContaining('所指的节点不存在') })
})

test('a template in use that takes in more kinds of units finds those that were passed over', async () => {
  const told = { ...builtInTemplates['taizhou-registration']!, title: '扩大范围的做法', kinds: ['foundation'] }
  const save = (kinds: string[]) =>
    call('sync.saveTemplate', { countyCode: county, key: 'own-wider', told: { ...told, kinds }, reason: '部务会研究' })
  await save(['foundation'])
  await use('own-wider', addDays(day(), -10))
  const values = { name: '大连扩围法律服务中心', kind: 'privateNonEnterprise', status: 'active', foundedOn: day() }
  await call('ledger.createUnit', { countyCode: county, values })
  const follow = async () => {
    now = new Date(now.getTime() + 120_000)
    await runChores(platform)
    return (
      await call<{ rows: { templateTitle: string }[] }>('sync.listItems', { text: '大连扩围', pageSize: 50 })
    ).rows.filter((one) => one.templateTitle === '扩大范围的做法').length
  }
  expect(await follow()).toBe(0)
  await save(['foundation', 'privateNonEnterprise'])
  expect(await follow()).toBe(2)
  await save(['foundation', 'privateNonEnterprise'])
  expect(await follow()).toBe(2)
})

test('the board, the month and the list count the same, and the list is taken out', async () => {
  const board = await call<{ columns: { key: string; total: number }[] }>('sync.getSyncBoard', {})
  const overdue = await call<{ total: number }>('sync.listItems', { overdue: true })
  expect(board.columns.find((one) => one.key === 'overdue')!.total).toBe(overdue.total)
  const due = addDays(day(), 25)
  const month = await call<{ days: { day: string; open: number; done: number; skipped: number }[] }>(
    'sync.getCalendar',
    { month: due.slice(0, 7) },
  )
  const listed = await call<{ total: number }>('sync.listItems', { dueFrom: due, dueTo: due, state: 'open' })
  expect(month.days.find((one) => one.day === due)?.open ?? 0).toBe(listed.total)
  const { templates } = await call<{ templates: { key: string; events: number }[] }>('sync.listTemplates', {
    countyCode: county,
  })
  for (const { key, events } of templates) {
    const running = await call<{ rows: { eventId: string }[] }>('sync.listItems', {
      region: county,
      templateKey: key,
      running: true,
      pageSize: 200,
    })
    expect(new Set(running.rows.map((row) => row.eventId)).size).toBe(events)
  }
  for (const state of ['done', 'skipped'] as const)
    for (const one of month.days) {
      const of = await call<{ total: number }>('sync.listItems', { dueFrom: one.day, dueTo: one.day, state })
      expect(of.total).toBe(one[state])
    }
  const { jobId } = await call<{ jobId: string }>('sync.exportItems', { purpose: '调度会使用' })
  await finishJobs(platform)
  const job = await asOwner(platform.database, (tx) =>
    tx.withTables<HostTables>().selectFrom('job').selectAll().where('id', '=', jobId).executeTakeFirstOrThrow(),
  )
  expect(job).toMatchObject({ state: 'done', error: null })
})

test('a paper of a step is handed out for a purpose, and not to who may only read', async () => {
  const { id } = await call<{ id: string }>('sync.openEvent', {
    countyCode: county,
    templateKey: 'luohe-project',
    title: '附材料的项目',
    on: day(),
  })
  const stored = await storeUpload(platform, { actor: here }, '党员名册.pdf', Readable.from(['%PDF-1.4 名册']))
  const { fileId } = stored.output as { fileId: string }
  const item = (await look(id)).items[0]!
  await call('sync.doItem', { id: item.id, on: day(), note: '已明确联系人', fileId })
  const download = (actor: Actor) =>
    call<{ url: string }>('sync.downloadItemFile', { id: item.id, purpose: '核对联系人' }, actor)
  expect((await download(here)).url).toMatch(/^\/api\/files\//)
  const reader = actorLike(
    newId(),
    permissions.filter((one) => one.endsWith('.read')),
  )
  await expect(download(reader)).rejects.toMatchObject({ code: 'forbidden' })
})

/** Reads a list of projects, or only checks it. */
async function bring(lines: string[], checkOnly = false) {
  const stored = await storeUpload(platform, { actor: here }, '项目.csv', Readable.from([lines.join('\n')]))
  const { fileId } = stored.output as { fileId: string }
  const asked = { countyCode: county, templateKey: 'luohe-project', fileId, checkOnly }
  const { jobId } = await call<{ jobId: string }>('sync.importProjects', asked)
  await finishJobs(platform)
  const job = await asOwner(platform.database, (tx) =>
    tx.withTables<HostTables>().selectFrom('job').selectAll().where('id', '=', jobId).executeTakeFirstOrThrow(),
  )
  expect(job).toMatchObject({ state: 'done', error: null })
  return job.result as { kept: number; moved: number; same: number; errors: { row: number; message: string }[] }
}
const head = '重点项目一览,,,\n项目名称,所在乡镇,项目落地日期,开工建设日期'

test('a list of projects opens what is new, moves on what is known, and says of each bad row what is wrong', async () => {
  const first = `柏溪储能项目,,${addDays(day(), -40)},`
  const bad = [`没有日期的项目,,,`, `迟到的项目,,${addDays(day(), 3)},`, `远方的项目,无此镇,${day()},`]
  const checked = await bring([head, first, ...bad], true)
  expect(checked).toMatchObject({ kept: 1, moved: 0 })
  expect(checked.errors.map((one) => one.row)).toEqual([4, 5, 6])
  expect(checked.errors[0]!.message).toContain('“项目落地”的日期认不出来')
  expect(await itemsOf('柏溪储能项目')).toEqual([])
  expect(await bring([head, first])).toMatchObject({ kept: 1 })
  expect(await bring([head, first])).toMatchObject({ kept: 0, same: 1 })
  const begun = `柏溪储能项目,,${addDays(day(), -40)},${addDays(day(), -2)}`
  expect(await bring([head, begun])).toMatchObject({ moved: 1 })
  const items = await itemsOf('柏溪储能项目')
  expect(items.filter((one) => one.state === 'open').length).toBe(2)
  expect(items.some((one) => one.dueOn === addDays(day(), 28))).toBe(true)
  const { eventId } = items[0] as unknown as { eventId: string }
  expect(await call('sync.getEvent', { id: eventId })).toMatchObject({ fromLedger: false })
})

test('a row that changes a milestone of which something is done is refused by the check and the import, and stops no other', async () => {
  const row = (name: string, on: string) => `${name},,${on},`
  await bring([head, row('已办一项的项目', addDays(day(), -30))])
  const landing = (await itemsOf('已办一项的项目')).find((one) => one.state === 'open')
  await call('sync.doItem', { id: landing!.id, on: day(), note: '已明确联系人' })
  const list = [head, row('已办一项的项目', addDays(day(), -20)), row('排在后面的项目', addDays(day(), -5))]
  const refused = { kept: 1, moved: 0, errors: [{ row: 3, message: expect.stringContaining('请先重新办理再改日期') }] }
  expect(await bring(list, true)).toMatchObject(refused)
  expect(await bring(list)).toMatchObject(refused)
  expect((await itemsOf('排在后面的项目')).length).toBe(5)
})

test('a list notes a milestone of which a step was done before', async () => {
  await bring([head, `先定场所的项目,,${addDays(day(), -30)},`])
  const site = (await itemsOf('先定场所的项目')).find((one) => one.title.includes('活动场所'))!
  await call('sync.doItem', { id: site.id, on: day(), note: '场所已列入设计' })
  const begun = [head, `先定场所的项目,,${addDays(day(), -30)},${addDays(day(), -2)}`]
  expect(await bring(begun, true)).toMatchObject({ moved: 1, errors: [] })
  expect(await bring(begun)).toMatchObject({ moved: 1, errors: [] })
  expect((await itemsOf('先定场所的项目')).find((one) => one.id === site.id)).toMatchObject({
    state: 'done',
    dueOn: addDays(day(), 28),
  })
})

test('a list moves on a project that was registered by hand instead of opening it again', async () => {
  const open = { countyCode: county, templateKey: 'luohe-project', title: '手工登记项目', on: addDays(day(), -9) }
  const { id } = await call<{ id: string }>('sync.openEvent', { ...open, areaCode: town })
  const list = [head, `手工登记项目,,${addDays(day(), -9)},${addDays(day(), -3)}`]
  expect(await bring(list, true)).toMatchObject({ kept: 0, moved: 1 })
  expect(await bring(list)).toMatchObject({ kept: 0, moved: 1 })
  expect((await itemsOf('手工登记项目')).length).toBe(5)
  expect((await look(id)).milestones[1]).toMatchObject({ on: addDays(day(), -3) })
})

test('projects of one name in two townships are two, and one that a list tells of twice is refused the second time', async () => {
  const { rows: towns } = await asOwner(platform.database, (tx) =>
    sql<{ name: string }>`select name from region where code like ${`${county.slice(0, 6)}%`} and code <> ${county}
      order by code limit 2`.execute(tx),
  )
  const row = (at: number, ago: number) => `标准厂房项目,${towns[at]!.name},${addDays(day(), -ago)},`
  const list = [head, row(0, 30), row(1, 20), row(0, 10), `标准厂房项目,,${addDays(day(), -30)},`]
  const found = await bring(list, true)
  expect(found).toMatchObject({
    kept: 3,
    errors: [{ row: 5, message: expect.stringContaining('与第 3 行是同一个项目') }],
  })
  expect(await bring(list.slice(0, 4))).toMatchObject({ kept: 2, errors: [{ row: 5 }] })
  const days = (await itemsOf('标准厂房项目')).filter((one) => one.state === 'open').map((one) => one.dueOn)
  expect(new Set(days)).toEqual(new Set([day(), addDays(day(), 10)]))
  const several = await bring([head, list[4]!])
  expect(several.errors).toMatchObject([{ row: 3, message: expect.stringContaining('请填写乡镇街道') }])
})

test('a new enterprise opens the steps of the parks’ practice only where the ledger has it in a park', async () => {
  await use('luohe-park', addDays(day(), -10))
  const parkId = newId()
  await asOwner(platform.database, (tx) =>
    sql`insert into place (county_code, id, area_code, kind, name, name_key, sort_key, created_at, updated_at)
      values (${county}, ${parkId}, ${county}, 'park', '柏溪科技园', '柏溪科技园', 'b', now(), now())`.execute(tx),
  )
  const values = { kind: 'enterprise', status: 'active', foundedOn: addDays(day(), -2) }
  for (const [name, placeIds] of [
    ['柏溪园内商贸有限公司', [parkId]],
    ['柏溪园外商贸有限公司', []],
  ] as const) {
    const { id } = await call<{ id: string }>('ledger.createUnit', { countyCode: county, values: { name, ...values } })
    if (placeIds.length > 0) await call('ledger.setPlaces', { id, placeIds })
  }
  now = new Date(now.getTime() + 120_000)
  await runChores(platform)
  const items = await itemsOf('商贸有限公司')
  expect([...new Set(items.map((one) => one.eventTitle))]).toEqual(['柏溪园内商贸有限公司'])
  expect(items.length).toBe(5)
})

test('a day off that the office names moves a term, and another county’s event is not found', async () => {
  const next = addDays(day(), 1)
  await call('sync.setDay', { countyCode: county, from: next, to: addDays(day(), 3), off: true, source: '防台风停工' })
  const days = await call<{ days: { day: string; own: boolean }[] }>('sync.listDays', {
    countyCode: county,
    year: Number(next.slice(0, 4)),
  })
  expect(days.days.filter((one) => one.own).length).toBeGreaterThan(0)
  const { id } = await call<{ id: string }>('sync.openEvent', {
    countyCode: county,
    templateKey: 'henan-registration',
    title: '某某研究会',
    on: day(),
  })
  const handover = (await look(id)).items[2]!
  expect(handover.dueOn! > addDays(day(), 7)).toBe(true)
  await expect(call('sync.getEvent', { id }, elsewhere)).rejects.toMatchObject({ code: 'notFound' })
})
