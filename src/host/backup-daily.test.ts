import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { backupBeforeUpgrade, backupDaily } from './backup-daily.ts'
import { type Config, readConfig } from './config.ts'
import { type Database, openDatabase } from './database.ts'
import { migrate, readMigrations } from './migrate.ts'

const home = mkdtempSync(join(tmpdir(), 'lx-daily-'))
const at = (hours: number) => new Date(Date.now() + hours * 3_600_000)
let config: Config
let database: Database
const named = (pattern: RegExp) => readdirSync(config.backupDir).filter((name) => pattern.test(name))

// Always the embedded database: PostgreSQL is backed up by its own means.
beforeAll(async () => {
  config = readConfig({ DATA_DIR: join(home, 'data'), BACKUP_DIR: join(home, 'backups') })
  database = await openDatabase({ ...config, databaseUrl: null })
})
afterAll(async () => {
  await database.close()
  rmSync(home, { recursive: true, force: true })
})

test('a new database is not backed up before it is made, and an older one is before its upgrade, once', async () => {
  const migrations = readMigrations()
  const now = new Date()
  expect(await backupBeforeUpgrade(database, config, now, migrations)).toBeNull()
  await migrate(database, migrations)
  expect(await backupBeforeUpgrade(database, config, now, migrations)).toBeNull()
  const later = [...migrations, { id: 9001, name: '9001-trial.sql', text: 'select 1;', sm3: '' }]
  const report = await backupBeforeUpgrade(database, config, now, later)
  expect(report?.path).toBe(join(config.backupDir, 'before-9001-trial.zip'))
  expect(report?.tables).toBeGreaterThan(10)
  expect(await backupBeforeUpgrade(database, config, now, later)).toBeNull()
})

test('a day after its making, and a day after each backup, there is a daily one; the last seven are kept', async () => {
  expect(await backupDaily(database, config, at(23))).toBeNull()
  for (let day = 1; day <= 9; day += 1) {
    const path = join(config.backupDir, `daily-2020-01-0${day}.zip`)
    writeFileSync(path, '')
    utimesSync(path, new Date(2020, 0, day), new Date(2020, 0, day))
  }
  const made = await backupDaily(database, config, at(0))
  expect(named(/^daily/)).toHaveLength(7)
  expect(join(config.backupDir, named(/^daily/).at(-1)!)).toBe(made?.path)
  expect(await backupDaily(database, config, at(23))).toBeNull()
  expect(await backupDaily(database, config, at(25))).not.toBeNull()
})
