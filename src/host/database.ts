import { AsyncLocalStorage } from 'node:async_hooks'
import { join } from 'node:path'
import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import type { Config } from './config.ts'
import type { Scope, Transaction } from './context.ts'
import { type Embedded, openEmbedded } from './embedded.ts'
import { lockDirectory } from './lock.ts'

/** One open database. Rooms never see it: they get the transaction of their context. */
export interface Database {
  kind: 'embedded' | 'postgres'
  pool: pg.Pool
  kysely: Transaction
  /** Null on PostgreSQL. */
  embedded: Embedded | null
  close(): Promise<void>
}

const types = new pg.TypeOverrides()
types.setTypeParser(pg.types.builtins.INT8, Number)
types.setTypeParser(pg.types.builtins.DATE, (text: string) => text)

/** Opens the database that the configuration names; the embedded one is locked for this process. */
export async function openDatabase(config: Pick<Config, 'dataDir' | 'databaseUrl'>): Promise<Database> {
  if (config.databaseUrl) return wrapPostgres(config.databaseUrl)
  const unlock = lockDirectory(config.dataDir)
  try {
    return wrapEmbedded(await openEmbedded(join(config.dataDir, 'database')), unlock)
  } catch (error) {
    unlock()
    throw error
  }
}

/** A database over a running embedded one: a pool of exactly one, for more would mix up answers. */
export function wrapEmbedded(embedded: Embedded, release: () => void = () => undefined): Database {
  const pool = new pg.Pool({ host: embedded.socketDir, port: 5432, user: 'postgres', database: 'postgres', max: 1, types })
  pool.on('error', () => undefined)
  return {
    ...withPool('embedded', pool),
    embedded,
    async close() {
      await pool.end()
      await embedded.close()
      release()
    },
  }
}

/** A database over a PostgreSQL server. */
export function wrapPostgres(url: string, connections = 10): Database {
  const pool = new pg.Pool({ connectionString: url, max: connections, types })
  pool.on('error', () => undefined)
  return { ...withPool('postgres', pool), embedded: null, close: () => pool.end() }
}

function withPool(kind: Database['kind'], pool: pg.Pool): Pick<Database, 'kind' | 'pool' | 'kysely'> {
  return { kind, pool, kysely: new Kysely({ dialect: new PostgresDialect({ pool }) }) }
}

const inside = new AsyncLocalStorage<true>()

/** A second transaction inside one would wait for itself on the embedded database: refused everywhere. */
function assertOutside(): void {
  if (inside.getStore()) throw new Error('a transaction was opened inside a transaction; pass the context on instead')
}

/**
 * Runs one transaction as the application's role in a scope; commits when `run` resolves, rolls back when it throws.
 * A transaction that lost a race (serialisation failure, deadlock) is run again, at most three times.
 */
export async function scoped<T>(database: Database, scope: Scope, run: (tx: Transaction) => Promise<T>): Promise<T> {
  assertOutside()
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await inside.run(true, () => database.kysely.transaction().execute(async (tx) => run(await enter(tx, scope))))
    } catch (error) {
      const code = (error as { code?: string }).code
      if (attempt >= 3 || (code !== '40001' && code !== '40P01')) throw error
    }
  }
}

async function enter(tx: Transaction, scope: Scope): Promise<Transaction> {
  const list = (codes: readonly string[]) => codes.filter((code) => /^\d{12}$/.test(code)).join(',')
  const counties = scope.nation ? '' : list(scope.counties)
  const areas = scope.areas === '*' ? '*' : list(scope.areas)
  await sql.raw(`set local app.counties = '${counties}'`).execute(tx)
  await sql.raw(`set local app.areas = '${areas}'`).execute(tx)
  await sql.raw(`set local role ${scope.nation ? 'liangxin_nation' : 'liangxin_app'}`).execute(tx)
  return tx
}

/** Runs one transaction as the owner: migrations, maintenance, checks of the journal. Never for a person's request. */
export function asOwner<T>(database: Database, run: (tx: Transaction) => Promise<T>): Promise<T> {
  assertOutside()
  return inside.run(true, () => database.kysely.transaction().execute(run))
}
