import { beforeEach, expect, test } from 'vitest'
import { newId } from '../base/ids.ts'
import type { Actor } from '../host/context.ts'
import { asOwner, scoped } from '../host/database.ts'
import { invoke } from '../host/pipeline.ts'
import type { Platform } from '../host/platform.ts'
import { actorLike, testPlatform } from '../host/testing-platform.ts'
import { applyChanges, type UnitChange } from './apply.ts'
import { ledgerContract, ledgerPermissions } from './contract.ts'
import { importContract } from './import-contract.ts'
import { ledger } from './service.ts'

const county = '210204000000'
const other = '210203000000'
const here = actorLike(newId(), Object.keys(ledgerPermissions))
const nowhere = actorLike(newId(), Object.keys(ledgerPermissions), { counties: [], areas: [] })
const elsewhere = actorLike(newId(), Object.keys(ledgerPermissions), { counties: [other], areas: '*' })
let platform: Platform

beforeEach(async () => {
  platform = await testPlatform({
    contracts: { ledger: { ...ledgerContract, ...importContract } },
    handlers: { ledger },
  })
})

async function call<T>(name: string, input: unknown, actor: Actor = here): Promise<T> {
  return (await invoke(platform, `ledger.${name}`, input, { actor })).output as T
}

const change = (unitId: string, more: Partial<UnitChange>): UnitChange => ({
  unitId,
  create: true,
  department: 'marketRegulation',
  validFrom: '2026-01-01',
  sourceRowId: null,
  values: {},
  ...more,
})

async function given(...changes: UnitChange[]): Promise<void> {
  const scope = { counties: [county], areas: '*' as const }
  const by = { importId: null, recordedBy: '测试', now: new Date() }
  await scoped(platform.database, scope, (tx) => applyChanges(tx, county, changes, by))
}

interface Page {
  asOf: string
  fields: { field: string; current: { value: string; department: string } | null; differs: boolean }[]
}
const valueOf = (page: Page, field: string) => page.fields.find((one) => one.field === field)?.current?.value
const list = async (filter: object, actor?: Actor) =>
  call<{ rows: { id: string; name: string; phone: string | null }[]; total: number }>('searchUnits', { filter }, actor)

test('a unit is found by two characters of its name, by pinyin initials and by its code', async () => {
  const id = newId()
  await given(
    change(id, { values: { name: '大连斯达尔建筑工程有限公司', uscc: '91350100M000100Y43' } }),
    change(newId(), { values: { name: '大连海风物流有限公司' } }),
  )
  for (const text of ['斯达', '达尔建筑', 'sdejz', '91350100M0', '斯', 'sd']) {
    expect(
      (await list({ text })).rows.map((row) => row.id),
      text,
    ).toEqual([id])
  }
  expect((await list({ text: '斯 达 尔' })).total).toBe(1)
  expect((await list({ text: '%' })).total).toBe(0)
})

test('the value of the more trusted department is taken, and that others differ is visible', async () => {
  const id = newId()
  await given(
    change(id, { values: { name: '甲公司', staffCount: '10', legalRep: '王小二' } }),
    change(id, { department: 'townshipPark', values: { staffCount: '12' } }),
    change(id, { department: 'tax', values: { legalRep: '李四' } }),
  )
  const page = await call<Page>('getUnit', { id })
  expect(valueOf(page, 'staffCount')).toBe('12')
  expect(valueOf(page, 'legalRep')).toBe('王*')
  expect(page.fields.find((one) => one.field === 'legalRep')?.differs).toBe(true)
})

test('a page as of an earlier day shows what held then, also when older values come in later', async () => {
  const id = newId()
  await given(change(id, { values: { name: '甲公司', staffCount: '10' } }))
  await given(change(id, { create: false, validFrom: '2026-06-01', values: { staffCount: '20' } }))
  await given(change(id, { create: false, validFrom: '2026-03-01', values: { staffCount: '15' } }))
  const at = async (asOf: string) => valueOf(await call<Page>('getUnit', { id, asOf }), 'staffCount')
  expect(await at('2026-02-01')).toBe('10')
  expect(await at('2026-03-01')).toBe('15')
  expect(await at('2026-05-31')).toBe('15')
  expect(await at('2026-06-01')).toBe('20')
  expect(await at('2025-12-31')).toBeUndefined()
})

test('an equal value from the same department adds no fact', async () => {
  const id = newId()
  const values = { name: '甲公司', staffCount: '10' }
  await given(change(id, { values }))
  await given(change(id, { create: false, validFrom: '2026-06-01', values }))
  expect((await call<{ rows: unknown[] }>('listFacts', { id })).rows).toHaveLength(2)
})

test('two units cannot hold one code', async () => {
  await given(change(newId(), { values: { name: '甲公司', uscc: '91350100M000100Y43' } }))
  const again = given(change(newId(), { values: { name: '乙公司', uscc: '91350100M000100Y43' } }))
  await expect(again).rejects.toThrow('另一家单位')
})

test('who has no region sees no row, no count, no summary; who has another county sees no unit by id', async () => {
  const id = newId()
  await given(change(id, { values: { name: '甲公司' } }))
  expect((await list({})).total).toBe(1)
  for (const actor of [nowhere, elsewhere]) {
    expect(await list({}, actor)).toMatchObject({ rows: [], total: 0 })
    expect(await call('summary', {}, actor)).toMatchObject({ units: 0, byKind: [], importsWaiting: 0 })
    await expect(call('getUnit', { id }, actor)).rejects.toMatchObject({ code: 'notFound' })
    await expect(call('correctUnit', { id, values: { name: '乙' }, reason: '试试' }, actor)).rejects.toMatchObject({
      code: 'notFound',
    })
    const wanted = { filter: {}, columns: ['name'], format: 'csv', purpose: '试着导出' }
    await expect(call('exportUnits', wanted, actor)).rejects.toThrow('没有符合条件')
  }
})

test('personal values are masked everywhere, and a reveal is journalled with its purpose but without the value', async () => {
  const id = newId()
  await given(change(id, { values: { name: '甲公司', phone: '10012345678', legalRep: '王小二' } }))
  const seen = JSON.stringify([await list({}), await call('getUnit', { id }), await call('listFacts', { id })])
  expect(seen).not.toContain('10012345678')
  expect(seen).not.toContain('王小二')
  expect(await call('revealField', { id, field: 'phone', purpose: '电话核实人数' })).toEqual({ value: '10012345678' })
  const journal = await asOwner(platform.database, (tx) =>
    tx
      .withTables<{ journal: { purpose: string; detail: unknown; operation: string } }>()
      .selectFrom('journal')
      .selectAll()
      .execute(),
  )
  expect(journal.map((row) => row.purpose)).toContain('电话核实人数')
  expect(JSON.stringify(journal)).not.toContain('10012345678')
})

test('a correction by our own staff comes before every department, and emptying it gives the department its say again', async () => {
  const id = newId()
  await given(change(id, { values: { name: '甲公司', staffCount: '10' } }))
  await call('correctUnit', { id, values: { staffCount: '11' }, reason: '实地走访' })
  expect(valueOf(await call<Page>('getUnit', { id }), 'staffCount')).toBe('11')
  await call('correctUnit', { id, values: { staffCount: '' }, reason: '记错了' })
  expect(valueOf(await call<Page>('getUnit', { id }), 'staffCount')).toBe('10')
})

test('nonsense in a hand-filled field is refused with the field and its cure', async () => {
  const wrong = call('createUnit', { countyCode: county, values: { name: '甲公司', uscc: '91350100M000100Y44' } })
  await expect(wrong).rejects.toMatchObject({ code: 'invalid', fields: [{ path: 'uscc' }] })
  await expect(call('createUnit', { countyCode: other, values: { name: '甲公司' } })).rejects.toMatchObject({
    code: 'notFound',
  })
})

test('a withdrawn unit leaves the list and comes back whole', async () => {
  const id = newId()
  await given(change(id, { values: { name: '甲公司' } }))
  await call('withdrawUnit', { id, reason: '重复' })
  expect((await list({})).total).toBe(0)
  expect((await list({ withdrawn: true })).total).toBe(1)
  await call('restoreUnit', { id })
  expect((await list({})).total).toBe(1)
})

test('who looks after one township can enter and move units only inside it', async () => {
  const township = '210204001000'
  const actor = actorLike(newId(), Object.keys(ledgerPermissions), { counties: [county], areas: [township] })
  const { id } = await call<{ id: string }>(
    'createUnit',
    { countyCode: county, values: { name: '甲公司', area: township } },
    actor,
  )
  expect((await list({}, actor)).total).toBe(1)
  const outside = { name: '乙公司', area: '210204002000' }
  await expect(call('createUnit', { countyCode: county, values: outside }, actor)).rejects.toMatchObject({
    code: 'forbidden',
  })
  const moved = call('correctUnit', { id, values: { area: '210204002000' }, reason: '搬家' }, actor)
  await expect(moved).rejects.toMatchObject({ code: 'forbidden' })
  const upload = call('createImport', { fileId: newId(), countyCode: county }, actor)
  await expect(upload).rejects.toMatchObject({ code: 'forbidden' })
})
