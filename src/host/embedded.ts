import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { EmbeddedOptions } from './embedded-worker.ts'

/** The embedded database: PGlite in a worker thread behind its socket, for a pool of exactly one connection. */
export interface Embedded {
  socketDir: string
  /** The whole database as a tar.gz, consistent; nothing else runs while it is made. */
  dump(): Promise<Uint8Array>
  close(): Promise<void>
  /** Stops at once, for a query that never ends: nothing acknowledged is lost. */
  terminate(): Promise<void>
}

/**
 * Opens (or makes) the database in `directory`, or in memory when null.
 * Its socket lies in a directory of its own below the system's temporary one, because socket paths are short.
 */
export async function openEmbedded(directory: string | null, snapshot: Uint8Array | null = null): Promise<Embedded> {
  const socketDir = mkdtempSync(join(tmpdir(), 'lx-'))
  if (directory) mkdirSync(directory, { recursive: true, mode: 0o700 })
  const options: EmbeddedOptions = {
    dataDir: directory ?? 'memory://',
    socketPath: join(socketDir, '.s.PGSQL.5432'),
    snapshot,
  }
  const worker = new Worker(new URL('embedded-worker.ts', import.meta.url), { workerData: options })
  const failed = once(worker, 'error').then(([error]) => {
    throw error
  })
  failed.catch(() => undefined)
  const answer = async (key: string) => {
    for (;;) {
      const [message] = (await Promise.race([once(worker, 'message'), failed])) as [Record<string, unknown>]
      if (key in message) return message[key]
    }
  }
  await answer('ready')
  const clean = () => rmSync(socketDir, { recursive: true, force: true })
  return {
    socketDir,
    async dump() {
      worker.postMessage('dump')
      return (await answer('dump')) as Uint8Array
    },
    async close() {
      worker.postMessage('close')
      await answer('closed')
      clean()
    },
    async terminate() {
      await worker.terminate()
      clean()
    },
  }
}
