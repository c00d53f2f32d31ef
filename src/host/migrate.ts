import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { Problem } from '../base/problem.ts'
import { sm3 } from './crypto.ts'
import { asOwner, type Database } from './database.ts'

const directory = join(import.meta.dirname, '../../migrations')

export interface Migration {
  id: number
  name: string
  text: string
  sm3: string
}

/** The migrations in order: `migrations/NNNN-name.sql`. */
export function readMigrations(from: string = directory): Migration[] {
  return readdirSync(from)
    .filter((name) => /^\d{4}-.+\.sql$/.test(name))
    .sort()
    .map((name) => {
      const text = readFileSync(join(from, name), 'utf8')
      return { id: Number(name.slice(0, 4)), name, text, sm3: sm3(text) }
    })
}

/**
 * The statements of a migration: each ends with a semicolon at the end of a line followed by an empty line or the end.
 * A dollar-quoted body holds no empty line after a semicolon, or it would be cut; a test holds the files to it.
 */
export function splitStatements(text: string): string[] {
  const statements: string[] = []
  let open = ''
  for (const block of text.split(/\n\s*\n/)) {
    open = open ? `${open}\n\n${block}` : block
    const dollars = open.match(/\$[a-z_]*\$/gi)?.length ?? 0
    if (dollars % 2 === 1 || !/;\s*$/.test(open)) continue
    statements.push(open.trim())
    open = ''
  }
  if (open.replace(/^--.*$/gm, '').trim()) statements.push(open.trim())
  return statements
}

/** Brings the database up to date; forward only. Returns the names applied now. @throws Problem when a landed file was edited. */
export async function migrate(database: Database, migrations: readonly Migration[] = readMigrations()): Promise<string[]> {
  await asOwner(database, async (tx) => {
    await sql`create schema if not exists app`.execute(tx)
    await sql`create table if not exists app.migration (
      id integer primary key, name text not null, sm3 text not null, applied_at timestamptz not null default now()
    )`.execute(tx)
  })
  const applied: string[] = []
  for (const migration of migrations) {
    if (await apply(database, migration)) applied.push(migration.name)
  }
  return applied
}

/** One migration in one transaction; its row goes in first, so that of two racing servers one waits and then skips it. */
async function apply(database: Database, migration: Migration): Promise<boolean> {
  return asOwner(database, async (tx) => {
    const { numAffectedRows } = await sql`
      insert into app.migration (id, name, sm3) values (${migration.id}, ${migration.name}, ${migration.sm3})
      on conflict (id) do nothing`.execute(tx)
    if (numAffectedRows === 0n) {
      const { rows } = await sql<{ sm3: string }>`select sm3 from app.migration where id = ${migration.id}`.execute(tx)
      if (rows[0]?.sm3 === migration.sm3) return false
      throw new Problem('conflict', `迁移文件 ${migration.name} 在执行之后被改过，平台不启动。请恢复该文件，改动另写一个新的迁移。`)
    }
    await prepareCitus(tx)
    for (const statement of splitStatements(migration.text)) await sql.raw(statement).execute(tx)
    return true
  })
}

async function prepareCitus(tx: Parameters<Parameters<typeof asOwner>[1]>[0]): Promise<void> {
  const { rows } = await sql`select from pg_extension where extname = 'citus'`.execute(tx)
  if (rows.length === 0) return
  await sql.raw('set local citus.multi_shard_modify_mode = sequential').execute(tx)
  await sql.raw('set local citus.enable_local_reference_table_foreign_keys = off').execute(tx)
  await sql.raw('set local citus.enable_unsafe_triggers = on').execute(tx)
}
