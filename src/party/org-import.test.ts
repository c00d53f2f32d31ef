import { readFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { sql } from 'kysely'
import { beforeAll, expect, test } from 'vitest'
import { asOwner } from '../host/database.ts'
import { storeUpload } from '../host/uploads.ts'
import type { OrgPage, OrgRow } from './contract.ts'
import type { OrgImportCounts, OrgImportState, OrgRowValues, OrgSheet } from './org-import-contract.ts'
import { county, type PartyTrial, partyTrial } from './testing.ts'

let trial: PartyTrial
const units = new Map<string, string>()

interface Page {
  id: string
  state: OrgImportState
  counts: OrgImportCounts
  mapping: OrgSheet[]
  error: string | null
}

beforeAll(async () => {
  trial = await partyTrial()
  for (const name of ['海风物流有限公司', '听雨装饰有限公司', '北河贸易有限公司']) {
    units.set(name, await trial.unit(name))
  }
})

async function previewed(lines: readonly string[], name = '党组织.csv'): Promise<Page> {
  const stored = await storeUpload(trial.platform, { actor: trial.here }, name, Readable.from([lines.join('\n')]))
  const { fileId } = stored.output as { fileId: string }
  const { id } = await trial.call<{ id: string }>('party.createOrgImport', {
    fileId,
    countyCode: county,
    asOf: '2026-05-01',
  })
  await trial.jobs()
  const { mapping } = await trial.call<Page>('party.getOrgImport', { id })
  await trial.call('party.checkOrgImport', { id, asOf: '2026-05-01', mapping })
  await trial.jobs()
  return { ...(await trial.call<Page>('party.getOrgImport', { id })), id }
}

async function step(id: string, operation: string, more: object = {}): Promise<Page> {
  await trial.call(`party.${operation}`, { id, ...more })
  await trial.jobs()
  return trial.call('party.getOrgImport', { id })
}

const rowsOf = async (id: string) =>
  (
    await trial.call<{ rows: { outcome: string; values: OrgRowValues; problems: { rule: string }[] }[] }>(
      'party.listOrgImportRows',
      { id },
    )
  ).rows
const orgs = async (text = '') =>
  (await trial.call<{ rows: OrgRow[] }>('party.searchOrgs', { filter: text ? { text } : {} })).rows
const whole = () =>
  asOwner(trial.platform.database, async (tx) => {
    const told = []
    for (const table of [
      'party_org',
      'party_org_version',
      'party_org_line',
      'party_cover',
      'party_post',
      'party_term',
      'member_count',
    ]) {
      told.push((await sql`select to_jsonb(t) as row from ${sql.table(table)} t order by id`.execute(tx)).rows)
    }
    return told
  })

const header = '党组织名称,类别,组建方式,上级党组织,覆盖单位名称,统一社会信用代码,成立日期,书记,换届日期,党员数'
const lines = [
  header,
  '示例园区联合党支部,联合党支部,联合组建,示例园区党委,海风物流有限公司,,2020-03-01,张三丰,2024-03-05,8',
  ',,,,听雨装饰有限公司,,,,,',
  '示例园区党委,党委,区域统建,县委两新工委,,,2018-07-01,李四,2022-01-10,130',
  '北河贸易党支部,党支部,单独组建,示例园区党委,北河贸易有限公司,,2021-05-01,,,4',
  '不存在公司党支部,党支部,单独组建,示例园区党委,不存在有限公司,,2021-05-01,,,3',
  '没有类别的名称党,,,,,,,,,',
  '合计,,,,,,,,,145',
]

test('a file is checked row by row, taken in and taken back as a whole', async () => {
  const before = await whole()
  const page = await previewed(lines)
  expect(page).toMatchObject({
    state: 'preview',
    counts: { read: 6, notData: 1, add: 5, refused: 1, orgsNew: 4, unitsFound: 3, unitsMissing: 1 },
  })
  const rows = await rowsOf(page.id)
  expect(rows.flatMap((row) => row.problems.map((one) => one.rule))).toEqual([
    '平台里和文件里都没有这个党组织',
    '台账里没有这家单位',
    '看不出是哪一类党组织',
  ])
  expect(JSON.stringify(rows)).not.toMatch(/张三丰|李四/)
  expect(await step(page.id, 'commitOrgImport')).toMatchObject({ state: 'committed', error: null })
  const [joint] = await orgs('联合')
  expect(joint).toMatchObject({
    parentName: '示例园区党委',
    units: 2,
    secretary: '张*',
    formal: 8,
    termEndsOn: '2027-03-05',
  })
  const committee = (await orgs('园区党委'))[0]!
  expect(await trial.call<OrgPage>('party.getOrg', { id: committee.id })).toMatchObject({
    children: 3,
    lines: [{ parentId: null, parentName: '县委两新工委' }],
    termEndsOn: '2027-01-10',
  })
  expect(await step(page.id, 'undoOrgImport', { reason: '传错了文件' })).toMatchObject({ state: 'undone' })
  expect(await whole()).toEqual(before)
})

test('the same file again changes nothing; a unit more is added to the organisation that is there', async () => {
  const first = await previewed(lines)
  await step(first.id, 'commitOrgImport')
  const again = await previewed(lines)
  expect(again.counts).toMatchObject({ read: 6, add: 0, update: 0, same: 5, refused: 1 })
  const more = await previewed([header, '示例园区联合党支部,联合党支部,联合组建,,北河贸易有限公司,,,,,'])
  expect(more.counts).toMatchObject({ update: 1, orgsNew: 0 })
  await step(more.id, 'commitOrgImport')
  expect((await orgs('联合'))[0]).toMatchObject({ units: 3 })
})

test('an import upon which something was built is not taken back, and says why', async () => {
  const page = await previewed([header, '甲丙党支部,党支部,单独组建,示例园区党委,,,2021-05-01,,,4'])
  await step(page.id, 'commitOrgImport')
  const [org] = await orgs('甲丙')
  await trial.call('party.addPost', {
    id: org!.id,
    post: 'secretary',
    name: '赵六',
    from: '2025-01-01',
    reason: '任命',
  })
  await trial.call('party.undoOrgImport', { id: page.id, reason: '传错了' })
  await trial.jobs()
  expect(await trial.call('party.getOrgImport', { id: page.id })).toMatchObject({
    state: 'committed',
    error: expect.stringContaining('又登记了班子成员') as string,
  })
})

test('与上级党组织相同 takes the parent’s unit, and what is exported in the national shape says so', async () => {
  const titles = '党组织名称,党组织书记,组织类别,党组织所在单位情况,单位名称,法人单位统一社会信用代码,上级党组织'
  const page = await previewed([
    titles,
    '海风物流党总支,,党总支,法人单位,海风物流有限公司,,',
    '海风物流第一党支部,,党支部,与上级党组织相同,,,海风物流党总支',
  ])
  await step(page.id, 'commitOrgImport')
  const [branch] = await orgs('第一党支部')
  expect(branch).toMatchObject({ units: 1, parentName: '海风物流党总支' })
  await trial.call('party.exportOrgs', {
    filter: { text: '海风物流' },
    shape: 'national',
    format: 'csv',
    purpose: '上报采集表',
  })
  await trial.jobs()
  const { rows } = await asOwner(trial.platform.database, (tx) =>
    sql<{ file: string }>`select result ->> 'fileId' as file from job where kind = 'party.exportOrgs'`.execute(tx),
  )
  const text = readFileSync(trial.platform.files.path(rows[0]!.file), 'utf8')
  expect(text).toContain('中共海风物流第一支部委员会,,,,党支部,与上级党组织相同,,,,,海风物流党总支')
  expect(text).toContain('中共海风物流总支部委员会,,,,党总支,法人单位,海风物流有限公司')
})

test('what is exported in the plain shape comes back as no change', async () => {
  await trial.call('party.exportOrgs', { filter: {}, shape: 'plain', format: 'csv', purpose: '核对名册' })
  await trial.jobs()
  const { rows } = await asOwner(trial.platform.database, (tx) =>
    sql<{ file: string }>`select result ->> 'fileId' as file from job where kind = 'party.exportOrgs'
      order by created_at desc, id desc limit 1`.execute(tx),
  )
  const page = await previewed(readFileSync(trial.platform.files.path(rows[0]!.file), 'utf8').split('\n'))
  const told = await rowsOf(page.id)
  expect(told.filter((row) => row.outcome !== 'same')).toEqual([])
  expect(page.counts.same).toBeGreaterThan(6)
})
