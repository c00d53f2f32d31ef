import { Worker } from 'node:worker_threads'
import { Problem } from '../base/problem.ts'
import type { SheetMessage, SheetTask } from './sheets-shape.ts'

/** Messages the reading thread may send ahead of what was taken from it. */
export const aheadMax = 4

/**
 * Runs one task in a thread of its own with a heap limit, and hands out its messages as they are taken (the thread waits when
 * nobody takes). Leaving the loop or the signal ends the thread. Throws `Problem` for a refused file, also when the thread ran
 * out of memory; the signal's reason when aborted.
 */
export async function* runSheetTask(task: SheetTask, signal?: AbortSignal): AsyncGenerator<SheetMessage> {
  signal?.throwIfAborted()
  const worker = new Worker(new URL('./sheets-worker.ts', import.meta.url), {
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: task.limits.heapMbMax, maxYoungGenerationSizeMb: 32 },
    // The thread reads what strangers sent: of the environment it gets only where compiled code is kept.
    env: process.env['NODE_COMPILE_CACHE'] ? { NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] } : {},
  })
  const arrived: SheetMessage[] = []
  let failure: { error: unknown } | null = null
  let wake = noOp
  const fail = (error: unknown) => {
    failure ??= { error }
    wake()
  }
  const onAbort = () => fail(signal?.reason)
  worker.on('message', (message: SheetMessage) => {
    arrived.push(message)
    wake()
  })
  worker.on('error', (error) => fail(isOutOfMemory(error) ? outOfMemory(task) : error))
  worker.on('exit', () => fail(new Error('the sheet thread ended early')))
  signal?.addEventListener('abort', onAbort, { once: true })
  try {
    for (;;) {
      signal?.throwIfAborted()
      const message = arrived.shift()
      if (message === undefined) {
        if (failure !== null) throw (failure as { error: unknown }).error
        await new Promise<void>((resolve) => (wake = resolve))
        continue
      }
      if (message.kind === 'end') return
      if (message.kind === 'problem') throw new Problem(message.code, message.message)
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
      worker.postMessage('taken')
      yield message
    }
  } finally {
    signal?.removeEventListener('abort', onAbort)
    await worker.terminate()
  }
}

function noOp() {}

const isOutOfMemory = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY'

function outOfMemory(task: SheetTask): Problem {
  return new Problem(
    'tooLarge',
    `“${task.fileName}”内容过多，读取时超过内存上限（${task.limits.heapMbMax} MB）。请拆分成几个文件，或另存为 .csv 后上传。`,
  )
}
