import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, onTestFinished, test } from 'vitest'
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
    gc()
    await new Promise((done) => setTimeout(done, 50))
    console.log('held')
    setInterval(() => {}, 1000)`
  // Nobody holds on to the release: the lock is not to be collected with it.
  const words = ['--expose-gc', '--input-type=module', '-e', script]
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  expect(() => lockDirectory(home)).toThrow(`正被另一个进程（${child.pid}）使用`)
  child.kill('SIGKILL')
  await once(child, 'exit')
  lockDirectory(home)()
})
