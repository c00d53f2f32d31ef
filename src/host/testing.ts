import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { Client } from 'pg'
import { sm3 } from './crypto.ts'
import type { Transaction } from './context.ts'
import { asOwner, type Database, wrapEmbedded, wrapPostgres } from './database.ts'
import { openEmbedded } from './embedded.ts'
import { migrate, readMigrations } from './migrate.ts'

let opened: Promise<Database> | undefined

/**
 * The migrated database of this test process, opened once and shared by its test files: embedded from a snapshot kept under
 * node_modules/.cache, or, when TEST_DATABASE_URL names a server, a database of its own there. It ends with the process.
 */
export function testDatabase(): Promise<Database> {
  opened ??= process.env['TEST_DATABASE_URL'] ? openOnServer(process.env['TEST_DATABASE_URL']) : openInMemory()
  return opened
}

/** A database of its own in a directory, migrated and empty, for tests that look into its files; to be closed by the test. */
export async function databaseIn(directory: string): Promise<Database> {
  const made = wrapEmbedded(await openEmbedded(directory))
  await migrate(made)
  return made
}

async function openInMemory(): Promise<Database> {
  const migrations = readMigrations()
  const cache = join(import.meta.dirname, '../../node_modules/.cache/liangxin')
  const file = join(cache, `${sm3(migrations.map((one) => one.name + one.sm3).join())}.tar`)
  if (existsSync(file)) return wrapEmbedded(await openEmbedded(null, readFileSync(file)))
  const embedded = await openEmbedded(null)
  const database = wrapEmbedded(embedded)
  await migrate(database, migrations)
  mkdirSync(cache, { recursive: true })
  writeFileSync(`${file}.${process.pid}`, await embedded.dump())
  renameSync(`${file}.${process.pid}`, file)
  for (const name of readdirSync(cache)) {
    if (/\.tar(\.gz)?$/.test(name) && join(cache, name) !== file) rmSync(join(cache, name), { force: true })
  }
  return database
}

async function openOnServer(url: string): Promise<Database> {
  const name = `test_${process.pid}_${Date.now().toString(36)}`
  const own = new URL(url)
  own.pathname = `/${name}`
  return onServer(url, async (client) => {
    await dropLeftBehind(client)
    await client.query(`create database ${name} ${byCodePoint} template template0`)
    const opened = wrapPostgres(own.href, 4)
    await migrate(opened)
    return opened
  })
}

/** Drops what tests of an earlier day left. */
async function dropLeftBehind(client: Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    "select datname as name from pg_database where datname ~ '^test_'",
  )
  for (const { name } of rows) {
    const madeAt = Number.parseInt(name.split('_')[2] ?? '', 36)
    if (Date.now() - madeAt > 86_400_000) await client.query(`drop database if exists ${name} with (force)`)
  }
}

/** How a database of the platform is created on a server: text is ordered by code point, as in the embedded one. */
export const byCodePoint = `encoding 'UTF8' lc_collate 'C.UTF-8' lc_ctype 'C.UTF-8'`

/** One process at a time: databases are copied from one template, and the roles of migrations are the whole server's. */
export async function onServer<T>(url: string, run: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query('select pg_advisory_lock(7)')
    return await run(client)
  } finally {
    await client.end()
  }
}

/** Empties every table but the regions and the migrations: a test starts from nothing. */
export async function emptyDatabase(database: Database): Promise<void> {
  await asOwner(database, async (tx) => {
    tables ??= await tablesOf(tx)
    // Emptying an empty table costs as much as a full one, and most are empty.
    const full = await sql
      .raw<{ name: string }>(
        tables.map((name) => `select '${name}' as name where exists (select from ${name})`).join(' union all '),
      )
      .execute(tx)
    if (full.rows.length > 0)
      await sql.raw(`truncate ${full.rows.map((row) => row.name).join(', ')} cascade`).execute(tx)
  })
}

let tables: string[] | undefined

async function tablesOf(tx: Transaction): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select quote_ident(tablename) as name from pg_tables where schemaname = 'public' and tablename <> 'region'`.execute(
    tx,
  )
  return rows.map((row) => row.name)
}
