import { type Scope, type Transaction } from './context.ts'
import type { Files } from './files.ts'
import { scoped } from './database.ts'
import type { Platform } from './platform.ts'

/** One run of a chore. */
export interface ChoreRun {
  /** Aborted when the process stops: the run should end soon; the next start goes on. */
  signal: AbortSignal
  files: Files
  /** One transaction over the whole country, in nobody's name; keep each short, for people wait behind it. */
  transaction<T>(step: (tx: Transaction, now: Date) => Promise<T>): Promise<T>
}

/** What a serving process does by itself after every commit of a command or job and once a minute; often there is nothing. */
export interface Chore {
  /** `coverage.follow`, for the log. */
  name: string
  /** Must find out for itself what is to be done, and may be cut short at any point. */
  run(run: ChoreRun): Promise<void>
}

const everyMs = 60_000
// Under a stream of commands the chores look no oftener than this.
const gapMs = 250

const everywhere: Scope = { counties: [], areas: '*', nation: true }

/** Runs every chore once to its end. */
export async function runChores(platform: Platform, signal: AbortSignal = new AbortController().signal): Promise<void> {
  for (const chore of platform.chores) {
    if (signal.aborted) return
    await chore.run({
      signal,
      files: platform.files,
      transaction: (step) => scoped(platform.database, everywhere, (tx) => step(tx, platform.clock())),
    })
  }
}

/** Runs the chores until stopped: soon after `platform.wakeChores()` and once a minute. A failure is logged and tried again. */
export function startChores(platform: Platform): { stop(): Promise<void> } {
  const abort = new AbortController()
  const state = { woken: true, ranAt: 0, wake: (): void => undefined }
  platform.wakeChores = () => {
    state.woken = true
    if (Date.now() - state.ranAt >= gapMs) state.wake()
  }
  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms)
      timer.unref()
      state.wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  const loop = async () => {
    while (!abort.signal.aborted) {
      state.woken = false
      await runChores(platform, abort.signal).catch((error: unknown) => platform.log.error('a chore failed', error))
      state.ranAt = Date.now()
      if (!abort.signal.aborted) await pause(gapMs)
      if (!state.woken && !abort.signal.aborted) await pause(everyMs - gapMs)
    }
  }
  const ended = loop()
  return {
    async stop() {
      abort.abort()
      state.wake()
      await ended
    },
  }
}
