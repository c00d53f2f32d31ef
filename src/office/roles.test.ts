import { beforeEach, expect, test } from 'vitest'
import { type Browser, refusal, shahekou, type Trial, trialOffice, zhongshan } from './testing.ts'

let trial: Trial
beforeEach(async () => {
  trial = await trialOffice()
})

const forbidden = { code: 'forbidden' }
const manager = ['安全管理员', '查看人员']
const roleNamed = async (browser: Browser, name: string) =>
  (await browser.call('listRoles')).rows.find((role) => role.name === name)!

test('the three kinds of administration share no permission, and together with the others hold every one', async () => {
  const browser = await trial.signedIn({ account: 'admin', roles: manager })
  const { rows, permissions } = await browser.call('listRoles')
  const three = rows.filter((role) => role.name.endsWith('管理员')).flatMap((role) => role.permissions)
  expect(three.length).toBeGreaterThan(6)
  expect(new Set(three).size).toBe(three.length)
  expect(new Set(rows.flatMap((role) => role.permissions))).toEqual(new Set(permissions.map((one) => one.name)))
  expect(rows.find((role) => role.name === '查看人员')?.permissions).toEqual([
    'ledger.unit.read',
    'linkage.queue.read',
    'office.place.read',
  ])
  expect(permissions).toContainEqual({ name: 'ledger.unit.read', title: '查看台账', room: '台账' })
})

test('each administrator is refused what belongs to the other two', async () => {
  const asks = {
    listUsers: {},
    createRole: { name: '新', permissions: ['office.user.read'] },
    listJournal: {},
  } as const
  const refusedFor = async (role: string) => {
    const browser = await trial.signedIn({ account: `u${role.codePointAt(0)}`, roles: [role] })
    const codes: Record<string, string | null> = {}
    for (const [name, input] of Object.entries(asks)) {
      codes[name] = (await refusal(browser.call(name as keyof typeof asks, input)))?.code ?? null
    }
    return codes
  }
  expect(await refusedFor('系统管理员')).toEqual({
    listUsers: 'forbidden',
    createRole: 'forbidden',
    listJournal: 'forbidden',
  })
  expect(await refusedFor('安全管理员')).toEqual({ listUsers: null, createRole: null, listJournal: 'forbidden' })
  expect(await refusedFor('审计管理员')).toEqual({ listUsers: 'forbidden', createRole: 'forbidden', listJournal: null })
})

test('a role is made only of permissions that exist and that its maker holds', async () => {
  const admin = await trial.signedIn({ account: 'admin', roles: manager })
  const make = (name: string, ...permissions: string[]) => refusal(admin.call('createRole', { name, permissions }))
  expect(await make('抄表员', 'ledger.unit.read')).toBeNull()
  expect(await make('抄表员', 'ledger.unit.read')).toMatchObject({ code: 'conflict' })
  expect(await make('维护员', 'ledger.unit.read', 'ledger.unit.write')).toMatchObject(forbidden)
  expect(await make('无中生有', 'ledger.unit.fly')).toMatchObject({ code: 'invalid' })
  const role = await roleNamed(admin, '抄表员')
  const raised = { ...role, permissions: ['ledger.unit.read', 'office.journal.read'] }
  expect(await refusal(admin.call('updateRole', raised))).toMatchObject(forbidden)
})

test('a role that holds more than the actor cannot be changed or removed by them', async () => {
  const admin = await trial.signedIn({ account: 'admin', roles: manager })
  const clerk = await roleNamed(admin, '台账专员')
  expect(await refusal(admin.call('updateRole', { ...clerk, permissions: ['ledger.unit.read'] }))).toMatchObject(
    forbidden,
  )
  expect(await refusal(admin.call('removeRole', { id: clerk.id }))).toMatchObject(forbidden)
})

test('of a built-in role only the second factor can be changed, and it cannot be removed', async () => {
  const admin = await trial.signedIn({ account: 'admin', roles: manager })
  const reader = await roleNamed(admin, '查看人员')
  const fewer = { ...reader, permissions: ['ledger.unit.read'] }
  expect(await refusal(admin.call('updateRole', fewer))).toMatchObject({ code: 'conflict' })
  expect(await refusal(admin.call('removeRole', { id: reader.id }))).toMatchObject({ code: 'conflict' })
  const other = await roleNamed(admin, '安全管理员')
  expect(await refusal(admin.call('updateRole', { ...other, secondFactorRequired: true }))).toBeNull()
  expect((await admin.call('me')).secondFactor).toBe('required')
})

test('a role that somebody beyond the actor’s regions holds is not the actor’s to change', async () => {
  const near = await trial.signedIn({ account: 'near', roles: manager, regions: [shahekou] })
  const { id } = await near.call('createRole', { name: '抄表员', permissions: ['ledger.unit.read'] })
  const change = { id, name: '抄录员', permissions: ['ledger.unit.read'] }
  expect(await refusal(near.call('updateRole', change))).toBeNull()
  await trial.account({ account: 'far', roles: ['抄录员'], regions: [zhongshan] })
  expect(await refusal(near.call('updateRole', { ...change, name: '抄表员' }))).toMatchObject(forbidden)
})

test('a role that somebody holds cannot be removed, and afterwards it can', async () => {
  const admin = await trial.signedIn({ account: 'admin', roles: manager })
  const { id } = await admin.call('createRole', { name: '抄表员', permissions: ['ledger.unit.read'] })
  const user = await trial.account({ account: 'chen', roles: ['抄表员'] })
  expect(await refusal(admin.call('removeRole', { id }))).toMatchObject({ code: 'conflict' })
  const reader = await roleNamed(admin, '查看人员')
  await admin.call('updateUser', { id: user, name: '陈', roleIds: [reader.id], regions: [shahekou] })
  expect(await refusal(admin.call('removeRole', { id }))).toBeNull()
})

test('a role that gives user management cannot lose it while nobody else has it', async () => {
  const chief = await trial.signedIn({ account: 'chief', roles: manager })
  const { id } = await chief.call('createRole', {
    name: '管人',
    permissions: ['office.user.read', 'office.user.write', 'office.role.read', 'office.role.write'],
  })
  const reader = await roleNamed(chief, '查看人员')
  await chief.call('updateUser', { id: chief.id, name: '王丽', roleIds: [id, reader.id], regions: [shahekou] })
  const lesser = { id, name: '管人', permissions: ['office.user.read', 'office.role.read', 'office.role.write'] }
  expect(await refusal(chief.call('updateRole', lesser))).toMatchObject({ code: 'conflict' })
})
