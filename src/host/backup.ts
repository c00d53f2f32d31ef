import { existsSync, mkdirSync, statSync } from 'node:fs'
import { constants, cp, link, readdir, rm, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { sql } from 'kysely'
import { newId } from '../base/ids.ts'
import { formatDateTime } from '../base/time.ts'
import { Problem } from '../base/problem.ts'
import { pack } from './backup-archive.ts'
import { type Facts, factsOf, type Manifest, markOf, sealManifest } from './backup-manifest.ts'
import type { Config } from './config.ts'
import { asOwner, type Database, databaseDirectory, openDatabase } from './database.ts'
import { writeJournal } from './journal.ts'
import { pendingMigrations } from './migrate.ts'
import { runPostgresProgram } from './postgres-programs.ts'

/** Who acts at the machine's command line, in the journal. */
export const operatorName = '命令行'

/** What a backup or a restored place holds. */
export interface BackupReport {
  path: string
  madeAt: Date
  rows: number
  tables: number
  /** Chains of the journal. */
  chains: number
  /** Uploaded and made files. */
  files: number
  bytes: number
}

/**
 * Backs up everything but the key into one new zip: the database, the stored files, the signed checkpoints, and a manifest
 * with rows per table, the journal's heads and the SM3 of each part. `target` is a file, or a directory in which the file
 * is named by the time. The database must not be open in another process when it is the embedded one.
 *
 * The key (`secret.key` or SECRET_KEY) is never in it, for a lock is no use with its key beside it: it is copied once by
 * hand and kept elsewhere, and a restore asks for it.
 */
export async function backup(config: Config, target: string, now: Date = new Date()): Promise<BackupReport> {
  if (!config.databaseUrl && !existsSync(databaseDirectory(config))) {
    throw new Problem('notFound', `${config.dataDir} 里还没有数据，没有可备份的内容。`)
  }
  const database = await openDatabase(config)
  try {
    // A database that waits for its upgrade is backed up as it is; its journal may have another shape.
    const current = await pendingMigrations(database).then(
      (pending) => pending.length === 0,
      () => false,
    )
    return await backupFrom(database, config, target, now, current ? operatorName : null)
  } finally {
    await database.close()
  }
}

/**
 * The same from a database that is open here and may be in use; on the embedded one others wait while it is copied. The
 * journal gets a row in the name given, or none.
 */
export async function backupFrom(
  database: Database,
  config: Config,
  target: string,
  now: Date,
  actorName: string | null,
): Promise<BackupReport> {
  const path = freePath(target, now)
  const staging = join(config.dataDir, 'backup.staging')
  await rm(staging, { recursive: true, force: true })
  mkdirSync(staging, { recursive: true, mode: 0o700 })
  try {
    if (actorName !== null) await note(database, 'platform.backup', actorName, { path }, now)
    const facts = await (database.kind === 'embedded' ? stageEmbedded : stagePostgres)(database, config, staging)
    // Stored files never change, and the rows that name them are older than this moment.
    await linkFiles(join(config.dataDir, 'files'), join(staging, 'files'))
    await copyIfThere(join(config.checkpointDir, 'journal.jsonl'), join(staging, 'checkpoints/journal.jsonl'))
    let files = 0
    await pack(staging, path, (parts) => {
      files = parts.filter((part) => part.path.startsWith('files/')).length
      const manifest: Manifest = {
        format: 'liangxin-backup-1',
        madeAt: now.toISOString(),
        kind: database.kind,
        keyMark: markOf(config.secretKey),
        ...facts,
        parts,
      }
      return sealManifest(manifest, config.secretKey)
    })
    return { path, madeAt: now, ...sumOf(facts), files, bytes: (await stat(path)).size }
  } finally {
    await rm(staging, { recursive: true, force: true })
  }
}

/** The figures of a report that come from the database. */
export function sumOf(facts: Facts): Pick<BackupReport, 'rows' | 'tables' | 'chains'> {
  const counts = Object.values(facts.tables)
  return { rows: counts.reduce((sum, one) => sum + one, 0), tables: counts.length, chains: facts.heads.length }
}

/** One row of the platform's chain about a backup or a restore. */
export function note(
  database: Database,
  operation: string,
  actorName: string,
  after: unknown,
  at: Date,
): Promise<void> {
  const actor = { userId: null, name: actorName, sessionId: null }
  const entry = { at, actor, address: '本机', operation, requestId: newId(at), inputDigest: null }
  return asOwner(database, (tx) => writeJournal(tx, { ...entry, outcome: 'done', detail: { after } }))
}

function freePath(target: string, now: Date): string {
  const inDirectory = existsSync(target) && statSync(target).isDirectory()
  const stamp = formatDateTime(now).slice(0, 16).replace(' ', '-').replaceAll(':', '')
  const path = resolve(inDirectory ? join(target, `liangxin-${stamp}.zip`) : target)
  if (existsSync(path)) throw new Problem('conflict', `${path} 已经存在。请换一个文件名，备份不覆盖旧文件。`)
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  return path
}

/** Copies the directory while its one connection is held, so that nothing writes; the packing comes after. */
function stageEmbedded(database: Database, config: Config, staging: string): Promise<Facts> {
  return database.kysely.connection().execute(async (held) => {
    const facts = await factsOf(held)
    await sql`checkpoint`.execute(held)
    const how = { recursive: true, mode: constants.COPYFILE_FICLONE }
    await cp(databaseDirectory(config), join(staging, 'database'), how)
    return facts
  })
}

/** Dumps and counts one and the same snapshot. */
function stagePostgres(database: Database, config: Config, staging: string): Promise<Facts> {
  const reading = database.kysely.transaction().setIsolationLevel('repeatable read').setAccessMode('read only')
  return reading.execute(async (tx) => {
    const { rows: citus } = await sql`select from pg_extension where extname = 'citus'`.execute(tx)
    if (citus.length > 0) {
      throw new Problem(
        'unsupported',
        'Citus 分布式数据库请用它自己的备份方法（每个节点做物理备份），这里只备份单机数据库。',
      )
    }
    const { rows } = await sql<{ id: string }>`select pg_export_snapshot() as id`.execute(tx)
    const facts = await factsOf(tx)
    // The owner is held by row-level security like everybody, and sees every row by his own policies.
    const words = ['--format=custom', '--no-owner', '--enable-row-security', `--snapshot=${rows[0]!.id}`]
    await runPostgresProgram('pg_dump', config.databaseUrl!, [...words, `--file=${join(staging, 'database.dump')}`])
    return facts
  })
}

/** Takes the stored files over by a second name, or as copies where the disk knows no such thing. */
async function linkFiles(from: string, to: string): Promise<void> {
  if (!existsSync(from)) return
  for (const entry of await readdir(from, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name.endsWith('.part')) continue
    const source = join(entry.parentPath, entry.name)
    const target = join(to, source.slice(from.length + 1))
    mkdirSync(dirname(target), { recursive: true, mode: 0o700 })
    await link(source, target)
      .catch(() => cp(source, target))
      .catch(ignoreGone)
  }
}

/** A file that was removed since it was listed is no part of the backup. */
function ignoreGone(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error
}

async function copyIfThere(from: string, to: string): Promise<void> {
  if (!existsSync(from)) return
  mkdirSync(dirname(to), { recursive: true, mode: 0o700 })
  await cp(from, to)
}
