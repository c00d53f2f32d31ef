import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { asOwner, openDatabase, wrapEmbedded } from './database.ts'
import { openEmbedded } from './embedded.ts'
import { statisticsOf } from './statistics.ts'

const home = mkdtempSync(join(tmpdir(), 'lx-embedded-'))
const fresh = join(home, 'fresh')
afterAll(() => rmSync(home, { recursive: true, force: true }))

/** A database directory with an empty table `trial`, made once: creating one takes seconds. */
beforeAll(async () => {
  const database = await openDatabase({ dataDir: fresh, databaseUrl: null })
  await asOwner(database, (tx) => sql`create table trial (batch integer, n integer)`.execute(tx))
  await database.close()
})

function copyOfFresh(name: string): string {
  cpSync(fresh, join(home, name), { recursive: true })
  return join(home, name)
}

test('a statement that never ends is stopped, what was committed is there, and who waited is served', async () => {
  const embedded = await openEmbedded(join(copyOfFresh('slow'), 'database'))
  const database = wrapEmbedded(embedded, { queryMsMax: 300 })
  await asOwner(database, (tx) => sql`insert into trial values (1, 1)`.execute(tx))
  const endless = asOwner(database, (tx) => sql`select count(*) from generate_series(1, 1000000000000)`.execute(tx))
  const waiting = asOwner(database, (tx) => sql`select * from trial`.execute(tx))
  await expect(endless).rejects.toThrow('算得太久，已中止')
  expect((await waiting).rows).toEqual([{ batch: 1, n: 1 }])
  await database.close()
})

test('statistics are taken where a table has none and again after much was written, and not else', async () => {
  const database = await openDatabase({ dataDir: copyOfFresh('statistics'), databaseUrl: null })
  const rowsKnown = async () => {
    const asked = sql<{ n: number }>`select reltuples::integer as n from pg_class where relname = 'trial'`
    return (await asked.execute(database.kysely)).rows[0]!.n
  }
  expect(await rowsKnown()).toBe(-1)
  expect(await statisticsOf(database)()).toEqual(['trial'])
  expect(await rowsKnown()).toBe(0)
  const again = statisticsOf(database, { times: 0, msMin: 0 })
  expect(await again()).toEqual([])
  await asOwner(database, (tx) => sql`insert into trial select 1, n from generate_series(1, 200000) as n`.execute(tx))
  expect(await again()).toEqual(['trial'])
  expect(await rowsKnown()).toBe(200_000)
  await database.close()
})

test('a directory that another database of this process holds is refused', async () => {
  const dataDir = copyOfFresh('held')
  const database = await openDatabase({ dataDir, databaseUrl: null })
  await expect(openDatabase({ dataDir, databaseUrl: null })).rejects.toThrow('正被另一个进程')
  await database.close()
})

// Writes batches of ten rows, one transaction each, and says the number of each after it was committed.
const writer = `
  const { openDatabase, asOwner } = await import(${JSON.stringify(join(import.meta.dirname, 'database.ts'))})
  const { sql } = await import('kysely')
  const database = await openDatabase({ dataDir: process.env.DATA_DIR, databaseUrl: null })
  const ask = async (text) => (await asOwner(database, (tx) => sql.raw(text).execute(tx))).rows
  const halves = await ask('select batch from trial group by batch having count(*) <> 10')
  const [{ last, batches }] = await ask('select coalesce(max(batch), 0) as last, count(distinct batch) as batches from trial')
  console.log(JSON.stringify({ halves, last, batches }))
  for (let batch = last + 1; ; batch += 1) {
    await asOwner(database, async (tx) => {
      for (let n = 0; n < 10; n += 1) await sql\`insert into trial values (\${batch}, \${n})\`.execute(tx)
    })
    console.log(batch)
  }`

/** Starts a writer and kills it some `ms` after some batches; what it found at its start, and the last batch it acknowledged. */
async function killedWriter(dataDir: string, batches: number, ms: number) {
  const child = spawn(process.execPath, ['--input-type=module', '-e', writer], {
    env: { ...process.env, DATA_DIR: dataDir },
    cwd: import.meta.dirname,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const gone = once(child, 'exit')
  const lines: string[] = []
  for await (const line of createInterface(child.stdout)) {
    lines.push(line)
    if (lines.length === 1 + batches) setTimeout(() => child.kill('SIGKILL'), ms)
  }
  await gone
  const found = JSON.parse(lines[0]!) as { halves: unknown[]; last: number; batches: number }
  return { found, acknowledged: Number(lines.at(-1)) }
}

test('killed four times while it writes, it opens again each time, with every acknowledged batch and no half one', async () => {
  const dataDir = copyOfFresh('killed')
  let acknowledged = 0
  for (let round = 0; round < 4; round += 1) {
    const one = await killedWriter(dataDir, 1 + round * 3, round * 7)
    expect(one.found.halves).toEqual([])
    expect(one.found.batches).toBe(one.found.last)
    expect(one.found.last).toBeGreaterThanOrEqual(acknowledged)
    // A batch that was committed and not yet told of may be there, one at most.
    expect(one.found.last).toBeLessThanOrEqual(acknowledged + 1)
    acknowledged = one.acknowledged
  }
  expect(acknowledged).toBeGreaterThan(10)
}, 120_000)
