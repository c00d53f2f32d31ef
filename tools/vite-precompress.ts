import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { Plugin } from 'vite'

const brotli = promisify(brotliCompress)
const zip = promisify(gzip)

/** Writes a `.br` and a `.gz` beside each text file of the build, so that the server never compresses them itself. */
export function precompress(): Plugin {
  return {
    name: 'precompress',
    apply: 'build',
    // After everything is on disk: the bundler still changes chunks in its own last hooks.
    async writeBundle({ dir }, bundle) {
      const texts = Object.keys(bundle).filter((name) => /\.(js|css|html|svg)$/.test(name))
      await Promise.all(texts.map((name) => squeeze(join(dir ?? 'dist', name))))
    },
  }
}

async function squeeze(path: string): Promise<void> {
  const source = await readFile(path)
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 9,
    [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
    [constants.BROTLI_PARAM_SIZE_HINT]: source.length,
  }
  await Promise.all([
    brotli(source, { params }).then((small) => writeFile(`${path}.br`, small)),
    zip(source, { level: 7 }).then((small) => writeFile(`${path}.gz`, small)),
  ])
}
