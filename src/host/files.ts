import { createHash, randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream, existsSync, mkdirSync } from 'node:fs'
import { open, readdir, rename, rm, stat } from 'node:fs/promises'
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
  /** Moves a file out of what is backed up: it holds what must not be kept longer than the work on it takes. */
  putAside(id: string): Promise<void>
  /** Removes the files put aside before a moment that nobody removed. Resolves to how many. */
  sweepAside(before: Date): Promise<number>
}

const idPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

/**
 * Files below one directory, as `ab/abcd….bin` by their id, a random UUID; an id of another form throws. Files put aside lie
 * in `<directory>-aside`.
 */
export function openFiles(directory: string): Files {
  const keptPath = (id: string) => {
    if (!idPattern.test(id)) throw new Error('not the id of a stored file')
    return join(directory, id.slice(0, 2), `${id}.bin`)
  }
  const aside = `${directory}-aside`
  const asidePath = (id: string) => join(aside, `${id}.bin`)
  const path = (id: string) => {
    const kept = keptPath(id)
    return existsSync(asidePath(id)) ? asidePath(id) : kept
  }
  return {
    path,
    read: (id) => createReadStream(path(id)),
    async remove(id) {
      await rm(keptPath(id), { force: true })
      await rm(asidePath(id), { force: true })
    },
    async putAside(id) {
      const kept = keptPath(id)
      mkdirSync(aside, { recursive: true, mode: 0o700 })
      await rename(kept, asidePath(id))
    },
    async sweepAside(before) {
      let removed = 0
      for (const name of existsSync(aside) ? await readdir(aside) : []) {
        const found = await stat(join(aside, name)).catch(() => null)
        if (!found || found.ctimeMs >= before.getTime()) continue
        await rm(join(aside, name), { force: true })
        removed += 1
      }
      return removed
    },
    async put(source, bytesMax) {
      const id = randomUUID()
      const target = keptPath(id)
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
