import { sql } from 'kysely'
import { beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { operations } from '../base/operation.ts'
import { Problem } from '../base/problem.ts'
import type { Actor, Context } from './context.ts'
import { asOwner } from './database.ts'
import { invoke } from './pipeline.ts'
import type { Platform } from './platform.ts'
import type { HostTables, JournalTable } from './tables.ts'
import { actorLike, testPlatform } from './testing-platform.ts'

const operation = operations('试验', { 'trial.read': '查看', 'trial.write': '改动' })
const shape = z.object({ name: z.string().min(2).describe('名称'), count: z.number().int().default(1) })
const contract = {
  read: operation({ method: 'GET', path: '/trial', summary: '查看试验', permission: 'trial.read' })
    .input(z.object({ page: z.coerce.number().int().default(1) }))
    .output(z.object({ page: z.number() })),
  write: operation({ method: 'POST', path: '/trial', summary: '改动试验', permission: 'trial.write' })
    .input(shape)
    .output(z.object({ name: z.string(), time: z.number() })),
  secret: operation({
    method: 'POST',
    path: '/trial/secret',
    summary: '取得一次性链接',
    permission: 'trial.write',
    secretAnswer: true,
  }).output(z.object({ link: z.string() })),
  settle: operation({
    method: 'POST',
    path: '/trial/settle',
    summary: '补办',
    permission: 'signedIn',
    whileOwing: true,
  }).output(z.object({ done: z.literal(true) })),
  enter: operation({
    method: 'POST',
    path: '/trial/enter',
    summary: '登录试验',
    permission: 'public',
    secretAnswer: true,
  })
    .input(z.object({ password: z.string() }))
    .output(z.object({ done: z.literal(true) })),
  reveal: operation({ method: 'GET', path: '/trial/reveal', summary: '查看电话', permission: 'trial.read' }).output(
    z.object({ phone: z.string() }),
  ),
}

let calls = 0
let behave: (ctx: Context) => Promise<void>
let platform: Platform

const handlers = {
  read: async ({ page }: { page: number }) => ({ page }),
  write: async ({ name }: { name: string }, ctx: Context) => {
    calls += 1
    await behave(ctx)
    ctx.record({ countyCode: '210204000000', subject: `trial:${name}`, after: { name } })
    return { name, time: calls }
  },
  secret: async () => ({ link: `link-${(calls += 1)}` }),
  settle: async () => ({ done: true }),
  enter: async ({ password }: { password: string }, ctx: Context) => {
    ctx.keepIfRefused(async (tx) => {
      await sql`insert into stored_answer (actor_id, request_id, operation, input_digest, at)
        values (gen_random_uuid(), 'counted', '', '', now())`.execute(tx)
    })
    ctx.record({ subject: 'account:someone' })
    if (password !== 'right') throw new Problem('unauthenticated', '账号或密码不对。')
    ctx.record({ actor: { userId: '01900000-0000-7000-8000-000000000009', name: '某人' } })
    ctx.setSessionToken('fresh')
    return { done: true }
  },
  reveal: async (_: undefined, ctx: Context) => {
    ctx.record({ subject: 'unit:1', purpose: '电话核实 13800138000' })
    return { phone: '0411' }
  },
}

beforeEach(async () => {
  platform = await testPlatform({ contracts: { trial: contract }, handlers: { trial: handlers } })
  calls = 0
  behave = async () => undefined
})

const writer: Actor = actorLike('01900000-0000-7000-8000-000000000001', ['trial.read', 'trial.write'])
const reader: Actor = actorLike('01900000-0000-7000-8000-000000000002', ['trial.read'])
const journal = (): Promise<JournalTable[]> =>
  asOwner(platform.database, (tx) =>
    tx.withTables<HostTables>().selectFrom('journal').selectAll().orderBy('at').orderBy('seq').execute(),
  )
const refusal = (run: Promise<unknown>): Promise<Problem> =>
  run.then(
    () => {
      throw new Error('it was not refused')
    },
    (error: unknown) => {
      if (error instanceof Problem) return error
      throw error
    },
  )

test('a stranger is refused before the input is looked at', async () => {
  const problem = await refusal(invoke(platform, 'trial.write', { nonsense: true }, {}))
  expect([problem.code, problem.message]).toEqual(['unauthenticated', '请先登录。'])
  expect((await refusal(invoke(platform, 'trial.write', {}, { sessionToken: 'unknown' }))).message).toBe(
    '登录已失效，请重新登录。',
  )
})

test('who lacks the permission is refused before the input is looked at, and the journal says so', async () => {
  const problem = await refusal(
    invoke(platform, 'trial.write', { nonsense: true }, { actor: reader, address: '10.0.0.7' }),
  )
  expect(problem.code).toBe('forbidden')
  expect(problem.message).toContain('改动试验')
  const rows = await journal()
  expect(rows.map((row) => [row.outcome, row.operation, row.actor_id, row.address])).toEqual([
    ['refused', 'trial.write', reader.userId, '10.0.0.7'],
  ])
})

test('who tries forbidden things all day does not fill the journal', async () => {
  for (let n = 0; n < 40; n += 1) await refusal(invoke(platform, 'trial.write', {}, { actor: reader }))
  expect((await journal()).length).toBeLessThanOrEqual(32)
})

test('who still owes a settlement can do only what settles it', async () => {
  const owing = { ...writer, owes: '请先修改密码。' }
  expect((await refusal(invoke(platform, 'trial.write', { name: '某某' }, { actor: owing }))).message).toBe(
    '请先修改密码。',
  )
  expect((await invoke(platform, 'trial.settle', undefined, { actor: owing })).output).toEqual({ done: true })
})

test('a wrong input is refused with the path and a Chinese sentence for each field', async () => {
  const problem = await refusal(invoke(platform, 'trial.write', { name: '某', count: 1.5 }, { actor: writer }))
  expect(problem.code).toBe('invalid')
  expect(problem.fields).toEqual([
    { path: 'name', message: '至少 2 个字' },
    { path: 'count', message: expect.stringMatching(/^[^a-z]+$/i) },
  ])
  expect(problem.message).toContain('名称：至少 2 个字')
})

test('a command writes one journal row in its own county and a query none', async () => {
  await invoke(platform, 'trial.write', { name: '甲公司' }, { actor: writer, id: 'request-1', address: '10.0.0.8' })
  await invoke(platform, 'trial.read', { page: '3' }, { actor: writer })
  const rows = await journal()
  expect(rows).toHaveLength(1)
  expect(rows[0]).toMatchObject({
    county_code: '210204000000',
    seq: 1,
    outcome: 'done',
    operation: 'trial.write',
    subject: 'trial:甲公司',
    actor_id: writer.userId,
    request_id: 'request-1',
    address: '10.0.0.8',
    detail: { after: { name: '甲公司' } },
  })
})

test('a query that shows sensitive data leaves a row with its purpose', async () => {
  await invoke(platform, 'trial.reveal', undefined, { actor: reader })
  expect((await journal()).map((row) => [row.subject, row.purpose])).toEqual([['unit:1', '电话核实 138****8000']])
})

test('a command whose journal row cannot be written does not happen', async () => {
  behave = async (ctx) => {
    await ctx.enqueue({ kind: 'trial.job', title: '试验', input: null })
    ctx.record({ countyCode: 'not a county' })
    Object.defineProperty(ctx, 'record', { value: () => undefined })
  }
  await expect(invoke(platform, 'trial.write', { name: '甲公司' }, { actor: writer })).rejects.toThrow(
    'check constraint',
  )
  const jobs = await asOwner(platform.database, (tx) =>
    tx.withTables<HostTables>().selectFrom('job').selectAll().execute(),
  )
  expect(jobs).toEqual([])
})

test('a repeat with the same key takes effect once and gets the same answer', async () => {
  const call = { actor: writer, idempotencyKey: 'key-1' }
  const first = await invoke(platform, 'trial.write', { name: '甲公司' }, call)
  const again = await invoke(platform, 'trial.write', { count: 1, name: '甲公司' }, call)
  expect(again.output).toEqual(first.output)
  expect(calls).toBe(1)
  expect(await journal()).toHaveLength(1)
})

test('two repeats sent at the same moment take effect once', async () => {
  const call = { actor: writer, idempotencyKey: 'key-2' }
  const answers = await Promise.all([1, 2, 3, 4].map(() => invoke(platform, 'trial.write', { name: '乙公司' }, call)))
  expect(new Set(answers.map((answer) => JSON.stringify(answer.output))).size).toBe(1)
  expect(calls).toBe(1)
})

test('the same key with another input, or of another operation, is refused', async () => {
  const call = { actor: writer, idempotencyKey: 'key-3' }
  await invoke(platform, 'trial.write', { name: '甲公司' }, call)
  expect((await refusal(invoke(platform, 'trial.write', { name: '乙公司' }, call))).code).toBe('conflict')
  expect((await refusal(invoke(platform, 'trial.secret', undefined, call))).code).toBe('conflict')
})

test('the same key of another person is another command', async () => {
  const other = actorLike('01900000-0000-7000-8000-000000000003', ['trial.write'])
  await invoke(platform, 'trial.write', { name: '甲公司' }, { actor: writer, idempotencyKey: 'key-4' })
  await invoke(platform, 'trial.write', { name: '甲公司' }, { actor: other, idempotencyKey: 'key-4' })
  expect(calls).toBe(2)
})

test('an answer that holds a secret is kept nowhere and not given twice', async () => {
  const call = { actor: writer, idempotencyKey: 'key-5' }
  expect((await invoke(platform, 'trial.secret', undefined, call)).output).toEqual({ link: 'link-1' })
  expect((await refusal(invoke(platform, 'trial.secret', undefined, call))).code).toBe('conflict')
  const kept = await asOwner(platform.database, async (tx) => ({
    answers: await tx.withTables<HostTables>().selectFrom('stored_answer').selectAll().execute(),
    rows: await tx.withTables<HostTables>().selectFrom('journal').selectAll().execute(),
  }))
  expect(JSON.stringify(kept)).not.toContain('link-1')
})

test('a refused command is rolled back, and its key can be used again', async () => {
  behave = async (ctx) => {
    await ctx.enqueue({ kind: 'trial.job', title: '试验', input: null })
    throw new Problem('conflict', '现在不行。')
  }
  const call = { actor: writer, idempotencyKey: 'key-6' }
  expect((await refusal(invoke(platform, 'trial.write', { name: '甲公司' }, call))).message).toBe('现在不行。')
  const jobs = await asOwner(platform.database, (tx) =>
    tx.withTables<HostTables>().selectFrom('job').selectAll().execute(),
  )
  expect(jobs).toEqual([])
  behave = async () => undefined
  expect((await invoke(platform, 'trial.write', { name: '甲公司' }, call)).output).toEqual({ name: '甲公司', time: 2 })
})

test('a failed sign-in is counted and journalled although it is rolled back', async () => {
  await refusal(invoke(platform, 'trial.enter', { password: 'wrong' }, { address: '10.0.0.9' }))
  const counted = await asOwner(platform.database, (tx) => sql`select from stored_answer`.execute(tx))
  expect(counted.rows).toHaveLength(1)
  expect((await journal()).map((row) => [row.outcome, row.subject, row.address])).toEqual([
    ['refused', 'account:someone', '10.0.0.9'],
  ])
  expect(JSON.stringify(await journal())).not.toContain('wrong')
})

test('a sign-in sets the session and is journalled under the name that it proved', async () => {
  expect(await invoke(platform, 'trial.enter', { password: 'right' }, {})).toEqual({
    output: { done: true },
    sessionToken: 'fresh',
  })
  expect((await journal()).map((row) => [row.actor_name, row.outcome])).toEqual([['某人', 'done']])
  const counted = await asOwner(platform.database, (tx) => sql`select from stored_answer`.execute(tx))
  expect(counted.rows).toHaveLength(0)
})

test('an answer against the contract is our bug: nothing is kept but a row that says it failed', async () => {
  const broken = await testPlatform({
    contracts: { trial: contract },
    handlers: { trial: { ...handlers, write: async () => ({ name: 5 }) } },
  })
  await expect(invoke(broken, 'trial.write', { name: '甲公司' }, { actor: writer })).rejects.toThrow(
    'against its contract',
  )
  expect((await journal()).map((row) => row.outcome)).toEqual(['failed'])
})
