import { parentPort, workerData } from 'node:worker_threads'
import { Problem } from '../base/problem.ts'
import { perform } from './sheets-perform.ts'
import { aheadMax } from './sheets-run.ts'
import type { SheetMessage, SheetTask } from './sheets-shape.ts'

function noOp() {}

const flow = { credit: aheadMax, wake: noOp }
const port = parentPort!
port.on('message', () => {
  flow.credit += 1
  flow.wake()
})

async function send(message: SheetMessage): Promise<void> {
  while (flow.credit === 0) await new Promise<void>((resolve) => (flow.wake = resolve))
  flow.credit -= 1
  port.postMessage(message)
}

try {
  for await (const message of perform(workerData as SheetTask)) await send(message)
  port.postMessage({ kind: 'end' } satisfies SheetMessage)
} catch (error) {
  if (!(error instanceof Problem)) throw error
  port.postMessage({ kind: 'problem', code: error.code as 'invalid', message: error.message } satisfies SheetMessage)
}
