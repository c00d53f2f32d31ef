import { sql } from 'kysely'
import { beforeAll, expect, test } from 'vitest'
import { asOwner, type Database } from './database.ts'
import { insertRows } from './insert-rows.ts'
import { testDatabase } from './testing.ts'

const at = new Date('2026-03-04T05:06:07.089Z')
const awkward = [
  'nUll',
  'a b',
  'a,b',
  '',
  'NULL',
  'null',
  '{}',
  '{"a",b}',
  'a"b',
  'a\\b',
  '\\"',
  'a\nb\tc',
  ' 前后 ',
  '“引号”、𠮷',
  "o'clock",
]
let database: Database

beforeAll(async () => {
  database = await testDatabase()
  await asOwner(database, (tx) =>
    sql`create table kept_of_each (
      seq integer primary key, name text, told jsonb, words text[], days date, at timestamptz, share real, amount numeric(12,2),
      big bigint, is_so boolean, id uuid, counts integer[], mark text not null default 'from the table')`.execute(tx),
  )
})

const written = (rows: readonly object[]) =>
  asOwner(database, async (tx) => {
    await sql`truncate kept_of_each`.execute(tx)
    const count = await insertRows(tx, 'kept_of_each', rows)
    const kept = await sql<Record<string, unknown>>`select * from kept_of_each order by seq`.execute(tx)
    return { count, rows: kept.rows }
  })

test('every text comes back as it went, also inside lists and JSON', async () => {
  const rows = awkward.map((text, seq) => ({ seq, name: text, told: { [text]: [text, null] }, words: [text, 'x'] }))
  const kept = await written(rows)
  expect(kept.count).toBe(rows.length)
  expect(kept.rows).toMatchObject(rows)
})

test('values of every type, and none, come back, whether rows share them or not', async () => {
  const told = { a: 1 }
  const full = {
    name: '甲',
    told,
    words: ['一', '二'],
    days: '2024-02-29',
    at,
    share: 0.5,
    amount: '12.30',
    big: 4_503_599_627_370_497,
    is_so: false,
    id: '01900000-0000-7000-8000-000000000000',
    counts: [1, 2],
  }
  const none = Object.fromEntries(Object.keys(full).map((name) => [name, null]))
  for (const rows of [[full], [none], [full, none], [none, full], [full, full]]) {
    const numbered = rows.map((row, seq) => ({ seq, ...row }))
    expect((await written(numbered)).rows).toMatchObject(numbered)
  }
})

test('columns of few different values, and of none in some rows, come back', async () => {
  const id = (n: number) => `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`
  const rows = Array.from({ length: 120 }, (_, seq) => ({
    seq,
    name: awkward[seq % awkward.length] ?? null,
    days: seq % 3 === 0 ? null : `2024-02-0${seq % 3}`,
    at: seq % 2 === 0 ? at : null,
    amount: seq % 2 === 0 ? '12.30' : null,
    is_so: [true, false, null][seq % 3],
    id: seq % 5 === 0 ? null : id(seq % 30),
    words: null,
  }))
  expect((await written(rows)).rows).toMatchObject(rows)
})

test('a column that is not named gets its default, and one that is not there is an error', async () => {
  const kept = await written([{ seq: 1 }, { seq: 2 }])
  expect(kept.rows).toMatchObject([{ mark: 'from the table' }, { mark: 'from the table' }])
  await expect(written([{ seq: 1, mork: '' }])).rejects.toThrow('no column mork')
})

test('no rows are no statement, and what a conflict leaves out is not counted', async () => {
  expect((await written([])).count).toBe(0)
  await written([{ seq: 1 }])
  const count = await asOwner(database, (tx) =>
    insertRows(tx, 'kept_of_each', [{ seq: 1 }, { seq: 2 }], sql`on conflict do nothing`),
  )
  expect(count).toBe(1)
})
