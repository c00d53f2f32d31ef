import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream, mkdirSync } from 'node:fs'
import { open, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Entry, openPromise } from 'yauzl'
import { ZipFile } from 'yazl'
import { Problem } from '../base/problem.ts'

/** One file of an archive, by its path with forward slashes. */
export interface Part {
  path: string
  bytes: number
  sm3: string
}

const manifestName = 'manifest.json'

/**
 * Packs a directory into one new zip, empty directories too, with what `describe` makes of its parts as the last entry
 * `manifest.json`. The target gets its name when everything is on the disk, so that half an archive is never taken for one.
 */
export async function pack(directory: string, target: string, describe: (parts: Part[]) => string): Promise<void> {
  const zip = new ZipFile()
  const output = zip.outputStream as Readable
  zip.on('error', (error: Error) => output.destroy(error))
  const parts: Part[] = []
  for (const path of await pathsIn(directory)) {
    if (path.endsWith('/')) zip.addEmptyDirectory(path)
    else {
      zip.addReadStreamLazy(path, { mode: 0o100600, compressionLevel: 1 }, (give) => {
        const measure = measured()
        pipeline(createReadStream(join(directory, path)), measure.stream).then(
          () => parts.push({ path, ...measure.result() }),
          (error: unknown) => give(error, Readable.from([])),
        )
        give(null, measure.stream)
      })
    }
  }
  // Asked for when all entries before it are written, and therefore measured.
  zip.addReadStreamLazy(manifestName, (give) => give(null, Readable.from([Buffer.from(describe(parts))])))
  zip.end()
  const half = `${target}.part`
  try {
    await pipeline(output, createWriteStream(half, { mode: 0o600 }))
    const handle = await open(half, 'r')
    await handle.sync()
    await handle.close()
    await rename(half, target)
  } catch (error) {
    await rm(half, { force: true })
    throw error
  }
}

/** Files, and directories that hold nothing (with a slash at the end), below a directory, in order. */
async function pathsIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  const paths = entries.map((entry) => {
    const path = join(entry.parentPath, entry.name)
      .slice(directory.length + 1)
      .replaceAll('\\', '/')
    return entry.isDirectory() ? `${path}/` : path
  })
  const full = new Set(paths.map((path) => `${dirname(path)}/`))
  return paths.filter((path) => !full.has(path)).sort()
}

/** The manifest of an archive, before anything is unpacked. @throws Problem when the file is not a whole archive. */
export async function manifestOf(source: string): Promise<string> {
  let manifest: string | null = null
  await eachEntry(source, async (entry, read) => {
    if (entry.fileName === manifestName) manifest = Buffer.concat(await (await read()).toArray()).toString('utf8')
  })
  if (manifest === null) throw new Problem('invalid', `${source} 里没有备份清单，请换一份备份。`)
  return manifest
}

/**
 * Unpacks an archive into an empty directory; exactly the given parts must be in it. Names that climb out are refused by
 * the reader. @throws Problem when the file is not a whole archive, or at the first part that is not as it should be.
 */
export async function unpack(source: string, directory: string, parts: readonly Part[]): Promise<void> {
  const awaited = new Map(parts.map((part) => [part.path, part]))
  await eachEntry(source, async (entry, read) => {
    const path = entry.fileName
    const target = join(directory, path)
    if (path === manifestName) return
    mkdirSync(path.endsWith('/') ? target : dirname(target), { recursive: true, mode: 0o700 })
    if (path.endsWith('/')) return
    const part = awaited.get(path)
    if (!part || part.bytes !== entry.uncompressedSize) throw otherThanSaid()
    const measure = measured()
    await pipeline(await read(), measure.stream, createWriteStream(target, { mode: 0o600, flags: 'wx' }))
    if (measure.result().sm3 !== part.sm3) throw otherThanSaid()
    awaited.delete(path)
  })
  if (awaited.size > 0) throw otherThanSaid()
}

function otherThanSaid(): Problem {
  return new Problem('conflict', '备份里的文件与清单不符，备份损坏或被改动过，没有恢复。请换一份备份。')
}

async function eachEntry(
  source: string,
  use: (entry: Entry, read: () => Promise<Readable>) => Promise<void>,
): Promise<void> {
  try {
    const zip = await openPromise(source, { lazyEntries: true })
    for await (const entry of zip.eachEntry()) await use(entry, () => zip.openReadStreamPromise(entry))
  } catch (error) {
    if (error instanceof Problem || (error as NodeJS.ErrnoException).code === 'ENOSPC') throw error
    throw new Problem('invalid', `${source} 不是完整的备份文件，请换一份备份。`)
  }
}

function measured() {
  const hash = createHash('sm3')
  let bytes = 0
  const stream = new Transform({
    transform(chunk: Uint8Array, _encoding, next) {
      bytes += chunk.length
      hash.update(chunk)
      next(null, chunk)
    },
  })
  return { stream, result: () => ({ bytes, sm3: hash.digest('hex') }) }
}
