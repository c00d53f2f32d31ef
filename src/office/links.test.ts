import { sql } from 'kysely'
import { beforeEach, expect, test } from 'vitest'
import { asOwner } from '../host/database.ts'
import { goodPassword, refusal, shahekou, type Trial, trialOffice } from './testing.ts'

let trial: Trial
beforeEach(async () => {
  trial = await trialOffice()
})

const hours = (count: number) => {
  trial.clock.now = new Date(trial.clock.now.getTime() + count * 3_600_000)
}
const tokenOf = (link: string) => new URL(link).searchParams.get('token')!
const first = { account: 'chief', name: '周红', password: goodPassword }
const dead = { code: 'notFound' }

async function inviter() {
  const admin = await trial.signedIn({ account: 'admin', roles: ['安全管理员', '查看人员'] })
  const { rows } = await admin.call('listRoles')
  const roleId = rows.find((role) => role.name === '查看人员')!.id
  const invite = () =>
    admin.call('createUser', { account: 'newcomer', name: '李想', roleIds: [roleId], regions: [shahekou] })
  return { admin, invite }
}

test('without accounts there is a set-up link, and the first account holds every built-in role and the whole country', async () => {
  const browser = trial.browser()
  expect(await browser.call('setUpState')).toEqual({ needed: true })
  const token = await trial.setUpToken()
  expect(await browser.call('linkState', { token })).toMatchObject({ purpose: 'setUp', account: null, name: null })
  expect(await browser.call('acceptLink', { token, ...first })).toEqual({ status: 'signedIn' })
  const me = await browser.call('me')
  expect(me.permissions).toEqual(
    expect.arrayContaining(['office.user.write', 'office.journal.read', 'ledger.unit.write']),
  )
  expect(me.regions.map((region) => region.code)).toEqual(['000000000000'])
  expect(me.counties.map((county) => county.code)).toEqual(['210202000000', '210204000000', '441900000000'])
  expect(await browser.call('setUpState')).toEqual({ needed: false })
  expect(await trial.setUpToken()).toBeNull()
})

test('the set-up link can be told to give less than the whole country', async () => {
  trial = await trialOffice({ setUpRegions: [shahekou] })
  const browser = trial.browser()
  await browser.call('acceptLink', { token: await trial.setUpToken(), ...first })
  expect((await browser.call('me')).counties.map((county) => county.code)).toEqual([shahekou])
})

test('the set-up link works once', async () => {
  const token = await trial.setUpToken()
  await trial.browser().call('acceptLink', { token, ...first })
  expect(await refusal(trial.browser().call('acceptLink', { token, ...first, account: 'second' }))).toMatchObject(dead)
  expect(await refusal(trial.browser().call('linkState', { token }))).toMatchObject(dead)
})

test('two who open the set-up link at the same time make one account', async () => {
  const token = await trial.setUpToken()
  const accept = (account: string) => refusal(trial.browser().call('acceptLink', { token, ...first, account }))
  const answers = await Promise.all([accept('one'), accept('two')])
  expect(answers.filter((answer) => answer === null).length).toBe(1)
})

test('the next start makes a new set-up link and the one before stops working', async () => {
  const old = await trial.setUpToken()
  const token = await trial.setUpToken()
  expect(await refusal(trial.browser().call('acceptLink', { token: old, ...first }))).toMatchObject(dead)
  expect(await refusal(trial.browser().call('acceptLink', { token, ...first }))).toBeNull()
})

test('the set-up link is over after a day, and is kept only as its hash', async () => {
  const token = (await trial.setUpToken())!
  const kept = await asOwner(trial.platform.database, (tx) => sql`select to_jsonb(l) from account_link l`.execute(tx))
  expect(JSON.stringify(kept.rows)).not.toContain(token)
  hours(24)
  expect(await refusal(trial.browser().call('acceptLink', { token, ...first }))).toMatchObject(dead)
})

test('a refused password does not use the link up', async () => {
  const token = await trial.setUpToken()
  const weak = { ...first, password: 'Password123!' }
  expect(await refusal(trial.browser().call('acceptLink', { token, ...weak }))).toMatchObject({ code: 'invalid' })
  expect(await refusal(trial.browser().call('acceptLink', { token, password: goodPassword }))).toMatchObject({
    code: 'invalid',
  })
  expect(await refusal(trial.browser().call('acceptLink', { token, ...first }))).toBeNull()
})

test('an invited person sets the password through the link, once, within three days', async () => {
  const { invite } = await inviter()
  const token = tokenOf((await invite()).link)
  const browser = trial.browser()
  expect(await browser.call('linkState', { token })).toMatchObject({
    purpose: 'invite',
    account: 'newcomer',
    name: '李想',
  })
  expect(await browser.call('acceptLink', { token, password: goodPassword })).toEqual({ status: 'signedIn' })
  expect((await browser.call('me')).account).toBe('newcomer')
  expect(await refusal(trial.browser().call('acceptLink', { token, password: goodPassword }))).toMatchObject(dead)
})

test('an invitation is over after three days and can be made anew', async () => {
  const { admin, invite } = await inviter()
  const { id, link } = await invite()
  hours(72)
  expect(
    await refusal(trial.browser().call('acceptLink', { token: tokenOf(link), password: goodPassword })),
  ).toMatchObject(dead)
  await admin.call('signIn', { account: 'admin', password: goodPassword })
  const again = await admin.call('resetUser', { id })
  expect(await trial.browser().call('linkState', { token: tokenOf(again.link) })).toMatchObject({ purpose: 'invite' })
})

test('a reset ends the old password and its sessions at once, and lifts the lock', async () => {
  const { admin } = await inviter()
  const browser = await trial.signedIn({ account: 'known' })
  const { link } = await admin.call('resetUser', { id: browser.id })
  expect(await refusal(browser.call('me'))).toMatchObject({ code: 'unauthenticated' })
  const old = () => refusal(trial.browser().call('signIn', { account: 'known', password: goodPassword }))
  for (let wrong = 1; wrong <= 5; wrong += 1) expect(await old()).toMatchObject({ code: 'unauthenticated' })
  expect(await old()).toMatchObject({ code: 'tooMany' })
  const token = tokenOf(link)
  const same = refusal(trial.browser().call('acceptLink', { token, password: goodPassword }))
  expect(await same).toMatchObject({ code: 'invalid' })
  await trial.browser().call('acceptLink', { token, password: 'Shulin-chuang-1' })
  const renewed = trial.browser().call('signIn', { account: 'known', password: 'Shulin-chuang-1' })
  expect(await renewed).toEqual({ status: 'signedIn' })
})

test('a link of a suspended account does not work', async () => {
  const { admin, invite } = await inviter()
  const { id, link } = await invite()
  await admin.call('suspendUser', { id, reason: '没有报到' })
  expect(await refusal(trial.browser().call('linkState', { token: tokenOf(link) }))).toMatchObject(dead)
})
