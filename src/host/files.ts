import { createHash, randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream, mkdirSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Problem } from '../base/problem.ts'

/** Uploads, attachments, exports: bytes under random names below the data directory, never below a web root. */
export interface Files {
  /** Stores a stream whole or not at all. Resolves to its id, size and SM3. Refuses more than `bytesMax`. */
  put(source: Readable | Uint8Array, bytesMax: number): Promise<{ id: string; bytes: number; sm3: string }>
  read(id: string): Readable
  /** Absolute path, for workers that read the file themselves. */
  path(id: string): string
  remove(id: string): Promise<void>
}

const idPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

/** Files below one directory, as `ab/abcd….bin` by their id, a random UUID; an id of another form throws. */
export function openFiles(directory: string): Files {
  const path = (id: string) => {
    if (!idPattern.test(id)) throw new Error('not the id of a stored file')
    return join(directory, id.slice(0, 2), `${id}.bin`)
  }
  return {
    path,
    read: (id) => createReadStream(path(id)),
    remove: (id) => rm(path(id), { force: true }),
    async put(source, bytesMax) {
      const id = randomUUID()
      const target = path(id)
      mkdirSync(dirname(target), { recursive: true, mode: 0o700 })
      const measure = measured(bytesMax)
      const part = `${target}.part`
      try {
        const from = source instanceof Uint8Array ? Readable.from([source]) : source
        await pipeline(from, measure.stream, createWriteStream(part, { mode: 0o600, flags: 'wx' }))
        await settle(part, target)
      } catch (error) {
        await rm(part, { force: true })
        throw error
      }
      return { id, ...measure.result() }
    },
  }
}

function measured(bytesMax: number) {
  const hash = createHash('sm3')
  let bytes = 0
  const stream = new Transform({
    transform(chunk: Uint8Array, _encoding, next) {
      bytes += chunk.length
      if (bytes > bytesMax) return next(tooLarge(bytesMax))
      hash.update(chunk)
      next(null, chunk)
    },
  })
  return { stream, result: () => ({ bytes, sm3: hash.digest('hex') }) }
}

/** The refusal of a file of more than `bytesMax` bytes. */
function tooLarge(bytesMax: number): Problem {
  return new Problem('tooLarge', `文件超过 ${Math.round(bytesMax / 1024 / 1024)} MB，请拆成几个文件后再上传。`)
}

/** Forces the bytes to disk before the file gets its name, so that a name never stands for half a file. */
async function settle(part: string, target: string): Promise<void> {
  const handle = await open(part, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(part, target)
}
