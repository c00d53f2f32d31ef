import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { beforeEach, expect, test } from 'vitest'
import { newId } from '../base/ids.ts'
import { finishJobs } from '../host/command.ts'
import { actorLike } from '../host/testing-platform.ts'
import { asOwner } from '../host/database.ts'
import { commitMembersJob } from './member-commit-jobs.ts'
import { memberPermissions } from './member-contract.ts'
import { county, type MemberTrial, memberTrial, personNumber } from './member-testing.ts'

let trial: MemberTrial
let sea: string
let rain: string

beforeEach(async () => {
  trial = await memberTrial()
  // Names are read without their places: which places there are must not depend on the tests before.
  await asOwner(trial.platform.database, (tx) => sql`truncate region`.execute(tx))
  sea = await trial.unit('大连海风物流有限公司')
  rain = await trial.unit('大连听雨商贸有限公司')
})

const header = '姓名,公民身份号码,党员类别,所在党支部,工作单位,转为正式党员日期'
const seaBranch = '中共大连海风物流有限公司支部委员会'
const member = (n: number, more: { kind?: string; branch?: string; employer?: string } = {}) =>
  `王${n}号,${personNumber(n)},${more.kind ?? '正式党员'},${more.branch ?? seaBranch},${more.employer ?? '大连海风物流有限公司'},`

interface Tally {
  now: { formal: number; probationary: number; knownElsewhere: number } | null
  openTasks: number
}
const tallyOf = async (unitId: string) => (await trial.call<Tally>('party.unitMembers', { unitId })).now
const found = (filter: object) =>
  trial.call<{ rows: { id: string; name: string; relation: string; unitId: string | null }[]; total: number }>(
    'party.searchMembers',
    { filter },
  )

/** Members and tallies as they are. */
const dump = () =>
  asOwner(trial.platform.database, async (tx) => {
    const { rows: persons } = await sql`
      select to_jsonb(m) - 'name_sealed' as row from member m order by person_digest, valid_from`.execute(tx)
    const { rows: tallies } = await sql`select * from member_tally order by unit_id, valid_from`.execute(tx)
    return [persons, tallies]
  })

/** Names of the files that lie in the file store, kept and put aside. */
function filesOf(): string[] {
  const { dataDir } = trial.platform.config
  return ['files', 'files-aside'].flatMap((name) => {
    const directory = join(dataDir, name)
    return existsSync(directory)
      ? readdirSync(directory, { recursive: true })
          .map(String)
          .filter((one) => one.endsWith('.bin'))
      : []
  })
}

test('members are counted at the unit they work at, apart those whose relation is elsewhere', async () => {
  const { counts } = await trial.imported([
    header,
    member(1),
    member(2),
    member(3, { kind: '预备党员' }),
    member(4, { branch: '北河街道社区党支部' }),
    member(5, { employer: '无人听说过的公司' }),
    member(6, { kind: '积极分子' }),
    member(1),
  ])
  expect(counts).toMatchObject({ read: 7, added: 5, repeated: 1, refused: 1, staged: 0 })
  expect(await tallyOf(sea)).toMatchObject({ formal: 2, probationary: 1, knownElsewhere: 1 })
  expect((await found({ relation: 'elsewhere' })).total).toBe(1)
  expect((await found({ relation: 'unplaced' })).total).toBe(1)
  expect(filesOf()).toEqual([])
})

test('names are masked, found whole, and shown for a purpose that the journal keeps without the name', async () => {
  await trial.imported([header, member(1), member(2)])
  const { rows, total } = await found({ name: '王1号' })
  expect({ total, name: rows[0]?.name }).toEqual({ total: 1, name: '王*' })
  expect((await found({ name: '王1' })).total).toBe(0)
  const { value } = await trial.call<{ value: string }>('party.revealMember', {
    id: rows[0]!.id,
    purpose: '核对组织关系',
  })
  expect(value).toBe('王1号')
  const journal = await asOwner(trial.platform.database, (tx) =>
    sql<{ purpose: string | null; text: string }>`select purpose, j::text as text from journal j`.execute(tx),
  )
  expect(journal.rows.map((row) => row.purpose)).toContain('核对组织关系')
  expect(journal.rows.map((row) => row.text).join()).not.toContain('王1号')
})

test('a member is found by the number, old or new, and nobody by a wrong one', async () => {
  await trial.imported([header, member(7)])
  const find = async (idNumber: string) =>
    (await trial.call<{ rows: unknown[] }>('party.findMember', { idNumber })).rows.length
  const number = personNumber(7)
  expect(await find(number)).toBe(1)
  expect(await find(`${number.slice(0, 6)}${number.slice(8, 17)}`)).toBe(1)
  expect(await find(personNumber(8))).toBe(0)
  expect(await find(`${number.slice(0, 17)}${number.endsWith('0') ? '1' : '0'}`)).toBe(0)
})

test('the same roster again changes nothing, a later one updates and keeps what was', async () => {
  await trial.imported([header, member(1), member(2)])
  const before = await dump()
  expect((await trial.imported([header, member(1), member(2)])).counts).toMatchObject({ same: 2, added: 0, updated: 0 })
  expect(await dump()).toEqual(before)
  const { counts } = await trial.imported(
    [header, member(1, { employer: '大连听雨商贸有限公司', branch: '北河街道社区党支部' })],
    '2026-03-01',
  )
  expect(counts).toMatchObject({ updated: 1, same: 0 })
  const { history } = await trial.call<{ history: object[] }>('party.unitMembers', { unitId: sea })
  expect(history).toMatchObject([
    { formal: 2, validFrom: '2026-01-01', validTo: '2026-03-01' },
    { formal: 1, validFrom: '2026-03-01', validTo: null },
  ])
  expect(await tallyOf(rain)).toMatchObject({ formal: 0, knownElsewhere: 1 })
})

test('undoing an import leaves members and tallies as the other rosters have them', async () => {
  await trial.imported([header, member(1), member(2)])
  const before = await dump()
  const { id } = await trial.imported([header, member(1, { kind: '预备党员' }), member(3)], '2026-02-01', true)
  expect(await tallyOf(sea)).toMatchObject({ formal: 1, probationary: 1 })
  await trial.call('party.undoMemberImport', { id, reason: '试着撤销' })
  await finishJobs(trial.platform)
  expect(await dump()).toEqual(before)
  expect(await trial.call('party.getMemberImport', { id })).toMatchObject({ state: 'undone' })
})

test('a roster of all members ends those it does not name', async () => {
  await trial.imported([header, member(1), member(2)])
  const { counts } = await trial.imported([header, member(2)], '2026-02-01', true)
  expect(counts).toMatchObject({ same: 1, ended: 1 })
  expect(await tallyOf(sea)).toMatchObject({ formal: 1 })
  expect((await found({ ended: true })).total).toBe(1)
})

test('an employer that a person settles counts at once and for rosters to come', async () => {
  await trial.imported([header, member(1, { employer: '海风物流' })])
  const listed = await trial.call<{ rows: { employerKey: string; members: number }[] }>('party.listEmployers', {
    how: 'unknown',
  })
  expect(listed.rows).toMatchObject([{ members: 1 }])
  const { employerKey } = listed.rows[0]!
  await trial.call('party.settleEmployer', { countyCode: county, employerKey, unitId: sea })
  expect(await tallyOf(sea)).toMatchObject({ formal: 1 })
  await trial.imported([header, member(2, { employer: '海风物流' })], '2026-02-01')
  expect(await tallyOf(sea)).toMatchObject({ formal: 2 })
})

test('a reported number counts while no member is known by name, and can be withdrawn', async () => {
  const report = { unitId: rain, formal: 4, probationary: 1, asOf: '2026-01-01', source: '走访填报' }
  const { id } = await trial.call<{ id: string }>('party.reportMembers', report)
  expect(await tallyOf(rain)).toMatchObject({ formal: 4, probationary: 1 })
  await trial.call('party.withdrawReport', { id })
  expect(await tallyOf(rain)).toBeNull()
})

test('a branch that is a party organisation of the platform has its members at the units it covers', async () => {
  const orgId = newId()
  await asOwner(trial.platform.database, async (tx) => {
    const name = '海风听雨联合党支部'
    await sql`
      insert into party_org (county_code, id, area_code, kind, forming_mode, base_kind, name, full_name, name_key,
        full_name_key, sort_key, search_text, founded_on, created_at, updated_at)
      values (${county}, ${orgId}, ${county}, 'jointBranch', 'joint', 'unit', ${name}, ${`中共${name}`}, ${name},
        ${`中共${name}`}, 'h', ${name}, '2025-01-01', now(), now())`.execute(tx)
    for (const unitId of [sea, rain]) {
      await sql`
        insert into party_cover (county_code, id, org_id, unit_id, mode, valid_from)
        values (${county}, ${newId()}, ${orgId}, ${unitId}, 'joint', '2025-01-01')`.execute(tx)
    }
  })
  const branch = '海风听雨联合党支部'
  await trial.imported([header, member(1, { branch }), member(2, { branch, employer: '大连听雨商贸有限公司' })])
  expect(await tallyOf(sea)).toMatchObject({ formal: 1, knownElsewhere: 0 })
  expect(await tallyOf(rain)).toMatchObject({ formal: 1, knownElsewhere: 0 })
  expect(await found({ orgId })).toMatchObject({ total: 2, rows: [{ orgName: branch }, { orgName: branch }] })
})

test('whoever looks after another county or only a township sees and changes nothing', async () => {
  const { id } = await trial.imported([header, member(1)])
  const permissions = Object.keys(memberPermissions)
  const elsewhere = actorLike(newId(), permissions, { counties: ['210203000000'], areas: '*' })
  const township = actorLike(newId(), permissions, { counties: [county], areas: ['210204001000'] })
  for (const actor of [elsewhere, township]) {
    expect(await trial.call('party.searchMembers', { filter: {} }, actor)).toEqual({ rows: [], total: 0 })
    await expect(trial.call('party.getMemberImport', { id }, actor)).rejects.toMatchObject({
      code: expect.stringMatching(/notFound|forbidden/),
    })
    const fileId = await trial.upload([header, member(2)])
    const input = { fileId, countyCode: county }
    await expect(trial.call('party.createMemberImport', input, actor)).rejects.toMatchObject({
      code: expect.stringMatching(/notFound|forbidden/),
    })
    await expect(trial.call('party.createRosterCheck', input, actor)).rejects.toMatchObject({
      code: expect.stringMatching(/notFound|forbidden/),
    })
  }
})

test('an import that is given up leaves neither file nor rows', async () => {
  const fileId = await trial.upload([header, member(1)])
  const { id } = await trial.call<{ id: string }>('party.createMemberImport', { fileId, countyCode: county })
  await finishJobs(trial.platform)
  expect(filesOf()).toHaveLength(1)
  await trial.call('party.discardMemberImport', { id })
  expect(filesOf()).toEqual([])
})

test('a file without numbers of persons is refused and removed', async () => {
  const fileId = await trial.upload(['企业名称,统一社会信用代码', '大连海风物流有限公司,91350100M000100Y43'])
  const { id } = await trial.call<{ id: string }>('party.createMemberImport', { fileId, countyCode: county })
  await finishJobs(trial.platform)
  expect(await trial.call('party.getMemberImport', { id })).toMatchObject({ state: 'failed', fileKept: false })
  expect(filesOf()).toEqual([])
})

test('an export is masked unless the permission and a purpose are there, and has the form’s sixteen items', async () => {
  await trial.imported([header, member(1)])
  const exported = async (personal: 'masked' | 'full') => {
    const input = { filter: {}, format: 'csv', personal, purpose: '核对组织关系' }
    const { jobId } = await trial.call<{ jobId: string }>('party.exportMembers', input)
    await finishJobs(trial.platform)
    const { rows } = await asOwner(trial.platform.database, (tx) =>
      sql<{ file: string }>`select result ->> 'fileId' as file from job where id = ${jobId}`.execute(tx),
    )
    return readFileSync(trial.platform.files.path(rows[0]!.file), 'utf8').trim().split('\r\n').slice(-2)
  }
  const [titles, masked] = await exported('masked')
  expect(titles?.split(',')).toHaveLength(17)
  expect(masked).toMatch(/^王\*,,,,,,正式党员,/)
  expect((await exported('full'))[1]).toMatch(/^王1号,,/)
  const without = actorLike(newId(), ['party.member.export'])
  const input = { filter: {}, format: 'csv', personal: 'full', purpose: '核对组织关系' }
  await expect(trial.call('party.exportMembers', input, without)).rejects.toMatchObject({ code: 'forbidden' })
})

test('an import that was killed half way goes on to the same end', async () => {
  const lines = [header, member(1), member(2), member(3, { branch: '北河街道社区党支部' })]
  const fileId = await trial.upload(lines)
  const input = { fileId, countyCode: county, asOf: '2026-01-01' }
  const { id } = await trial.call<{ id: string }>('party.createMemberImport', input)
  await finishJobs(trial.platform)
  const { mapping } = await trial.call<{ mapping: unknown[] }>('party.getMemberImport', { id })
  await trial.call('party.checkMemberImport', { id, asOf: '2026-01-01', complete: false, mapping })
  await finishJobs(trial.platform)
  await trial.call('party.commitMemberImport', { id })
  await trial.stopped(commitMembersJob, id, new Error('killed'))
  expect(await trial.call('party.getMemberImport', { id })).toMatchObject({ state: 'committing', fileKept: true })
  await finishJobs(trial.platform)
  const counts = { added: 3, staged: 0, updated: 0, same: 0 }
  expect(await trial.call('party.getMemberImport', { id })).toMatchObject({ state: 'committed', counts })
  expect(await tallyOf(sea)).toMatchObject({ formal: 2, knownElsewhere: 1 })
  expect(filesOf()).toEqual([])
})
