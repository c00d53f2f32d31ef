import { sql } from 'kysely'
import { grouped } from '../base/number.ts'
import { Problem } from '../base/problem.ts'
import { today } from '../base/time.ts'
import type { Context, JobKind, Transaction } from '../host/context.ts'
import { seal, unseal } from '../host/crypto.ts'
import { regionNames } from '../office/service.ts'
import { placeIn, wholeAddress } from './geocode-answer.ts'
import { keepPlaces, type Point } from './place-keep.ts'
import { formingTables } from './plan-kept.ts'
import { findScope } from './scope.ts'

const unitsMax = 20_000
const askMsMax = 5000
const failuresMax = 10

/** The service that a county has configured, null where none is. */
export async function geocoderOf(tx: Transaction, countyCode: string) {
  const found = await formingTables(tx)
    .selectFrom('forming_geocoder')
    .select(['url', 'accuracy_metres'])
    .where('county_code', '=', countyCode)
    .executeTakeFirst()
  return found ?? null
}

/** The host of a service's address: the rest may hold a key. */
export const geocoderHost = (url: string) => new URL(url.replaceAll('{address}', 'x')).host

/** 设置地理编码服务; null takes it away. The address may hold a key: it is kept out of the journal. */
export async function setGeocoder(
  input: { countyCode: string; url: string | null; accuracyMetres: number },
  ctx: Context,
) {
  const { countyCode, url, accuracyMetres } = input
  const tables = formingTables(ctx.tx)
  if (url === null) await tables.deleteFrom('forming_geocoder').where('county_code', '=', countyCode).execute()
  else {
    const row = { url, accuracy_metres: accuracyMetres, author: ctx.actor.name, at: ctx.now }
    await tables
      .insertInto('forming_geocoder')
      .values({ county_code: countyCode, ...row })
      .onConflict((conflict) => conflict.column('county_code').doUpdateSet(row))
      .execute()
  }
  const host = url === null ? '不用' : geocoderHost(url)
  ctx.record({ countyCode, subject: 'setting:geocoder', after: { 地理编码服务: host } })
  return { done: true as const }
}

const triedFor = 'geocoder-try'

/** 试查一个地址: one address goes to a service that is not set yet. Its own address may hold a key and waits sealed. */
export async function tryGeocoder(input: { countyCode: string; url: string; address: string }, ctx: Context) {
  const { countyCode, url, address } = input
  const jobId = await ctx.enqueue({
    kind: 'forming.tryGeocoder',
    title: `试查地址：${geocoderHost(url)}`,
    input: { sealed: seal(ctx.settings.secretKey, triedFor, url), address },
    countyCode,
  })
  ctx.record({ countyCode, subject: 'setting:geocoder', after: { 试查: geocoderHost(url) } })
  return { jobId }
}

/** Asks the service once and tells what it found, or what is wrong in words. */
export const tryGeocoderJob: JobKind<{ sealed: string; address: string }> = {
  kind: 'forming.tryGeocoder',
  async run(job) {
    const url = await job.transaction(async (ctx) => unseal(ctx.settings.secretKey, triedFor, job.input.sealed))
    const answer = url === null ? null : await ask(url, job.input.address, job.signal)
    if (answer === null)
      return { said: '没有应答：连不上、超过 5 秒、转向别处，或者答的不是 JSON。请核对网址、密钥和网络。' }
    return placeIn(answer)
  },
}

/** 查询单位坐标: refused where no service is configured. Addresses of units leave the platform, which the journal notes. */
export async function geocodeUnits({ countyCode }: { countyCode: string }, ctx: Context) {
  if ((await geocoderOf(ctx.tx, countyCode)) === null)
    throw new Problem('invalid', '还没有设置地理编码服务，请先设置，或者导入坐标。')
  const jobId = await ctx.enqueue({
    kind: 'forming.geocode',
    title: '查询单位坐标',
    input: { countyCode },
    countyCode,
  })
  ctx.record({ countyCode, subject: 'geocode', after: { 说明: '有党员而没有坐标的单位的地址发往所设的地理编码服务' } })
  return { jobId }
}

/** Asks the service for one address after another, outside of any transaction; gives up when it does not answer ten times running. */
export const geocodeJob: JobKind<{ countyCode: string }> = {
  kind: 'forming.geocode',
  async run(job) {
    const { countyCode } = job.input
    const { service, units, day } = await job.transaction(async (ctx) => ({
      service: await geocoderOf(ctx.tx, countyCode),
      units: await unplacedUnits(ctx, countyCode),
      day: today(ctx.now),
    }))
    if (service === null) throw new Problem('invalid', '地理编码服务已撤除。')
    const told = { source: '地理编码', surveyedOn: day }
    const result = { asked: 0, placed: 0, failed: 0 }
    let failures = 0
    for (const { id, address } of units) {
      job.signal.throwIfAborted()
      const answer = await ask(service.url, address, job.signal)
      failures = answer === null ? failures + 1 : 0
      if (failures >= failuresMax)
        throw new Problem('unavailable', '地理编码服务连续不应答，已停止；已查到的坐标都已记下。')
      const found = placeIn(answer)
      result.asked += 1
      if ('said' in found) {
        result.failed += 1
        if (result.failed === failuresMax && result.placed === 0)
          throw new Problem(
            'unavailable',
            `开头 ${failuresMax} 个地址都没有查到，已停止。${found.said}请用“试查”核对。`,
          )
      } else {
        const point: Point = { unitId: id, ...found, accuracyMetres: service.accuracy_metres }
        await job.transaction((ctx) => keepPlaces(ctx, countyCode, told, [point]))
        result.placed += 1
      }
      await job.progress(result.asked, units.length, saidOf(result))
    }
    return result
  },
}

const saidOf = ({ placed, failed }: { placed: number; failed: number }) =>
  `查到 ${grouped(placed)} 家${failed > 0 ? `；${grouped(failed)} 家没有查到门牌一级，仍按地址推定` : ''}`

/** Units that a plan may take in and that nobody knows the place of, with the address to ask for. */
async function unplacedUnits(ctx: Context, countyCode: string) {
  const region = (await regionNames(ctx.tx, [countyCode])).get(countyCode)
  const county = { name: region?.name ?? '', fullName: region?.full_name ?? '' }
  const { listed } = await findScope(ctx, { region: countyCode, notOperating: true, elsewhere: true, reported: true })
  const { rows } = await sql<{ id: string; address: string }>`
    select u.id, u.address from (${listed}) d join unit u on u.county_code = d.county_code and u.id = d.unit_id
    where d.reason not in ('gone', 'covered') and u.address is not null
      and not exists (select from forming_place p where p.county_code = u.county_code and p.unit_id = u.id)
    order by u.id limit ${unitsMax}`.execute(ctx.tx)
  return rows.map(({ id, address }) => ({ id, address: wholeAddress(address, county) }))
}

/** The service's answer as JSON, null when it gave none. */
async function ask(url: string, address: string, signal: AbortSignal): Promise<unknown> {
  try {
    const timeout = AbortSignal.any([signal, AbortSignal.timeout(askMsMax)])
    const answer = await fetch(url.replaceAll('{address}', encodeURIComponent(address)), {
      signal: timeout,
      redirect: 'error',
    })
    return answer.ok ? await answer.json() : null
  } catch {
    return null
  }
}
