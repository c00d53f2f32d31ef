import type { Context, JobKind } from '../host/context.ts'
import type { Handlers } from '../host/handlers.ts'
import { claim, release } from './claims.ts'
import type { linkageContract } from './contract.ts'
import type { modelContract } from './model-contract.ts'
import { chooseModel, estimateJob, estimateModel, getModel } from './models.ts'
import { linkJob, relinkJob } from './link-job.ts'
import { candidatesOf } from './candidates.ts'
import { mergeUnits, splitRow, undoMerge, undoSplit } from './regroup-desk.ts'
import {
  createFromQueue,
  decideQueueItem,
  decisionWords,
  denyCandidate,
  undoDecision,
  undoDenial,
} from './queue-decide.ts'
import { exportJob, exportQueue } from './queue-export.ts'
import { findItem, itemOf, listQueue, nextItem, type QueueFilter } from './queue-list.ts'
import { sourceRowOf } from '../ledger/service.ts'
import { listRehearsal, rehearseJob, rehearseRelink, relinkAll, relinkAllJob, requireCounty } from './relink-all.ts'
import { listUnitLinks } from './unit-links.ts'

/** 查看待核对行, with the units it may be, the likeliest first. */
async function getQueueItem(input: { id: string }, ctx: Context) {
  const item = await findItem(ctx, input.id)
  const candidateList = await candidatesOf(ctx, item)
  return {
    ...itemOf(item, ctx),
    candidates: candidateList.length,
    source: sourceRowOf({ ...item, id: item.source_row_id }),
    candidateList,
    decision: decisionWords(item),
  }
}

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

/** 认定不是某家单位 */
async function deny(input: { id: string; unitId: string; reason?: string | undefined }, ctx: Context) {
  const item = await denyCandidate(input, ctx)
  const list = await candidatesOf(ctx, item)
  return { left: list.filter((one) => one.refused === null).length }
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
export const linkageJobs: JobKind[] = [linkJob(), relinkJob, rehearseJob, relinkAllJob, estimateJob, exportJob]
