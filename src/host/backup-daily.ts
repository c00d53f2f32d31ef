import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { today } from '../base/time.ts'
import { backupFrom, type BackupReport } from './backup.ts'
import type { Config } from './config.ts'
import { type Database, databaseDirectory } from './database.ts'
import { pendingMigrations, readMigrations } from './migrate.ts'

const dayMs = 24 * 3_600_000
const dailyKept = 7
const upgradesKept = 3

/**
 * Backs the embedded database up when its last daily backup, or its creation, is a day old, and keeps the last seven: it
 * does not survive a power loss for certain. PostgreSQL has its own means. Resolves to null when there was nothing to do.
 */
export async function backupDaily(database: Database, config: Config, now: Date): Promise<BackupReport | null> {
  if (database.kind === 'postgres') return null
  const last = namesIn(config, /^daily-.+\.zip$/).at(-1)
  const since = statSync(last ? join(config.backupDir, last) : join(databaseDirectory(config), 'PG_VERSION')).mtimeMs
  const path = join(config.backupDir, `daily-${today(now)}.zip`)
  if (now.getTime() - since < dayMs || existsSync(path)) return null
  const report = await backupFrom(database, config, path, now, '平台')
  await keepLast(config, /^daily-.+\.zip$/, dailyKept)
  return report
}

/**
 * Backs the embedded database up before migrations that it has not seen are applied to it. Null when there are none, the
 * database is new, or an interrupted upgrade has left the backup already.
 */
export async function backupBeforeUpgrade(
  database: Database,
  config: Config,
  now: Date,
  migrations = readMigrations(),
): Promise<BackupReport | null> {
  if (database.kind === 'postgres') return null
  const pending = await pendingMigrations(database, migrations)
  const [first] = pending
  if (!first || pending.length === migrations.length) return null
  const path = join(config.backupDir, `before-${first.name.replace(/\.sql$/, '')}.zip`)
  if (existsSync(path)) return null
  const report = await backupFrom(database, config, path, now, null)
  await keepLast(config, /^before-.+\.zip$/, upgradesKept)
  return report
}

function namesIn(config: Config, pattern: RegExp): string[] {
  mkdirSync(config.backupDir, { recursive: true, mode: 0o700 })
  return readdirSync(config.backupDir)
    .filter((name) => pattern.test(name))
    .sort()
}

async function keepLast(config: Config, pattern: RegExp, count: number): Promise<void> {
  for (const name of namesIn(config, pattern).slice(0, -count)) await rm(join(config.backupDir, name))
}
