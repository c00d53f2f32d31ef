import { sql } from 'kysely'
import { beforeEach, expect, test } from 'vitest'
import { newId } from '../base/ids.ts'
import { asOwner } from '../host/database.ts'
import { type Browser, refusal, shahekou, type Trial, trialOffice, zhongshan } from './testing.ts'

let trial: Trial
beforeEach(async () => {
  trial = await trialOffice()
})

const gone = { code: 'notFound' }
const roles = ['系统管理员']
const park = {
  countyCode: shahekou,
  kind: 'park',
  name: '西山科技园',
  areaCode: '210204001000',
  level: '市级',
} as const
const names = async (browser: Browser, input = {}) =>
  (await browser.call('listPlaces', input)).rows.map((place) => place.name)

async function unitIn(placeId: string, areaCode: string): Promise<void> {
  const id = newId()
  await asOwner(trial.platform.database, async (tx) => {
    await sql.raw(`set local app.counties = '${shahekou}'; set local app.areas = '*'`).execute(tx)
    await sql`insert into unit (county_code, id, area_code, kind, status, name, name_key, sort_key, search_text, search_grams,
      created_at, updated_at) values (${shahekou}, ${id}, ${areaCode}, 'enterprise', 'active', '甲', '甲', 'jia', '甲', '{}',
      now(), now())`.execute(tx)
    await sql`insert into unit_place (county_code, unit_id, place_id, area_code)
      values (${shahekou}, ${id}, ${placeId}, ${areaCode})`.execute(tx)
  })
}

test('a place is added, found by name and first letters, changed and removed', async () => {
  const admin = await trial.signedIn({ account: 'admin', roles })
  const { id } = await admin.call('createPlace', park)
  expect((await admin.call('listPlaces')).rows).toEqual([
    {
      ...park,
      id,
      address: null,
      areaName: '北河街道',
      unitCount: 0,
    },
  ])
  expect(await names(admin, { text: '科技' })).toEqual(['西山科技园'])
  expect(await names(admin, { text: 'xskj' })).toEqual(['西山科技园'])
  expect(await names(admin, { text: '东山' })).toEqual([])
  expect(await names(admin, { kind: 'building' })).toEqual([])
  await admin.call('updatePlace', { ...park, id, name: '西山软件园', kind: 'building' })
  expect(await names(admin, { kind: 'building' })).toEqual(['西山软件园'])
  await admin.call('removePlace', { id })
  expect((await admin.call('listPlaces')).total).toBe(0)
})

test('another county’s place is not in the list and not there by id, and none can be made there', async () => {
  const near = await trial.signedIn({ account: 'near', roles, regions: [shahekou] })
  const far = await trial.signedIn({ account: 'far', roles, regions: [zhongshan] })
  const { id } = await near.call('createPlace', park)
  expect(await far.call('listPlaces')).toEqual({ rows: [], total: 0 })
  expect(await far.call('listPlaces', { countyCode: shahekou })).toEqual({ rows: [], total: 0 })
  expect(await refusal(far.call('removePlace', { id }))).toMatchObject(gone)
  expect(await refusal(far.call('updatePlace', { ...park, id }))).toMatchObject(gone)
  expect(await refusal(far.call('createPlace', { ...park, name: '飞地' }))).toMatchObject(gone)
  expect((await near.call('listPlaces')).total).toBe(1)
})

test('who has no region sees no place and can make none', async () => {
  const near = await trial.signedIn({ account: 'near', roles, regions: [shahekou] })
  await near.call('createPlace', park)
  const lost = await trial.signedIn({ account: 'lost', roles, regions: [] })
  expect(await lost.call('listPlaces')).toEqual({ rows: [], total: 0 })
  expect(await refusal(lost.call('createPlace', { ...park, name: '无主' }))).toMatchObject(gone)
})

test('a township sees its own places and not its neighbour’s, nor those of the county as a whole', async () => {
  const county = await trial.signedIn({ account: 'county', roles })
  await county.call('createPlace', park)
  await county.call('createPlace', { ...park, name: '南河商圈', kind: 'businessCircle', areaCode: '210204002000' })
  await county.call('createPlace', { ...park, name: '全区市场', kind: 'specializedMarket', areaCode: shahekou })
  const township = await trial.signedIn({ account: 'township', roles, regions: ['210204002000'] })
  expect(await names(township)).toEqual(['南河商圈'])
  const own = { ...park, name: '南河楼', kind: 'building', areaCode: '210204002000' }
  expect(await refusal(township.call('createPlace', own))).toBeNull()
  expect(await refusal(township.call('createPlace', { ...own, areaCode: '210204001000' }))).toMatchObject(gone)
})

test('an excluded township’s places are hidden from who has the rest of the county', async () => {
  const county = await trial.signedIn({ account: 'county', roles })
  await county.call('createPlace', park)
  await county.call('createPlace', { ...park, name: '南河商圈', areaCode: '210204002000' })
  const rest = await trial.signedIn({ account: 'rest', roles, regions: [shahekou], excludedRegions: ['210204001000'] })
  expect(await names(rest)).toEqual(['南河商圈'])
})

test('a place lies in its own county, in a township that exists', async () => {
  const admin = await trial.signedIn({ account: 'admin', roles, regions: ['210200000000'] })
  const make = (areaCode: string) => refusal(admin.call('createPlace', { ...park, areaCode }))
  expect(await make('210202001000')).toMatchObject({ code: 'invalid' })
  expect(await make('210204009000')).toMatchObject({ code: 'invalid' })
  expect(await make('210204001001')).toMatchObject({ code: 'invalid' })
  expect(await make(shahekou)).toBeNull()
})

test('two places of a kind in a county cannot bear one name, however it is written', async () => {
  const admin = await trial.signedIn({ account: 'admin', roles })
  await admin.call('createPlace', { ...park, name: '西山（科技）园' })
  const again = { ...park, name: '西山(科技) 园', areaCode: '210204002000' }
  expect(await refusal(admin.call('createPlace', again))).toMatchObject({ code: 'conflict' })
  const { id } = await admin.call('createPlace', { ...again, kind: 'building' })
  expect(await refusal(admin.call('updatePlace', { ...again, id }))).toMatchObject({ code: 'conflict' })
})

test('a place in which units lie is not removed, and the refusal says how many', async () => {
  const admin = await trial.signedIn({ account: 'admin', roles })
  const { id } = await admin.call('createPlace', park)
  await unitIn(id, '210204001000')
  await unitIn(id, '210204001000')
  expect((await admin.call('listPlaces', { sort: 'unitCount', order: 'desc' })).rows[0]?.unitCount).toBe(2)
  const answer = await refusal(admin.call('removePlace', { id }))
  expect(answer).toMatchObject({ code: 'conflict' })
  expect(answer?.message).toContain('2 家单位')
})
