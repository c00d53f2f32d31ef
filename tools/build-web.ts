import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const target = join(root, 'dist/web/index.html')

/** Builds the browser application when it is missing or older than what it is made from. */
export async function buildWeb(): Promise<void> {
  if (
    existsSync(target) &&
    newest(['src', 'index.html', 'vite.config.ts', 'package-lock.json']) < statSync(target).mtimeMs
  )
    return
  const { build } = await import('vite')
  await build({ root, logLevel: 'warn' })
}

function newest(names: string[]): number {
  return Math.max(...names.map((name) => newestIn(join(root, name))))
}

function newestIn(path: string): number {
  const stats = statSync(path)
  if (!stats.isDirectory()) return stats.mtimeMs
  return Math.max(0, ...readdirSync(path).map((name) => newestIn(join(path, name))))
}

if (import.meta.main) await buildWeb()
