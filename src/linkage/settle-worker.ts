// All rows of a county settled in a thread of their own.
import { parentPort, workerData } from 'node:worker_threads'
import { asLevels } from './compare.ts'
import { Rows } from './rows.ts'
import { settleNumbered } from './settle-numbered.ts'
import { shownMax } from './settlement-run.ts'
import { buffersOf, type SettleReport, type SettleTask, ways } from './settle-thread.ts'

const task = workerData as SettleTask
const rows = Rows.of(task.rows)
const found = settleNumbered({ ...task, rows, tie: (a, b) => a - b })
const report: SettleReport = {
  rows: rows.image(),
  group: new Int32Array(rows.size),
  way: new Uint8Array(rows.size),
  weighings: new Map(),
  waiting: new Map(),
}
for (let row = 0; row < rows.size; row += 1) {
  report.group[row] = found.groupOf(row)
  report.way[row] = ways.indexOf(found.wayOf(row) ?? 'stayed')
  const [best] = found.matchesOf(row)
  if (best) {
    const { weight, probability, likeness, shares } = best
    report.weighings.set(row, { weight, probability, levels: asLevels(likeness), shares })
  }
  const waits = found.waitingOf(row)
  if (waits) {
    const groups = waits.matches.slice(0, shownMax).map((one) => one.group)
    report.waiting.set(row, { reason: waits.reason, groups, probability: waits.matches[0]?.probability ?? null })
  }
}
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
parentPort!.postMessage(report, [
  ...buffersOf(report.rows),
  report.group.buffer as ArrayBuffer,
  report.way.buffer as ArrayBuffer,
])
