import { sql } from 'kysely'
import { beforeAll, expect, test } from 'vitest'
import { asOwner } from '../host/database.ts'
import type { OrgPage, OrgRow } from './contract.ts'
import { county, partyPerson, type PartyTrial, partyTrial, town } from './testing.ts'

let trial: PartyTrial
let units: string[]

beforeAll(async () => {
  trial = await partyTrial()
  units = []
  for (const name of ['海风物流有限公司', '听雨装饰有限公司', '北河贸易有限公司', '青禾科技有限公司']) {
    units.push(await trial.unit(name))
  }
})

const page = (id: string) => trial.call<OrgPage>('party.getOrg', { id })
const listed = async (id: string, ended = false) =>
  (
    await trial.call<{
      rows: { id: string; unitId: string; mode: string; validFrom: string; validTo: string | null }[]
    }>('party.listOrgUnits', { id, which: ended ? 'all' : 'now' })
  ).rows
const found = async (filter: object) =>
  (await trial.call<{ rows: OrgRow[] }>('party.searchOrgs', { filter })).rows.map((row) => row.name)
const rows = async (table: string) =>
  asOwner(trial.platform.database, async (tx) => {
    const all = await sql<{ row: unknown }>`select to_jsonb(t) as row from ${sql.table(table)} t order by id`.execute(
      tx,
    )
    return all.rows.map(({ row }) => row)
  })
const tables = ['party_org', 'party_org_version', 'party_org_line', 'party_cover', 'party_post', 'party_term']
const whole = async () => Promise.all(tables.map((table) => rows(table)))
const touched = async () => {
  const all = await asOwner(trial.platform.database, async (tx) => {
    const { rows } = await sql<{ ids: string[] }>`select unit_ids as ids from touch`.execute(tx)
    await sql`delete from touch`.execute(tx)
    return rows.flatMap((row) => row.ids)
  })
  return new Set(all)
}

test('a branch is formed with its parent, units, secretary and term, and found by name, sound and code', async () => {
  const committee = await trial.form('示例园区党委', [], { kind: 'partyCommittee', formingMode: 'regional' })
  await touched()
  const { id } = await trial.form('海风物流党支部', [units[0]!], {
    code: 'HF-01',
    parentId: committee.id,
    secretary: '张三丰',
    electedOn: '2024-03-10',
  })
  expect(await page(id)).toMatchObject({
    fullName: '中共海风物流支部委员会',
    parentName: '示例园区党委',
    secretary: '张*',
    units: 1,
    term: 'ok',
    termEndsOn: '2027-03-10',
    terms: [{ expiresOn: '2027-03-10' }],
  })
  expect(await listed(id)).toMatchObject([{ unitId: units[0], mode: 'own', validFrom: '2024-03-01', validTo: null }])
  expect([...(await touched())]).toEqual([units[0]])
  for (const text of ['海风', 'hfwl', 'HF-01']) expect(await found({ text })).toEqual(['海风物流党支部'])
  expect(await found({ parentId: committee.id })).toEqual(['海风物流党支部'])
  expect(await found({ unitId: units[0] })).toEqual(['海风物流党支部'])
})

test('no name of a person is in the clear in any table or in the journal', async () => {
  const all = await asOwner(trial.platform.database, async (tx) => {
    const told = []
    for (const table of ['party_post', 'party_change', 'party_change_row', 'journal']) {
      told.push((await sql`select to_jsonb(t) as row from ${sql.table(table)} t`.execute(tx)).rows)
    }
    return JSON.stringify(told)
  })
  expect(all).toContain('张*')
  expect(all).not.toContain('张三丰')
})

test('a unit that another organisation takes over is covered by one at a time, and what was stays', async () => {
  const first = await trial.form('甲联合党支部', [units[1]!, units[2]!], { kind: 'jointBranch', formingMode: 'joint' })
  const second = await trial.form('乙党支部')
  await touched()
  await trial.call('party.coverUnits', {
    id: second.id,
    unitIds: [units[1]],
    mode: 'own',
    from: '2025-01-01',
    reason: '单独组建',
  })
  expect(await touched()).toEqual(new Set([units[1], units[2]]))
  expect(await listed(first.id)).toMatchObject([{ unitId: units[2] }])
  expect(await listed(first.id, true)).toHaveLength(2)
  expect(await listed(second.id)).toMatchObject([{ unitId: units[1], validFrom: '2025-01-01', validTo: null }])
  expect((await page(first.id)).findings.map((one) => one.code)).toContain('jointOne')
})

test('a change is taken back whole, and not while a later one stands upon it', async () => {
  const before = await whole()
  const made = await trial.form('丙党支部', [units[3]!], { secretary: '李四', electedOn: '2024-04-01' })
  const moved = await trial.call<{ changeId: string }>('party.renameOrg', {
    id: made.id,
    name: '丙丁党总支',
    kind: 'generalBranch',
    formingMode: 'solo',
    from: '2025-05-01',
    reason: '升格',
  })
  const undo = (id: string) => trial.call('party.undoChange', { id, reason: '登记错了' })
  await expect(undo(made.changeId)).rejects.toThrow(/又有变动（丙党支部更名为丙丁党总支）/)
  await undo(moved.changeId)
  await trial.call('party.setParent', {
    id: made.id,
    line: 'guidance',
    parentName: '市行业党委',
    from: '2025-01-01',
    reason: '业务指导',
  })
  await expect(undo(made.changeId)).rejects.toThrow(/又登记了上级关系/)
  const { rows } = await trial.call<{ rows: { id: string; undoneAt: string | null }[] }>('party.listOrgChanges', {
    id: made.id,
  })
  expect(rows.filter((row) => row.undoneAt)).toHaveLength(1)
  await undo(rows[0]!.id)
  await undo(made.changeId)
  expect(await whole()).toEqual(before)
  await expect(undo(made.changeId)).rejects.toThrow(/已经撤销过/)
})

test('renaming and change of kind keep what was before from day to day', async () => {
  const { id } = await trial.form('戊党支部')
  await trial.call('party.renameOrg', {
    id,
    name: '戊党总支',
    kind: 'generalBranch',
    formingMode: 'solo',
    from: '2025-05-01',
    reason: '党员超过五十名',
  })
  expect(await page(id)).toMatchObject({
    name: '戊党总支',
    kind: 'generalBranch',
    versions: [
      { name: '戊党总支', kind: 'generalBranch', validFrom: '2025-05-01', validTo: null },
      { name: '戊党支部', kind: 'branch', validFrom: '2024-03-01', validTo: '2025-05-01' },
    ],
  })
})

test('one leadership parent a day; no circle; guidance beside it', async () => {
  const top = await trial.form('己党委', [], { kind: 'partyCommittee' })
  const next = await trial.form('己党总支', [], { kind: 'generalBranch', parentId: top.id })
  const under = (id: string, parentId: string, from: string, line = 'leadership') =>
    trial.call('party.setParent', { id, line, parentId, from, reason: '批复' })
  await expect(under(top.id, next.id, '2025-01-01')).rejects.toThrow(/不能是它自己，也不能是它的下级/)
  const other = await trial.form('庚党委', [], { kind: 'partyCommittee' })
  await under(next.id, other.id, '2025-01-01')
  await under(next.id, top.id, '2025-01-01', 'guidance')
  expect((await page(next.id)).lines).toMatchObject([
    { line: 'leadership', parentName: '庚党委', validFrom: '2025-01-01', validTo: null },
    { line: 'leadership', parentName: '己党委', validTo: '2025-01-01' },
    { line: 'guidance', parentName: '己党委', validTo: null },
  ])
  const { path } = await trial.call<{ path: { name: string }[] }>('party.orgPath', { id: next.id })
  expect(path.map((node) => node.name)).toEqual(['庚党委', '己党总支'])
  const { rows } = await trial.call<{ rows: { name: string }[] }>('party.orgTree', { parentId: other.id })
  expect(rows.map((node) => node.name)).toEqual(['己党总支'])
})

test('what is dissolved ends with all it had; its units go where they are told to', async () => {
  const unit = await trial.unit('辛机械有限公司')
  const into = await trial.form('辛联合党支部', [], { kind: 'jointBranch', formingMode: 'joint' })
  const { id } = await trial.form('辛党支部', [unit], { secretary: '王五' })
  await trial.call('party.dissolveOrg', { id, on: '2026-01-01', reason: '党员不足', coverInto: into.id })
  const gone = await page(id)
  expect(gone).toMatchObject({ dissolvedOn: '2026-01-01', units: 0, secretary: null, findings: [], term: 'exempt' })
  expect(gone.posts[0]).toMatchObject({ validTo: '2026-01-01' })
  expect(await listed(into.id)).toMatchObject([{ unitId: unit, mode: 'joint', validFrom: '2026-01-01' }])
  expect(await found({ text: '辛党支部' })).toEqual([])
  expect(await found({ text: '辛党支部', dissolved: true })).toEqual(['辛党支部'])
  await expect(
    trial.call('party.addPost', { id, post: 'secretary', name: '赵六', from: '2026-02-01', reason: '任命' }),
  ).rejects.toThrow(/已于 2026-01-01 撤销/)
})

test('merging moves units and branches; splitting takes units out under the same parent', async () => {
  const [one, two] = [await trial.unit('壬一有限公司'), await trial.unit('壬二有限公司')]
  const top = await trial.form('壬党委', [], { kind: 'partyCommittee' })
  const joint = await trial.form('壬联合党支部', [one, two], {
    kind: 'jointBranch',
    formingMode: 'joint',
    parentId: top.id,
  })
  const split = await trial.call<{ id: string }>('party.splitOrg', {
    id: joint.id,
    unitIds: [two],
    name: '壬二党支部',
    kind: 'branch',
    formingMode: 'solo',
    on: '2025-06-01',
    reason: '正式党员满三名',
  })
  expect(await listed(joint.id)).toMatchObject([{ unitId: one }])
  expect(await page(split.id)).toMatchObject({ parentName: '壬党委', foundedOn: '2025-06-01', units: 1 })
  const main = await trial.form('壬总支', [], { kind: 'generalBranch' })
  const below = await trial.form('壬小组支部', [], { parentId: split.id })
  await trial.call('party.mergeOrgs', { id: main.id, fromIds: [split.id, joint.id], on: '2026-03-01', reason: '整合' })
  expect((await listed(main.id)).map((row) => row.unitId).toSorted()).toEqual([one, two].toSorted())
  expect(await page(below.id)).toMatchObject({ parentName: '壬总支' })
})

test('a term that ends within six months is told of, then that it is over; a delay holds at most a year', async () => {
  const { id } = await trial.form('癸党支部', [], { electedOn: '2024-03-01' })
  const due = async () =>
    (
      await trial.call<{ rows: { name: string; reminder: string; dueOn: string }[] }>('party.listReminders', {
        text: '癸',
      })
    ).rows
  expect(await due()).toEqual([])
  trial.clock.now = new Date('2026-09-02T04:00:00Z')
  expect(await due()).toMatchObject([{ name: '癸党支部', reminder: 'termSoon', dueOn: '2027-03-01' }])
  trial.clock.now = new Date('2027-03-02T04:00:00Z')
  expect(await due()).toMatchObject([{ reminder: 'termOver' }])
  const [term] = (await page(id)).terms
  const delay = (delayedUntil: string) =>
    trial.call('party.delayTerm', { id: term!.id, delayedUntil, approval: '组批〔2027〕1号', reason: '改制' })
  await expect(delay('2028-03-02')).rejects.toThrow(/不超过 12 个月/)
  await delay('2028-03-01')
  expect(await page(id)).toMatchObject({ term: 'ok', termEndsOn: '2028-03-01' })
  trial.clock.now = new Date('2026-06-01T04:00:00Z')
})

test('an instructor, a union and a charter of a unit are dated, masked and told to coverage', async () => {
  const [unit] = [await trial.unit('子实业有限公司')]
  await touched()
  await trial.call('party.addContact', {
    unitId: unit,
    kind: 'instructor',
    name: '钱学森林',
    phone: '13800138000',
    from: '2025-01-01',
  })
  await expect(trial.call('party.addContact', { unitId: unit, kind: 'liaison', from: '2025-01-01' })).rejects.toThrow(
    /姓名/,
  )
  await trial.call('party.setCharter', { unitId: unit, hasClause: true, from: '2025-02-01', source: '章程修正案' })
  expect(await touched()).toEqual(new Set([unit]))
  const told = await trial.call<{ contacts: { id: string }[] }>('party.unitParty', { unitId: unit })
  expect(told).toMatchObject({
    contacts: [{ kind: 'instructor', name: '钱*', phone: '138****8000', validTo: null }],
    charters: [{ hasClause: true, validFrom: '2025-02-01' }],
  })
  const reveal = await trial.call<{ value: string }>('party.revealContact', {
    id: told.contacts[0]!.id,
    field: 'name',
    purpose: '通知培训',
  })
  expect(reveal.value).toBe('钱学森林')
})

test('an account of a township neither sees nor forms what lies elsewhere', async () => {
  const there = partyPerson({ counties: [county], areas: [town] })
  const { id } = await trial.form('寅党支部')
  await expect(trial.call('party.getOrg', { id }, there)).rejects.toThrow(/没有找到/)
  const unit = await trial.unit('寅纺织有限公司')
  await trial.call('party.addContact', { unitId: unit, kind: 'union', from: '2025-01-01' })
  await expect(trial.call('party.unitParty', { unitId: unit }, there)).rejects.toThrow(/没有找到/)
  const form = {
    countyCode: county,
    name: '卯党支部',
    kind: 'branch',
    formingMode: 'solo',
    foundedOn: '2025-01-01',
    reason: '批复',
  }
  await expect(trial.call('party.createOrg', { ...form, areaCode: county }, there)).rejects.toThrow(/不在您的管理范围/)
  await trial.call('party.createOrg', { ...form, areaCode: town }, there)
})

test('the numbers of members that were reported of an organisation stand in its row', async () => {
  await trial.call('party.reportMembers', {
    orgId: (await trial.form('辰党支部')).id,
    formal: 8,
    probationary: 1,
    asOf: '2026-05-01',
    source: '年报',
  })
  const [row] = (await trial.call<{ rows: OrgRow[] }>('party.searchOrgs', { filter: { text: '辰党支部' } })).rows
  expect(row).toMatchObject({ formal: 8, probationary: 1 })
})
