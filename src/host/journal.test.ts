import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkpoint } from './checkpoint.ts'
import { emptyScope, type Scope, type Transaction } from './context.ts'
import { asOwner, type Database, scoped } from './database.ts'
import { type JournalEntry, canonical, hashOf, redact, writeJournal } from './journal.ts'
import { verifyJournal } from './journal-verify.ts'
import type { HostTables } from './tables.ts'
import { emptyDatabase, testDatabase } from './testing.ts'

const county = '210204000000'
let database: Database
let settings: { checkpointDir: string; secretKey: Buffer }

beforeEach(async () => {
  database = await testDatabase()
  await emptyDatabase(database)
  settings = { checkpointDir: mkdtempSync(join(tmpdir(), 'lx-checkpoint-')), secretKey: Buffer.alloc(32, 'k1') }
})
afterEach(() => rmSync(settings.checkpointDir, { recursive: true }))

function entry(n: number, more: Partial<JournalEntry> = {}): JournalEntry {
  return {
    at: new Date(),
    actor: { userId: null, name: '李某', sessionId: null },
    address: '127.0.0.1',
    operation: 'ledger.createUnit',
    requestId: `request-${n}`,
    inputDigest: null,
    outcome: 'done',
    detail: { countyCode: county, subject: `unit:${n}`, after: { name: `单位${n}`, count: n, share: 0.1 } },
    ...more,
  }
}

const write = (...numbers: number[]) =>
  scoped(database, emptyScope, async (tx) => {
    for (const n of numbers) await writeJournal(tx, entry(n))
  })

const owner = (run: (tx: Transaction) => Promise<unknown>) => asOwner(database, run)

async function faults(): Promise<string[]> {
  const report = await verifyJournal(database, settings)
  return report.chains.flatMap((chain) => chain.faults.map((one) => `${one.seq} ${one.fault}`))
}

/** Five rows, signed; then two more that no checkpoint covers yet. */
async function signedChain(): Promise<void> {
  await write(1, 2, 3, 4, 5)
  expect(await checkpoint(database, settings, new Date())).toEqual({ signed: 1, problem: null })
  await write(6, 7)
  expect(await faults()).toEqual([])
}

/** Writes all hashes of the chain anew, as somebody who owns the database and knows the algorithm would. */
async function restamp(tx: Transaction): Promise<void> {
  const journal = tx.withTables<HostTables>()
  let previous = '0'.repeat(64)
  for (const row of await journal
    .selectFrom('journal')
    .selectAll()
    .where('county_code', '=', county)
    .orderBy('seq')
    .execute()) {
    const hash = hashOf({ ...row, previous_hash: previous })
    await journal
      .updateTable('journal')
      .set({ previous_hash: previous, hash })
      .where('county_code', '=', county)
      .where('seq', '=', row.seq)
      .execute()
    previous = hash
  }
}

test('an untouched journal of several chains is found right', async () => {
  await signedChain()
  await scoped(database, emptyScope, (tx) => writeJournal(tx, entry(1, { detail: {} })))
  const report = await verifyJournal(database, settings)
  expect(report.ok).toBe(true)
  expect(report.chains.map((chain) => [chain.countyCode, chain.rows, chain.signedRows])).toEqual([
    ['000000000000', 1, 0],
    [county, 7, 5],
  ])
})

test('an edited row is found', async () => {
  await signedChain()
  await owner((tx) =>
    sql`update journal set detail = '{"after": {"name": "别的"}}' where county_code = ${county} and seq = 3`.execute(
      tx,
    ),
  )
  expect(await faults()).toEqual(['3 edited'])
})

test('a deleted row is found', async () => {
  await signedChain()
  await owner((tx) => sql`delete from journal where county_code = ${county} and seq = 6`.execute(tx))
  expect(await faults()).toEqual(['7 missing'])
})

test('an inserted row is found', async () => {
  await signedChain()
  await owner(async (tx) => {
    const journal = tx.withTables<HostTables>()
    await sql`update journal set seq = seq + 100 where county_code = ${county} and seq >= 4`.execute(tx)
    await sql`update journal set seq = seq - 99 where county_code = ${county} and seq >= 100`.execute(tx)
    const third = await journal
      .selectFrom('journal')
      .selectAll()
      .where('county_code', '=', county)
      .where('seq', '=', 3)
      .executeTakeFirstOrThrow()
    const forged = { ...third, seq: 4, subject: 'unit:forged', previous_hash: third.hash }
    await journal
      .insertInto('journal')
      .values({ ...forged, detail: JSON.stringify(forged.detail), hash: hashOf(forged) })
      .execute()
  })
  expect(await faults()).toContain('5 edited')
})

test('two swapped rows are found', async () => {
  await signedChain()
  await owner(async (tx) => {
    await sql`update journal set seq = 1000 where county_code = ${county} and seq = 6`.execute(tx)
    await sql`update journal set seq = 6 where county_code = ${county} and seq = 7`.execute(tx)
    await sql`update journal set seq = 7 where county_code = ${county} and seq = 1000`.execute(tx)
  })
  expect(await faults()).toEqual(expect.arrayContaining(['6 unlinked', '6 edited', '7 unlinked', '7 edited']))
})

test('a chain cut off at its end is found by the signed count', async () => {
  await signedChain()
  await owner((tx) => sql`delete from journal where county_code = ${county} and seq >= 4`.execute(tx))
  expect(await faults()).toEqual(['5 truncated'])
  await owner((tx) => sql`delete from journal`.execute(tx))
  expect(await faults()).toEqual(['5 truncated'])
})

test('a chain restamped from its first row is found by the signed head, and is not signed over', async () => {
  await signedChain()
  await owner(async (tx) => {
    await sql`update journal set actor_name = '别人' where county_code = ${county} and seq = 2`.execute(tx)
    await restamp(tx)
  })
  expect(await faults()).toEqual(['5 restamped'])
  const { signed, problem } = await checkpoint(database, settings, new Date())
  expect(signed).toBe(0)
  expect(problem).toContain('与已签名的检查点不符')
})

test('a checkpoint file that was edited or lost a line is found', async () => {
  await signedChain()
  await checkpoint(database, settings, new Date())
  const path = join(settings.checkpointDir, 'journal.jsonl')
  const [first, second] = readFileSync(path, 'utf8').trimEnd().split('\n')
  writeFileSync(path, `${second}\n`)
  expect((await verifyJournal(database, settings)).checkpointProblems).toEqual(['检查点文件第 1 行之前缺行'])
  writeFileSync(path, `${first!.replace('"number":1', '"number":2')}\n`)
  expect((await verifyJournal(database, settings)).checkpointProblems).toEqual(['检查点文件第 1 行的签名不符'])
})

test('a checkpoint with nothing new writes nothing', async () => {
  await signedChain()
  expect((await checkpoint(database, settings, new Date())).signed).toBe(1)
  expect((await checkpoint(database, settings, new Date())).signed).toBe(0)
})

test('the application role can add rows and neither change nor remove them', async () => {
  await write(1)
  const scope: Scope = { counties: [county], areas: '*' }
  for (const text of [`update journal set actor_name = 'x'`, 'delete from journal', 'truncate journal']) {
    await expect(scoped(database, scope, (tx) => sql.raw(text).execute(tx))).rejects.toThrow('permission denied')
  }
})

const seen = (scope: Scope) =>
  scoped(database, scope, (tx) => tx.withTables<HostTables>().selectFrom('journal').select('seq').execute())

test('rows of another county are not seen, though the chain goes on', async () => {
  await write(1, 2)
  expect(await seen(emptyScope)).toEqual([])
  expect(await seen({ counties: ['110101000000'], areas: '*' })).toEqual([])
  expect(await seen({ counties: [county], areas: '*' })).toHaveLength(2)
})

test('commands that end at the same moment still make one chain', async () => {
  await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map((n) => write(n)))
  const report = await verifyJournal(database, settings)
  expect(report.ok).toBe(true)
  expect(report.chains.find((chain) => chain.countyCode === county)?.rows).toBe(8)
})

test('a detail holds no plain ID number, phone number or secret', () => {
  const detail = redact({
    name: '王某',
    password: 'Correct-Horse-1',
    phone: '0411-84512345',
    note: '身份证 210204199001011234，手机 13800138000，代码 91210204MA0QCQ8M5X',
    rows: [{ passwordHash: 'x', values: ['990101199001011232', 13800138000] }],
  })
  const text = JSON.stringify(detail)
  for (const plain of ['Correct-Horse-1', '84512345', '210204199001011234', '13800138000', '990101199001011232']) {
    expect(text).not.toContain(plain)
  }
  expect(text).toContain('91210204MA0QCQ8M5X')
})

test('the order of keys does not change what is hashed', () => {
  expect(canonical({ b: 1, a: [{ d: null, c: '三' }] })).toBe(canonical({ a: [{ c: '三', d: null }], b: 1 }))
})
