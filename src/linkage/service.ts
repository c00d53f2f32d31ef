import type { Chore } from '../host/chores.ts'
import type { Context, JobKind } from '../host/context.ts'
import type { Handlers } from '../host/handlers.ts'
import { claim, release } from './claims.ts'
import { requireCounty } from './county-lock.ts'
import type { linkageContract } from './contract.ts'
import type { modelContract } from './model-contract.ts'
import { chooseModel, estimateJob, estimateModel, getModel } from './models.ts'
import { keysChore } from './link-keys.ts'
import { linkJob, relinkJob } from './link-job.ts'
import { deny, getQueueItem } from './desk-item.ts'
import { mergeUnits, splitRow, undoMerge, undoSplit } from './regroup-desk.ts'
import { createFromQueue, decideQueueItem, undoDecision, undoDenial } from './queue-decide.ts'
import { exportJob, exportQueue } from './queue-export.ts'
import { findItem, listQueue, nextItem, type QueueFilter } from './queue-list.ts'
import { listRehearsal, rehearseJob, rehearseRelink, relinkAll, relinkAllJob } from './relink-all.ts'
import { unlinkJob } from './unlink.ts'
import { listUnitLinks } from './unit-links.ts'

/** 占用待核对行 */
async function claimQueueItem(input: { id: string }, ctx: Context) {
  const answer = await claim(ctx, await findItem(ctx, input.id))
  return { ...answer, until: answer.until.toISOString() }
}

/** 交还待核对行 */
async function releaseQueueItem(input: { id: string }, ctx: Context) {
  await release(ctx, await findItem(ctx, input.id))
  return { done: true as const }
}

/** 取下一行待核对 */
async function nextQueueItem(input: QueueFilter & { not?: string | undefined }, ctx: Context) {
  const item = await nextItem(input, ctx)
  if (item) await claim(ctx, item)
  return { id: item?.id ?? null }
}

/** 重新比对待核对行 */
async function relinkQueue(input: { countyCode: string }, ctx: Context) {
  requireCounty(ctx, input.countyCode)
  const { countyCode } = input
  return {
    jobId: await ctx.enqueue({ kind: 'linkage.relink', title: '重新比对待核对行', input: { countyCode }, countyCode }),
  }
}

/** The linkage room's functions, one an operation, in contract order. */
export const linkage = {
  listQueue,
  getQueueItem,
  claimQueueItem,
  releaseQueueItem,
  nextQueueItem,
  decideQueueItem,
  denyCandidate: deny,
  undoDenial,
  undoDecision,
  createFromQueue,
  relinkQueue,
  exportQueue,
  listUnitLinks,
  splitRow,
  undoSplit,
  mergeUnits,
  undoMerge,
  rehearseRelink,
  listRehearsal,
  relinkAll,
  getModel,
  estimateModel,
  chooseModel,
} satisfies Handlers<typeof linkageContract & typeof modelContract>

/** Work of linking that goes on after its command. */
export const linkageJobs: JobKind[] = [
  linkJob(),
  unlinkJob,
  relinkJob,
  rehearseJob,
  relinkAllJob,
  estimateJob,
  exportJob,
]

/** What linking does of itself. */
export const linkageChores: Chore[] = [keysChore]
