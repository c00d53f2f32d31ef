import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { finishJobs } from '../host/command.ts'
import { asOwner, type Database } from '../host/database.ts'
import { databaseIn, testDatabase } from '../host/testing.ts'
import { storeUpload } from '../host/uploads.ts'
import type { MemberSheet } from './member-import-contract.ts'
import { county, type MemberTrial, memberTrial, personNumber } from './member-testing.ts'

const home = mkdtempSync(join(tmpdir(), 'lx-private-'))
const onServer = Boolean(process.env['TEST_DATABASE_URL'])
let database: Database

beforeAll(async () => {
  database = onServer ? await testDatabase() : await databaseIn(join(home, 'database'))
}, 60_000)

afterAll(async () => {
  if (!onServer) await database.close()
  rmSync(home, { recursive: true, force: true })
})

interface Input {
  title: string
  members: Buffer
  insured: Buffer
  /** Texts that must be nowhere afterwards. */
  secrets: string[]
  /** A text that must be somewhere: whoever finds nothing at all has not looked. */
  control: string
}

/** Numbers as they are, without their check character, and as the fifteen digits of old. */
const writings = (number: string) => [number, number.slice(0, 17), number.slice(0, 6) + number.slice(8, 17)]

// Surnames that no place of the country bears: the shipped regions may stand in the same database.
function invented(): Input {
  const persons = Array.from({ length: 60 }, (_, at) => ({ name: `尉迟${at}郎`, number: personNumber(1000 + at) }))
  const employer = '大连海风物流有限公司'
  const members = [
    '姓名,公民身份号码,党员类别,所在党支部,工作单位,备注',
    ...persons.slice(0, 30).map(({ name, number }) => `${name},${number},正式党员,北河街道社区党支部,${employer},`),
    `尉迟旧号,${personNumber(3000).slice(0, 6)}${personNumber(3000).slice(8, 17)},预备党员,支部,${employer},`,
    `尉迟错号,${personNumber(3001).slice(0, 17)}?,正式党员,支部,${employer},`,
    `尉迟填错,${personNumber(3002)},正式党员,${personNumber(3003)},${personNumber(3004)},${personNumber(3005)}`,
    `${personNumber(3006)},尉迟颠倒,正式党员,支部,${employer},`,
  ]
  const insured = [
    '姓名,公民身份号码,用人单位,参保起始',
    ...persons.slice(20).map(({ name, number }) => `${name},${number},${employer},2020-01`),
    `亓官个体,${personNumber(3007)},${personNumber(3007)}00,2020-01`,
    `亓官错号,${personNumber(3008).slice(0, 17)}?,${employer},2020-01`,
  ]
  const numbers = [
    ...persons.map((one) => one.number),
    ...Array.from({ length: 9 }, (_, at) => personNumber(3000 + at)),
  ]
  return {
    title: 'invented rosters with numbers in every wrong place',
    members: Buffer.from(members.join('\n')),
    insured: Buffer.from(insured.join('\n')),
    secrets: [...numbers.flatMap(writings), '尉迟', '亓官'],
    control: employer,
  }
}

/** A district's files where they lie beside the project; what is read from them is kept nowhere. */
function ofDistrict(directory: string): Input[] {
  if (!existsSync(directory)) return []
  const read = (start: string) =>
    readFileSync(
      join(
        directory,
        readdirSync(directory).find((name) => name.startsWith(start))!,
      ),
    )
  const members = read('党员信息')
  const insured = read('人社-参保人员')
  const text = `${members.toString('utf8')}\n${new TextDecoder('gb18030').decode(insured)}`
  const numbers = [...new Set(text.match(/\d{17}[\dX]/g))]
  const control = '社区党支部'
  return [{ title: directory.split('/').at(-1)!, members, insured, secrets: numbers.flatMap(writings), control }]
}

const shared = process.env['SHARED_DATA'] ?? join(import.meta.dirname, '../../../shared/data')

/** Every file of the database, the file store and whatever else the platform keeps on the disk. */
async function everyFile(trial: MemberTrial): Promise<string[]> {
  const directories = [trial.platform.config.dataDir]
  if (onServer) {
    const { rows } = await sql<{ path: string }>`select current_setting('data_directory') as path`.execute(
      database.kysely,
    )
    directories.push(rows[0]!.path)
  } else directories.push(home)
  await sql`checkpoint`.execute(database.kysely)
  return directories
    .flatMap((directory) => readdirSync(directory, { recursive: true }).map((name) => join(directory, String(name))))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile())
}

/** Every row of every table as text, for what the database keeps compressed. */
async function everyRow(): Promise<string[]> {
  return asOwner(database, async (tx) => {
    const tables = await sql<{ name: string }>`
      select tablename as name from pg_tables where schemaname = 'public' and tablename <> 'region'`.execute(tx)
    const texts: string[] = []
    for (const { name } of tables.rows) {
      const { rows } = await sql<{ text: string }>`select to_jsonb(t)::text as text from ${sql.table(name)} t`.execute(
        tx,
      )
      texts.push(...rows.map((row) => row.text))
    }
    return texts
  })
}

function finder(texts: readonly string[]) {
  const pattern = new RegExp(texts.map((text) => Buffer.from(text).toString('latin1')).join('|'), 'g')
  const found = new Set<string>()
  return {
    found,
    look: (content: Buffer) => {
      for (const [hit] of content.toString('latin1').matchAll(pattern)) found.add(Buffer.from(hit, 'latin1').toString())
    },
  }
}

async function upload(trial: MemberTrial, content: Buffer, name: string): Promise<string> {
  const stored = await storeUpload(trial.platform, { actor: trial.here }, name, Readable.from([content]))
  return (stored.output as { fileId: string }).fileId
}

/** Both files through every step, one comparison more that fails and one that waits in vain, and a look at what screens get. */
async function takeIn(trial: MemberTrial, input: Input): Promise<string> {
  const { call, platform } = trial
  const asOf = '2026-01-01'
  const fileId = await upload(trial, input.members, '党员信息.csv')
  const { id } = await call<{ id: string }>('party.createMemberImport', { fileId, countyCode: county, asOf })
  await finishJobs(platform)
  const page = await call<{ mapping: MemberSheet[] }>('party.getMemberImport', { id })
  await call('party.checkMemberImport', { id, asOf, complete: false, mapping: page.mapping })
  await finishJobs(platform)
  const rows = await call('party.listMemberRows', { id, pageSize: 200 })
  await call('party.commitMemberImport', { id })
  await finishJobs(platform)
  const compare = async (content: Buffer) => {
    const input = { fileId: await upload(trial, content, '参保人员.csv'), countyCode: county, complete: true }
    return call<{ id: string; jobId: string }>('party.createRosterCheck', input)
  }
  const check = await compare(input.insured)
  await finishJobs(platform)
  const done = await call<{ counts: { members: number; others: number } }>('party.getRosterCheck', { id: check.id })
  expect(done.counts.members * done.counts.others).toBeGreaterThan(0)
  await compare(Buffer.from(input.insured.toString('latin1').replace(/^[^\n]*/, 'a,b,c,d'), 'latin1'))
  const waiting = await compare(input.insured)
  await asOwner(database, (tx) => sql`update job set state = 'cancelled' where id = ${waiting.jobId}`.execute(tx))
  await finishJobs(platform)
  const lists = [
    await call('party.searchMembers', { filter: {}, pageSize: 200 }),
    await call('party.listMemberTasks', { pageSize: 200 }),
    await call('party.listEmployers', { pageSize: 200 }),
    await call('party.listRosterChecks', {}),
  ]
  return JSON.stringify([page, rows, ...lists])
}

test.each([invented(), ...ofDistrict(join(shared, 'kaiyuan'))])(
  'no number of a person is in any file, row, line of the log or answer afterwards: $title',
  async (input) => {
    const trial = await memberTrial(database)
    const answers = await takeIn(trial, input)
    const secrets = finder(input.secrets)
    const control = finder([input.control])
    const rows = await everyRow()
    for (const path of await everyFile(trial)) {
      const content = contentOf(path)
      secrets.look(content)
      control.look(content)
    }
    for (const text of [...rows, ...trial.log, answers]) secrets.look(Buffer.from(text))
    expect([...secrets.found]).toEqual([])
    expect([...control.found]).toEqual([input.control])
  },
  60_000,
)

/** What a file holds; the server's other databases lose files while it is read, and what is gone holds nothing. */
function contentOf(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return Buffer.alloc(0)
  }
}
