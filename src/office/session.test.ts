import { sql } from 'kysely'
import { beforeEach, expect, test } from 'vitest'
import { asOwner } from '../host/database.ts'
import { invoke } from '../host/pipeline.ts'
import { goodPassword, refusal, type Trial, trialOffice } from './testing.ts'

let trial: Trial
beforeEach(async () => {
  trial = await trialOffice()
})

const over = { code: 'unauthenticated' }
const minutes = (count: number) => {
  trial.clock.now = new Date(trial.clock.now.getTime() + count * 60_000)
}

test('a session is over after thirty minutes without a request', async () => {
  const browser = await trial.signedIn({ account: 'known' })
  minutes(29)
  expect(await refusal(browser.call('me'))).toBeNull()
  minutes(29)
  expect(await refusal(browser.call('me'))).toBeNull()
  minutes(30)
  expect(await refusal(browser.call('me'))).toMatchObject(over)
})

test('a session is over after twelve hours however busy', async () => {
  const browser = await trial.signedIn({ account: 'known' })
  for (let past = 25; past < 12 * 60; past += 25) {
    minutes(25)
    expect(await refusal(browser.call('me'))).toBeNull()
  }
  minutes(25)
  expect(await refusal(browser.call('me'))).toMatchObject(over)
})

test('a page that refreshes itself does not keep a session alive', async () => {
  const browser = await trial.signedIn({ account: 'known' })
  const refresh = () =>
    refusal(invoke(trial.platform, 'office.listJobs', {}, { sessionToken: browser.token, attended: false }))
  minutes(20)
  expect(await refresh()).toBeNull()
  minutes(15)
  expect(await refresh()).toMatchObject(over)
})

test('a token is kept only as its hash', async () => {
  const browser = await trial.signedIn({ account: 'known' })
  const kept = await asOwner(trial.platform.database, (tx) => sql`select to_jsonb(s) as row from session s`.execute(tx))
  expect(kept.rows.length).toBe(1)
  expect(JSON.stringify(kept.rows)).not.toContain(browser.token)
  expect(Buffer.from(browser.token!, 'base64url').length).toBe(32)
})

test('signing in again ends the session that the browser came with, and makes a new token', async () => {
  const browser = await trial.signedIn({ account: 'known' })
  const fixed = browser.token
  await browser.call('signIn', { account: 'known', password: goodPassword })
  expect(browser.token).not.toBe(fixed)
  const thief = trial.browser()
  thief.token = fixed
  expect(await refusal(thief.call('me'))).toMatchObject(over)
})

test('signing out ends the session on the server too', async () => {
  const browser = await trial.signedIn({ account: 'known' })
  const token = browser.token
  await browser.call('signOut')
  expect(browser.token).toBeNull()
  browser.token = token
  expect(await refusal(browser.call('me'))).toMatchObject(over)
})

test('one sees and ends one’s own sessions and nobody else’s', async () => {
  const browser = await trial.signedIn({ account: 'known' })
  const second = trial.browser('10.0.0.7')
  await second.call('signIn', { account: 'known', password: goodPassword })
  const stranger = await trial.signedIn({ account: 'stranger' })
  const { rows } = await browser.call('listSessions')
  expect(Object.fromEntries(rows.map((row) => [row.address, row.current]))).toEqual({
    '10.0.0.1': true,
    '10.0.0.7': false,
  })
  const other = rows.find((row) => !row.current)!
  expect(await refusal(stranger.call('endSession', { id: other.id }))).toMatchObject({ code: 'notFound' })
  expect(await refusal(second.call('me'))).toBeNull()
  await browser.call('endSession', { id: other.id })
  expect(await refusal(second.call('me'))).toMatchObject(over)
})

test('suspending an account ends its sessions at once', async () => {
  const admin = await trial.signedIn({ account: 'admin', roles: ['安全管理员', '查看人员'] })
  const browser = await trial.signedIn({ account: 'known' })
  await admin.call('suspendUser', { id: browser.id, reason: '调离' })
  expect(await refusal(browser.call('me'))).toMatchObject(over)
  await admin.call('resumeUser', { id: browser.id })
  expect(await refusal(browser.call('me'))).toMatchObject(over)
})

test('a role or a region taken away is gone with the next request of a running session', async () => {
  const admin = await trial.signedIn({ account: 'admin', roles: ['安全管理员', '台账专员'], regions: ['210200000000'] })
  const browser = await trial.signedIn({ account: 'known', roles: ['台账专员'] })
  expect((await browser.call('me')).permissions).toContain('ledger.unit.write')
  const { rows } = await admin.call('listRoles')
  const reader = rows.find((role) => role.name === '查看人员')!
  await admin.call('updateUser', { id: browser.id, name: '王丽', roleIds: [reader.id], regions: ['210202000000'] })
  const me = await browser.call('me')
  expect(me.permissions).not.toContain('ledger.unit.write')
  expect(me.counties.map((county) => county.code)).toEqual(['210202000000'])
})

test('changing the password needs the present one, ends other sessions, and refuses the last five', async () => {
  const browser = await trial.signedIn({ account: 'known' })
  const other = trial.browser()
  await other.call('signIn', { account: 'known', password: goodPassword })
  const change = (current: string, next: string) => refusal(browser.call('changePassword', { current, next }))
  const passwords = [goodPassword, ...[1, 2, 3, 4, 5].map((one) => `Shulin-chuang-${one}`)]
  expect(await change('wrong', passwords[1]!)).toMatchObject({ code: 'invalid' })
  expect(await change(goodPassword, 'Password123!')).toMatchObject({ code: 'invalid' })
  expect(await change(goodPassword, goodPassword)).toMatchObject({ code: 'invalid' })
  const before = browser.token
  for (let at = 0; at < 5; at += 1) expect(await change(passwords[at]!, passwords[at + 1]!)).toBeNull()
  expect(browser.token).not.toBe(before)
  expect(await refusal(other.call('me'))).toMatchObject(over)
  for (const used of passwords.slice(1)) {
    expect(await change(passwords[5]!, used)).toMatchObject({ code: 'invalid' })
  }
  expect(await change(passwords[5]!, goodPassword)).toBeNull()
})

test('a password of ninety days must be changed before anything else is done', async () => {
  const browser = await trial.signedIn({ account: 'known' })
  minutes(90 * 24 * 60)
  await browser.call('signIn', { account: 'known', password: goodPassword })
  expect((await browser.call('me')).passwordExpired).toBe(true)
  expect(await refusal(browser.call('listPlaces'))).toMatchObject({ code: 'forbidden' })
  await browser.call('changePassword', { current: goodPassword, next: 'Shulin-chuang-1' })
  expect((await browser.call('me')).passwordExpired).toBe(false)
  expect(await refusal(browser.call('listPlaces'))).toBeNull()
})
