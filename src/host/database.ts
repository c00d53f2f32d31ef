import { AsyncLocalStorage } from 'node:async_hooks'
import { mkdirSync } from 'node:fs'
import { Socket } from 'node:net'
import { join } from 'node:path'
import { Kysely, PostgresDialect, sql } from 'kysely'
import { Pool, type PoolClient, TypeOverrides, types as wireTypes } from 'pg'
import type { Config } from './config.ts'
import type { Scope, Transaction } from './context.ts'
import { type Embedded, openEmbedded } from './embedded.ts'
import { lockDirectory } from './lock.ts'
import { tookTooLong, watchedPool } from './watched-pool.ts'

/** One open database. Rooms never see it: they get the transaction of their context. */
export interface Database {
  kind: 'embedded' | 'postgres'
  /** For what cannot be in a transaction, as the owner: CHECKPOINT, VACUUM. Everything else: `scoped`, `asOwner`. */
  kysely: Transaction
  /** Null on PostgreSQL. */
  embedded: Embedded | null
  close(): Promise<void>
}

const types = new TypeOverrides()
types.setTypeParser(wireTypes.builtins.INT8, wholeNumber)
types.setTypeParser(wireTypes.builtins.DATE, (text: string) => text)

/** Counts come as numbers; one that a number cannot hold is an error rather than a neighbour of itself. */
function wholeNumber(text: string): number {
  const number = Number(text)
  if (!Number.isSafeInteger(number)) throw new Error(`the database answered an integer beyond 2^53: ${text}`)
  return number
}

/** Opens the database that the configuration names; the embedded one is locked for this process. */
export async function openDatabase(config: Pick<Config, 'dataDir' | 'databaseUrl'>): Promise<Database> {
  if (config.databaseUrl) return wrapPostgres(config.databaseUrl)
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 })
  const unlock = lockDirectory(config.dataDir)
  try {
    return wrapEmbedded(await openEmbedded(databaseDirectory(config)), { release: unlock })
  } catch (error) {
    unlock()
    throw error
  }
}

/** Where the embedded database keeps its files. */
export function databaseDirectory(config: Pick<Config, 'dataDir'>): string {
  return join(config.dataDir, 'database')
}

/** A database over a running embedded one: a pool of exactly one, for more would mix up answers. */
export function wrapEmbedded(embedded: Embedded, more: { release?: () => void; queryMsMax?: number } = {}): Database {
  const stream = () => socketTo(embedded.socketPath)
  const pool = new Pool({ user: 'postgres', database: 'postgres', max: 1, idleTimeoutMillis: 0, types, stream })
  return {
    kind: 'embedded',
    embedded,
    kysely: kyselyOver(pool, watchedPool(pool, embedded, more.queryMsMax ?? queryMsMax)),
    async close() {
      try {
        await pool.end()
        await embedded.close()
      } finally {
        more.release?.()
      }
    },
  }
}

/** A socket that connects to a path whatever host and port it is told. */
function socketTo(path: string): Socket {
  const socket = new Socket()
  const connect = socket.connect.bind(socket)
  return Object.assign(socket, { connect: () => connect(path) })
}

/** A database over a PostgreSQL server. */
export function wrapPostgres(url: string, connections = 10): Database {
  const pool = new Pool({ connectionString: url, max: connections, types })
  return { kind: 'postgres', embedded: null, kysely: kyselyOver(pool, pool), close: () => pool.end() }
}

function kyselyOver(pool: Pool, watched: { connect(): Promise<unknown> }): Transaction {
  // A connection that breaks tells whoever is waiting for its answer; unheard here, it would end the process besides.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  const guarded = {
    options: pool.options,
    end: () => pool.end(),
    async connect() {
      if (inside.getStore()?.open) {
        throw new Error('the database was asked outside the transaction that is open; pass its context on instead')
      }
      return (await watched.connect()) as PoolClient
    },
  }
  return new Kysely({ dialect: new PostgresDialect({ pool: guarded }) })
}

/**
 * A statement that runs longer is stopped: on PostgreSQL by the server, on the embedded database, which cannot be
 * interrupted, by opening it again.
 */
const queryMsMax = 5 * 60_000

// Where a transaction is open, a second connection would wait for the first for ever on the embedded database.
const inside = new AsyncLocalStorage<{ open: boolean }>()

async function transact<T>(database: Database, run: (tx: Transaction) => Promise<T>): Promise<T> {
  return database.kysely.transaction().execute(async (tx) => {
    const mark = { open: true }
    try {
      return await inside.run(mark, () => run(tx))
    } finally {
      // What was started here and not waited for may ask again afterwards.
      mark.open = false
    }
  })
}

/**
 * Runs one transaction as the application's role in a scope; commits when `run` resolves, rolls back when it throws.
 * A transaction that lost a race (serialisation failure, deadlock) is run again, at most three times in all: `run` must
 * do nothing that a rollback does not undo. @throws Problem('unavailable') when a statement took too long.
 */
export async function scoped<T>(database: Database, scope: Scope, run: (tx: Transaction) => Promise<T>): Promise<T> {
  const enter = sql.raw(entering(database, scope))
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await transact(database, async (tx) => {
        await enter.execute(tx)
        return run(tx)
      })
    } catch (error) {
      const { code } = error as { code?: string }
      if (code === '57014') throw tookTooLong()
      if (attempt >= 3 || (code !== '40001' && code !== '40P01')) throw error
    }
  }
}

/** The statements that set the scope, in one message. Literals, because `set_config()` does not reach Citus's workers. */
function entering(database: Database, scope: Scope): string {
  const counties = scope.nation ? '' : codeList(scope.counties)
  const areas = scope.areas === '*' ? '' : codeList(scope.areas)
  const onServer = database.kind === 'postgres'
  return [
    ...(onServer
      ? [`set local citus.propagate_set_commands = 'local'`, `set local statement_timeout = ${queryMsMax}`]
      : []),
    `set local app.counties = '${counties}'`,
    `set local app.areas = '${areas}'`,
    `set local role ${roleFor(scope)}`,
  ].join('; ')
}

/** The role that compares rows with no more than the scope asks for (migrations/0001-app.sql). */
function roleFor(scope: Scope): string {
  if (scope.nation) return 'liangxin_nation'
  return scope.areas === '*' ? 'liangxin_county' : 'liangxin_area'
}

function codeList(codes: readonly string[]): string {
  return codes.filter((code) => /^\d{12}$/.test(code)).join(',')
}

/** Runs one transaction as the owner: migrations, maintenance, checks of the journal. Never for a person's request. */
export function asOwner<T>(database: Database, run: (tx: Transaction) => Promise<T>): Promise<T> {
  return transact(database, run)
}
