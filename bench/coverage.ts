// Fills a province (100 counties, 15 townships each) with invented units and their states over 36 months, lets the platform sum
// them up, and asks the served API (HTTP, session, permission, row-level security) for the dashboard of the province, the
// country, a city, a county and a township with all ratios and 24 months, for the comparison of the regions of every level,
// and for the lists behind a number. Then one unit after the other changes, and the work of following is measured.
// The bounds: a dashboard in 300 ms p95 on the embedded database, 150 ms on PostgreSQL; a change in 50 ms.
// Run: node bench/coverage.ts [units … , 10000 100000 1000000 by default]; DATABASE_URL takes an empty PostgreSQL instead.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serve } from '@hono/node-server'
import { sql } from 'kysely'
import { today } from '../src/base/time.ts'
import { followStep } from '../src/coverage/follow.ts'
import { runChores } from '../src/host/chores.ts'
import { actAsOperator } from '../src/host/command.ts'
import { createHttp } from '../src/host/http.ts'
import { readConfig } from '../src/host/config.ts'
import type { Transaction } from '../src/host/context.ts'
import { asOwner, scoped } from '../src/host/database.ts'
import type { Platform } from '../src/host/platform.ts'
import { createUserFromCommand } from '../src/office/service.ts'
import { openPlatform } from '../src/services.ts'

const province = '210000000000'
const password = 'hulu-Tuolabing-7'
const counties = 100
const townships = 15
const runs = 40

/** The province's regions: its cities, 100 counties below them and 15 townships below each. */
const regionSql = sql`
  insert into region (code, name, full_name, level, parent_code, has_children, initials, year_from)
  select code, name, name, level, parent, level <> 'township', '', 2023 from (
    select '000000000000' as code, '全国' as name, 'country' as level, null as parent
    union all select ${province}, '样例省', 'province', '000000000000'
    union all select '21' || lpad(c::text, 2, '0') || '00000000', '样例市' || c, 'city', ${province}
      from generate_series(1, 10) c
    union all select '21' || lpad((n % 10 + 1)::text, 2, '0') || lpad((n / 10 + 1)::text, 2, '0') || '000000', '样例县' || n,
      'county', '21' || lpad((n % 10 + 1)::text, 2, '0') || '00000000'
      from generate_series(0, ${counties - 1}::int) n
    union all select '21' || lpad((n % 10 + 1)::text, 2, '0') || lpad((n / 10 + 1)::text, 2, '0')
        || lpad(t::text, 3, '0') || '000', '样例街道' || t, 'township',
      '21' || lpad((n % 10 + 1)::text, 2, '0') || lpad((n / 10 + 1)::text, 2, '0') || '000000'
      from generate_series(0, ${counties - 1}::int) n, generate_series(1, ${townships}::int) t
  ) made`

/** Of the i-th unit: its county, its township, its id. */
const countyOf = sql`'21' || lpad((i % 10 + 1)::text, 2, '0') || lpad((i / 10 % 10 + 1)::text, 2, '0') || '000000'`
const areaOf = sql`'21' || lpad((i % 10 + 1)::text, 2, '0') || lpad((i / 10 % 10 + 1)::text, 2, '0')
  || lpad((i / 100 % ${townships}::int + 1)::text, 3, '0') || '000'`
const idOf = sql`('00000000-0000-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid`

async function loadUnits(tx: Transaction, from: number, to: number): Promise<void> {
  await sql`
    insert into unit (county_code, id, area_code, kind, status, name, name_key, sort_key, staff_count, founded_on,
      in_operation, is_target, search_text, search_grams, created_at, updated_at)
    select ${countyOf}, ${idOf}, ${areaOf}, 'enterprise', 'active', '样例单位' || i, '样例单位' || i, '', i % 200,
      date '2015-01-01', true, true, '', '{}', now(), now()
    from generate_series(${from}::int, ${to}::int) i order by i % ${counties}::int`.execute(tx)
}

/** As files of counties bring them, a county's rows lie together. Two states a unit: how it stood at first, and from a day of the last 36 months on how it stands now. */
async function loadStates(tx: Transaction, day: string, from: number, to: number): Promise<void> {
  const begin = sql`(${day}::date - 1090)`
  const turn = sql`(${day}::date - (i % 1080 * 7919 % 1080) - 1)`
  await sql`
    insert into unit_state (county_code, unit_id, valid_from, valid_to, area_code, kind, in_operation, is_target, small_micro,
      staff, formal, probationary, known_elsewhere, members_over_staff, state, lack, own_kind, due, joint_units, joint_over,
      has_instructor, has_liaison, has_union, has_league, term_over, term_soon, charter, committee_posts, cross_posts,
      in_base, professional, step)
    select ${countyOf}, ${idOf}, case when part = 0 then ${begin} else ${turn} end, case when part = 0 then ${turn} end,
      ${areaOf}, (array['enterprise', 'selfEmployed', 'socialAssociation'])[i % 3 + 1], i % 11 > 0, i % 4 = 0, i % 3 = 0,
      i % 200, formal, 0, 0, false, state, case when state in ('own', 'joint') then null
        when formal >= 3 then 'dueNotBuilt' when formal > 0 then 'few' else 'zero' end,
      case when state = 'own' then 'branch' end, formal >= 3, case when state = 'joint' then i % 7 + 1 end,
      state = 'joint' and i % 7 > 4, i % 13 = 0, i % 17 = 0, i % 5 = 0, i % 19 = 0, i % 29 = 0, i % 31 = 0, i % 2 = 0,
      case when state = 'own' then 3 end, case when state = 'own' then i % 3 end, i % 23 = 0, i % 37 = 0, 'keep'
    from (
      select i, part, i * 31 % 7 as formal,
        (array['own', 'joint', 'workOnly', 'none', 'fallback', 'none'])[(i * 13 + part * 5) % 6 + 1] as state
      from generate_series(${from}::int, ${to}::int) i, generate_series(0, 1) part
    ) units order by i % ${counties}::int`.execute(tx)
}

const everywhere = { counties: [], areas: '*' as const, nation: true }
const quantile = (times: readonly number[], part: number) =>
  times.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(times.length * part) - 1)] ?? 0
const cpuMs = () => {
  const { userCPUTime, systemCPUTime } = process.resourceUsage()
  return (userCPUTime + systemCPUTime) / 1000
}

async function load(platform: Platform, from: number, to: number): Promise<void> {
  const day = today(new Date())
  for (let at = from; at < to; at += 20_000) {
    const last = Math.min(at + 20_000, to) - 1
    await asOwner(platform.database, async (tx) => {
      await loadUnits(tx, at, last)
      await loadStates(tx, day, at, last)
    })
  }
  await asOwner(platform.database, async (tx) => {
    await sql`truncate rollup, coverage_county, touch`.execute(tx)
    await sql`insert into coverage_county (county_code, day) select code, ${day}::date from region where level = 'county'`.execute(
      tx,
    )
  })
  await sql`vacuum (analyze)`.execute(platform.database.kysely)
}

/** Sums every county up, as the first build does after the states are there. Milliseconds. */
async function sumUp(platform: Platform): Promise<number> {
  const start = performance.now()
  await runChores(platform)
  return performance.now() - start
}

/** Milliseconds of working a changed unit out until nothing is left to do, and how many sums were written. */
async function follow(platform: Platform, run: number, units: number): Promise<number> {
  const at = (run * 104_729) % units
  const county = await scoped(platform.database, everywhere, async (tx) => {
    const { rows } = await sql<{ code: string }>`select ${countyOf} as code from (select ${at}::int as i) n`.execute(tx)
    await sql`update unit set staff_count = ${1000 + run}::int where id = (select ${idOf} from (select ${at}::int as i) n)`.execute(
      tx,
    )
    await sql`insert into touch (county_code, id, unit_ids, at)
      select ${countyOf}, gen_random_uuid(), array[${idOf}], now() from (select ${at}::int as i) n`.execute(tx)
    return rows[0]!.code
  })
  const start = performance.now()
  const step = () => scoped(platform.database, everywhere, (tx) => followStep(tx, county, today(new Date())))
  while (await step());
  return performance.now() - start
}

/** Follows what an import of up to 20,000 units wrote, in steps of 200 units. */
async function followMany(platform: Platform, units: number): Promise<string> {
  const many = Math.min(units, 20_000)
  await asOwner(platform.database, (tx) =>
    sql`insert into touch (county_code, id, unit_ids, at)
      select ${countyOf}, gen_random_uuid(), array_agg(${idOf}), now()
      from generate_series(0, ${many - 1}::int) i group by 1`.execute(tx),
  )
  const start = performance.now()
  const before = cpuMs()
  await runChores(platform)
  const seconds = (performance.now() - start) / 1000
  const cpu = ((cpuMs() - before) / 1000).toFixed(1)
  return `  ${`${many} units change`.padEnd(34)} ${seconds.toFixed(1)} s  ${(many / seconds).toFixed(0)} units a second  cpu ${cpu} s`
}

/** Serves the API as the server does, without its jobs and chores, whose work is measured by itself. */
async function served(platform: Platform) {
  const app = createHttp(platform, { webDirectory: dataDir, openapi: {} })
  const port = await new Promise<number>((resolve) => {
    serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, (info) => resolve(info.port))
  })
  const origin = `http://127.0.0.1:${port}`
  const post = (path: string, body: object, cookie = '') =>
    fetch(`${origin}/api${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie, origin },
      body: JSON.stringify(body),
    })
  const entered = await post('/sign-in', { account: 'bench', password })
  if (!entered.ok) throw new Error(`sign-in: ${entered.status} ${await entered.text()}`)
  const cookie = (entered.headers.get('set-cookie') ?? '').split(';')[0]!
  const ask = async (path: string, body?: object) => {
    const url = `${origin}/api${path}`
    const answer = await (body ? post(path, body, cookie) : fetch(url, { headers: { cookie } }))
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as Record<string, unknown>
  }
  return ask
}

type Ask = Awaited<ReturnType<typeof served>>

const questions: [string, string, object?][] = [
  ['province, all ratios, 24 months', `/coverage/dashboard?region=${province}`],
  ['country', '/coverage/dashboard?region=000000000000'],
  ['city', '/coverage/dashboard?region=210100000000'],
  ['county', '/coverage/dashboard?region=210101000000'],
  ['township', '/coverage/dashboard?region=210101001000'],
  ['cities of the province', `/coverage/regions?region=${province}&pageSize=200`],
  ['counties of the province', `/coverage/regions?region=${province}&level=county&pageSize=200`],
  ['200 townships of 1,500', `/coverage/regions?region=${province}&level=township&pageSize=200`],
  ['townships of a county', '/coverage/regions?region=210101000000&pageSize=200'],
  ['checks of a county', '/coverage/checks?region=210101000000'],
  [
    'list: gap of the province, page 500',
    '/coverage/units/search',
    { of: { ratio: 'orgCoverage', part: 'gap' }, region: province, page: 500 },
  ],
  [
    'list: gap of a county',
    '/coverage/units/search',
    { of: { ratio: 'orgCoverage', part: 'gap' }, region: '210101000000' },
  ],
]

async function measure(platform: Platform, ask: Ask, units: number, boundMs: number): Promise<string[]> {
  const build = await sumUp(platform)
  const changes: number[] = []
  const before = cpuMs()
  for (let run = 0; run < runs; run += 1) changes.push(await follow(platform, run, units))
  const change = quantile(changes, 0.95)
  const changeCpu = (cpuMs() - before) / runs
  const lines = [
    `${units} units: summed up in ${(build / 1000).toFixed(1)} s`,
    `  ${'one unit changes'.padEnd(34)} p50 ${quantile(changes, 0.5).toFixed(1)} ms  p95 ${change.toFixed(1)} ms  ${(change / 50).toFixed(2)} of 50 ms  cpu ${changeCpu.toFixed(1)} ms`,
  ]
  lines.push(await followMany(platform, units))
  for (const [name, path, body] of questions) {
    await ask(path, body)
    const times: number[] = []
    const start = cpuMs()
    for (let run = 0; run < runs; run += 1) {
      const from = performance.now()
      await ask(path, body)
      times.push(performance.now() - from)
    }
    const [half, most] = [quantile(times, 0.5), quantile(times, 0.95)]
    const cpu = (cpuMs() - start) / runs
    lines.push(
      `  ${name.padEnd(34)} p50 ${half.toFixed(1)} ms  p95 ${most.toFixed(1)} ms  ${(most / boundMs).toFixed(2)} of ${boundMs} ms  cpu ${cpu.toFixed(1)} ms`,
    )
  }
  return lines
}

const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [10_000, 100_000, 1_000_000]
const dataDir = mkdtempSync(join(tmpdir(), 'bench-coverage-'))
const config = () =>
  readConfig({ DATA_DIR: dataDir, DATABASE_URL: process.env['DATABASE_URL'], PORT: '0', HOST: '127.0.0.1' })
try {
  const platform = await openPlatform(config())
  const boundMs = platform.database.kind === 'embedded' ? 300 : 150
  console.log(
    `${platform.database.kind}, Node ${process.version}, ${counties} counties, ${counties * townships} townships`,
  )
  await asOwner(platform.database, async (tx) => {
    await sql`truncate region`.execute(tx)
    await regionSql.execute(tx)
  })
  await actAsOperator(platform, 'command.addUser', (ctx) =>
    createUserFromCommand(ctx, {
      account: 'bench',
      name: '测量',
      roles: ['党建专员'],
      regions: ['000000000000'],
      password,
    }),
  )
  const ask = await served(platform)
  let loaded = 0
  for (const units of sizes) {
    const start = performance.now()
    await load(platform, loaded, units)
    loaded = units
    console.log(`loaded to ${units} in ${((performance.now() - start) / 1000).toFixed(0)} s`)
    for (const line of await measure(platform, ask, units, boundMs)) console.log(line)
  }
  const { maxRSS } = process.resourceUsage()
  console.log(`peak memory ${(maxRSS / 1024).toFixed(0)} MB, cpu ${(cpuMs() / 1000).toFixed(0)} s`)
  await platform.database.close()
} finally {
  rmSync(dataDir, { recursive: true, force: true })
}
process.exit()
