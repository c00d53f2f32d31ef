import { Readable } from 'node:stream'
import { sql } from 'kysely'
import { beforeEach, expect, test } from 'vitest'
import { newId } from '../base/ids.ts'
import type { Actor } from '../host/context.ts'
import { finishJobs } from '../host/command.ts'
import { asOwner } from '../host/database.ts'
import { invoke } from '../host/pipeline.ts'
import type { Platform } from '../host/platform.ts'
import { actorLike, testPlatform } from '../host/testing-platform.ts'
import { storeUpload } from '../host/uploads.ts'
import { linkageContract, linkagePermissions } from '../linkage/contract.ts'
import { linkage, linkageJobs } from '../linkage/service.ts'
import { ledgerContract, ledgerPermissions } from './contract.ts'
import { importContract, type ImportCounts } from './import-contract.ts'
import { ledger, ledgerJobs } from './service.ts'

const county = '210204000000'
const permissions = [...Object.keys(ledgerPermissions), ...Object.keys(linkagePermissions)]
const here = actorLike(newId(), permissions)
const people = { authenticate: async () => null, actorOf: async () => here, operator: async () => here }
const nowhere = actorLike(newId(), permissions, { counties: [], areas: [] })
const elsewhere = actorLike(newId(), permissions, { counties: ['210203000000'], areas: '*' })
let platform: Platform
let log: string[]

beforeEach(async () => {
  log = []
  platform = await testPlatform(
    {
      contracts: { ledger: { ...ledgerContract, ...importContract }, linkage: linkageContract },
      handlers: { ledger, linkage },
      jobKinds: [...ledgerJobs, ...linkageJobs],
      people,
    },
    { log },
  )
})

async function call<T>(name: string, input: unknown, actor: Actor = here): Promise<T> {
  return (await invoke(platform, name, input, { actor })).output as T
}

interface Page {
  state: string
  counts: ImportCounts
  mapping: unknown[]
  error: string | null
}

/** Takes a CSV through every step. */
async function imported(lines: readonly string[], department = 'marketRegulation', asOf = '2026-01-01') {
  const stored = (
    await storeUpload(platform, { actor: here }, '表.csv', Readable.from([Buffer.from(lines.join('\n'))]))
  ).output
  const { fileId } = stored as { fileId: string }
  const { id } = await call<{ id: string }>('ledger.createImport', { fileId, countyCode: county, department, asOf })
  const step = async () => {
    await finishJobs(platform)
    return call<Page>('ledger.getImport', { id })
  }
  const { mapping } = await step()
  await call('ledger.checkImport', { id, department, asOf, mapping })
  await step()
  await call('ledger.commitImport', { id })
  const page = await step()
  expect(page.state).toBe('committed')
  const { read, joined, created, repeated, queued, refused } = page.counts
  expect(joined + created + repeated + queued + refused).toBe(read)
  return { id, counts: page.counts }
}

/** Units and facts as they are, without the moment of the last change. */
async function dump() {
  return asOwner(platform.database, async (tx) => {
    const units = await sql`select to_jsonb(u) - 'updated_at' as row from unit u order by id`.execute(tx)
    const facts = await sql`select to_jsonb(f) as row from fact f order by id`.execute(tx)
    return [units.rows, facts.rows]
  })
}

async function undo(id: string): Promise<void> {
  await call('ledger.undoImport', { id, reason: '试着撤销' })
  await finishJobs(platform)
  expect((await call<Page>('ledger.getImport', { id })).state).toBe('undone')
}

const header = '企业名称,统一社会信用代码,法定代表人,从业人数'
const first = [header, '大连海风物流有限公司,91350100M000100Y43,王小二,10', '大连斯达尔建筑有限公司,,李四,20']
const second = [
  header,
  '大连海风物流有限公司,91350100M000100Y43,王小二,12',
  '大连斯达尔建筑有限公司,,李四,20',
  '新来的商贸有限公司,,赵六,3',
]

test('the same file a second time changes nothing', async () => {
  const { counts } = await imported(first)
  expect(counts.created).toBe(2)
  const before = await dump()
  const again = await imported(first)
  expect(again.counts).toMatchObject({ repeated: 2, joined: 0, created: 0, queued: 0 })
  expect(await dump()).toEqual(before)
})

test('undoing an import leaves units and facts as they were before it', async () => {
  await imported(first)
  const before = await dump()
  const { id } = await imported(second, 'marketRegulation', '2026-02-01')
  expect(await dump()).not.toEqual(before)
  await undo(id)
  expect(await dump()).toEqual(before)
})

test('undoing an import does not disturb two others that spoke differently of one day', async () => {
  await imported(first)
  await imported(second)
  const before = await dump()
  const { id } = await imported([header, '大连海风物流有限公司,91350100M000100Y43,王小二,15'], 'tax')
  await undo(id)
  expect(await dump()).toEqual(before)
})

test('what a later import repeated stays when the earlier one is undone', async () => {
  const { id } = await imported(first)
  await imported([...first, '新来的商贸有限公司,,赵六,3'], 'marketRegulation', '2026-02-01')
  await undo(id)
  const { rows } = await call<{ rows: { name: string }[] }>('ledger.searchUnits', { filter: {} })
  expect(rows.map((row) => row.name)).toHaveLength(3)
})

// A row that carries a code which by all else is somebody else's.
const holder = [header, '大连海风物流有限公司,91350100M000100Y43,王小二,10']
const claiming = [header, '山间茶叶工作室,91350100M000100Y43,赵六,3']

test('a waiting row can be decided once, the second is told, and taking the decision back restores everything', async () => {
  await imported(holder)
  const { counts } = await imported(claiming, 'townshipPark')
  expect(counts.queued).toBe(1)
  const before = await dump()
  const queue = await call<{ rows: { id: string }[] }>('linkage.listQueue', {})
  const id = queue.rows[0]!.id
  await call('linkage.decideQueueItem', { id, decision: { kind: 'create' } })
  const again = call('linkage.decideQueueItem', { id, decision: { kind: 'create' } })
  await expect(again).rejects.toMatchObject({ code: 'conflict' })
  await call('linkage.undoDecision', { id })
  expect(await dump()).toEqual(before)
})

test('a waiting row finds its unit when another file brings what they have in common', async () => {
  await imported(holder)
  await imported(claiming, 'townshipPark')
  expect((await call<{ total: number }>('linkage.listQueue', {})).total).toBe(1)
  await imported([header, '大连海风物流有限公司,91350100M000100Y43,赵六,4'], 'tax')
  expect((await call<{ total: number }>('linkage.listQueue', {})).total).toBe(0)
})

test('imports and waiting rows of another county are not found, and lists are empty', async () => {
  await imported(holder)
  const { id } = await imported(claiming, 'townshipPark')
  const queue = await call<{ rows: { id: string }[] }>('linkage.listQueue', {})
  for (const actor of [nowhere, elsewhere]) {
    await expect(call('ledger.getImport', { id }, actor)).rejects.toMatchObject({ code: 'notFound' })
    await expect(call('linkage.getQueueItem', { id: queue.rows[0]!.id }, actor)).rejects.toMatchObject({
      code: 'notFound',
    })
    expect(await call('ledger.listImports', {}, actor)).toMatchObject({ rows: [], total: 0 })
    expect(await call('linkage.listQueue', {}, actor)).toMatchObject({ rows: [], total: 0 })
  }
})

test('an ID number in a code column is in no table and in no line of the log', async () => {
  const number = '11010519491231002X'
  await imported([header, `某某小吃店,${number},赵六,3`])
  const found = await asOwner(platform.database, async (tx) => {
    const { rows } = await sql<{
      name: string
    }>`select tablename as name from pg_tables where schemaname = 'public'`.execute(tx)
    expect(rows.map((row) => row.name)).toContain('source_row')
    const hits: string[] = []
    for (const { name } of rows) {
      const like = `%${number}%`
      const { rows: those } =
        await sql`select 1 from ${sql.table(name)} t where to_jsonb(t)::text like ${like} limit 1`.execute(tx)
      if (those.length > 0) hits.push(name)
    }
    return hits
  })
  expect(found).toEqual([])
  expect(log.join('\n')).not.toContain(number)
})

test('a branch under its parent’s code can be made a unit of its own, and undoing other imports never gives it that code', async () => {
  const header = '企业名称,统一社会信用代码,登记状态'
  const parent = '大连听雨商贸有限公司,91350100M000100Y43,存续'
  await imported([header, parent])
  const branch = '大连听雨商贸有限公司黄河路分公司,91350100M000100Y43,存续'
  const { id, counts } = await imported([header, branch], 'tax')
  expect(counts.queued).toBe(1)
  const { rows } = await call<{ rows: { id: string; reason: string }[] }>('linkage.listQueue', { importId: id })
  expect(rows[0]?.reason).toBe('branchOfParent')
  await call('linkage.createFromQueue', { ids: rows.map((row) => row.id) })
  const later = await imported([header, '大连听雨商贸有限公司黄河路分公司,,存续'], 'townshipPark', '2026-02-01')
  await undo(later.id)
  const found = await call<{ rows: { name: string; uscc: string | null }[] }>('ledger.searchUnits', { filter: {} })
  expect(found.rows.map(({ name, uscc }) => [name, uscc])).toEqual([
    ['大连听雨商贸有限公司', '91350100M000100Y43'],
    ['大连听雨商贸有限公司黄河路分公司', null],
  ])
})

test('rows of one new organisation that are made units together become one', async () => {
  await imported(holder)
  await imported([header, '大连海风物流有限公司,91350100M000100Y43,王小二,12'], 'socialInsurance')
  const first = await imported(claiming, 'tax')
  const second = await imported([header, '山间茶叶工作室,91350100M000100Y43,赵六,4'], 'townshipPark')
  expect([first.counts.queued, second.counts.queued]).toEqual([1, 1])
  const { rows } = await call<{ rows: { id: string }[] }>('linkage.listQueue', {})
  expect(await call('linkage.createFromQueue', { ids: rows.map((row) => row.id) })).toEqual({ created: 2, skipped: 0 })
  expect((await call<{ total: number }>('ledger.searchUnits', { filter: {} })).total).toBe(2)
})

test('a name far too long is sent back, and the rest of its batch goes in', async () => {
  const header = '企业名称,统一社会信用代码,登记状态'
  const { counts } = await imported([
    header,
    `${'长'.repeat(3000)}公司,,存续`,
    '大连听雨商贸有限公司,91350100M000100Y43,存续',
  ])
  expect(counts).toMatchObject({ read: 2, created: 1, refused: 1 })
})
