import { createReadStream, existsSync, readdirSync, statSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import { Readable } from 'node:stream'

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
}

const listedForMs = 2_000

/**
 * The browser application from `directory` (`dist/web`). Only names found by listing it are served, so that no path leads
 * out of it; it is listed anew every two seconds at most, so that a new build is seen. Hashed names below `assets/` never change; a path without a dot is a screen's address and gets `index.html`.
 */
export function webFiles(directory: string): (path: string, acceptEncoding: string, ifNoneMatch: string) => Response {
  let names = new Map<string, string>()
  let listedAt = -Infinity
  return (path, acceptEncoding, ifNoneMatch) => {
    if (Date.now() - listedAt > listedForMs) {
      names = new Map(existsSync(directory) ? list(directory).map((file) => [nameOf(directory, file), file]) : [])
      listedAt = Date.now()
    }
    const wanted = names.has(path) ? path : /\.[^/]*$/.test(path) ? undefined : '/index.html'
    const file = wanted === undefined ? undefined : names.get(wanted)
    if (wanted === undefined || file === undefined) return missing(names.size === 0)
    const encoding = [['br', '.br'] as const, ['gzip', '.gz'] as const].find(
      ([name, ending]) => acceptEncoding.includes(name) && names.has(wanted + ending),
    )
    const served = encoding ? names.get(wanted + encoding[1])! : file
    const stats = statSync(served, { throwIfNoEntry: false })
    if (!stats) return missing(true)
    const etag = `"${stats.size.toString(36)}-${Math.round(stats.mtimeMs).toString(36)}"`
    const headers = new Headers({
      'Content-Type': types[extname(wanted)] ?? 'application/octet-stream',
      'Cache-Control': wanted.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      ETag: etag,
      Vary: 'Accept-Encoding',
    })
    if (ifNoneMatch === etag) return new Response(null, { status: 304, headers })
    if (encoding) headers.set('Content-Encoding', encoding[0])
    headers.set('Content-Length', String(stats.size))
    return new Response(Readable.toWeb(createReadStream(served)) as ReadableStream, { headers })
  }
}

function list(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

function nameOf(directory: string, file: string): string {
  return `/${relative(directory, file).split(sep).join('/')}`
}

function missing(nothingBuilt: boolean): Response {
  const text = nothingBuilt
    ? '界面还没有构建，请先执行 npm run build，再重新启动。'
    : '没有找到这个文件，请从首页进入。'
  return new Response(text, {
    status: nothingBuilt ? 503 : 404,
    headers: { 'Content-Type': 'text/plain; charset=utf-8' },
  })
}
