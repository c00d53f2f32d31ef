import { parseOptions, verify } from '@node-rs/argon2'
import { sql } from 'kysely'
import { beforeEach, expect, test, vi } from 'vitest'
import { asOwner } from '../host/database.ts'
import { lockedUntil } from './lockout.ts'
import { goodPassword, refusal, shahekou, type Trial, trialOffice } from './testing.ts'

vi.mock('@node-rs/argon2', { spy: true })

let trial: Trial
beforeEach(async () => {
  trial = await trialOffice()
})

const minutes = (count: number) => {
  trial.clock.now = new Date(trial.clock.now.getTime() + count * 60_000)
}
const attempt = (account: string, password: string, address?: string) =>
  refusal(trial.browser(address).call('signIn', { account, password }))

test('a right password opens a session, and the account is found in any letter case', async () => {
  await trial.account({ account: 'wang.li' })
  const browser = trial.browser()
  expect(await browser.call('signIn', { account: 'Wang.Li', password: goodPassword })).toEqual({ status: 'signedIn' })
  const me = await browser.call('me')
  expect(me).toMatchObject({ account: 'wang.li', name: '王丽', secondFactor: 'off', passwordExpired: false })
  expect(me.regions).toEqual([{ code: shahekou, name: '沙河口区', level: 'county' }])
  expect(me.counties).toEqual([{ code: shahekou, name: '沙河口区' }])
})

test('an unknown account, a wrong password and an account not yet set up are refused with the same words', async () => {
  await trial.account({ account: 'known' })
  await trial.account({ account: 'invited', password: undefined })
  const answers = [
    await attempt('known', 'not-the-Password-1'),
    await attempt('nobody', goodPassword),
    await attempt('invited', goodPassword),
  ]
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
  expect(answers[0]?.code).toBe('unauthenticated')
})

const checks = async (account: string, password: string) => {
  vi.mocked(verify).mockClear()
  await attempt(account, password)
  return vi.mocked(verify).mock.calls.length
}

test('a refused sign-in costs one password check whether the account exists or not', async () => {
  await trial.account({ account: 'known' })
  expect(await checks('known', 'wrong')).toBe(1)
  expect(await checks('unknown', 'wrong')).toBe(1)
  expect(parseOptions(String(vi.mocked(verify).mock.calls[0]?.[0]))).toMatchObject({ memoryCost: 32_768, timeCost: 2 })
})

test('five wrong passwords lock the account for fifteen minutes, also for the right password', async () => {
  await trial.account({ account: 'known' })
  for (let wrong = 1; wrong <= 5; wrong += 1) expect((await attempt('known', 'wrong'))?.code).toBe('unauthenticated')
  expect((await attempt('known', goodPassword, '10.0.0.2'))?.code).toBe('tooMany')
  minutes(14)
  expect((await attempt('known', goodPassword))?.code).toBe('tooMany')
  minutes(2)
  expect(await attempt('known', goodPassword)).toBeNull()
})

test('of many attempts at once no more than five are tried', async () => {
  await trial.account({ account: 'known' })
  vi.mocked(verify).mockClear()
  const answers = await Promise.all(Array.from({ length: 20 }, () => attempt('known', 'wrong')))
  expect(vi.mocked(verify).mock.calls.length).toBeLessThanOrEqual(5)
  expect(answers.filter((answer) => answer?.code === 'tooMany').length).toBeGreaterThanOrEqual(15)
})

test('an account that does not exist is locked in the same way', async () => {
  for (let wrong = 1; wrong <= 5; wrong += 1) await attempt('nobody', 'wrong')
  expect((await attempt('nobody', 'wrong'))?.code).toBe('tooMany')
})

test('four wrong passwords and a right one begin the count anew', async () => {
  await trial.account({ account: 'known' })
  for (let wrong = 1; wrong <= 4; wrong += 1) await attempt('known', 'wrong')
  expect(await attempt('known', goodPassword)).toBeNull()
  for (let wrong = 1; wrong <= 4; wrong += 1) await attempt('known', 'wrong')
  expect(await attempt('known', goodPassword)).toBeNull()
})

test('thirty wrong passwords from one address lock the address, and no other', async () => {
  await trial.account({ account: 'known' })
  for (let wrong = 1; wrong <= 30; wrong += 1) await attempt(`somebody${wrong}`, 'wrong', '10.9.9.9')
  expect((await attempt('known', goodPassword, '10.9.9.9'))?.code).toBe('tooMany')
  expect(await attempt('known', goodPassword, '10.9.9.8')).toBeNull()
})

test('attempts spread over more than a quarter of an hour lock nothing', () => {
  const now = new Date('2026-03-02T01:00:00Z')
  const before = (count: number) => new Date(now.getTime() - count * 60_000)
  expect(lockedUntil([1, 2, 3, 4, 20].map(before), 5, now)).toBeNull()
  expect(lockedUntil([1, 2, 3, 4].map(before), 5, now)).toBeNull()
  expect(lockedUntil([1, 2, 3, 4, 5].map(before), 5, now)).toEqual(new Date(before(1).getTime() + 15 * 60_000))
  expect(lockedUntil([16, 17, 18, 19, 20].map(before), 5, now)).toBeNull()
})

test('what was typed as the account is not kept in plain: it may have been a password', async () => {
  await attempt('hulu-secret', 'wrong')
  const rows = await asOwner(trial.platform.database, async (tx) => [
    ...(await sql<object>`select to_jsonb(f) as row from sign_in_failure f`.execute(tx)).rows,
    ...(await sql<object>`select to_jsonb(j) as row from journal j`.execute(tx)).rows,
  ])
  expect(rows.length).toBe(2)
  expect(JSON.stringify(rows)).not.toContain('hulu')
})

test('a suspended account is told so only to who knows its password', async () => {
  const admin = await trial.signedIn({ account: 'admin', roles: ['安全管理员', '查看人员'] })
  const id = await trial.account({ account: 'known' })
  await admin.call('suspendUser', { id, reason: '调离' })
  expect((await attempt('known', 'wrong'))?.code).toBe('unauthenticated')
  expect(await attempt('known', goodPassword)).toMatchObject({ code: 'forbidden' })
})

test('sign-in leaves a journal row with the person, refused or not', async () => {
  await trial.account({ account: 'known' })
  await attempt('known', 'wrong')
  await attempt('known', goodPassword)
  const rows = await asOwner(trial.platform.database, (tx) =>
    sql<{ outcome: string; actor_name: string; subject: string | null }>`
      select outcome, actor_name, subject from journal where operation = 'office.signIn' order by seq`.execute(tx),
  )
  expect(rows.rows.map((row) => row.outcome)).toEqual(['refused', 'done'])
  expect(rows.rows[1]).toMatchObject({ actor_name: '王丽' })
  expect(rows.rows[0]?.subject).toBe(rows.rows[1]?.subject)
})
