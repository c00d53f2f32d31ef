// The whole way of four registers from files to units: upload, recognise, check, commit, with every row, fact, key and event
// in the database, and the figures that rest on them worked out; then a small file of later rows against all that. CPU
// seconds are of this process and, where there is one, of the database server. Beside it what the database alone takes to lay
// the same rows into empty tables with the same indexes, from table to table: nobody can be faster with these tables.
//   node bench/linkage-ledger.ts [rows] [postgres | embedded]     one county; PostgreSQL when not said
import { createWriteStream, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { once } from 'node:events'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { readConfig } from '../src/host/config.ts'
import { asOwner } from '../src/host/database.ts'
import type { Platform } from '../src/host/platform.ts'
import { readSheets } from '../src/host/sheets.ts'
import { importFiles, reportTable } from '../src/ledger/commands.ts'
import type { Department } from '../src/ledger/field-contract.ts'
import type { LinkFields } from '../src/linkage/features.ts'
import { openPlatform } from '../src/services.ts'
import { withPostgres } from '../tools/postgres.ts'
import { registers } from './registers.ts'

/** CPU seconds and MiB that a million rows may take. */
const bound = { seconds: 60, memory: 2048 }
const bounded = 1_000_000
const laterRows = 1_000

const files: Partial<Record<Department, [fileName: string, columns: [string, keyof LinkFields][]]>> = {
  marketRegulation: [
    '市场监管-企业登记.csv',
    [
      ['企业名称', 'name'],
      ['统一社会信用代码', 'uscc'],
      ['成立日期', 'foundedOn'],
      ['法定代表人', 'legalRep'],
      ['联系电话', 'phone'],
      ['住所', 'address'],
    ],
  ],
  civilAffairs: [
    '民政-社会组织.csv',
    [
      ['社会组织名称', 'name'],
      ['统一社会信用代码', 'uscc'],
      ['成立登记日期', 'foundedOn'],
      ['法定代表人', 'legalRep'],
      ['住所', 'address'],
    ],
  ],
  tax: [
    '税务-纳税户.csv',
    [
      ['纳税人名称', 'name'],
      ['纳税人识别号', 'uscc'],
      ['法定代表人姓名', 'legalRep'],
      ['生产经营地址', 'address'],
      ['联系电话', 'phone'],
    ],
  ],
  socialInsurance: [
    '人社-参保单位.csv',
    [
      ['单位名称', 'name'],
      ['统一社会信用代码', 'uscc'],
      ['单位地址', 'address'],
      ['单位负责人', 'legalRep'],
    ],
  ],
  townshipPark: [
    '街道园区-台账.csv',
    [
      ['单位名称', 'name'],
      ['统一社会信用代码', 'uscc'],
      ['负责人', 'legalRep'],
      ['联系电话', 'phone'],
      ['地址', 'address'],
    ],
  ],
}

/**
 * Writes the registers as the departments send them, and apart some rows of the tax office that come a month later; answers
 * the paths, the county and how many rows there are.
 */
async function writeRegisters(home: string, rows: number) {
  const open = new Map<string, ReturnType<typeof createWriteStream>>()
  const later = '税务-纳税户新增.csv'
  let kept = 0
  let county = ''
  let written = 0
  for (const row of registers({ seed: 9, rows, perCounty: rows })) {
    const file = files[row.fields.department]
    if (!file) continue
    const [own, columns] = file
    const isLater = row.fields.department === 'tax' && kept < laterRows
    if (isLater) kept += 1
    const name = isLater ? later : own
    let stream = open.get(name)
    if (!stream) {
      stream = createWriteStream(join(home, name))
      stream.write(`\uFEFF${columns.map(([title]) => title).join(',')}\r\n`)
      open.set(name, stream)
    }
    county = row.countyCode
    const cells = columns.map(([, field]) => row.fields[field] ?? (field === 'uscc' ? (row.fields.rawCode ?? '') : ''))
    if (!stream.write(`${cells.join(',')}\r\n`)) await once(stream, 'drain')
    if (!isLater) written += 1
  }
  for (const stream of open.values()) {
    stream.end()
    await once(stream, 'finish')
  }
  const paths = [...open.keys()].filter((name) => name !== later).map((name) => join(home, name))
  return { paths, later: join(home, later), county: county.padEnd(12, '0'), written }
}

/** CPU seconds of this process, of all its threads, and of every process below it that has no other parent any more. */
function cpu(server: () => number): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6 + server()
}

/** CPU seconds of a PostgreSQL server by the directory that it was started with, processes that have ended included. */
function serverCpu(port: string): number {
  const ticks = new Map<number, { parent: number; own: number; ended: number; words: string }>()
  for (const pid of readdirSync('/proc').map(Number).filter(Boolean)) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
      const [, parent, , , , , , , , , , user, system, ended, endedSystem] = stat
        .slice(stat.lastIndexOf(')') + 2)
        .split(' ')
        .map(Number)
      const words = readFileSync(`/proc/${pid}/cmdline`, 'latin1')
      ticks.set(pid, { parent: parent!, own: user! + system!, ended: ended! + endedSystem!, words })
    } catch {
      // It ended while it was looked at.
    }
  }
  const main = [...ticks].find(([, one]) => /postgres\0/.test(one.words) && one.words.includes(`-p\0${port}\0`))
  if (!main) return 0
  const [pid, { own, ended }] = main
  const below = [...ticks.values()].filter((one) => one.parent === pid)
  return (own + ended + below.reduce((sum, one) => sum + one.own, 0)) / 100
}

async function run(rows: number, databaseUrl: string | null): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'lx-bench-'))
  const port = databaseUrl ? new URL(databaseUrl).port : ''
  const server = () => (databaseUrl ? serverCpu(port) : 0)
  try {
    const { paths, later, county, written } = await writeRegisters(home, rows)
    const env = { DATA_DIR: join(home, 'data'), ...(databaseUrl ? { DATABASE_URL: databaseUrl } : {}) }
    const platform = await openPlatform(readConfig(env))
    const before = cpu(server)
    for (const path of paths) for await (const batch of readSheets(path, path)) void batch
    const reading = cpu(server) - before
    const start = [cpu(server), server(), performance.now()] as const
    let table = ''
    let last = start[0]
    table = reportTable(
      await importFiles(platform, { files: paths, county }, (said) => {
        const now = cpu(server)
        console.log(`${said}: ${(now - last).toFixed(1)} s`)
        last = now
      }),
    )
    const seconds = cpu(server) - start[0]
    const wall = (performance.now() - start[2]) / 1000
    console.log(table)
    console.log(
      `${written.toLocaleString('en')} rows on ${databaseUrl ? 'PostgreSQL' : 'the embedded database'}: CPU ${seconds.toFixed(1)} s ` +
        `(${(server() - start[1]).toFixed(1)} s of it the server's), ${((seconds / written) * 1e6).toFixed(0)} µs a row, ${wall.toFixed(1)} s on the clock; ` +
        `peak ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB without the server; only reading the files ${reading.toFixed(1)} s` +
        (rows === bounded
          ? `; bound ${bound.seconds} s, ${bound.memory} MiB: ${(seconds / bound.seconds).toFixed(2)} x`
          : ''),
    )
    await sizes(platform)
    await floor(platform, seconds, () => cpu(server))
    const then = cpu(server)
    await importFiles(platform, { files: [later], county }, () => undefined)
    console.log(
      `${laterRows.toLocaleString('en')} rows a month later: CPU ${(cpu(server) - then).toFixed(1)} s, ` +
        `${(((cpu(server) - then) / laterRows) * 1e6).toFixed(0)} µs a row`,
    )
    await platform.database.close()
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

const writtenTables = ['source_row', 'unit', 'fact', 'link_row', 'link_event', 'queue_item']

/** Lays the rows that an import has written into empty tables like theirs, and says how many times as long the import took. */
async function floor(platform: Platform, seconds: number, now: () => number): Promise<void> {
  const start = now()
  for (const table of writtenTables) {
    await asOwner(platform.database, async (tx) => {
      await sql`create table floor (like ${sql.table(table)} including all)`.execute(tx)
      await sql`insert into floor select * from ${sql.table(table)}`.execute(tx)
      await sql`drop table floor`.execute(tx)
    })
  }
  const alone = now() - start
  console.log(
    `the database alone, from table to table: CPU ${alone.toFixed(1)} s; the import ${(seconds / alone).toFixed(1)} x`,
  )
}

/** How many rows lie in the tables that an import writes, and what they take on disk. */
async function sizes(platform: Platform): Promise<void> {
  for (const table of writtenTables) {
    const { rows } = await asOwner(platform.database, (tx) =>
      sql<{ rows: number; bytes: number }>`
        select count(*) as rows, pg_total_relation_size(${table}::regclass) as bytes from ${sql.table(table)}`.execute(
        tx,
      ),
    )
    const [found] = rows
    console.log(
      `${table.padEnd(12)} ${found!.rows.toLocaleString('en').padStart(12)} rows ${(found!.bytes / 2 ** 20).toFixed(0).padStart(7)} MiB`,
    )
  }
}

const rows = Number(process.argv[2] ?? 100_000)
const kind = process.argv[3] ?? 'postgres'
console.log(`machine load ${loadavg()[0]?.toFixed(1)}; CPU seconds are the number to compare`)
if (kind === 'embedded') await run(rows, null)
else if (process.env['BENCH_DATABASE_URL']) await run(rows, process.env['BENCH_DATABASE_URL'])
else await withPostgres((url) => run(rows, url))
