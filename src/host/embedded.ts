import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { EmbeddedOptions } from './embedded-worker.ts'

/** The embedded database: PGlite in a worker thread behind its socket, for a pool of exactly one connection. */
export interface Embedded {
  /** Path of the socket (a named pipe on Windows); the same after a restart. */
  socketPath: string
  /** Resolves when the socket can be connected to: at once, or when a restart is over. */
  ready(): Promise<void>
  /** The whole database as a tar, for tests: it is held in memory. No transaction may be open. */
  dump(): Promise<Uint8Array>
  /** Stops at once, whatever is running, and opens the directory again; nothing acknowledged is lost. */
  restart(): Promise<void>
  close(): Promise<void>
}

/**
 * Opens (or makes) the database in `directory`, or in memory when null. When its thread breaks down it is opened again.
 * Its socket lies in a directory of its own below the system's temporary one, because socket paths are short.
 */
export async function openEmbedded(directory: string | null, snapshot: Uint8Array | null = null): Promise<Embedded> {
  const socketDir = mkdtempSync(join(tmpdir(), 'lx-'))
  if (directory) mkdirSync(directory, { recursive: true, mode: 0o700 })
  const socketPath = process.platform === 'win32' ? `\\\\.\\pipe\\${basename(socketDir)}` : join(socketDir, 'socket')
  const options: EmbeddedOptions = { dataDir: directory ?? 'memory://', socketPath, snapshot }
  let closing = false
  let running: Promise<Worker>
  const start = () => {
    rmSync(socketPath, { force: true })
    running = startWorker(options)
    running.then(
      (worker) => worker.once('exit', () => void (!closing && directory && start())),
      () => undefined,
    )
    return running
  }
  try {
    await start()
  } catch (error) {
    rmSync(socketDir, { recursive: true, force: true })
    throw error
  }
  return {
    socketPath,
    ready: async () => void (await running),
    async dump() {
      return (await ask(await running, 'dump', 'dump')) as Uint8Array
    },
    async restart() {
      if (!directory) throw new Error('a database in memory cannot be opened again')
      const worker = await running
      await worker.terminate()
      await running
    },
    async close() {
      closing = true
      await ask(await running, 'close', 'closed')
      rmSync(socketDir, { recursive: true, force: true })
    },
  }
}

async function startWorker(options: EmbeddedOptions): Promise<Worker> {
  const worker = new Worker(new URL('embedded-worker.ts', import.meta.url), { workerData: options, execArgv: [] })
  await answer(worker, 'ready')
  return worker
}

function ask(worker: Worker, message: 'dump' | 'close', key: string): Promise<unknown> {
  const answered = answer(worker, key)
  worker.postMessage(message, [])
  return answered
}

/** What the worker says under `key`. Rejects with its error, or when it ends without a word. */
async function answer(worker: Worker, key: string): Promise<unknown> {
  const over = new AbortController()
  const { signal } = over
  const exited = once(worker, 'exit', { signal }).then(() => {
    throw new Error('the embedded database stopped')
  })
  exited.catch(() => undefined)
  try {
    for (;;) {
      const said = once(worker, 'message', { signal }) as Promise<[Record<string, unknown>]>
      const [message] = await Promise.race([said, exited])
      if (key in message) return message[key]
    }
  } finally {
    over.abort()
  }
}
