import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Problem } from '../base/problem.ts'

/**
 * Takes the data directory for this process. The embedded database does not lock its directory itself, and two processes
 * would destroy it. The lock is the operating system's, on `database.lock` (held through SQLite, because Node has no call
 * for it), so that a killed process leaves none behind and no pid is ever mistaken. Returns the release.
 * @throws Problem('unavailable') when it is held, here or in another process.
 */
export function lockDirectory(directory: string): () => void {
  const holder = join(directory, 'database.pid')
  const lock = new DatabaseSync(join(directory, 'database.lock'))
  try {
    lock.exec('begin exclusive')
  } catch (error) {
    lock.close()
    const { errcode } = error as { errcode?: number }
    if (errcode !== sqliteBusy) throw error
    const pid = readText(holder)
    throw new Problem(
      'unavailable',
      `数据目录 ${directory} 正被另一个进程${pid && `（${pid}）`}使用。请先停止它，或换一个 DATA_DIR。`,
    )
  }
  writeFileSync(holder, String(process.pid), { mode: 0o600 })
  held.add(lock)
  return () => {
    held.delete(lock)
    lock.close()
  }
}

// A lock that nothing refers to would be closed by the garbage collector, and be no lock any more.
const held = new Set<DatabaseSync>()

const sqliteBusy = 5

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return ''
  }
}
