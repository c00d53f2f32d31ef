import { sql } from 'kysely'
import { beforeAll, expect, test } from 'vitest'
import { sm3 } from './crypto.ts'
import { asOwner, type Database } from './database.ts'
import { type Migration, migrate, pendingMigrations, readMigrations, splitStatements } from './migrate.ts'
import { testDatabase } from './testing.ts'

let database: Database
beforeAll(async () => (database = await testDatabase()))

const landed = readMigrations()
const next = (number: number, text: string): Migration => {
  const id = 9000 + number
  return { id, name: `${id}-trial.sql`, text, sm3: sm3(text) }
}
const tables = async () => {
  const { rows } = await asOwner(database, (tx) =>
    sql<{ name: string }>`select tablename as name from pg_tables where tablename like 'trial%' order by 1`.execute(tx),
  )
  return rows.map((row) => row.name)
}

test.each([
  ['select 1;\nselect 2', ['select 1', 'select 2']],
  ['-- a; b\nselect 1 /* ; */;', ['-- a; b\nselect 1 /* ; */']],
  [`select ';', ''';', e'\\';', ";";\nselect 2;`, [`select ';', ''';', e'\\';', ";"`, 'select 2']],
  ['do $$\nbegin\n  perform 1;\n\nend;\n$$;\n\nselect 2;', ['do $$\nbegin\n  perform 1;\n\nend;\n$$', 'select 2']],
  [
    'do $a$ begin execute $b$ select 1; $b$; end $a$; select 2;',
    ['do $a$ begin execute $b$ select 1; $b$; end $a$', 'select 2'],
  ],
  ['select 5 - 3, 6 / 2, $1;;\n\n;', ['select 5 - 3, 6 / 2, $1']],
  ['-- nothing\n\n/* at all */', []],
  ['select 1 -- last', ['select 1 -- last']],
])('statements are cut where they end and nowhere else: %j', (text, statements) => {
  expect(splitStatements(text)).toEqual(statements)
})

test('migrations are numbered one after another', () => {
  expect(landed.map((one) => one.id)).toEqual(landed.map((_, at) => at + 1))
})

test('a migration is applied once', async () => {
  const first = next(1, 'create table trial_1 (a integer);')
  expect(await migrate(database, [...landed, first])).toEqual(['9001-trial.sql'])
  expect(await migrate(database, [...landed, first])).toEqual([])
  expect(await tables()).toEqual(['trial_1'])
})

test('an edited migration is refused by name, and nothing else is applied', async () => {
  const edited = next(1, 'create table trial_1 (a bigint);')
  const second = next(2, 'create table trial_2 (a integer);')
  await expect(migrate(database, [...landed, edited, second])).rejects.toThrow('9001-trial.sql 在执行之后被改过')
  expect(await tables()).toEqual(['trial_1'])
})

test('a database of a later version is refused', async () => {
  await expect(pendingMigrations(database, landed)).rejects.toThrow('更新的版本升级过（9001-trial.sql）')
})

test('of a migration that fails nothing stays', async () => {
  const first = next(1, 'create table trial_1 (a integer);')
  const failing = next(3, 'create table trial_3 (a integer);\n\nselect no_such_function();')
  await expect(migrate(database, [...landed, first, failing])).rejects.toThrow('no_such_function')
  expect(await tables()).toEqual(['trial_1'])
  const mended = next(3, 'create table trial_3 (a integer);')
  expect(await migrate(database, [...landed, first, mended])).toEqual(['9003-trial.sql'])
})

test('of two servers that start together one applies, and both are done', async () => {
  const all = [...landed, next(1, 'create table trial_1 (a integer);'), next(3, 'create table trial_3 (a integer);')]
  const more = [...all, next(4, 'create table trial_4 (a integer);')]
  const applied = await Promise.all([migrate(database, more), migrate(database, more)])
  expect(applied.flat()).toEqual(['9004-trial.sql'])
})
