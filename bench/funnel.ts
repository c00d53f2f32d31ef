// What the funnel costs and how far its judgement can be trusted.
//   node bench/funnel.ts [units, 200000 by default]   counts of one large county through the whole pipeline, beside a bare
//       `select count(*)` of the same rows by the owner of the table, and a round of deriving every unit again.
//   SHARED_DATA=<directory> node bench/funnel.ts agree   imports each district found there and compares what was inferred of
//       its organisations with truth-organisations.csv.
// DATABASE_URL takes an empty PostgreSQL instead of the embedded database.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { newId } from '../src/base/ids.ts'
import { callAsOperator, finishJobs } from '../src/host/command.ts'
import { readConfig } from '../src/host/config.ts'
import { asOwner } from '../src/host/database.ts'
import type { Platform } from '../src/host/platform.ts'
import { importFiles } from '../src/ledger/commands.ts'
import { largeRegister } from '../src/ledger/sample.ts'
import { openPlatform } from '../src/services.ts'

const [word] = process.argv.slice(2)
const county = '210204000000'

/** Runs on a platform of its own in a fresh directory. */
async function onPlatform(run: (platform: Platform) => Promise<void>): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'lx-bench-'))
  const platform = await openPlatform(readConfig({ ...process.env, DATA_DIR: dataDir }))
  try {
    await run(platform)
  } finally {
    await platform.database.close()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

const line = (what: string, value: string) => process.stdout.write(`${what.padEnd(46)} ${value}\n`)

/** The median of a few runs, in milliseconds. */
async function timed(what: string, run: () => Promise<unknown>): Promise<void> {
  const times: number[] = []
  for (let at = 0; at < 7; at += 1) {
    const start = performance.now()
    await run()
    times.push(performance.now() - start)
  }
  const sorted = times.toSorted((a, b) => a - b)
  line(what, `${Math.round(sorted[3] ?? 0)} ms (slowest ${Math.round(sorted.at(-1) ?? 0)})`)
}

interface Laid {
  unit: string
  name: string
  uscc: string
  staff: number
  area: string
  at: number
}

const files = [
  ['marketRegulation', () => true],
  ['tax', (one: Laid) => one.at % 5 < 3],
  ['socialInsurance', (one: Laid) => one.at % 2 === 0],
] as const

/** Rows and facts of three departments, as imports leave them; the units are then derived as a county's round does it. */
async function lay(platform: Platform, units: number): Promise<void> {
  const imports = files.map(([department]) => ({ department, id: newId() }))
  await asOwner(platform.database, async (tx) => {
    for (const one of imports)
      await sql`
        insert into import (county_code, id, file_id, file_name, file_sm3, bytes, department, as_of, state, author, created_at)
        values (${county}, ${one.id}, ${newId()}, '表.csv', '', 1, ${one.department}, '2026-01-01', 'committed', '甲', now())`.execute(
        tx,
      )
  })
  let batch: Laid[] = []
  let at = 0
  for (const one of largeRegister(1, units)) {
    at += 1
    batch.push({ unit: newId(), name: one.name, uscc: one.uscc, staff: one.staffCount, area: one.township.code, at })
    if (batch.length === 2000 || at === units) {
      await write(platform, batch, imports)
      batch = []
    }
  }
  await asOwner(platform.database, (tx) => sql`analyze`.execute(tx))
}

function saidBy(department: string, one: Laid): Record<string, string> {
  if (department === 'tax') return { taxStatus: one.at % 50 === 0 ? '非正常' : '正常', taxPaid: String(one.at % 7) }
  if (department === 'socialInsurance') return { insuredCount: String(one.staff) }
  return {
    name: one.name,
    uscc: one.uscc,
    kind: 'enterprise',
    status: one.at % 9 ? 'active' : 'revoked',
    area: one.area,
  }
}

async function write(
  platform: Platform,
  batch: readonly Laid[],
  imports: readonly { department: string; id: string }[],
) {
  const rows = files.flatMap(([department, sends]) =>
    batch.filter(sends).map((one) => ({ one, department, id: newId(), fields: saidBy(department, one) })),
  )
  const importOf = (department: string) => imports.find((one) => one.department === department)?.id
  const source = rows.map(({ one, department, id, fields }) => ({
    county_code: county,
    id,
    import_id: importOf(department),
    area_code: one.area,
    sheet: '',
    row_number: one.at,
    cells: Object.entries(fields).map(([title, value]) => ({ title, value })),
    fields,
    digest: id,
    outcome: 'joined',
    problems: [],
    warnings: 0,
    unit_id: one.unit,
  }))
  const facts = rows.flatMap(({ one, department, id, fields }) =>
    Object.entries(fields).map(([field, value]) => ({
      county_code: county,
      id: newId(),
      unit_id: one.unit,
      area_code: one.area,
      field,
      value,
      department,
      import_id: importOf(department),
      source_row_id: id,
      valid_from: '2026-01-01',
      recorded_by: '甲',
      recorded_at: '2026-01-01T00:00:00Z',
    })),
  )
  await asOwner(platform.database, async (tx) => {
    const put = (table: string, list: object[]) =>
      sql`insert into ${sql.table(table)} select * from jsonb_populate_recordset(null::${sql.table(table)}, ${JSON.stringify(list)}::jsonb)`.execute(
        tx,
      )
    await put('source_row', source)
    await put('fact', facts)
    const list = JSON.stringify(batch)
    // Bare rows: the round fills them in.
    await sql`
      insert into unit (county_code, id, area_code, kind, status, name, name_key, sort_key, search_text, search_grams, created_at, updated_at)
      select ${county}, u.unit, u.area, 'other', 'unknown', u.name, u.name, '', '', '{}', '2026-01-01', '2026-01-01'
      from jsonb_to_recordset(${list}::jsonb) as u(unit uuid, area text, name text)`.execute(tx)
  })
}

async function measure(units: number): Promise<void> {
  await onPlatform(async (platform) => {
    await lay(platform, units)
    const round = async (what: string) => {
      const [start, cpu] = [performance.now(), process.cpuUsage()]
      await callAsOperator(platform, 'ledger.deriveAgain', { countyCode: county })
      await finishJobs(platform)
      const { user, system } = process.cpuUsage(cpu)
      const seconds = (performance.now() - start) / 1000
      line(what, `${seconds.toFixed(1)} s, ${((user + system) / 1e6).toFixed(1)} CPU-s`)
    }
    await round(`every one of ${units} units derived and written`)
    await asOwner(platform.database, (tx) => sql`update ledger_state set derived_by = '', target = ''`.execute(tx))
    await round(`${units} units looked at, none of them changed`)
    // As the platform does once a day on the embedded database, and a server by itself.
    await sql`vacuum (analyze)`.execute(platform.database.kysely)
    const call = (name: string, input: object) => () => callAsOperator(platform, `ledger.${name}`, input)
    const owner = (text: string) => () => asOwner(platform.database, (tx) => sql.raw(text).execute(tx))
    await timed('bare: select count(*) from unit', owner('select count(*) from unit'))
    await timed('bare: select count(*) from source_row', owner('select count(*) from source_row'))
    await timed('the funnel of the county', call('getFunnel', { region: county }))
    await timed('the funnel of one township', call('getFunnel', { region: '210204001000' }))
    await timed('list behind 空壳（空挂）', call('searchUnits', { filter: { region: county, dropReasons: ['shell'] } }))
    await timed('list of targets', call('searchUnits', { filter: { region: county, stage: 'target' } }))
    await timed('list of repeated rows', call('listFunnelRows', { region: county, drop: 'repeated' }))
    await timed('rules with conflicts by field', call('getRules', { countyCode: county }))
  })
}

interface Truth {
  uscc: string
  name: string
  kind: string
  alive: boolean
  premises: boolean
  staff: number
}

function truthOf(directory: string): Truth[] {
  const lines = readFileSync(join(directory, 'truth-organisations.csv'), 'utf8')
    .replace(/^\uFEFF/, '')
    .trim()
    .split('\n')
  const titles = lines[0]?.trim().split(',') ?? []
  return lines.slice(1).map((text) => {
    const cells = text.trim().split(',')
    const at = (title: string) => cells[titles.indexOf(title)] ?? ''
    const [uscc, name, kind] = [at('uscc'), at('name'), at('kind')]
    return {
      uscc,
      name,
      kind,
      alive: at('alive') === 'true',
      premises: at('premises') === 'true',
      staff: Number(at('staff')),
    }
  })
}

/** How often a judgement and the truth say yes and no together. */
class Agreement {
  private readonly cells = { both: 0, onlySaid: 0, onlyTrue: 0, neither: 0 }
  add(said: boolean, true_: boolean): void {
    this.cells[said ? (true_ ? 'both' : 'onlySaid') : true_ ? 'onlyTrue' : 'neither'] += 1
  }
  toString(): string {
    const { both, onlySaid, onlyTrue, neither } = this.cells
    const share = (part: number, whole: number) => `${((100 * part) / Math.max(1, whole)).toFixed(1)} %`
    const all = both + onlySaid + onlyTrue + neither
    return `agrees ${share(both + neither, all)}, precision ${share(both, both + onlySaid)}, recall ${share(both, both + onlyTrue)} (${all})`
  }
}

async function agree(shared: string): Promise<void> {
  for (const district of readdirSync(shared).filter((name) =>
    existsSync(join(shared, name, 'truth-organisations.csv')),
  )) {
    await onPlatform(async (platform) => {
      const directory = join(shared, district)
      const units = readdirSync(directory).filter((name) => /^(市场监管|税务|人社-参保单位|民政|街道园区)/.test(name))
      await importFiles(platform, { files: units.map((name) => join(directory, name)) }, () => undefined)
      const { rows } = await asOwner(platform.database, (tx) =>
        sql<{
          uscc: string | null
          name: string
          in_operation: boolean
          premises: boolean
          staff: number | null
        }>`select uscc, name, in_operation, coalesce(has_premises, address is not null) as premises,
          coalesce(staff_count, insured_count) as staff from unit where withdrawn_at is null`.execute(tx),
      )
      const byCode = new Map(rows.map((row) => [row.uscc, row]))
      const byName = new Map(rows.map((row) => [row.name, row]))
      const alive = new Agreement()
      const premises = new Agreement()
      const large = new Agreement()
      let [unknown, missing] = [0, 0]
      for (const one of truthOf(directory)) {
        const unit = byCode.get(one.uscc) ?? byName.get(one.name)
        if (!unit) {
          missing += 1
          continue
        }
        alive.add(unit.in_operation, one.alive)
        if (!one.alive) continue
        premises.add(unit.premises, one.premises)
        const least = one.kind === 'social' ? 30 : 10
        if (unit.staff === null) unknown += 1
        else large.add(unit.staff >= least, one.staff >= least)
      }
      process.stdout.write(`${district}: ${rows.length} units, ${missing} organisations without one\n`)
      line('  in real operation', String(alive))
      line('  premises, of those alive', String(premises))
      line('  staff of 10 (societies: 30), where known', `${String(large)}; unknown ${unknown}`)
    })
  }
}

await (word === 'agree' ? agree(process.env['SHARED_DATA'] ?? '../shared/data') : measure(Number(word ?? 200_000)))
