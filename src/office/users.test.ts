import { sql } from 'kysely'
import { beforeEach, expect, test } from 'vitest'
import { asOwner } from '../host/database.ts'
import { type Browser, refusal, shahekou, type Trial, trialOffice, zhongshan } from './testing.ts'

let trial: Trial
beforeEach(async () => {
  trial = await trialOffice()
})

const dalian = '210200000000'
const country = '000000000000'
const gone = { code: 'notFound' }
const forbidden = { code: 'forbidden' }
const manager = ['安全管理员', '查看人员']

async function roleIds(browser: Browser, ...names: string[]): Promise<string[]> {
  const { rows } = await browser.call('listRoles')
  return names.map((name) => rows.find((role) => role.name === name)!.id)
}
const accounts = async (browser: Browser, input = {}) =>
  (await browser.call('listUsers', input)).rows.map((row) => row.account)

test('users of another county are not in the list, not in its count, and not there by id', async () => {
  const admin = await trial.signedIn({ account: 'admin', roles: manager, regions: [shahekou] })
  await trial.account({ account: 'near', regions: ['210204001000'] })
  const far = await trial.account({ account: 'far', regions: [zhongshan] })
  const above = await trial.account({ account: 'above', regions: [dalian] })
  const both = await trial.account({ account: 'both', regions: [shahekou, zhongshan] })
  expect(await admin.call('listUsers', {})).toMatchObject({ total: 2 })
  expect(await accounts(admin)).toEqual(['admin', 'near'])
  expect(await accounts(admin, { text: 'far' })).toEqual([])
  const ids = await roleIds(admin, '查看人员')
  for (const id of [far, above, both]) {
    expect(await refusal(admin.call('getUser', { id }))).toMatchObject(gone)
    expect(await refusal(admin.call('suspendUser', { id, reason: '越权' }))).toMatchObject(gone)
    expect(await refusal(admin.call('resetUser', { id }))).toMatchObject(gone)
    const change = { id, name: '改名', roleIds: ids, regions: [shahekou] }
    expect(await refusal(admin.call('updateUser', change))).toMatchObject(gone)
  }
  const { rows } = await admin.call('listRoles')
  expect(rows.find((role) => role.name === '查看人员')?.userCount).toBe(2)
})

test('what is excluded from the actor is excluded from the users the actor sees', async () => {
  const admin = await trial.signedIn({
    account: 'admin',
    roles: manager,
    regions: [dalian],
    excludedRegions: [zhongshan],
  })
  await trial.account({ account: 'inside', regions: [shahekou] })
  await trial.account({ account: 'same', regions: [dalian], excludedRegions: [zhongshan] })
  await trial.account({ account: 'whole', regions: [dalian] })
  await trial.account({ account: 'excluded', regions: ['210202001000'] })
  expect(await accounts(admin)).toEqual(['admin', 'inside', 'same'])
})

test('an account without regions is seen by who looks after the whole country, and by nobody below', async () => {
  await trial.account({ account: 'nowhere', regions: [] })
  const near = await trial.signedIn({ account: 'near', roles: manager, regions: [shahekou] })
  const whole = await trial.signedIn({ account: 'whole', roles: manager, regions: [country] })
  const lost = await trial.signedIn({ account: 'lost', roles: manager, regions: [] })
  expect(await accounts(near)).toEqual(['near'])
  expect(await accounts(whole)).toEqual(['lost', 'near', 'nowhere', 'whole'])
  expect(await accounts(lost)).toEqual(['lost'])
})

test('nobody can give a role that holds a permission they lack', async () => {
  const admin = await trial.signedIn({ account: 'admin', roles: manager })
  const given: Record<string, string | null> = {}
  for (const name of ['系统管理员', '安全管理员', '审计管理员', '台账专员', '查看人员']) {
    const user = { account: `u${Object.keys(given).length}x`, name: '某人', regions: [shahekou] }
    const made = admin.call('createUser', { ...user, roleIds: await roleIds(admin, name) })
    given[name] = (await refusal(made))?.code ?? null
  }
  expect(given).toEqual({
    系统管理员: 'forbidden',
    安全管理员: null,
    审计管理员: 'forbidden',
    台账专员: 'forbidden',
    查看人员: null,
  })
})

test('nobody can give a region that is not wholly theirs', async () => {
  const admin = await trial.signedIn({
    account: 'admin',
    roles: manager,
    regions: [shahekou, '441900000000'],
    excludedRegions: ['210204002000'],
  })
  const ids = await roleIds(admin, '查看人员')
  const give = async (regions: string[], excludedRegions: string[] = []) => {
    const account = `u${Math.random().toString(36).slice(2, 10)}`
    const made = admin.call('createUser', { account, name: '某人', roleIds: ids, regions, excludedRegions })
    return (await refusal(made))?.code ?? null
  }
  expect(await give(['210204001000'])).toBeNull()
  expect(await give(['441900003000'])).toBeNull()
  expect(await give([shahekou], ['210204002000'])).toBeNull()
  expect(await give([shahekou])).toBe('forbidden')
  expect(await give(['210204002000'])).toBe('forbidden')
  expect(await give([zhongshan])).toBe('forbidden')
  expect(await give([dalian])).toBe('forbidden')
  expect(await give([country])).toBe('forbidden')
  expect(await give([])).toBe('invalid')
  expect(await give(['999900000000'])).toBe('invalid')
  expect(await give(['210204001000'], [zhongshan])).toBe('invalid')
})

test('nobody can raise themselves', async () => {
  const admin = await trial.signedIn({ account: 'admin', roles: manager })
  const [own] = await roleIds(admin, '安全管理员')
  const all = await roleIds(admin, '安全管理员', '台账专员')
  const me = { id: admin.id, name: '王丽' }
  expect(await refusal(admin.call('updateUser', { ...me, roleIds: all, regions: [shahekou] }))).toMatchObject(forbidden)
  expect(await refusal(admin.call('updateUser', { ...me, roleIds: [own], regions: [dalian] }))).toMatchObject(forbidden)
  const role = { name: '自己人', permissions: ['ledger.unit.write'] }
  expect(await refusal(admin.call('createRole', role))).toMatchObject(forbidden)
})

test('who holds more than the actor can be neither reset, changed nor suspended by them', async () => {
  const admin = await trial.signedIn({ account: 'admin', roles: manager })
  const auditor = await trial.account({ account: 'auditor', roles: ['审计管理员'] })
  const ids = await roleIds(admin, '查看人员')
  expect(await accounts(admin)).toContain('auditor')
  expect(await refusal(admin.call('resetUser', { id: auditor }))).toMatchObject(forbidden)
  expect(await refusal(admin.call('suspendUser', { id: auditor, reason: '越权' }))).toMatchObject(forbidden)
  const change = { id: auditor, name: '改名', roleIds: ids, regions: [shahekou] }
  expect(await refusal(admin.call('updateUser', change))).toMatchObject(forbidden)
})

test('somebody who can manage users is always left', async () => {
  const admin = await trial.signedIn({ account: 'admin', roles: manager })
  const ids = await roleIds(admin, '查看人员')
  const demote = (id: string) =>
    refusal(admin.call('updateUser', { id, name: '王丽', roleIds: ids, regions: [shahekou] }))
  expect(await demote(admin.id)).toMatchObject({ code: 'conflict' })
  expect(await refusal(admin.call('suspendUser', { id: admin.id, reason: '试试' }))).toMatchObject({ code: 'conflict' })
  const second = await trial.account({ account: 'second', roles: manager })
  expect(await demote(admin.id)).toBeNull()
  const other = trial.browser()
  await other.call('signIn', { account: 'second', password: 'hulu-Tuolabing-7' })
  const change = { id: second, name: '王丽', roleIds: ids, regions: [shahekou] }
  expect(await refusal(other.call('updateUser', change))).toMatchObject({ code: 'conflict' })
  expect((await other.call('me')).permissions).toContain('office.user.write')
})

test('an account name is taken once, in any letter case', async () => {
  const admin = await trial.signedIn({ account: 'admin', roles: manager })
  const user = { name: '某人', roleIds: await roleIds(admin, '查看人员'), regions: [shahekou] }
  await admin.call('createUser', { ...user, account: 'Li.Xiang' })
  expect(await refusal(admin.call('createUser', { ...user, account: 'li.xiang' }))).toMatchObject({ code: 'conflict' })
})

test('a telephone number is sealed in the database, covered on the screen, and stays when left empty', async () => {
  const admin = await trial.signedIn({ account: 'admin', roles: manager })
  const roles = await roleIds(admin, '查看人员')
  const user = { name: '某人', phone: '19900001234', roleIds: roles, regions: [shahekou] }
  const { id } = await admin.call('createUser', { ...user, account: 'phoned' })
  await admin.call('updateUser', { ...user, id, phone: null })
  expect((await admin.call('getUser', { id })).phone).toBe('199****1234')
  const kept = await asOwner(trial.platform.database, async (tx) => [
    ...(await sql`select to_jsonb(a) from account a`.execute(tx)).rows,
    ...(await sql`select to_jsonb(j) from journal j`.execute(tx)).rows,
  ])
  expect(JSON.stringify(kept)).not.toContain('19900001234')
  await admin.call('updateUser', { ...user, id, phone: '' })
  expect((await admin.call('getUser', { id })).phone).toBeNull()
})

test('the list is found by account, name and first letters, and narrowed by state and role', async () => {
  const admin = await trial.signedIn({ account: 'admin', roles: manager, name: '周红' })
  const id = await trial.account({ account: 'chen', name: '陈晓东' })
  expect(await accounts(admin, { text: 'CHE' })).toEqual(['chen'])
  expect(await accounts(admin, { text: '晓东' })).toEqual(['chen'])
  expect(await accounts(admin, { text: 'cxd' })).toEqual(['chen'])
  expect(await accounts(admin, { text: '%' })).toEqual([])
  expect(await accounts(admin, { sort: 'name', order: 'desc' })).toEqual(['admin', 'chen'])
  expect(await accounts(admin, { roleId: (await roleIds(admin, '安全管理员'))[0] })).toEqual(['admin'])
  await admin.call('suspendUser', { id, reason: '调离' })
  expect(await accounts(admin, { state: 'suspended' })).toEqual(['chen'])
  expect(await admin.call('listUsers', { pageSize: 1, page: 2 })).toMatchObject({
    total: 2,
    rows: [{ account: 'chen' }],
  })
})

test('a locked account shows until when', async () => {
  const admin = await trial.signedIn({ account: 'admin', roles: manager })
  const id = await trial.account({ account: 'chen' })
  for (let wrong = 1; wrong <= 5; wrong += 1) {
    await refusal(trial.browser().call('signIn', { account: 'chen', password: 'wrong' }))
  }
  const until = new Date(trial.clock.now.getTime() + 15 * 60_000).toISOString()
  expect((await admin.call('getUser', { id })).lockedUntil).toBe(until)
})
