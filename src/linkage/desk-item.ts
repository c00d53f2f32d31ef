import type { Context } from '../host/context.ts'
import { sourceRowOf } from '../ledger/service.ts'
import { candidatesOf } from './candidates.ts'
import { codeHolder, isForeign } from './foreign-code.ts'
import { decisionWords, denyCandidate } from './queue-decide.ts'
import { findItem, itemOf, type QueueItem } from './queue-list.ts'
import { namesOf } from './unit-links.ts'

/** Below this a unit is shown only because it looks like the row. */
const proposedMin = 0.01

/** 查看待核对行, with the units it may be: the likely ones first, then whose code it carries, then those merely alike. */
export async function getQueueItem(input: { id: string }, ctx: Context) {
  const item = await findItem(ctx, input.id)
  const { candidateList, holder } = await candidatesFor(ctx, item)
  const { unit_id: unitId } = item
  const names = await namesOf(ctx, item.county_code, [unitId])
  return {
    ...itemOf(item, ctx),
    candidates: candidateList.filter((one) => one.proposed).length,
    source: sourceRowOf({ ...item, id: item.source_row_id }),
    candidateList,
    decision: decisionWords(item),
    unit: unitId === null ? null : { unitId, name: names.get(unitId) ?? '' },
    codeHolder: holder && { unitId: holder.id, name: holder.name },
  }
}

async function candidatesFor(ctx: Context, item: QueueItem) {
  const { uscc } = item.fields
  const holder = await codeHolder(ctx, item.county_code, uscc)
  const found = await candidatesOf(ctx, item, holder)
  const candidateList = found.map((one) => ({
    ...one,
    dropsCode: isForeign(uscc, { id: one.unitId, uscc: one.uscc }, holder),
    holdsCode: one.unitId === holder?.id,
    proposed: item.candidates.includes(one.unitId) || one.probability >= proposedMin,
  }))
  const rank = (one: (typeof candidateList)[number]) => (one.proposed ? 0 : one.holdsCode ? 1 : 2)
  return { candidateList: candidateList.toSorted((a, b) => rank(a) - rank(b)), holder }
}

/** 认定不是某家单位 */
export async function deny(input: { id: string; unitId: string; reason?: string | undefined }, ctx: Context) {
  const item = await denyCandidate(input, ctx)
  const { candidateList } = await candidatesFor(ctx, item)
  return { left: candidateList.filter((one) => one.refused === null && one.proposed).length }
}
