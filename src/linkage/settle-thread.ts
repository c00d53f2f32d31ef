import { Worker } from 'node:worker_threads'
import type { QueueReason } from './contract.ts'
import type { JoinedBy } from './engine.ts'
import type { Model } from './model.ts'
import type { RowsImage } from './rows.ts'
import type { Shares } from './score.ts'

/** What the settling thread is given; see `Numbered`. */
export interface SettleTask {
  rows: RowsImage
  fixed: Int32Array
  groups: number
  said: ReadonlyMap<number, { must: number | null; cannot: ReadonlySet<number>; dropCode: boolean }>
  model: Model
}

/** How a row came to its group, by number; 0: it stayed, or waits. */
export const ways = [
  'stayed',
  'named',
  'uscc',
  'organisationCode',
  'registrationNumber',
  'weights',
  'remembered',
] as const satisfies readonly (JoinedBy | 'named' | 'stayed')[]

/** What a row that joined by weight was weighed at. */
export interface Weighing {
  /** Bits. */
  weight: number
  probability: number
  /** By comparison, as numbers. */
  levels: Uint8Array
  shares: Shares
}

/** What the settling thread found, by row. */
export interface SettleReport {
  /** The rows, as they were given. */
  rows: RowsImage
  /** The group that it is in; -1: it waits. */
  group: Int32Array
  way: Uint8Array
  weighings: Map<number, Weighing>
  /** Of rows that wait, the groups that they may be, the likeliest first. */
  waiting: Map<number, { reason: QueueReason; groups: number[]; probability: number | null }>
}

/** What goes over to another thread with an image, instead of being copied. */
export function buffersOf({ cells, codes, formers, texts }: RowsImage): ArrayBuffer[] {
  return [cells, codes, formers, texts.signs, texts.kept, texts.slots].map((array) => array.buffer as ArrayBuffer)
}

/** Settles rows in a thread of its own: the server goes on answering meanwhile. The task's arrays go over; the rows come back. */
export async function settleApart(task: SettleTask, signal: AbortSignal): Promise<SettleReport> {
  signal.throwIfAborted()
  const worker = new Worker(new URL('./settle-worker.ts', import.meta.url), {
    workerData: task,
    execArgv: [],
    transferList: [...buffersOf(task.rows), task.fixed.buffer as ArrayBuffer],
  })
  const report = new Promise<SettleReport>((resolve, reject) => {
    const stop = () => reject(signal.reason as Error)
    signal.addEventListener('abort', stop, { once: true })
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', () => reject(new Error('the settling thread ended early')))
  })
  try {
    return await report
  } finally {
    await worker.terminate()
  }
}
