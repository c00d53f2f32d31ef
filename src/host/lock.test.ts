import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { lockDirectory } from './lock.ts'

const home = mkdtempSync(join(tmpdir(), 'lx-lock-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))

test('a directory is held by one at a time, and free again after the release', () => {
  const release = lockDirectory(home)
  expect(() => lockDirectory(home)).toThrow(`正被另一个进程（${process.pid}）使用`)
  release()
  lockDirectory(home)()
})

test('another process is refused while the first lives, and let in when it was killed', async () => {
  const script = `
    const { lockDirectory } = await import(${JSON.stringify(join(import.meta.dirname, 'lock.ts'))})
    lockDirectory(${JSON.stringify(home)})
    console.log('held')
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  expect(() => lockDirectory(home)).toThrow(`正被另一个进程（${child.pid}）使用`)
  child.kill('SIGKILL')
  await once(child, 'exit')
  lockDirectory(home)()
})
