import { readFileSync } from 'node:fs'
import { sql } from 'kysely'
import { beforeEach, expect, test } from 'vitest'
import { finishJobs } from '../host/command.ts'
import { asOwner } from '../host/database.ts'
import { type MemberTrial, memberTrial, personNumber } from './member-testing.ts'

const names = ['大连海风物流有限公司', '大连听雨商贸有限公司', '山间茶叶工作室'] as const
const header = '姓名,公民身份号码,党员类别,所在党支部,工作单位'
const insuredHeader = '姓名,公民身份号码,用人单位,参保起始'
const branchOf = (name: string) => `中共${name}支部委员会`

let trial: MemberTrial
let checkId: string
beforeEach(async () => {
  trial = await memberTrial()
  for (const name of names) await trial.unit(name)
  const member = (n: number, at: number) =>
    `尉迟${n}郎,${personNumber(n)},正式党员,${branchOf(names[at]!)},${names[at]!}`
  await trial.imported([header, member(1, 0), member(2, 0), member(3, 0), member(4, 1), member(5, 1), member(6, 2)])
  const insured = (n: number, at: number) => `尉迟${n}郎,${personNumber(n)},${names[at]!},2020-01`
  checkId = (await trial.compared([insuredHeader, insured(1, 0), insured(2, 1), insured(3, 1), insured(4, 2)])).id
})

interface Unit {
  name: string
}
const listed = async (operation: string, input: object) =>
  (await trial.call<{ rows: Unit[] }>(operation, input)).rows.map((row) => row.name)

/** The text of the file that an export leaves. */
async function taken(operation: string, input: object): Promise<string> {
  const { jobId } = await trial.call<{ jobId: string }>(operation, { ...input, format: 'csv', purpose: '核对名单' })
  await finishJobs(trial.platform)
  const { rows } = await asOwner(trial.platform.database, (tx) =>
    sql<{ file: string | null; error: string | null }>`
      select result ->> 'fileId' as file, error from job where id = ${jobId}`.execute(tx),
  )
  expect(rows[0]).toMatchObject({ error: null })
  return readFileSync(trial.platform.files.path(rows[0]!.file!), 'utf8')
}

test('units with members are listed in the order asked for, and the file has the same order', async () => {
  const input = { sort: 'formal', order: 'desc' }
  expect(await listed('party.listMemberUnits', input)).toEqual(names)
  expect(await listed('party.listMemberUnits', { ...input, order: 'asc' })).toEqual([...names].toReversed())
  const text = await taken('party.exportMemberUnits', input)
  expect(names.map((name) => text.indexOf(name))).toEqual(
    names.map((name) => text.indexOf(name)).toSorted((a, b) => a - b),
  )
  expect(text).toContain('用途：核对名单')
  expect(text).not.toContain('尉迟')
})

test('the units of a comparison are listed by any of their numbers, and a number opens into those that make it', async () => {
  const input = { id: checkId, sort: 'elsewhere', order: 'desc' }
  expect((await listed('party.listRosterUnits', input)).slice(0, 2)).toEqual([names[1], names[2]])
  expect(await listed('party.listRosterUnits', { id: checkId, only: 'here' })).toEqual([names[0]])
  const text = await taken('party.exportRosterUnits', { id: checkId, only: 'here' })
  expect(text).toContain(names[0])
  expect(text).not.toContain(names[1])
})

test('tasks are found by the unit’s name or the branch’s, in an order, and taken out with names masked', async () => {
  interface Task {
    unitName: string
    branch: string
  }
  const tasks = async (input: object) => (await trial.call<{ rows: Task[] }>('party.listMemberTasks', input)).rows
  expect(await tasks({})).toHaveLength(3)
  expect(await tasks({ text: '山间茶叶' })).toMatchObject([{ unitName: names[2], branch: branchOf(names[1]) }])
  expect(await tasks({ text: '海风物流' })).toMatchObject([{ unitName: names[1] }, { unitName: names[1] }])
  const upwards = (await tasks({ sort: 'unitName', order: 'asc' })).map((one) => one.unitName)
  expect((await tasks({ sort: 'unitName', order: 'desc' })).map((one) => one.unitName)).toEqual(upwards.toReversed())
  const text = await taken('party.exportMemberTasks', { text: '山间茶叶' })
  expect(text).toContain('转接组织关系')
  expect(text).toContain('姓名已脱敏')
  expect(text).not.toContain('尉迟4郎')
  await expect(taken('party.exportMemberTasks', { text: '没有这家' })).rejects.toThrow('不用导出')
})
