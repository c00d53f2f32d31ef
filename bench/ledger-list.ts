// Fills one county with invented units and asks the list, the search, the summary and the export for them, through the whole
// pipeline (permission, transaction, row-level security, journal) with the exact count of every answer. Beside it stands the
// least that a count can cost: a bare `select count(*)` as the owner of the table, on the same connection in the same run.
// Run: node bench/ledger-list.ts [units, 200000 by default]; DATABASE_URL takes an empty PostgreSQL instead of the embedded
// database. Units are written straight as their derived rows, for it is reading that is measured.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { newId } from '../src/base/ids.ts'
import { finishJobs, callAsOperator } from '../src/host/command.ts'
import { readConfig } from '../src/host/config.ts'
import type { Actor, Scope } from '../src/host/context.ts'
import { asOwner } from '../src/host/database.ts'
import { invoke } from '../src/host/pipeline.ts'
import type { Platform } from '../src/host/platform.ts'
import { ledgerPermissions } from '../src/ledger/contract.ts'
import { defaultRules, deriveUnit } from '../src/ledger/derive.ts'
import type { Department, UnitField } from '../src/ledger/field-contract.ts'
import { parseIndustry } from '../src/ledger/industry.ts'
import { largeRegister, sampleCounty } from '../src/ledger/sample.ts'
import { openPlatform } from '../src/services.ts'

const county = sampleCounty.code
const townships = sampleCounty.townships.map((one) => one.code)
const place = newId()
const limitMs = 300

type Organisation = ReturnType<typeof largeRegister> extends IterableIterator<infer One> ? One : never

function unitOf(one: Organisation) {
  const said: [UnitField, Department, string | null][] = [
    ['name', 'marketRegulation', one.name],
    ['formerName', 'marketRegulation', one.formerName],
    ['uscc', 'marketRegulation', one.index % 50 === 0 ? null : one.uscc],
    ['registrationNumber', 'marketRegulation', one.registrationNumber],
    ['kind', 'marketRegulation', one.kind],
    ['status', 'marketRegulation', one.status],
    ['legalRep', 'marketRegulation', one.legalRep],
    ['phone', 'tax', one.phone],
    ['address', 'marketRegulation', sampleCounty.name + one.township.name + one.premises],
    ['foundedOn', 'marketRegulation', one.foundedOn],
    ['industry', 'marketRegulation', parseIndustry(one.industry)],
    ['area', 'townshipPark', one.index % 20 === 0 ? null : one.township.code],
    ['staffCount', 'townshipPark', one.index % 3 === 0 ? null : String(one.staffCount)],
  ]
  const facts = said.flatMap(([field, department, value]) =>
    value === null ? [] : [{ field, department, value, validFrom: '2026-01-01', validTo: null }],
  )
  const at = new Date(Date.UTC(2026, 0, 1) + one.index * 1000).toISOString()
  return {
    county_code: county,
    id: newId(),
    ...deriveUnit(county, facts, defaultRules('2026-02-01')),
    created_at: at,
    updated_at: at,
  }
}

async function load(platform: Platform, units: number): Promise<string[]> {
  const samples: string[] = []
  let batch: ReturnType<typeof unitOf>[] = []
  const write = async () => {
    const rows = JSON.stringify(batch)
    const inPlace = JSON.stringify(
      batch.flatMap((row, at) => (at % 30 === 0 ? [{ id: row.id, area: row.area_code }] : [])),
    )
    batch = []
    await asOwner(platform.database, async (tx) => {
      await sql`insert into unit select * from jsonb_populate_recordset(null::unit, ${rows}::jsonb)`.execute(tx)
      await sql`
        insert into unit_place (county_code, unit_id, place_id, area_code)
        select ${county}, m.id, ${place}, m.area from jsonb_to_recordset(${inPlace}::jsonb) as m(id uuid, area text)`.execute(
        tx,
      )
    })
  }
  await asOwner(platform.database, (tx) =>
    sql`insert into place (county_code, id, area_code, kind, name, name_key, sort_key, created_at, updated_at)
      values (${county}, ${place}, ${county}, 'park', '样例产业园', '样例产业园', 'yangli', now(), now())`.execute(tx),
  )
  for (const one of largeRegister(1, units)) {
    batch.push(unitOf(one))
    if (one.index % Math.ceil(units / 40) === 1) samples.push(one.name)
    if (batch.length === 2000) await write()
  }
  if (batch.length > 0) await write()
  return samples
}

interface Kind {
  name: string
  /** The input of the n-th run, so that no two runs ask for the same where that is possible. */
  input(run: number): object
}

/** A name without its place, so that what is typed is the rare part of it. */
const brandOf = (name: string) => name.replace(/^(.{2,6}?(市|县|区))|[（(].*?[）)]/g, '').slice(0, 4)

function kinds(units: number, samples: string[]): Kind[] {
  const sample = (run: number) => samples[run % samples.length] ?? ''
  const town = (run: number) => townships[run % townships.length]
  const deep = Math.floor(units / 50 / 2)
  const filtered = (name: string, filter: (run: number) => object): Kind => ({
    name,
    input: (run) => ({ filter: filter(run) }),
  })
  const sorted = (sort: string, order: string): Kind => ({
    name: `sort by ${sort} ${order}`,
    input: () => ({ filter: {}, sort, order }),
  })
  return [
    { name: 'first page', input: () => ({ filter: {} }) },
    { name: 'page in the middle', input: (run) => ({ filter: {}, page: deep + run }) },
    { name: 'last page', input: () => ({ filter: {}, page: Math.ceil(units / 50) }) },
    ...(['uscc', 'kind', 'status', 'area', 'staffCount', 'foundedOn', 'updatedAt'] as const).map((sort) =>
      sorted(sort, 'desc'),
    ),
    sorted('staffCount', 'asc'),
    filtered('kind and status', () => ({ kinds: ['enterprise'], statuses: ['active'] })),
    filtered('township', (run) => ({ region: town(run) })),
    filtered('park', () => ({ placeIds: [place] })),
    filtered('industry', () => ({ industry: 'F' })),
    filtered('staff from 50 to 99', () => ({ staffMin: 50, staffMax: 99 })),
    filtered('departments', () => ({ departments: ['tax'] })),
    filtered('without a code', () => ({ withoutCode: true })),
    filtered('four filters', (run) => ({ region: town(run), kinds: ['enterprise'], industry: 'C', staffMin: 10 })),
    filtered('2 characters of a brand', (run) => ({ text: brandOf(sample(run)).slice(0, 2) })),
    filtered('4 characters', (run) => ({ text: brandOf(sample(run)) })),
    filtered('whole name', (run) => ({ text: sample(run) })),
    filtered('1 character', (run) => ({ text: brandOf(sample(run)).slice(0, 1) })),
    filtered('4 in 5 names (有限公司)', () => ({ text: '有限公司' })),
    filtered('2 initials', () => ({ text: 'hx' })),
    filtered('4 initials', () => ({ text: 'jskj' })),
    filtered('code from its start', (run) => ({ text: `91${county.slice(0, 6)}PDY0${String(run).padStart(2, '0')}` })),
    filtered('1 digit', () => ({ text: '7' })),
    filtered('nothing found', () => ({ text: '魑魅魍魉' })),
    filtered('text and township', (run) => ({ text: brandOf(sample(run)).slice(0, 2), region: town(run) })),
  ]
}

const actorWith = (scope: Scope): Actor => ({
  userId: newId(),
  name: '测量',
  permissions: new Set(Object.keys(ledgerPermissions)),
  scope,
  sessionId: null,
})

const actors: Record<string, Actor> = {
  'a county': actorWith({ counties: [county], areas: '*' }),
  'a township': actorWith({ counties: [county], areas: [townships[0] ?? county] }),
  'the country': actorWith({ counties: [county], areas: '*', nation: true }),
}

function quantile(times: number[], part: number): number {
  const sorted = [...times].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)] ?? 0
}

async function timed(runs: number, run: (at: number) => Promise<unknown>): Promise<number[]> {
  const times: number[] = []
  await run(0)
  for (let at = 1; at <= runs; at += 1) {
    const start = performance.now()
    await run(at)
    times.push(performance.now() - start)
  }
  return times
}

const ms = (value: number) => value.toFixed(value < 10 ? 1 : 0).padStart(8)

async function measure(platform: Platform, units: number, samples: string[]): Promise<number> {
  let slow = 0
  for (const [who, actor] of Object.entries(actors)) {
    const bare = quantile(
      await timed(10, () =>
        asOwner(platform.database, (tx) => sql`select count(*) from unit where withdrawn_at is null`.execute(tx)),
      ),
      0.5,
    )
    console.log(`\nan account of ${who}; bare count(*) as owner ${bare.toFixed(1)} ms`)
    console.log('asked for                    p50 ms  p95 ms  times the bare count  found')
    const row = (name: string, times: number[], found: string | number) => {
      const [half, most] = [quantile(times, 0.5), quantile(times, 0.95)]
      if (most >= limitMs) slow += 1
      console.log(
        `${name.padEnd(26)}${ms(half)}${ms(most)}${(half / bare).toFixed(1).padStart(12)}          ${found}${most >= limitMs ? `  over ${limitMs} ms` : ''}`,
      )
    }
    for (const kind of kinds(units, samples)) {
      let found = 0
      const times = await timed(20, async (run) => {
        const answer = await invoke(platform, 'ledger.searchUnits', { pageSize: 50, ...kind.input(run) }, { actor })
        found = (answer.output as { total: number }).total
      })
      row(kind.name, times, found)
    }
    row('summary', await timed(10, () => invoke(platform, 'ledger.summary', {}, { actor })), '')
    const first = { filter: {}, pageSize: 50 }
    const together = await timed(5, () =>
      Promise.all(Array.from({ length: 4 }, () => invoke(platform, 'ledger.searchUnits', first, { actor }))),
    )
    row('four first pages at once', together, 'until the last is there')
  }
  return slow
}

async function exportAll(platform: Platform, format: 'xlsx' | 'csv'): Promise<void> {
  const columns = ['name', 'uscc', 'kind', 'status', 'area', 'address', 'industry', 'staffCount', 'legalRep', 'phone']
  const input = { filter: {}, columns, format, purpose: '测量导出用时' }
  const start = performance.now()
  const { jobId } = await callAsOperator<{ jobId: string }>(platform, 'ledger.exportUnits', input)
  const longest = await longestWait(platform, () => finishJobs(platform))
  const job = await callAsOperator<{ state: string; error: string | null }>(platform, 'office.getJob', { id: jobId })
  if (job.state !== 'done') throw new Error(`export ${format}: ${job.state} ${job.error ?? ''}`)
  console.log(
    `export ${format}: ${((performance.now() - start) / 1000).toFixed(1)} s; meanwhile a unit's page waited at most ${longest.toFixed(0)} ms`,
  )
}

/** The longest that somebody who opens first pages one after the other waits while something else runs. */
async function longestWait(platform: Platform, run: () => Promise<unknown>): Promise<number> {
  let over = false
  let longest = 0
  const actor = actors['a county'] as Actor
  const { output } = await invoke(platform, 'ledger.searchUnits', { filter: {}, pageSize: 1 }, { actor })
  const id = (output as { rows: { id: string }[] }).rows[0]?.id
  const asking = (async () => {
    while (!over) {
      const start = performance.now()
      await invoke(platform, 'ledger.getUnit', { id }, { actor })
      longest = Math.max(longest, performance.now() - start)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  })()
  await run()
  over = true
  await asking
  return longest
}

const units = Number(process.argv[2] ?? 200_000)
const dataDir = mkdtempSync(join(tmpdir(), 'ledger-list-'))
try {
  const platform = await openPlatform(readConfig({ DATA_DIR: dataDir, DATABASE_URL: process.env['DATABASE_URL'] }))
  const start = performance.now()
  const samples = await load(platform, units)
  const seconds = (performance.now() - start) / 1000
  console.log(
    `${units} units in one county on ${platform.database.kind}, Node ${process.version}; loaded in ${seconds.toFixed(0)} s`,
  )
  await sql`vacuum (analyze)`.execute(platform.database.kysely)
  const slow = await measure(platform, units, samples)
  console.log('')
  await exportAll(platform, 'csv')
  await exportAll(platform, 'xlsx')
  const usage = process.resourceUsage()
  const cpu = (usage.userCPUTime + usage.systemCPUTime) / 1e6
  console.log(
    `CPU ${cpu.toFixed(0)} s, peak memory ${(usage.maxRSS / 1024).toFixed(0)} MB (with the embedded database inside)`,
  )
  console.log(slow === 0 ? `every p95 is under ${limitMs} ms` : `${slow} lines have a p95 of ${limitMs} ms or more`)
  await platform.database.close()
} finally {
  rmSync(dataDir, { recursive: true, force: true })
}
