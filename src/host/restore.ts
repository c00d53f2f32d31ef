import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { cp, mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { sql } from 'kysely'
import { Problem } from '../base/problem.ts'
import { type BackupReport, note, operatorName, sumOf } from './backup.ts'
import { manifestOf, unpack } from './backup-archive.ts'
import { factsOf, type Manifest, readManifest } from './backup-manifest.ts'
import type { Config } from './config.ts'
import { asOwner, type Database, databaseDirectory, openDatabase } from './database.ts'
import { canonical } from './journal.ts'
import { type JournalReport, verifyJournal } from './journal-verify.ts'
import { lockDirectory } from './lock.ts'
import { readMigrations, splitStatements } from './migrate.ts'
import { runPostgresProgram } from './postgres-programs.ts'

/** What was restored, and what a recomputation of the whole journal found. */
export interface RestoreReport extends BackupReport {
  journal: JournalReport
}

/**
 * Restores a backup into an empty place: an empty data directory (but for `secret.key`), and on PostgreSQL an empty
 * database. Every part is held against the manifest before, counts and the journal's heads after.
 * @throws Problem when the place is not empty, the key is another, the backup is damaged, altered or of another kind.
 */
export async function restore(config: Config, source: string, now: Date = new Date()): Promise<RestoreReport> {
  const manifest = await checkedManifest(config, source)
  const unlock = lockDirectory(config.dataDir)
  const staging = join(config.dataDir, 'restore.staging')
  try {
    refuseUsed(config)
    await rm(staging, { recursive: true, force: true })
    mkdirSync(staging, { recursive: true, mode: 0o700 })
    await unpack(source, staging, manifest.parts)
    if (manifest.kind === 'postgres') await restorePostgres(config, join(staging, 'database.dump'))
    else await rename(join(staging, 'database'), databaseDirectory(config))
    await place(join(staging, 'files'), join(config.dataDir, 'files'))
    await place(join(staging, 'checkpoints/journal.jsonl'), join(config.checkpointDir, 'journal.jsonl'))
  } finally {
    await rm(staging, { recursive: true, force: true })
    unlock()
  }
  const database = await openDatabase(config)
  try {
    return await compared(database, config, manifest, source, now)
  } finally {
    await database.close()
  }
}

function refuseUsed(config: Config): void {
  const files = join(config.dataDir, 'files')
  const used = [
    ...(config.databaseUrl ? [] : [databaseDirectory(config)]),
    ...(existsSync(files) && readdirSync(files).length > 0 ? [files] : []),
    join(config.checkpointDir, 'journal.jsonl'),
  ].find((path) => existsSync(path))
  if (used) {
    throw new Problem(
      'conflict',
      `恢复只能恢复到空的地方，而 ${used} 已经存在。请换一个 DATA_DIR，或先把它移到别处保存。`,
    )
  }
}

/** The manifest of an archive of this platform's key, and of a version and kind that fits here. */
async function checkedManifest(config: Config, source: string): Promise<Manifest> {
  if (!existsSync(source)) throw new Problem('notFound', `没有找到备份文件 ${source}。`)
  const manifest = readManifest(await manifestOf(source), config.secretKey)
  const kind = config.databaseUrl ? 'postgres' : 'embedded'
  if (manifest.kind !== kind) {
    const words = { embedded: '内置数据库', postgres: 'PostgreSQL' }
    const how = kind === 'embedded' ? '请设 DATABASE_URL' : '请不设 DATABASE_URL'
    throw new Problem('conflict', `这是${words[manifest.kind]}的备份，不能恢复到${words[kind]}。${how}后再恢复。`)
  }
  const known = new Set(readMigrations().map((one) => one.name))
  const unknown = manifest.migrations.find((name) => !known.has(name))
  if (unknown) {
    throw new Problem('conflict', `这份备份由更新的版本所做（${unknown}）。请先把平台升级到那个版本，再恢复。`)
  }
  return manifest
}

async function restorePostgres(config: Config, dump: string): Promise<void> {
  const database = await openDatabase(config)
  try {
    const { rows } = await asOwner(database, (tx) =>
      sql`select from pg_tables where schemaname in ('app', 'public') limit 1`.execute(tx),
    )
    if (rows.length > 0) {
      throw new Problem('conflict', '恢复只能恢复到空的数据库，而 DATABASE_URL 的库里已经有表。请新建一个空库。')
    }
    // Roles belong to the server and are in no dump; the first migration knows how to make them.
    const roles = splitStatements(readMigrations()[0]!.text).filter((statement) => /create role/.test(statement))
    await asOwner(database, async (tx) => {
      for (const statement of roles) await sql.raw(statement).execute(tx)
    })
  } finally {
    await database.close()
  }
  const words = ['--no-owner', '--exit-on-error', '--single-transaction']
  await runPostgresProgram('pg_restore', config.databaseUrl!, [...words, `--dbname=${databaseOf(config)}`, dump])
}

function databaseOf(config: Config): string {
  return decodeURIComponent(new URL(config.databaseUrl!).pathname.slice(1))
}

async function place(from: string, to: string): Promise<void> {
  if (!existsSync(from)) return
  await mkdir(dirname(to), { recursive: true, mode: 0o700 })
  await cp(from, to, { recursive: true })
}

async function compared(
  database: Database,
  config: Config,
  manifest: Manifest,
  source: string,
  now: Date,
): Promise<RestoreReport> {
  const found = await asOwner(database, factsOf)
  const { tables, heads, migrations } = manifest
  if (canonical(found) !== canonical({ tables, heads, migrations })) {
    throw new Problem('conflict', '恢复出来的数据与备份清单的行数或日志末端不符，请不要使用它，并换一份备份。')
  }
  const journal = await verifyJournal(database, config)
  await note(database, 'platform.restore', operatorName, { path: source, madeAt: manifest.madeAt }, now)
  return {
    path: source,
    madeAt: new Date(manifest.madeAt),
    ...sumOf(found),
    files: manifest.parts.filter((part) => part.path.startsWith('files/')).length,
    bytes: manifest.parts.reduce((sum, part) => sum + part.bytes, 0),
    journal,
  }
}
