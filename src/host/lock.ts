import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { Problem } from '../base/problem.ts'

/**
 * Takes the data directory for this process. The embedded database does not lock its directory itself, and two processes
 * would destroy it. A lock left by a killed process is recognised (its pid is gone, or is another process by now).
 * @throws Problem('unavailable') when another live process holds it. Returns the release.
 */
export function lockDirectory(directory: string): () => void {
  const path = join(directory, 'liangxin.lock')
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      const handle = openSync(path, 'wx', 0o600)
      writeSync(handle, `${process.pid} ${startOf(process.pid)}`)
      closeSync(handle)
      return () => rmSync(path, { force: true })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      const holder = liveHolder(path)
      if (holder !== null) {
        throw new Problem('unavailable', `数据目录 ${directory} 正被另一个进程（${holder}）使用。请先停止它，或换一个 DATA_DIR。`)
      }
      rmSync(path, { force: true })
    }
  }
  throw new Problem('unavailable', `数据目录 ${directory} 正被另一个进程使用，请稍候再试。`)
}

function liveHolder(path: string): number | null {
  const [pid, start] = readText(path).split(' ')
  const number = Number(pid)
  if (!Number.isInteger(number) || number <= 0 || number === process.pid) return null
  try {
    process.kill(number, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return null
  }
  return startOf(number) === start || !start ? number : null
}

/** When a process started, in clock ticks since boot: a pid that was given out again has another. */
function startOf(pid: number): string {
  const stat = readText(`/proc/${pid}/stat`)
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '0'
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
