import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { Problem } from '../base/problem.ts'
import type { Transaction } from './context.ts'
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

// What a semicolon may hide in: comments, strings, quoted names, dollar-quoted bodies. The last two take anything else.
const token =
  /--[^\n]*|\/\*[\s\S]*?\*\/|\be'(?:[^'\\]|''|\\[\s\S])*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|(\$[a-z_]*\$)[\s\S]*?\1|[^-/e'"$;]+|[\s\S]/gi

/** The statements of a migration, without the semicolons that end them; comments stay with what follows them. */
export function splitStatements(text: string): string[] {
  const statements: string[] = []
  let open = ''
  let said = false
  for (const [piece] of `${text}\n;`.matchAll(token)) {
    if (piece === ';') {
      if (said) statements.push(open.trim())
      open = ''
      said = false
    } else {
      open += piece
      said ||= !/^(--|\/\*|\s*$)/.test(piece)
    }
  }
  return statements
}

/**
 * Brings the database up to date; forward only. Returns the names applied now.
 * @throws Problem when a landed file was edited, or the database is of a later version of the platform.
 */
export async function migrate(
  database: Database,
  migrations: readonly Migration[] = readMigrations(),
): Promise<string[]> {
  const pending = await pendingMigrations(database, migrations)
  const applied: string[] = []
  for (const migration of pending) {
    if (await apply(database, migration)) applied.push(migration.name)
  }
  return applied
}

/** The migrations that `migrate` would apply; none of the landed ones is forgotten or edited. @throws Problem as `migrate` */
export async function pendingMigrations(
  database: Database,
  migrations: readonly Migration[] = readMigrations(),
): Promise<Migration[]> {
  const landed = await asOwner(database, async (tx) => {
    await sql`select pg_advisory_xact_lock(7212)`.execute(tx)
    await sql`create schema if not exists app`.execute(tx)
    await sql`create table if not exists app.migration (
      id integer primary key, name text not null, sm3 text not null, applied_at timestamptz not null default now()
    )`.execute(tx)
    const { rows } = await sql<{ id: number; name: string; sm3: string }>`
      select id, name, sm3 from app.migration order by id`.execute(tx)
    return rows
  })
  const known = new Map(migrations.map((one) => [one.id, one]))
  for (const row of landed) {
    const migration = known.get(row.id)
    if (!migration) {
      throw new Problem(
        'conflict',
        `数据库已由更新的版本升级过（${row.name}），这个版本的平台不认识。请换回较新的版本，或从升级前的备份恢复。`,
      )
    }
    if (row.sm3 !== migration.sm3) throw edited(migration)
  }
  const ids = new Set(landed.map((row) => row.id))
  return migrations.filter((one) => !ids.has(one.id))
}

function edited(migration: Migration): Problem {
  return new Problem(
    'conflict',
    `迁移文件 ${migration.name} 在执行之后被改过，平台不启动。请恢复该文件，改动另写一个新的迁移。`,
  )
}

/** One migration in one transaction; its row goes in first, so that of two racing servers one waits and then skips it. */
async function apply(database: Database, migration: Migration): Promise<boolean> {
  return asOwner(database, async (tx) => {
    const { numAffectedRows } = await sql`
      insert into app.migration (id, name, sm3) values (${migration.id}, ${migration.name}, ${migration.sm3})
      on conflict (id) do nothing`.execute(tx)
    if (numAffectedRows === 0n) {
      const { rows } = await sql<{ sm3: string }>`select sm3 from app.migration where id = ${migration.id}`.execute(tx)
      if (rows[0]?.sm3 !== migration.sm3) throw edited(migration)
      return false
    }
    await prepareCitus(tx)
    for (const statement of splitStatements(migration.text)) await sql.raw(statement).execute(tx)
    return true
  })
}

async function prepareCitus(tx: Transaction): Promise<void> {
  const { rows } = await sql`select from pg_extension where extname = 'citus'`.execute(tx)
  if (rows.length === 0) return
  await sql.raw('set local citus.multi_shard_modify_mode = sequential').execute(tx)
  await sql.raw('set local citus.enable_local_reference_table_foreign_keys = off').execute(tx)
  await sql.raw('set local citus.enable_unsafe_triggers = on').execute(tx)
}
