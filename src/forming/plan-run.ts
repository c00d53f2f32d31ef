import { Worker } from 'node:worker_threads'
import { Problem, type ProblemCode } from '../base/problem.ts'
import type { PlanBound } from './bound.ts'
import type { FormingPlan, PlanInput } from './plan-input.ts'
import type { PlanStep } from './plan.ts'

/** What the planning thread is asked: a plan from nothing, a plan kept as far as edits allow, or how good a plan is. */
export type PlannerTask =
  | { kind: 'plan'; input: PlanInput; seed: number; passes: number }
  | { kind: 'replan'; input: PlanInput; previous: FormingPlan }
  | { kind: 'bound'; input: PlanInput; plan: FormingPlan }

/** What the planning thread says: ever better plans, or a bound; `end` is the last. */
export type PlannerMessage =
  | ({ kind: 'step' } & PlanStep)
  | { kind: 'bound'; bound: PlanBound }
  | { kind: 'problem'; code: ProblemCode; message: string }
  | { kind: 'end' }

/**
 * Runs a task in a thread of its own and hands out its messages; of steps that arrive faster than they are taken only the
 * newest. Leaving the loop or the signal ends the thread. @throws Problem for input that contradicts itself; the signal's reason
 */
export async function* runPlanner(
  task: PlannerTask,
  signal: AbortSignal,
): AsyncGenerator<Extract<PlannerMessage, { kind: 'step' | 'bound' }>> {
  signal.throwIfAborted()
  const worker = new Worker(new URL('./plan-worker.ts', import.meta.url), { workerData: task, execArgv: [] })
  const arrived: PlannerMessage[] = []
  let failure: { error: unknown } | null = null
  let wake: () => void = () => undefined
  const fail = (error: unknown) => {
    failure ??= { error }
    wake()
  }
  const onAbort = () => fail(signal.reason)
  worker.on('message', (message: PlannerMessage) => {
    if (message.kind === 'step' && arrived.at(-1)?.kind === 'step') arrived.pop()
    arrived.push(message)
    wake()
  })
  worker.on('error', fail)
  worker.on('exit', () => fail(new Error('the planning thread ended early')))
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    for (;;) {
      signal.throwIfAborted()
      const message = arrived.shift()
      if (message === undefined) {
        if (failure !== null) throw (failure as { error: unknown }).error
        await new Promise<void>((resolve) => (wake = resolve))
      } else if (message.kind === 'end') return
      else if (message.kind === 'problem') throw new Problem(message.code, message.message)
      else yield message
    }
  } finally {
    signal.removeEventListener('abort', onAbort)
    await worker.terminate()
  }
}
