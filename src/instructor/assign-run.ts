import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Assignment } from './assign.ts'
import type { AssignTask } from './assign-worker.ts'

/** Runs an assignment in a thread of its own. @throws the signal's reason when it is aborted */
export async function runAssign(task: AssignTask, signal: AbortSignal): Promise<Assignment> {
  signal.throwIfAborted()
  const worker = new Worker(new URL('./assign-worker.ts', import.meta.url), { workerData: task, execArgv: [] })
  try {
    const [assignment] = (await once(worker, 'message', { signal })) as [Assignment]
    return assignment
  } finally {
    await worker.terminate()
  }
}
