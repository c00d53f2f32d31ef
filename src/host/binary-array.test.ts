import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { bigintArray, type BinaryType, binaryArray } from './binary-array.ts'
import { asOwner } from './database.ts'
import { testDatabase } from './testing.ts'

async function received(type: BinaryType, values: Parameters<typeof binaryArray>[1]) {
  const { rows } = await asOwner(await testDatabase(), (tx) =>
    sql<{ values: unknown[] }>`
      select to_jsonb(${binaryArray(type, values)}::${sql.raw(type)}[]) as values`.execute(tx),
  )
  return rows[0]?.values
}

test('whole numbers of every size arrive as they are, also none and in slices', async () => {
  const numbers = [0, 1, -1, 2 ** 31, -(2 ** 31), 2 ** 32, -(2 ** 32) - 5, 2 ** 53 - 1, -(2 ** 53) + 1]
  const [all, none] = [bigintArray(Float64Array.from(numbers)), bigintArray(new Float64Array())]
  const { rows } = await asOwner(await testDatabase(), (tx) =>
    sql<{ all: string; none: string; slice: string; empty: string }>`
      select (${all}::bigint[])::text as all, (${none}::bigint[])::text as none, ((${all}::bigint[])[2:3])::text as slice,
        ((${all}::bigint[])[4:3])::text as empty`.execute(tx),
  )
  expect(rows).toEqual([{ all: `{${numbers.join(',')}}`, none: '{}', slice: '{1,-1}', empty: '{}' }])
})

test.each<[BinaryType, (string | number)[]]>([
  ['integer', [0, -1, 2 ** 31 - 1, -(2 ** 31)]],
  ['text', ['', 'null', '{"a",b}', 'a\\b', '甲𠮷é', 'NULL ', 'x'.repeat(5000)]],
  ['uuid', ['01900000-abcd-7def-8000-00000000ffff', 'ffffffff-ffff-ffff-ffff-ffffffffffff']],
])('values of %s arrive as they are, with none between and alone', async (type, values) => {
  for (const list of [values, [null, ...values, null], [null], []]) expect(await received(type, list)).toEqual(list)
})

test('a UUID in capitals is the same', async () => {
  expect(await received('uuid', ['01900000-ABCD-7DEF-8000-00000000FFFF'])).toEqual([
    '01900000-abcd-7def-8000-00000000ffff',
  ])
})

test.each<[BinaryType, string | number]>([
  ['integer', 1.5],
  ['integer', '1'],
  ['integer', 2 ** 31],
  ['uuid', '01900000-abcd-7def-8000-00000000fff'],
  ['uuid', '01900000-abcd-7def-8000-00000000ffff0'],
  ['uuid', '01900000-abcd-7def-8000-00000000fffg'],
  ['uuid', '01900000-abcd-7def-8000-00000000fff:'],
  ['uuid', ''],
])('what is no %s is an error: %j', (type, value) => {
  expect(() => binaryArray(type, [value])).toThrow(/whole number|UUID|range/)
})
