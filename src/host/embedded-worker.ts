import { parentPort, workerData } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'

/** What the main thread tells the worker: where the database lies, and a dump to start a new one from. */
export interface EmbeddedOptions {
  /** Directory, or `memory://`. */
  dataDir: string
  socketPath: string
  /** A dump of a database (tar) to load into an empty directory. */
  snapshot: Uint8Array | null
}

const options = workerData as EmbeddedOptions
const database = await PGlite.create({
  dataDir: options.dataDir,
  ...(options.snapshot ? { loadDataDir: new Blob([options.snapshot as Uint8Array<ArrayBuffer>]) } : {}),
})

// No disk arm moves here: reading by an index is hardly dearer than reading along.
await database.exec('set random_page_cost = 1.1')

// A refused statement is an answer; only a broken database rejects here, and its server would then answer nobody ever again.
const execute = database.execProtocolRawStream.bind(database)
database.execProtocolRawStream = (message, how) =>
  execute(message, how).catch((error: unknown) => {
    process.stderr.write(`the embedded database broke down and is opened again: ${String(error)}\n`)
    process.exit(1)
  })

const server = new PGLiteSocketServer({ db: database, path: options.socketPath, maxConnections: 1 })
await server.start()
parentPort?.postMessage({ ready: true }, [])

parentPort?.on('message', (message: 'close' | 'dump') => {
  if (message === 'dump') void dump()
  else void close()
})

async function dump(): Promise<void> {
  const file = await database.dumpDataDir('none')
  const bytes = new Uint8Array(await file.arrayBuffer())
  parentPort?.postMessage({ dump: bytes }, [bytes.buffer])
}

async function close(): Promise<void> {
  await server.stop()
  await database.close()
  parentPort?.postMessage({ closed: true }, [])
  parentPort?.close()
}
