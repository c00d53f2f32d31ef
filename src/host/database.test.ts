import { type AddressInfo, createServer } from 'node:net'
import { sql } from 'kysely'
import { beforeAll, expect, test } from 'vitest'
import { emptyScope, type Scope, type Transaction } from './context.ts'
import { asOwner, type Database, scoped, wrapPostgres } from './database.ts'
import { testDatabase } from './testing.ts'

let database: Database
const rowsEach = 40
const ours: Scope = { counties: ['210204000000'], areas: '*' }
const theirs: Scope = { counties: ['210203000000'], areas: '*' }

beforeAll(async () => {
  database = await testDatabase()
  await asOwner(database, async (tx) => {
    await sql`create table trial (county_code text, id integer, area_code text, primary key (county_code, id))`.execute(
      tx,
    )
    await sql`select app.protect('trial', true)`.execute(tx)
    await sql`create table trial_log (county_code text, id integer, primary key (county_code, id))`.execute(tx)
    await sql`select app.protect_append_only('trial_log')`.execute(tx)
  })
  for (const county of ['210203000000', '210204000000']) {
    await scoped(database, { counties: [county], areas: '*' }, (tx) =>
      sql`insert into trial select ${county}::text, n, overlay(${county}::text placing lpad((n % 4)::text, 3, '0') from 7)
        from generate_series(1, ${rowsEach}) n`.execute(tx),
    )
  }
})

async function seen(tx: Transaction): Promise<Record<string, number>> {
  const { rows } = await sql<{ county_code: string; count: number }>`
    select county_code, count(*) as count from trial group by county_code`.execute(tx)
  return Object.fromEntries(rows.map((row) => [row.county_code, row.count]))
}

test('an empty scope sees no row, nor does one of codes that are none', async () => {
  expect(await scoped(database, emptyScope, seen)).toEqual({})
  expect(await scoped(database, { counties: [], areas: '*' }, seen)).toEqual({})
  expect(await scoped(database, { counties: ['210204000000'], areas: [] }, seen)).toEqual({})
  expect(await scoped(database, { counties: ['', '*', "210204'", '%'], areas: '*' }, seen)).toEqual({})
})

test('a scope sees its counties, its areas, or the whole country', async () => {
  expect(await scoped(database, ours, seen)).toEqual({ '210204000000': rowsEach })
  const areas = ['210204001000']
  expect(await scoped(database, { ...ours, areas }, seen)).toEqual({ '210204000000': rowsEach / 4 })
  expect(await scoped(database, { counties: [], areas: '*', nation: true }, seen)).toEqual({
    '210203000000': rowsEach,
    '210204000000': rowsEach,
  })
})

test('a row outside the scope can be neither added, changed nor removed', async () => {
  const add = sql`insert into trial values ('210203000000', 999, '210203001000')`
  await expect(scoped(database, ours, (tx) => add.execute(tx))).rejects.toThrow('row-level security')
  const touched = await scoped(database, ours, async (tx) => [
    (await sql`update trial set id = id + 1000 where county_code = '210203000000'`.execute(tx)).numAffectedRows,
    (await sql`delete from trial where county_code = '210203000000'`.execute(tx)).numAffectedRows,
  ])
  expect(touched).toEqual([0n, 0n])
  expect(await scoped(database, theirs, seen)).toEqual({ '210203000000': rowsEach })
})

test('rows of a table for adding only can be added, not changed or removed', async () => {
  await scoped(database, ours, (tx) => sql`insert into trial_log values ('210204000000', 1)`.execute(tx))
  for (const change of ['update trial_log set id = 2', 'delete from trial_log', 'truncate trial_log']) {
    await expect(scoped(database, ours, (tx) => sql.raw(change).execute(tx))).rejects.toThrow('permission denied')
  }
})

test('of 1,000 interleaved transactions of two people none sees the other’s rows', async () => {
  const found = await Promise.all(
    Array.from({ length: 1000 }, async (_, at) => {
      const [scope, own] = at % 2 === 0 ? [ours, '210204000000'] : [theirs, '210203000000']
      const rows = await scoped(database, scope, async (tx) => {
        if (at % 7 === 0) await new Promise((resolve) => setImmediate(resolve))
        return seen(tx)
      })
      return JSON.stringify(rows) === JSON.stringify({ [own]: rowsEach })
    }),
  )
  expect(found.filter((right) => !right)).toEqual([])
  expect(await scoped(database, emptyScope, seen)).toEqual({})
})

test('a failed transaction leaves neither rows nor scope', async () => {
  const failing = scoped(database, ours, async (tx) => {
    await sql`delete from trial`.execute(tx)
    throw new Error('no')
  })
  await expect(failing).rejects.toThrow('no')
  expect(await scoped(database, emptyScope, seen)).toEqual({})
  expect(await scoped(database, ours, seen)).toEqual({ '210204000000': rowsEach })
})

test('a connection that breaks fails its transaction, not the process', async () => {
  // A server that lets one in (AuthenticationOk, ReadyForQuery) and hangs up at the first statement.
  const welcome = Buffer.from('5200000008000000005a0000000549', 'hex')
  const server = createServer((socket) => {
    socket.once('data', () => {
      socket.write(welcome)
      socket.once('data', () => socket.destroy())
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const broken = wrapPostgres(`postgres://nobody@127.0.0.1:${port}/none`)
  await expect(asOwner(broken, (tx) => sql`select 1`.execute(tx))).rejects.toThrow('Connection terminated')
  await broken.close()
  server.close()
})

test('a second connection asked for inside a transaction is an error instead of waiting for ever', async () => {
  const nested = scoped(database, ours, () => scoped(database, ours, seen))
  await expect(nested).rejects.toThrow('outside the transaction')
  await expect(asOwner(database, () => sql`select 1`.execute(database.kysely))).rejects.toThrow(
    'outside the transaction',
  )
})

test('what was started in a transaction and not waited for may open its own afterwards', async () => {
  let later: Promise<unknown> = Promise.resolve()
  await scoped(database, ours, async () => {
    later = new Promise((resolve) => setTimeout(resolve, 20)).then(() => scoped(database, ours, seen))
  })
  expect(await later).toEqual({ '210204000000': rowsEach })
})

test('a transaction that lost a race is run again, at most three times', async () => {
  let runs = 0
  const losing = (times: number) =>
    scoped(database, ours, async (tx) => {
      runs += 1
      if (runs <= times) await sql`do $$ begin raise sqlstate '40001'; end $$`.execute(tx)
      return runs
    })
  expect(await losing(2)).toBe(3)
  runs = 0
  await expect(losing(3)).rejects.toMatchObject({ code: '40001' })
  expect(runs).toBe(3)
})

test('values come as numbers, days, instants and parsed JSON', async () => {
  const { rows } = await asOwner(database, (tx) =>
    sql`select count(*) as count, date '2024-02-29' as day, timestamptz '2024-01-01T00:00:00Z' as at,
      '{"a": [1]}'::jsonb as json, 1.10::numeric as money from trial`.execute(tx),
  )
  const at = new Date('2024-01-01T00:00:00Z')
  expect(rows).toEqual([{ count: 2 * rowsEach, day: '2024-02-29', at, json: { a: [1] }, money: '1.10' }])
  await expect(asOwner(database, (tx) => sql`select 9007199254740993::int8`.execute(tx))).rejects.toThrow('2^53')
})

test('every table of counties is guarded, forced, and not the application’s own', async () => {
  const { rows } = await asOwner(database, (tx) =>
    sql<{ name: string }>`
      select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'public' and c.relkind in ('r', 'p') and (
        pg_get_userbyid(c.relowner) like 'liangxin\\_%'
        or (exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'county_code' and not a.attisdropped)
          and not (c.relrowsecurity and c.relforcerowsecurity and exists (select from pg_policy p where p.polrelid = c.oid))))
      order by 1`.execute(tx),
  )
  // Local tables, where the county is a note and not a fence; who may read them is decided by their owner's service.
  expect(rows.map((row) => row.name)).toEqual(localTables)
})

const localTables = ['job']

test('the application’s roles can do nothing beyond what is granted, and views act as who asks', async () => {
  const { rows } = await asOwner(database, (tx) =>
    sql`select rolname from pg_roles where rolname like 'liangxin\\_%'
        and (rolsuper or rolbypassrls or rolcanlogin or rolcreaterole or rolcreatedb or rolreplication)
      union all
      select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname in ('public', 'app') and c.relkind = 'v' and not coalesce('security_invoker=true' = any (c.reloptions), false)
    `.execute(tx),
  )
  expect(rows).toEqual([])
  const create = sql`create table own (a integer)`
  await expect(scoped(database, ours, (tx) => create.execute(tx))).rejects.toThrow('permission denied')
})
