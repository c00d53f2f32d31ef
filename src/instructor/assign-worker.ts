// The assignment in a thread of its own: thousands of units take seconds.
import { parentPort, workerData } from 'node:worker_threads'
import { type AssignSettings, assignInstructors, type InstructedUnit, type Instructor } from './assign.ts'

/** What the thread is given. */
export interface AssignTask {
  units: InstructedUnit[]
  instructors: Instructor[]
  previous: { unitId: string; instructorId: string }[]
  settings: Partial<AssignSettings>
}

const { units, instructors, previous, settings } = workerData as AssignTask
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
parentPort!.postMessage(assignInstructors(units, instructors, previous, settings))
