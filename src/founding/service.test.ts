import { Readable } from 'node:stream'
import { sql } from 'kysely'
import { beforeAll, expect, test } from 'vitest'
import { addDays } from '../base/time.ts'
import { county } from '../coverage/testing.ts'
import { finishJobs } from '../host/command.ts'
import type { Actor } from '../host/context.ts'
import { asOwner } from '../host/database.ts'
import type { HostTables } from '../host/tables.ts'
import { storeUpload } from '../host/uploads.ts'
import {
  call,
  clerk,
  day,
  elsewhere,
  finish,
  here,
  look,
  opened,
  platform,
  reader,
  startTrial,
  stateOf,
  toEnd,
  toReply,
} from './testing.ts'

beforeAll(startTrial)

test('a case goes from the first talk to a party organisation with its term and secretary, and the unit is covered', async () => {
  const { id, unitId } = await opened()
  await toReply(id)
  const waits = await look(id)
  expect(waits).toMatchObject({ step: 'reply', orgId: null, state: 'open', overdue: false })
  const { orgId } = await call<{ orgId: string }>('founding.registerReply', {
    id,
    on: day,
    docNo: '大街工发〔2026〕1号',
  })
  expect(await stateOf(unitId)).toBe('own')
  await call('founding.registerElection', { id, on: day, entitled: 4, present: 4, secretary: '张建国' })
  const org = await call<{ name: string; secretary?: unknown }>('party.getOrg', { id: orgId })
  expect(org.name).toMatch(/号商贸有限公司党支部$/)
  await expect(call('founding.registerFiling', { id, on: day })).rejects.toMatchObject({
    message: expect.stringContaining('材料还缺 8 份：组建申请（请示）、党组织登记表'),
  })
  for (const { item } of (await look(id)).dossier)
    await call('founding.addEvidence', { id, step: 'filing', item, on: day, note: '纸质材料已收' })
  await call('founding.registerFiling', { id, on: day })
  const page = await look(id)
  expect(page).toMatchObject({ state: 'done', step: null, dueOn: null, endedOn: day, orgId })
  expect(page.stepList.length).toBe(8)
  expect(JSON.stringify(page)).not.toContain('张建国')
})

test('an election at which fewer than four fifths came is refused, and writes nothing', async () => {
  const { id } = await opened(5)
  await toReply(id)
  const { orgId } = await call<{ orgId: string }>('founding.registerReply', { id, on: day, docNo: '〔2026〕2号' })
  const refused = call('founding.registerElection', { id, on: day, entitled: 5, present: 3, secretary: '李卫东' })
  await expect(refused).rejects.toMatchObject({ message: expect.stringContaining('不足应到的 80%') })
  expect((await look(id)).step).toBe('election')
  expect(JSON.stringify(await call('party.getOrg', { id: orgId }))).not.toContain('李')
})

test('no step is done out of order, in the future or before the one before, nor skipped without a reason', async () => {
  const { id } = await opened()
  await expect(finish(id, 'survey')).rejects.toMatchObject({ code: 'conflict' })
  await expect(finish(id, 'contact', addDays(day, 1))).rejects.toMatchObject({ code: 'invalid' })
  await finish(id, 'contact')
  await expect(finish(id, 'screen', addDays(day, -1))).rejects.toMatchObject({
    message: expect.stringContaining('不能早于上一步“沟通”'),
  })
  await expect(call('founding.skipStep', { id, step: 'screen', reason: '' })).rejects.toMatchObject({ code: 'invalid' })
  await call('founding.skipStep', { id, step: 'screen', reason: '已由园区筛选过' })
  expect((await look(id)).stepList.at(-1)).toMatchObject({ step: 'screen', state: 'skipped', note: '已由园区筛选过' })
  await finish(id, 'survey')
  await finish(id, 'verify')
  await finish(id, 'request')
  const skip = call('founding.skipStep', { id, step: 'reply', reason: '上级已口头同意' })
  await expect(skip).rejects.toMatchObject({ message: '“批复”不能跳过。' })
})

test('taking the reply back takes the organisation back, which only who may register it can', async () => {
  const { id, unitId } = await opened()
  await toReply(id)
  await call('founding.registerReply', { id, on: day, docNo: '〔2026〕3号' })
  const stepId = (await look(id)).stepList.at(-1)!.id
  const back = { id, stepId, reason: '批复文号登记错了' }
  await expect(call('founding.takeBackStep', back, clerk)).rejects.toMatchObject({ code: 'forbidden' })
  await call('founding.takeBackStep', back)
  const page = await look(id)
  expect(page).toMatchObject({ step: 'reply', orgId: null })
  expect(page.stepList.at(-1)!.takenBack).toMatchObject({ reason: '批复文号登记错了' })
  expect(await stateOf(unitId)).toBe('none')
  await call('founding.registerReply', { id, on: day, docNo: '〔2026〕4号' })
  expect(await stateOf(unitId)).toBe('own')
})

test('a step past its term is overdue on the board until it is put off, with its reason kept', async () => {
  await call('founding.changeFoundingSetting', {
    countyCode: county,
    key: 'contactTerm',
    value: 1,
    effectiveOn: day,
    source: '试点要求',
  })
  const { id } = await opened()
  const page = await look(id)
  expect(page.dueOn).toBe(addDays(day, 1))
  const later = { id, step: 'contact', until: addDays(day, 20), reason: '负责人出差未归' }
  await call('founding.postponeStep', later)
  expect(await look(id)).toMatchObject({ dueOn: addDays(day, 20), overdue: false })
  await expect(call('founding.postponeStep', { ...later, until: addDays(day, 3) })).rejects.toMatchObject({
    message: expect.stringContaining('之后'),
  })
  const board = await call<{ columns: { step: string; total: number; cases: { id: string }[] }[] }>(
    'founding.getBoard',
    {},
  )
  expect(board.columns[0]!.cases.map((one) => one.id)).toContain(id)
})

test('a unit stands in one open case only; a closed one is opened again where it was', async () => {
  const { id, unitId } = await opened()
  const again = { unitIds: [unitId], kind: 'branch', formingMode: 'solo' }
  await expect(call('founding.openCase', again)).rejects.toMatchObject({ code: 'conflict' })
  await finish(id, 'contact')
  await call('founding.closeCase', { id, reason: '单位已注销' })
  expect(await look(id)).toMatchObject({ state: 'closed', closedReason: '单位已注销' })
  const other = await call<{ id: string }>('founding.openCase', again)
  await expect(call('founding.reopenCase', { id, reason: '误终止' })).rejects.toMatchObject({ code: 'conflict' })
  await call('founding.closeCase', { id: other.id, reason: '重复开办' })
  await call('founding.reopenCase', { id, reason: '误终止' })
  expect(await look(id)).toMatchObject({ state: 'open', step: 'screen' })
})

test('a closed case is not opened again for a unit that got an organisation meanwhile', async () => {
  const { id, unitId } = await opened()
  await call('founding.closeCase', { id, reason: '暂缓' })
  const again = { unitIds: [unitId], kind: 'branch', formingMode: 'solo' }
  const other = await call<{ id: string }>('founding.openCase', again)
  await toReply(other.id)
  await toEnd(other.id)
  const refused = { code: 'conflict', message: expect.stringContaining('已归入') }
  await expect(call('founding.reopenCase', { id, reason: '误终止' })).rejects.toMatchObject(refused)
})

test('a reply is refused while there are fewer formal members than a branch needs', async () => {
  const { id } = await opened(2)
  await toReply(id)
  const reply = call('founding.registerReply', { id, on: day, docNo: '〔2026〕10号' })
  await expect(reply).rejects.toMatchObject({ message: expect.stringContaining('正式党员') })
  expect(await look(id)).toMatchObject({ state: 'open', step: 'reply' })
})

test('a paper is filed with its file, handed out only for a purpose, and taken down with a reason', async () => {
  const { id } = await opened()
  const stored = await storeUpload(platform, { actor: here }, '党员名册.pdf', Readable.from(['%PDF-1.4 名册']))
  const { fileId } = stored.output as { fileId: string }
  const paper = { id, step: 'survey', item: 'roster', on: day, note: '摸排时收到', fileId }
  const { id: paperId } = await call<{ id: string }>('founding.addEvidence', paper)
  expect((await look(id)).dossier.find((one) => one.item === 'roster')).toMatchObject({ state: 'there' })
  await expect(call('founding.downloadEvidence', { id: paperId })).rejects.toMatchObject({ code: 'invalid' })
  const { url } = await call<{ url: string }>('founding.downloadEvidence', { id: paperId, purpose: '核对党员人数' })
  expect(url).toMatch(/^\/api\/files\//)
  const asReader = call('founding.downloadEvidence', { id: paperId, purpose: '看一看' }, reader)
  await expect(asReader).rejects.toMatchObject({ code: 'forbidden' })
  await call('founding.removeEvidence', { id: paperId, reason: '传错了文件' })
  expect((await look(id)).dossier.find((one) => one.item === 'roster')).toMatchObject({ state: 'missing' })
  await call('founding.addEvidence', { id, step: 'survey', item: 'roster', on: day, note: '由上级代存', waived: true })
  expect((await look(id)).dossier.find((one) => one.item === 'roster')).toMatchObject({ state: 'waived' })
})

test('documents are written of what happened, and the list is taken out, each for a purpose', async () => {
  const { id } = await opened()
  const early = call('founding.writeDocument', { id, kind: 'result', purpose: '报备使用' })
  await expect(early).rejects.toMatchObject({ message: '选举（任职）结果还没有登记，登记后再生成报告。' })
  const jobs = [
    await call<{ jobId: string }>('founding.writeDocument', { id, kind: 'request', purpose: '报送上级' }),
    await call<{ jobId: string }>('founding.exportCases', { state: 'open', purpose: '调度会使用' }),
  ]
  await finishJobs(platform)
  for (const { jobId } of jobs) {
    const job = await asOwner(platform.database, (tx) =>
      tx.withTables<HostTables>().selectFrom('job').selectAll().where('id', '=', jobId).executeTakeFirstOrThrow(),
    )
    expect(job).toMatchObject({ state: 'done', error: null })
    expect((job.result as { bytes: number }).bytes).toBeGreaterThan(2000)
  }
})

test('a case is found by the name of its organisation as it is written, and by a unit however it is written', async () => {
  const [orgName, name] = ['甲（集团）有限责任公司党支部', '大连检索（集团）有限责任公司']
  const values = { name, kind: 'enterprise', status: 'active', staffCount: '20' }
  const { id: unitId } = await call<{ id: string }>('ledger.createUnit', { countyCode: county, values })
  const { id } = await call<{ id: string }>('founding.openCase', {
    unitIds: [unitId],
    kind: 'branch',
    formingMode: 'solo',
    orgName,
  })
  for (const text of [orgName, '（集团）有限责任', name, '大连检索(集团)有限公司']) {
    const { rows } = await call<{ rows: { id: string }[] }>('founding.listCases', { text })
    expect(rows.map((row) => row.id)).toEqual([id])
  }
})

test('a document names the secretary only to who may see names', async () => {
  const { id } = await opened()
  await toReply(id)
  await toEnd(id)
  const write = async (purpose: string, actor: Actor) => {
    await call('founding.writeDocument', { id, kind: 'filing', purpose }, actor)
    await finishJobs(platform)
    const { rows } = await asOwner(platform.database, (tx) =>
      sql`select from journal where purpose = ${purpose} and subject like 'partyPost:%'`.execute(tx),
    )
    return rows.length
  }
  expect(await write('报备时使用', here)).toBe(1)
  expect(await write('只是看一看', reader)).toBe(0)
})

test('a case of another county is not found', async () => {
  const { id } = await opened()
  await expect(call('founding.getCase', { id }, elsewhere)).rejects.toMatchObject({ code: 'notFound' })
  await expect(call('founding.closeCase', { id, reason: '试一试' }, elsewhere)).rejects.toMatchObject({
    code: 'notFound',
  })
})
