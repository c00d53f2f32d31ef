import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { sampleCounty, sampleDistrict } from '../src/ledger/sample.ts'

const home = mkdtempSync(join(tmpdir(), 'lx-kill-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))

const kills = 10

/** A fixed series of numbers from 0 to 1, so that a failure can be had again. */
function series(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
}

interface Run {
  killed: boolean
  done: string[]
  state: string | undefined
}

interface Importing {
  dataDir: string
  files: readonly string[]
  env: Record<string, string>
}

/** Runs the importing process; kills it `afterMs` after it is ready, or lets it end. */
function run({ dataDir, files, env }: Importing, kept: readonly string[], afterMs: number | null): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['e2e/import-kill-child.ts', sampleCounty.code, ...files], {
      env: { ...process.env, DATA_DIR: dataDir, DATABASE_URL: '', KEPT: kept.join('|'), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let said = ''
    let wrong = ''
    let killed = false
    child.stderr.on('data', (chunk: Buffer) => (wrong += chunk.toString('utf8')))
    child.stdout.on('data', (chunk: Buffer) => {
      const first = !said.includes('ready')
      said += chunk.toString('utf8')
      if (afterMs === null || !first || !said.includes('ready')) return
      setTimeout(() => {
        killed = true
        child.kill('SIGKILL')
      }, afterMs)
    })
    child.once('exit', (code) => {
      if (code !== 0 && !killed) return reject(new Error(wrong))
      const done = [...said.matchAll(/^done (.+)$/gm)].flatMap((match) => match[1] ?? [])
      resolve({ killed, done, state: /^state (\w+)$/m.exec(said)?.[1] })
    })
  })
}

// Embedded database only: on PostgreSQL a killed client leaves its transaction to the server, which rolls it back.
test.each([
  ['a thousand rows at a time', {}],
  ['all at once', { AT_ONCE: 'yes' }],
])(
  'killed at 10 random points, an import of %s leaves whole batches, keeps what it said was done, and ends as if never killed',
  async (way, env) => {
    const { files } = await sampleDistrict({ organisations: 1500 })
    const place = join(home, way)
    const sources = join(place, 'files')
    mkdirSync(sources, { recursive: true })
    const paths = files.map(({ fileName, bytes }) => {
      writeFileSync(join(sources, fileName), bytes)
      return join(sources, fileName)
    })
    const undisturbed = await run({ dataDir: join(place, 'undisturbed'), files: paths, env }, [], null)
    expect(undisturbed.state).toMatch(/^[0-9a-f]{64}$/)

    const random = series(20_261_123)
    let directory = 0
    let kept: string[] = []
    let killed = 0
    let finished = 0
    for (;;) {
      const last = killed >= kills
      const importing = { dataDir: join(place, `killed-${directory}`), files: paths, env }
      const one = await run(importing, kept, last ? null : Math.floor(random() * 1400))
      kept = [...kept, ...one.done]
      if (one.killed) killed += 1
      if (one.state === undefined) continue
      expect(one.state).toBe(undisturbed.state)
      finished += 1
      if (last) break
      directory += 1
      kept = []
    }
    expect(killed).toBe(kills)
    expect(finished).toBeGreaterThan(0)
  },
  280_000,
)
