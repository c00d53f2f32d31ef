import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { bigintArray } from './bigint-array.ts'
import { asOwner } from './database.ts'
import { testDatabase } from './testing.ts'

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
