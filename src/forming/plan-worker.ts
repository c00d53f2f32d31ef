// The planner in a thread of its own: the server goes on answering while thousands of units are planned.
import { parentPort, workerData } from 'node:worker_threads'
import { Problem } from '../base/problem.ts'
import { boundPlan } from './bound.ts'
import type { PlannerMessage, PlannerTask } from './plan-run.ts'
import { planGroups } from './plan.ts'
import { replan } from './replan.ts'

const task = workerData as PlannerTask
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
const send = (message: PlannerMessage) => parentPort!.postMessage(message)

async function work(): Promise<void> {
  if (task.kind === 'bound') return send({ kind: 'bound', bound: await boundPlan(task.input, task.plan) })
  if (task.kind === 'replan') {
    const plan = replan(task.input, task.previous)
    return send({ kind: 'step', plan, phase: 'done', done: 1 })
  }
  for await (const step of planGroups(task.input, { seed: task.seed, passes: task.passes }))
    send({ kind: 'step', ...step })
}

try {
  await work()
  send({ kind: 'end' })
} catch (error) {
  if (!(error instanceof Problem)) throw error
  send({ kind: 'problem', code: error.code, message: error.message })
}
