import { Readable } from 'node:stream'
import { beforeEach, expect, test } from 'vitest'
import { finishJobs } from '../host/command.ts'
import { storeUpload } from '../host/uploads.ts'
import { county, type MemberTrial, memberTrial, personNumber } from './member-testing.ts'

const stays = '大连海风物流有限公司'
const goes = '海风物流经营部'
const header = '姓名,公民身份号码,党员类别,所在党支部,工作单位'
const member = (n: number, employer: string) =>
  `王${n}号,${personNumber(n)},正式党员,中共${employer}支部委员会,${employer}`

let trial: MemberTrial
beforeEach(async () => {
  trial = await memberTrial()
})

const formalAt = async (unitId: string) =>
  (await trial.call<{ now: { formal: number } | null }>('party.unitMembers', { unitId })).now?.formal ?? 0
interface Units {
  total: number
}
const figures = async () => {
  const { units } = await trial.call<{ units: number }>('party.memberSummary', {})
  const { total } = await trial.call<Units>('party.listMemberUnits', {})
  return { units, total }
}

test('members count at the unit that theirs was merged into, and at their own again when that is undone', async () => {
  const [into, from] = [await trial.unit(stays), await trial.unit(goes)]
  await trial.imported([header, member(1, stays), member(2, goes), member(3, goes)])
  const counts = async () => [await formalAt(into), await formalAt(from)]
  expect(await counts()).toEqual([1, 2])
  await trial.call('linkage.mergeUnits', { id: from, intoId: into, reason: '同一家' })
  await finishJobs(trial.platform)
  expect(await counts()).toEqual([3, 0])
  expect(await figures()).toEqual({ units: 1, total: 1 })
  await trial.call('linkage.undoMerge', { id: from })
  await finishJobs(trial.platform)
  expect(await counts()).toEqual([1, 2])
})

test('what a person said of an employer goes along with a merged unit and comes back', async () => {
  const [into, from] = [await trial.unit(stays), await trial.unit(goes)]
  await trial.imported([header, member(1, '海风')])
  const employer = { countyCode: county, employerKey: '海风', unitId: from }
  await trial.call('party.settleEmployer', employer)
  await trial.call('linkage.mergeUnits', { id: from, intoId: into, reason: '同一家' })
  await finishJobs(trial.platform)
  interface Employers {
    rows: { unitId: string | null; how: string }[]
  }
  const said = async () => (await trial.call<Employers>('party.listEmployers', {})).rows
  expect(await said()).toMatchObject([{ unitId: into, how: 'person' }])
  await trial.call('linkage.undoMerge', { id: from })
  await finishJobs(trial.platform)
  expect(await said()).toMatchObject([{ unitId: from, how: 'person' }])
})

test('members of a unit that went with the import that had brought it are without a known employer', async () => {
  const file = await storeUpload(
    trial.platform,
    { actor: trial.here },
    '市场监管-企业登记.csv',
    Readable.from([Buffer.from(`企业名称,法定代表人\n${stays},王小二`)]),
  )
  const { fileId } = file.output as { fileId: string }
  const { id } = await trial.call<{ id: string }>('ledger.createImport', { fileId, countyCode: county })
  await finishJobs(trial.platform)
  const { mapping } = await trial.call<{ mapping: unknown }>('ledger.getImport', { id })
  const asked = { id, department: 'marketRegulation', asOf: '2026-01-01', mapping }
  await trial.call('ledger.checkImport', asked)
  await finishJobs(trial.platform)
  await trial.call('ledger.commitImport', { id })
  await finishJobs(trial.platform)
  await trial.imported([header, member(1, stays)])
  expect(await figures()).toEqual({ units: 1, total: 1 })
  await trial.call('ledger.undoImport', { id, reason: '传错了文件' })
  await finishJobs(trial.platform)
  expect(await figures()).toEqual({ units: 0, total: 0 })
  expect(await trial.call('party.memberSummary', {})).toMatchObject({ formal: 1, unplaced: 1, unknownEmployers: 1 })
})
