import { sql } from 'kysely'
import { beforeEach, expect, test } from 'vitest'
import { asOwner } from '../host/database.ts'
import { type Browser, codeOf, goodPassword, refusal, type Trial, trialOffice } from './testing.ts'

let trial: Trial
beforeEach(async () => {
  trial = await trialOffice()
})

const seconds = (count: number) => {
  trial.clock.now = new Date(trial.clock.now.getTime() + count * 1000)
}
const now = (offset = 0) => new Date(trial.clock.now.getTime() + offset * 1000)

async function bind(browser: Browser): Promise<{ secret: string; recoveryCodes: string[] }> {
  const { secret, uri } = await browser.call('startSecondFactor', { password: goodPassword })
  expect(uri).toMatch(/^otpauth:\/\/totp\//)
  const { recoveryCodes } = await browser.call('confirmSecondFactor', { code: codeOf(secret, now()) })
  return { secret, recoveryCodes }
}

const signIn = (code?: string) =>
  trial.browser().call('signIn', { account: 'known', password: goodPassword, ...(code ? { code } : {}) })

test('once bound, a password alone opens no session and a right code does', async () => {
  const { secret } = await bind(await trial.signedIn({ account: 'known' }))
  const browser = trial.browser()
  expect(await browser.call('signIn', { account: 'known', password: goodPassword })).toEqual({ status: 'secondFactor' })
  expect(browser.token).toBeNull()
  seconds(60)
  const code = codeOf(secret, now())
  expect(await browser.call('signIn', { account: 'known', password: goodPassword, code })).toEqual({
    status: 'signedIn',
  })
  expect((await browser.call('me')).secondFactor).toBe('on')
})

test('a code is taken once, and after it no earlier one', async () => {
  const { secret } = await bind(await trial.signedIn({ account: 'known' }))
  expect(await refusal(signIn(codeOf(secret, now())))).toMatchObject({ code: 'unauthenticated' })
  seconds(60)
  const [before, present] = [codeOf(secret, now(-30)), codeOf(secret, now())]
  expect(await signIn(present)).toEqual({ status: 'signedIn' })
  expect(await refusal(signIn(present))).toMatchObject({ code: 'unauthenticated' })
  expect(await refusal(signIn(before))).toMatchObject({ code: 'unauthenticated' })
})

test('a clock that is one step off is forgiven, two steps are not', async () => {
  const { secret } = await bind(await trial.signedIn({ account: 'known' }))
  seconds(300)
  expect(await refusal(signIn(codeOf(secret, now(-60))))).toMatchObject({ code: 'unauthenticated' })
  expect(await refusal(signIn(codeOf(secret, now(60))))).toMatchObject({ code: 'unauthenticated' })
  expect(await signIn(codeOf(secret, now(-30)))).toEqual({ status: 'signedIn' })
  expect(await signIn(codeOf(secret, now(30)))).toEqual({ status: 'signedIn' })
})

test('wrong codes lock the account like wrong passwords', async () => {
  const { secret } = await bind(await trial.signedIn({ account: 'known' }))
  seconds(300)
  const wrong = codeOf(secret, now(900))
  for (let round = 1; round <= 5; round += 1) await refusal(signIn(wrong))
  expect(await refusal(signIn(codeOf(secret, now())))).toMatchObject({ code: 'tooMany' })
})

test('each of ten recovery codes signs in once', async () => {
  const { recoveryCodes } = await bind(await trial.signedIn({ account: 'known' }))
  expect(new Set(recoveryCodes).size).toBe(10)
  const [first, second] = recoveryCodes
  expect(await signIn(first)).toEqual({ status: 'signedIn' })
  expect(await refusal(signIn(first))).toMatchObject({ code: 'unauthenticated' })
  expect(await signIn(second!.toUpperCase().replace('-', ''))).toEqual({ status: 'signedIn' })
})

test('neither the seed nor a recovery code is kept in plain', async () => {
  const { secret, recoveryCodes } = await bind(await trial.signedIn({ account: 'known' }))
  const kept = await asOwner(trial.platform.database, async (tx) =>
    JSON.stringify([
      (await sql`select to_jsonb(a) as row from account a`.execute(tx)).rows,
      (await sql`select to_jsonb(j) as row from journal j`.execute(tx)).rows,
      (await sql`select to_jsonb(s) as row from stored_answer s`.execute(tx)).rows,
    ]),
  )
  expect(kept).not.toContain(secret)
  for (const code of recoveryCodes) expect(kept).not.toContain(code)
})

test('binding ends all other sessions and goes on under a new token', async () => {
  const browser = await trial.signedIn({ account: 'known' })
  const other = trial.browser()
  await other.call('signIn', { account: 'known', password: goodPassword })
  const before = browser.token
  await bind(browser)
  expect(browser.token).not.toBe(before)
  expect((await browser.call('me')).secondFactor).toBe('on')
  expect(await refusal(other.call('me'))).toMatchObject({ code: 'unauthenticated' })
  browser.token = before
  expect(await refusal(browser.call('me'))).toMatchObject({ code: 'unauthenticated' })
})

test('binding asks for the password, and a seed without a first code binds nothing', async () => {
  const browser = await trial.signedIn({ account: 'known' })
  expect(await refusal(browser.call('startSecondFactor', { password: 'wrong' }))).toMatchObject({ code: 'invalid' })
  await browser.call('startSecondFactor', { password: goodPassword })
  expect((await browser.call('me')).secondFactor).toBe('off')
  expect(await signIn()).toEqual({ status: 'signedIn' })
})

test('unbinding takes the password and a fresh code', async () => {
  const browser = await trial.signedIn({ account: 'known' })
  const { secret } = await bind(browser)
  const remove = (password: string, code: string) => refusal(browser.call('removeSecondFactor', { password, code }))
  seconds(60)
  expect(await remove('wrong', codeOf(secret, now()))).toMatchObject({ code: 'invalid' })
  expect(await remove(goodPassword, codeOf(secret, now(900)))).toMatchObject({ code: 'invalid' })
  expect(await remove(goodPassword, codeOf(secret, now()))).toBeNull()
  expect(await signIn()).toEqual({ status: 'signedIn' })
})

test('where a role requires a second factor nothing but binding one works until it is bound', async () => {
  const admin = await trial.signedIn({ account: 'admin', roles: ['安全管理员', '查看人员'] })
  const browser = await trial.signedIn({ account: 'known' })
  const { rows } = await admin.call('listRoles')
  const role = rows.find((one) => one.name === '查看人员')!
  await admin.call('updateRole', { ...role, secondFactorRequired: true })
  expect((await browser.call('me')).secondFactor).toBe('required')
  for (const name of ['listRegions', 'listPlaces', 'listJobs', 'listRoles'] as const) {
    expect(await refusal(browser.call(name))).toMatchObject({ code: 'forbidden' })
  }
  const { secret } = await bind(browser)
  expect((await browser.call('listRegions')).rows.length).toBeGreaterThan(0)
  seconds(60)
  await browser.call('removeSecondFactor', { password: goodPassword, code: codeOf(secret, now()) })
  expect(await refusal(browser.call('listRegions'))).toMatchObject({ code: 'forbidden' })
  expect(await browser.call('signOut')).toEqual({ done: true })
})
