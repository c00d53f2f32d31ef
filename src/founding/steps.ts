import { sql } from 'kysely'
import { Problem } from '../base/problem.ts'
import { today } from '../base/time.ts'
import { setProposalState, settingsInForce } from '../forming/service.ts'
import type { FormingTables } from '../forming/tables.ts'
import type { Context } from '../host/context.ts'
import { partyOrgs } from '../party/service.ts'
import { orgKinds } from '../party/words-contract.ts'
import { advance, caseOf, foundingTables, heldSteps, refuse, requireFree, requireStep, setCase } from './case.ts'
import { newId } from '../base/ids.ts'
import { missingItems } from './dossier.ts'
import { formalMembers } from './open.ts'
import {
  builtInFounding,
  dossierItems,
  dueOf,
  foundingSteps,
  type FoundingStep,
  isSkippable,
  stepsOf,
} from './rules.ts'
import { settingsOn } from './settings.ts'
import type { CaseTable } from './tables.ts'

interface Done {
  id: string
  on: string
  note: string
  docNo?: string | undefined
  fileId?: string | undefined
}

/** 办结一步: the four before the request, and the request. */
export async function finishStep(input: Done & { step: FoundingStep }, ctx: Context) {
  if (!isSkippable(input.step))
    throw new Problem('invalid', `“${foundingSteps[input.step]}”请用登记${foundingSteps[input.step]}办理。`)
  await advance(ctx, await caseOf(ctx, input.id), input.step, input)
  return { done: true as const }
}

/** 登记批复: the organisation stands from the day of the reply (支部工作条例第六条); units join theirs from then. */
export async function registerReply(input: Done & { docNo: string }, ctx: Context) {
  const row = await caseOf(ctx, input.id)
  requireStep(row, 'reply')
  if (input.on > today(ctx.now)) throw refuse('on', '批复日期不能晚于今天。')
  await requireMembers(ctx, row, input.on)
  const reason = `批复 ${input.docNo}`
  const { orgId, changeId } = row.host_org_id
    ? { orgId: row.host_org_id, ...(await joinHost(ctx, row, row.host_org_id, input.on, reason)) }
    : await found(ctx, row, input, reason)
  await advance(ctx, row, 'reply', { ...input, changeIds: [changeId] }, { orgId })
  if (row.proposal_id) await setProposalState(ctx, [row.proposal_id], 'founded')
  return { orgId }
}

/** How many formal members a case needs at its reply; null where the rules name no number. */
export async function membersMinOf(
  ctx: Context,
  row: Pick<CaseTable, 'host_org_id' | 'kind' | 'county_code'>,
  on: string,
): Promise<number | null> {
  if (row.host_org_id || (row.kind !== 'branch' && row.kind !== 'jointBranch')) return null
  return (await settingsInForce(ctx.tx, row.county_code, on)).values.membersMin
}

/** @throws Problem where a branch would stand with fewer formal members, their relation here, than the charter asks for */
async function requireMembers(ctx: Context, row: CaseTable, on: string): Promise<void> {
  const membersMin = await membersMinOf(ctx, row, on)
  if (membersMin === null) return
  const members = await formalMembers(ctx, row.county_code, row.unit_ids)
  if (members < membersMin)
    throw new Problem(
      'conflict',
      `这些单位现有正式党员 ${members} 名，不足 ${membersMin} 名，不能成立${orgKinds[row.kind]}。组织关系未转入的请先转接；人数不对的请先到“党员”里更正，约一分钟后再登记。`,
    )
}

function joinHost(ctx: Context, row: CaseTable, hostId: string, from: string, reason: string) {
  const more = { mode: 'joint' as const, move: true, reason }
  return partyOrgs.coverUnits({ id: hostId, unitIds: row.unit_ids, from, ...more }, ctx)
}

async function found(ctx: Context, row: CaseTable, input: Done & { docNo: string }, reason: string) {
  const nothing = { code: null, baseText: null, plannedEnd: null, premises: null, premisesAreaM2: null, remark: null }
  const { id, changeId } = await partyOrgs.createOrg(
    {
      ...nothing,
      countyCode: row.county_code,
      name: row.org_name,
      fullName: '',
      kind: row.kind,
      formingMode: row.forming_mode,
      areaCode: row.area_code,
      baseKind: 'unit',
      baseUnitId: row.lead_id,
      foundedOn: input.on,
      approvalNo: input.docNo,
      approvedOn: input.on,
      parentId: row.parent_id,
      parentName: row.parent_name,
      unitIds: row.unit_ids,
      coverMode: undefined,
      secretary: null,
      electedOn: null,
      reason,
    },
    ctx,
  )
  return { orgId: id, changeId }
}

interface Election extends Done {
  formedBy: 'election' | 'appointment'
  entitled?: number | undefined
  present?: number | undefined
  secretary: string
}

/** 登记选举结果: a term and a secretary. Of an election, at least four fifths of those entitled were there (a setting). */
export async function registerElection(input: Election, ctx: Context) {
  const row = await caseOf(ctx, input.id)
  requireStep(row, 'election')
  const facts = await countedVotes(ctx, row, input)
  const reason = input.note
  const term = await partyOrgs.addTerm(
    { id: row.org_id!, ordinal: 1, formedBy: input.formedBy, electedOn: input.on, expiresOn: null, reason },
    ctx,
  )
  const post = await partyOrgs.addPost(
    {
      id: row.org_id!,
      post: 'secretary',
      name: input.secretary,
      inManagement: false,
      managementPosition: null,
      secretarySource: null,
      from: input.on,
      reason,
    },
    ctx,
  )
  await advance(ctx, row, 'election', { ...input, facts, changeIds: [term.changeId, post.changeId] })
  return { done: true as const }
}

async function countedVotes(ctx: Context, row: CaseTable, input: Election) {
  const { formedBy, entitled, present } = input
  if (formedBy === 'appointment') return { formedBy }
  if (entitled === undefined) throw refuse('entitled', '请填写应到会有选举权的党员数。')
  if (present === undefined) throw refuse('present', '请填写实到会的党员数。')
  if (present > entitled) throw refuse('present', '实到不能多于应到。')
  const { quorumPercent } = await settingsOn(ctx.tx, row.county_code, input.on)
  if (present * 100 < entitled * quorumPercent)
    throw refuse(
      'present',
      `实到不足应到的 ${quorumPercent}%，选举无效（${builtInFounding.quorumPercent.source}），请重新召开大会。`,
    )
  return { formedBy, entitled, present }
}

/** 登记报备: the dossier must be whole; this ends the case. */
export async function registerFiling(input: Done, ctx: Context) {
  const row = await caseOf(ctx, input.id)
  requireStep(row, 'filing')
  // The filing's own paper may come with this very step.
  const missing = (await missingItems(ctx, row)).filter((item) => item !== 'filing' || !input.fileId)
  if (missing.length > 0)
    throw new Problem(
      'invalid',
      `材料还缺 ${missing.length} 份：${missing.map((item) => dossierItems[item]).join('、')}。请登记，或说明为什么不需要。`,
    )
  await advance(ctx, row, 'filing', input)
  return { done: true as const }
}

/** 跳过一步 */
export async function skipStep(input: { id: string; step: FoundingStep; reason: string }, ctx: Context) {
  if (!isSkippable(input.step)) throw new Problem('invalid', `“${foundingSteps[input.step]}”不能跳过。`)
  const outcome = { on: today(ctx.now), note: input.reason }
  await advance(ctx, await caseOf(ctx, input.id), input.step, outcome, { skipped: true })
  return { done: true as const }
}

/** 延长一步的期限 */
export async function postponeStep(
  input: { id: string; step: FoundingStep; until: string; reason: string },
  ctx: Context,
) {
  const row = await caseOf(ctx, input.id)
  requireStep(row, input.step)
  if (input.until <= row.due_on!) throw refuse('until', `新期限须在原期限 ${row.due_on} 之后。`)
  await foundingTables(ctx.tx)
    .insertInto('founding_step')
    .values({
      county_code: row.county_code,
      id: newId(ctx.now),
      area_code: row.area_code,
      case_id: row.id,
      step: input.step,
      state: 'postponed',
      on_day: input.until,
      note: input.reason,
      doc_no: null,
      facts: '{}',
      change_ids: [],
      author: ctx.actor.name,
      at: ctx.now,
    })
    .execute()
  await setCase(ctx, row, { due_on: input.until })
  ctx.record({
    countyCode: row.county_code,
    subject: `founding:${row.id}`,
    before: { 期限: row.due_on },
    after: { 党组织: row.org_name, 步骤: foundingSteps[input.step], 期限: input.until, 原因: input.reason },
  })
  return { done: true as const }
}

/** 撤回最近一步: what it did to organisations is undone with it. */
export async function takeBackStep(input: { id: string; stepId: string; reason: string }, ctx: Context) {
  const row = await caseOf(ctx, input.id)
  if (row.state === 'closed') throw new Problem('conflict', '已终止的先恢复办理，再撤回。')
  const held = await heldSteps(ctx, row)
  const last = held.findLast((one) => one.state !== 'postponed')
  if (!last || last.id !== input.stepId) throw new Problem('conflict', '这已不是最近一步，请刷新后再撤回。')
  if (!isSkippable(last.step) && !ctx.actor.permissions.has('founding.approve'))
    throw new Problem('forbidden', `撤回“${foundingSteps[last.step]}”需要“登记批复、选举和报备”的权限。`)
  if (row.state === 'done') await requireFree(ctx, row.county_code, row.unit_ids, row.id)
  if (last.step === 'reply' && row.proposal_id) await setProposalState(ctx, [row.proposal_id], 'begun')
  for (const id of last.change_ids.toReversed()) await partyOrgs.undoChange({ id, reason: input.reason }, ctx)
  // Terms that were made longer after it go with it.
  const gone = held.filter((one) => one.id >= last.id).map((one) => one.id)
  await foundingTables(ctx.tx)
    .updateTable('founding_step')
    .set({ taken_back_at: ctx.now, taken_back_by: ctx.actor.name, taken_back_reason: input.reason })
    .where('county_code', '=', row.county_code)
    .where('id', 'in', gone)
    .execute()
  const before = held.filter((one) => one.id < last.id)
  const longer = before.findLast((one) => one.state === 'postponed' && one.step === last.step)
  const from = before.findLast((one) => one.state !== 'postponed')?.on_day ?? row.opened_on
  const settings = await settingsOn(ctx.tx, row.county_code, from)
  const replied = before.some((one) => one.step === 'reply' && one.state === 'done')
  await setCase(ctx, row, {
    state: 'open',
    step: last.step,
    due_on: longer?.on_day ?? dueOf(last.step, from, settings),
    ended_on: null,
    ...(replied ? {} : { org_id: null }),
  })
  ctx.record({
    countyCode: row.county_code,
    subject: `founding:${row.id}`,
    before: { 党组织: row.org_name, 办结: foundingSteps[last.step], 日期: last.on_day },
    after: { 撤回原因: input.reason },
  })
  return { done: true as const }
}

/** 终止办理: before the reply; afterwards an organisation stands, and is dissolved in the party room. */
export async function closeCase(input: { id: string; reason: string }, ctx: Context) {
  const row = await caseOf(ctx, input.id)
  if (row.state !== 'open') throw new Problem('conflict', '这一件不在办理中，请刷新后再看。')
  if (row.org_id)
    throw new Problem('conflict', '批复已经登记，党组织已成立；要终止请先撤回批复，或到党组织里撤销建制。')
  await setCase(ctx, row, {
    state: 'closed',
    step: null,
    due_on: null,
    ended_on: today(ctx.now),
    closed_reason: input.reason,
  })
  if (row.proposal_id) await setProposalState(ctx, [row.proposal_id], 'approved')
  ctx.record({
    countyCode: row.county_code,
    subject: `founding:${row.id}`,
    after: { 终止: row.org_name, 原因: input.reason },
  })
  return { done: true as const }
}

/** 恢复办理 at the step where it was ended; its term runs from today. */
export async function reopenCase(input: { id: string; reason: string }, ctx: Context) {
  const row = await caseOf(ctx, input.id)
  if (row.state !== 'closed') throw new Problem('conflict', '只有已终止的可以恢复。')
  if (row.proposal_id) await requireApproved(ctx, row.county_code, row.proposal_id)
  await requireFree(ctx, row.county_code, row.unit_ids, row.id)
  await requireUncovered(ctx, row)
  const held = await heldSteps(ctx, row)
  const done = new Set(held.filter((one) => one.state !== 'postponed').map((one) => one.step))
  const step = stepsOf(row.form).find((one) => !done.has(one))!
  const day = today(ctx.now)
  const settings = await settingsOn(ctx.tx, row.county_code, day)
  await setCase(ctx, row, {
    state: 'open',
    step,
    due_on: dueOf(step, day, settings),
    ended_on: null,
    closed_reason: null,
  })
  if (row.proposal_id) await setProposalState(ctx, [row.proposal_id], 'begun')
  ctx.record({
    countyCode: row.county_code,
    subject: `founding:${row.id}`,
    after: { 恢复: row.org_name, 原因: input.reason },
  })
  return { done: true as const }
}

/** @throws Problem unless the group that a case stands on is still approved and in nobody else's hands; it is held until the command ends */
async function requireApproved(ctx: Context, countyCode: string, proposalId: string): Promise<void> {
  const proposal = await ctx.tx
    .withTables<FormingTables>()
    .selectFrom('forming_proposal')
    .select('state')
    .where('county_code', '=', countyCode)
    .where('id', '=', proposalId)
    .forUpdate()
    .executeTakeFirst()
  if (!proposal)
    throw new Problem('conflict', '这个编组的批准已撤回，不能恢复办理；请到组建方案里重新批准，再按批准的编组开办。')
  if (proposal.state !== 'approved')
    throw new Problem('conflict', '这个编组已另行开办，不能恢复；请在那一件里继续办理，或先终止那一件。')
}

/** @throws Problem where a unit has got an organisation since the case was opened */
async function requireUncovered(ctx: Context, row: CaseTable): Promise<void> {
  // Ids grow with time: a cover with a later one than the case's was written after it.
  const { rows } = await sql<{ name: string; org_name: string }>`
    select u.name, o.name as org_name from party_cover c
    join unit u on u.county_code = c.county_code and u.id = c.unit_id
    join party_org o on o.county_code = c.county_code and o.id = c.org_id
    where c.county_code = ${row.county_code} and c.unit_id = any (${row.unit_ids}::uuid[]) and c.id > ${row.id}::uuid
      and c.mode <> 'fallback' and (c.valid_to is null or c.valid_to > ${today(ctx.now)}::date)
    order by c.id limit 1`.execute(ctx.tx)
  const covered = rows[0]
  if (covered)
    throw new Problem(
      'conflict',
      `“${covered.name}”已归入“${covered.org_name}”，不能恢复办理；其余单位还要组建的，请另行开办。`,
    )
}
