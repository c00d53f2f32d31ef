import { spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { Client } from 'pg'
import { Problem } from '../base/problem.ts'

const debianRoot = '/usr/lib/postgresql'

/** Directory of the newest PostgreSQL (15 or later) as Debian installs it; undefined when there is none. */
export function debianPrograms(): string | undefined {
  const versions = existsSync(debianRoot) ? readdirSync(debianRoot).map(Number) : []
  const newest = versions.filter((one) => one >= 15).sort((a, b) => b - a)[0]
  return newest === undefined ? undefined : join(debianRoot, String(newest), 'bin')
}

/**
 * Runs `pg_dump` or `pg_restore` on the database of an address; from Debian's place, else from PATH. The password goes by
 * the environment, where other accounts of the machine do not see it. @throws Problem with what the program said.
 */
export async function runPostgresProgram(name: 'pg_dump' | 'pg_restore', url: string, words: string[]): Promise<void> {
  const program = findProgram(name)
  if (!program) {
    throw new Problem(
      'unavailable',
      `没有找到 ${name}。请安装 PostgreSQL 客户端（apt-get install postgresql-client）后再试。`,
    )
  }
  const child = spawn(program, words, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...addressOf(url) },
  })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said = `${said}${chunk.toString()}`.slice(-2_000)))
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code !== 0) throw new Problem('unavailable', `${name} 没有成功：${said.trim()}`)
}

function findProgram(name: string): string | undefined {
  const places = [debianPrograms(), ...(process.env['PATH'] ?? '').split(delimiter)]
  return places
    .flatMap((place) => (place ? [join(place, name), join(place, `${name}.exe`)] : []))
    .find((path) => existsSync(path))
}

function addressOf(url: string): Record<string, string> {
  const { host, port, user, password, database } = new Client({ connectionString: url })
  const sslmode = new URL(url).searchParams.get('sslmode')
  return {
    PGHOST: host,
    PGPORT: String(port),
    ...(user ? { PGUSER: user } : {}),
    ...(password ? { PGPASSWORD: password } : {}),
    ...(database ? { PGDATABASE: database } : {}),
    ...(sslmode ? { PGSSLMODE: sslmode } : {}),
  }
}
