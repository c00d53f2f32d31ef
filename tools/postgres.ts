import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { chownSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { debianPrograms } from '../src/host/postgres-programs.ts'

/** Makes sure of PostgreSQL: installs Debian's package when it may, else says how. */
function ensurePrograms(): string {
  const found = debianPrograms()
  if (found) return found
  if (process.getuid?.() !== 0)
    throw new Error('这一步需要 PostgreSQL 15 以上。请执行：sudo apt-get install postgresql')
  const options = { stdio: ['ignore', 'ignore', 'inherit'] as ['ignore', 'ignore', 'inherit'] }
  execFileSync('apt-get', ['update', '-qq'], options)
  execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'postgresql'], {
    ...options,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
  const installed = debianPrograms()
  if (!installed) throw new Error('PostgreSQL 15 没有装上，请检查 apt 源。')
  return installed
}

function idOf(flag: '-u' | '-g', name: string): number {
  return Number(spawnSync('id', [flag, name], { encoding: 'utf8' }).stdout.trim() || Number.NaN)
}

/** PostgreSQL does not run as root: the user its package made, else nobody. */
function unprivileged(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = [idOf('-u', name), idOf('-g', name)]
    if (uid > 0 && gid > 0) return { uid, gid }
  }
  throw new Error('没有可以运行 PostgreSQL 的普通账号（postgres 或 nobody）。')
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })
}

/** Runs `use` with the address of a private PostgreSQL in a temporary directory, which is stopped and removed afterwards. */
export async function withPostgres<T>(use: (url: string) => Promise<T>): Promise<T> {
  const programs = ensurePrograms()
  const user = unprivileged()
  const home = mkdtempSync(join(tmpdir(), 'lx-pg-'))
  if (user) chownSync(home, user.uid, user.gid)
  const data = join(home, 'data')
  const options = { ...user, cwd: home, stdio: ['ignore', 'ignore', 'inherit'] as ['ignore', 'ignore', 'inherit'] }
  const port = await freePort()
  const settings = `-p ${port} -k ${home} -c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off -c max_connections=60`
  try {
    const encoding = ['--encoding=UTF8', '--locale=C.UTF-8', '--auth=trust', '--username=liangxin', '--no-sync']
    execFileSync(join(programs, 'initdb'), ['-D', data, ...encoding], options)
    execFileSync(
      join(programs, 'pg_ctl'),
      ['-D', data, '-w', '-l', join(home, 'log'), '-o', settings, 'start'],
      options,
    )
    return await use(`postgres://liangxin@127.0.0.1:${port}/postgres`)
  } finally {
    spawnSync(join(programs, 'pg_ctl'), ['-D', data, '-m', 'immediate', 'stop'], { ...options, stdio: 'ignore' })
    rmSync(home, { recursive: true, force: true })
  }
}

/** `node tools/postgres.ts -- command …`: the command gets the server's address as TEST_DATABASE_URL. */
async function main(): Promise<number> {
  const [command, ...words] = process.argv.slice(process.argv.indexOf('--') + 1)
  if (!command) throw new Error('用法：node tools/postgres.ts -- 命令 参数…')
  return withPostgres(
    (url) =>
      new Promise((resolve, reject) => {
        const child = spawn(command, words, { stdio: 'inherit', env: { ...process.env, TEST_DATABASE_URL: url } })
        for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
        child.once('error', reject)
        child.once('exit', (code) => resolve(code ?? 1))
      }),
  )
}

if (import.meta.main) process.exitCode = await main()
