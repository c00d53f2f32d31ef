import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Actor, Scope } from './context.ts'
import type { Database } from './database.ts'
import { openLog } from './log.ts'
import { createPlatform, type Platform, type Rooms } from './platform.ts'
import { emptyDatabase, testDatabase } from './testing.ts'

/** An actor with the given permissions; every area of 沙河口 (210204) unless a scope is given. */
export function actorLike(userId: string | null, permissions: readonly string[], scope?: Scope): Actor {
  return {
    userId,
    name: '试用者',
    permissions: new Set(permissions),
    scope: scope ?? { counties: ['210204000000'], areas: '*' },
    sessionId: null,
  }
}

let kept: string | undefined

/** A temporary directory of this test process, removed when it ends. */
function testDir(): string {
  if (kept) return kept
  const made = mkdtempSync(join(tmpdir(), 'lx-test-'))
  process.on('exit', () => rmSync(made, { recursive: true, force: true }))
  kept = made
  return made
}

/**
 * A platform over the emptied test database (or `database`, as it is), with a data directory of its own; what a test does not
 * name is empty.
 */
export async function testPlatform(
  rooms: Partial<Rooms>,
  more: { clock?: () => Date; log?: string[]; database?: Database } = {},
): Promise<Platform> {
  const database = more.database ?? (await testDatabase())
  if (!more.database) await emptyDatabase(database)
  const dataDir = mkdtempSync(join(testDir(), 'data-'))
  const config = {
    dataDir,
    port: 8080,
    host: '127.0.0.1',
    databaseUrl: null,
    publicOrigin: null,
    trustedProxies: [],
    secretKey: Buffer.from('00112233445566778899aabbccddeeff0123456789abcdef0123456789abcdef', 'hex'),
    checkpointDir: join(dataDir, 'checkpoints'),
    backupDir: join(dataDir, 'backups'),
    exportDays: 7,
    ownerOffice: '县委社会工作部',
  }
  const people = {
    authenticate: async () => null,
    actorOf: async () => null,
    operator: async () => actorLike(null, []),
  }
  const trial = { kind: 'trial.job', run: async () => null }
  const log = openLog((line) => void more.log?.push(line))
  return createPlatform(
    config,
    database,
    { contracts: {}, handlers: {}, jobKinds: [trial], people, ...rooms },
    { log, ...(more.clock ? { clock: more.clock } : {}) },
  )
}
