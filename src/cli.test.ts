import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { runCommand } from './cli.ts'

// One directory for the file: the embedded database takes seconds to create.
const dataDir = mkdtempSync(join(tmpdir(), 'lx-cli-'))
const children = new Set<ChildProcess>()
afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(dataDir, { recursive: true, force: true })
})
const env = { PATH: process.env['PATH'], DATA_DIR: dataDir, PORT: '0' }

async function liangxin(...words: string[]): Promise<{ code: number; said: string }> {
  const lines: string[] = []
  const print = (line: string) => void lines.push(line)
  const code = await runCommand(words, env, print, print)
  return { code, said: lines.join('\n') }
}

interface Server {
  said(): string
  origin: string
  kill(signal: NodeJS.Signals): Promise<number | null>
}

/** A server process of its own in the same directory, ready to be asked. */
async function serve(more: Record<string, string> = {}): Promise<Server> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'server.ts')], { env: { ...env, ...more } })
  let text = ''
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()))
  const gone = new Promise<number | null>((resolve) => child.once('exit', resolve))
  children.add(child)
  const ready = async () => {
    while (!text.includes('Ctrl-C') && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 50))
  }
  await Promise.race([gone, ready()])
  return {
    said: () => text,
    origin: /已启动：(\S+)/.exec(text)?.[1] ?? '',
    kill(signal) {
      child.kill(signal)
      return gone
    },
  }
}

test('help lists every command in Chinese, and an unknown command says where help is', async () => {
  const { code, said } = await liangxin('help')
  expect(code).toBe(0)
  for (const name of ['users add', 'audit verify', 'migrate', 'call']) expect(said).toContain(`liangxin ${name}`)
  expect(await liangxin('nonsense')).toEqual({ code: 2, said: expect.stringContaining('help') })
  expect(await liangxin('users', '--nonsense')).toEqual({ code: 1, said: expect.stringContaining('选项不对') })
})

test('a server starts on a fresh directory with a one-time set-up link and no account, and stops when told', async () => {
  const server = await serve()
  expect(server.said()).toMatch(/http:\/\/127\.0\.0\.1:\d+\/set-up\?token=[\w-]{40,}/)
  const state = await fetch(`${server.origin}/api/set-up`)
  expect(await state.json()).toEqual({ needed: true })
  expect((await fetch(`${server.origin}/api/me`)).status).toBe(401)
  expect((await liangxin('users')).said).toContain('正被另一个进程')
  expect(await server.kill('SIGTERM')).toBe(0)
  expect(readFileSync(join(dataDir, 'checkpoints/journal.jsonl'), 'utf8')).toContain('"number":1')
})

test('a killed server opens again, and its journal is whole', async () => {
  const first = await serve()
  await first.kill('SIGKILL')
  const second = await serve()
  expect((await fetch(`${second.origin}/api/health`)).status).toBe(200)
  await second.kill('SIGTERM')
  const { code, said } = await liangxin('audit', 'verify')
  expect(said).toContain('操作日志完好')
  expect(code).toBe(0)
})

test('a server whose port is taken says so and stops', async () => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  const port = String((other.address() as AddressInfo).port)
  const server = await serve({ PORT: port })
  expect(await server.kill('SIGTERM')).toBe(1)
  expect(server.said()).toContain(`端口 ${port} 已被占用`)
  other.close()
})

test('an account made on the command line is listed, and the journal says who made it', async () => {
  const made = await liangxin('users', 'add', 'wangli', '王丽', '--role', '查看人员', '--region', '210204000000')
  expect(made).toEqual({ code: 0, said: expect.stringMatching(/set-up\?token=[\w-]{40,}/) })
  expect((await liangxin('users')).said).toMatch(/wangli +王丽 +待启用 +查看人员 +沙河口区/)
  const { said } = await liangxin('call', 'office.listJournal', '{"text":"命令行新建用户"}')
  expect(JSON.parse(said)).toMatchObject({
    total: 1,
    rows: [{ actorName: '命令行', summary: '命令行新建用户', address: '本机' }],
  })
  expect(await liangxin('users', 'add', 'wangli')).toEqual({ code: 1, said: expect.stringContaining('用法') })
})

test('an operation called on the command line is checked like any other', async () => {
  expect(await liangxin('call', 'office.getUser', '{"id":"x"}')).toEqual({
    code: 1,
    said: expect.stringContaining('不符合要求'),
  })
  expect(await liangxin('call', 'office.nothing')).toEqual({ code: 1, said: '没有这项操作。' })
  expect(await liangxin('call', 'office.listUsers', '{broken')).toEqual({
    code: 1,
    said: expect.stringContaining('JSON'),
  })
})
