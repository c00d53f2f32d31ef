import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../base/ids.ts'
import { backup, backupFrom, type BackupReport } from './backup.ts'
import { manifestOf, pack, type Part, unpack } from './backup-archive.ts'
import { checkpoint } from './checkpoint.ts'
import { type Config, readConfig } from './config.ts'
import { asOwner, type Database, openDatabase } from './database.ts'
import { openFiles } from './files.ts'
import { writeJournal } from './journal.ts'
import { migrate } from './migrate.ts'
import { restore } from './restore.ts'
import { byCodePoint, onServer } from './testing.ts'

const home = mkdtempSync(join(tmpdir(), 'lx-backup-'))
const server = process.env['TEST_DATABASE_URL']
const key = '00112233445566778899aabbccddeeff0123456789abcdef0123456789abcdef'
// On a server everything is done by an owner who is no superuser, as docs/operating.md tells offices to set it up.
const owner = `office_${process.pid}`
const databases: string[] = []
let places = 0

/** A place where nothing is yet: a directory and, on a server, a database. */
async function place(more: Record<string, string> = {}): Promise<Config> {
  places += 1
  const env = { DATA_DIR: join(home, String(places)), SECRET_KEY: key, ...more }
  if (!server) return readConfig(env)
  const name = `${owner}_${places}`
  databases.push(name)
  await onServer(server, (client) =>
    client.query(`create database ${name} owner ${owner} ${byCodePoint} template template0`),
  )
  const url = new URL(server)
  url.pathname = `/${name}`
  url.username = owner
  url.password = 'trial'
  return readConfig({ ...env, DATABASE_URL: url.href })
}

let config: Config
let made: BackupReport
let fileId: string
const madeAt = new Date('2026-03-01T08:00:00Z')
const counties = ['000000000000', '210203000000', '210204000000']

async function fill(database: Database): Promise<void> {
  const actor = { userId: null, name: '张三', sessionId: null }
  for (let n = 0; n < 30; n += 1) {
    const entry = { at: madeAt, actor, address: '10.0.0.1', operation: 'trial.write', requestId: newId(madeAt) }
    const detail = { countyCode: counties[n % 3]!, after: { n } }
    await asOwner(database, (tx) => writeJournal(tx, { ...entry, inputDigest: null, outcome: 'done', detail }))
  }
  const stored = await openFiles(join(config.dataDir, 'files')).put(Buffer.from('一份登记表'), 1_000)
  fileId = stored.id
  const row = sql`insert into upload values (${stored.id}, null, '登记表.csv', ${stored.bytes}, ${stored.sm3}, ${madeAt})`
  await asOwner(database, (tx) => row.execute(tx))
  await checkpoint(database, config, madeAt)
}

beforeAll(async () => {
  if (server) await onServer(server, (client) => client.query(`create role ${owner} login createrole password 'trial'`))
  config = await place()
  const database = await openDatabase(config)
  if (server) await onServer(server, () => migrate(database))
  else await migrate(database)
  await fill(database)
  await database.close()
  made = await backup(config, join(home, 'made.zip'), madeAt)
})

afterAll(async () => {
  rmSync(home, { recursive: true, force: true })
  if (!server) return
  await onServer(server, async (client) => {
    for (const name of databases) await client.query(`drop database ${name} with (force)`)
    await client.query(`drop role ${owner}`)
  })
})

/** What a place holds, asked without the code under test; and what its journal says of backups. */
async function contentOf(at: Config): Promise<[unknown, unknown]> {
  const database = await openDatabase(at)
  const ask = async (text: string) => (await asOwner(database, (tx) => sql.raw(text).execute(tx))).rows
  try {
    const content = [
      await ask(
        `select county_code, seq, hash, detail from journal where operation <> 'platform.restore' order by 1, 2`,
      ),
      await ask(`select to_jsonb(u) from upload u`),
      await ask(`select id, sm3 from app.migration order by id`),
    ]
    return [content, await ask(`select operation from journal where operation like 'platform.%' order by seq`)]
  } finally {
    await database.close()
  }
}

test('a restored place holds the same rows, journal, files and checkpoints, and a journal that verifies and tells of it', async () => {
  const target = await place()
  const report = await restore(target, made.path)
  expect(report).toMatchObject({ madeAt, rows: made.rows, tables: made.tables, chains: 3, files: 1 })
  expect(report.journal).toMatchObject({ ok: true })
  expect(report.journal.chains.map((chain) => [chain.countyCode, chain.rows, chain.signedRows])).toEqual([
    ['000000000000', 11, 10],
    ['210203000000', 10, 10],
    ['210204000000', 10, 10],
  ])
  const [content, marks] = await contentOf(target)
  expect(content).toEqual((await contentOf(config))[0])
  expect(marks).toEqual([{ operation: 'platform.backup' }, { operation: 'platform.restore' }])
  expect(readFileSync(openFiles(join(target.dataDir, 'files')).path(fileId), 'utf8')).toBe('一份登记表')
  expect(existsSync(join(target.dataDir, 'restore.staging'))).toBe(false)
})

test('the key is not in the backup', async () => {
  const manifest = await manifestOf(made.path)
  const { parts } = JSON.parse(manifest) as { parts: Part[] }
  const inside = mkdtempSync(join(home, 'inside-'))
  await unpack(made.path, inside, parts)
  const texts = [manifest, ...parts.map((part) => readFileSync(join(inside, part.path), 'latin1'))]
  expect(texts.filter((text) => text.toLowerCase().includes(key))).toEqual([])
  expect(parts.filter((part) => part.path.includes('secret'))).toEqual([])
})

test('a backup is made while the platform writes, and each transaction is in it whole or not at all', async () => {
  const source = await place()
  await restore(source, made.path)
  const database = await openDatabase(source)
  const stop = new AbortController()
  const writer = (async () => {
    for (let n = 0; !stop.signal.aborted; n += 1) {
      await asOwner(database, async (tx) => {
        for (const side of ['left', 'right']) {
          await sql`insert into stored_answer values (${newId(madeAt)}, ${String(n)}, ${side}, '', null, ${madeAt})`.execute(
            tx,
          )
        }
      })
    }
  })()
  const report = await backupFrom(database, source, join(home, 'busy.zip'), madeAt, null)
  stop.abort()
  await writer
  await database.close()
  const target = await place()
  await restore(target, report.path)
  const restored = await openDatabase(target)
  const { rows } = await asOwner(restored, (tx) =>
    sql`select request_id from stored_answer group by request_id having count(*) <> 2`.execute(tx),
  )
  await restored.close()
  expect(rows).toEqual([])
})

test('a place that is in use is refused and left as it was', async () => {
  await expect(restore(config, made.path)).rejects.toThrow('恢复只能恢复到空的')
  const files = await place()
  mkdirSync(join(files.dataDir, 'files'))
  writeFileSync(join(files.dataDir, 'files/one'), '')
  await expect(restore(files, made.path)).rejects.toThrow('恢复只能恢复到空的')
  expect(readdirSync(files.dataDir).filter((name) => !name.startsWith('database.'))).toEqual(['files'])
})

test('an existing file is not overwritten, and a directory gets a file named by the time', async () => {
  await expect(backup(config, made.path)).rejects.toThrow('备份不覆盖旧文件')
  const folder = mkdtempSync(join(home, 'folder-'))
  expect((await backup(config, folder, madeAt)).path).toBe(join(folder, 'liangxin-2026-03-01-1600.zip'))
})

test('a directory without data is not backed up, and stays without', async () => {
  const empty = await place()
  const refusal = server ? 'journal' : '还没有数据'
  await expect(backup(empty, join(home, 'empty.zip'))).rejects.toThrow(refusal)
  expect(existsSync(join(empty.dataDir, 'database'))).toBe(false)
  expect(existsSync(join(home, 'empty.zip'))).toBe(false)
})

test('a backup of another key is refused before anything is written', async () => {
  const other = await place({ SECRET_KEY: `f${key.slice(1)}` })
  await expect(restore(other, made.path)).rejects.toThrow('另一把密钥')
  expect(readdirSync(other.dataDir).filter((name) => !name.startsWith('database.'))).toEqual([])
})

test('half a file, and a file that is none, are refused', async () => {
  const bytes = readFileSync(made.path)
  writeFileSync(join(home, 'half.zip'), bytes.subarray(0, bytes.length / 2))
  await expect(restore(await place(), join(home, 'half.zip'))).rejects.toThrow('不是完整的备份文件')
  await expect(restore(await place(), join(home, 'none.zip'))).rejects.toThrow('没有找到备份文件')
})

/** An archive of a few files with the true manifest of the backup, or what `alter` makes of it. */
async function forged(files: Record<string, string>, alter = (manifest: string) => manifest): Promise<string> {
  const inside = mkdtempSync(join(home, 'forged-'))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(inside, path)), { recursive: true })
    writeFileSync(join(inside, path), text)
  }
  const manifest = alter(await manifestOf(made.path))
  await pack(inside, `${inside}.zip`, () => manifest)
  return `${inside}.zip`
}

test('an altered, added or removed part is found, and nothing of it stays', async () => {
  const checkpoints = 'checkpoints/journal.jsonl'
  const signed = readFileSync(join(config.checkpointDir, 'journal.jsonl'), 'utf8')
  const target = await place()
  for (const files of [{ [checkpoints]: signed.replace('1', '2') }, { 'a.txt': '' }, { [checkpoints]: signed }]) {
    await expect(restore(target, await forged(files))).rejects.toThrow('与清单不符')
  }
  expect(readdirSync(target.dataDir).filter((name) => !name.startsWith('database.'))).toEqual([])
})

test('an altered manifest is found', async () => {
  const forgery = await forged({}, (manifest) => manifest.replace('"public.upload": 1', '"public.upload": 2'))
  await expect(restore(await place(), forgery)).rejects.toThrow('签名不符')
})

test('a backup of the other kind of database is refused by name', async () => {
  const other = { ...(await place()), databaseUrl: server ? null : 'postgres://nobody@127.0.0.1:1/none' }
  await expect(restore(other, made.path)).rejects.toThrow(server ? '这是PostgreSQL的备份' : '这是内置数据库的备份')
})
