// The planner in a thread of its own: the server goes on answering while thousands of units are planned.
import { parentPort, workerData } from 'node:worker_threads'
import { Problem } from '../base/problem.ts'
import { boundPlan } from './bound.ts'
import type { FormingPlan, PlanInput } from './plan-input.ts'
import type { PlannerMessage, PlannerTask } from './plan-run.ts'
import { planGroups } from './plan.ts'
import { boundBy, provePlan } from './prove.ts'
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
  let plan: FormingPlan | null = null
  for await (const step of planGroups(task.input, { seed: task.seed, passes: task.passes })) {
    send({ kind: 'step', ...step })
    plan = step.plan
  }
  // Whoever asks for one pass wants it soon.
  if (plan !== null && task.passes > 1 && task.input.units.length <= provedMost) await prove(task.input, plan)
}

/** Units up to which the best plan there is is looked for. */
const provedMost = 1500
const proofEffort = { pairsMax: 25_000, nodesMax: 5000 }

/** How good a small county's plan is; then the best there is, where the search for it is short. */
async function prove(input: PlanInput, plan: FormingPlan): Promise<void> {
  send({ kind: 'step', plan, phase: 'prove', done: 0.97 })
  const bound = await boundPlan(input, plan)
  if (bound.percent === 0) return send({ kind: 'bound', bound })
  const proof = await provePlan(input, plan, proofEffort)
  if (proof.plan !== plan) send({ kind: 'step', plan: proof.plan, phase: 'prove', done: 1 })
  send({ kind: 'bound', bound: boundBy(proof, bound) })
}

try {
  await work()
  send({ kind: 'end' })
} catch (error) {
  if (!(error instanceof Problem)) throw error
  send({ kind: 'problem', code: error.code, message: error.message })
}
