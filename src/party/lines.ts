import { notFound, Problem } from '../base/problem.ts'
import { newId } from '../base/ids.ts'
import type { Context } from '../host/context.ts'
import { partyTables } from './change-rows.ts'
import { type Change, startChange } from './change.ts'
import { orgOf, type OrgRecord } from './org-page.ts'
import { refuse, requireStanding } from './org-shared.ts'
import { holds } from './rules.ts'
import type { OrgLine } from './words-contract.ts'
import { orgLines } from './words-contract.ts'

interface ParentInput {
  parentId: string | null
  parentName: string | null
}

/** The columns of a parent: one that is kept here, or a name alone. Null where none is given. */
export async function parentColumns(ctx: Context, { parentId, parentName }: ParentInput) {
  if (parentId) {
    const parent = await orgOf(ctx, parentId)
    return { parent_county_code: parent.county_code, parent_id: parent.id, parent_name: parent.name }
  }
  return parentName ? { parent_county_code: null, parent_id: null, parent_name: parentName } : null
}

async function linesOf(ctx: Context, org: OrgRecord, line: OrgLine) {
  return partyTables(ctx.tx)
    .selectFrom('party_org_line')
    .selectAll()
    .where('county_code', '=', org.county_code)
    .where('org_id', '=', org.id)
    .where('line', '=', line)
    .orderBy('valid_from')
    .execute()
}

/** @throws Problem where `parentId` is the organisation itself or below it */
async function requireNoCircle(ctx: Context, org: OrgRecord, parentId: string | null): Promise<void> {
  const seen = new Set<string>()
  for (let at = parentId; at && !seen.has(at);) {
    if (at === org.id) throw refuse('parentId', '上级党组织不能是它自己，也不能是它的下级。')
    seen.add(at)
    const above: { parent_id: string | null } | undefined = await partyTables(ctx.tx)
      .selectFrom('party_org_line')
      .select('parent_id')
      .where('org_id', '=', at)
      .where('line', '=', 'leadership')
      .where('valid_to', 'is', null)
      .executeTakeFirst()
    at = above?.parent_id ?? null
  }
}

/** Puts an organisation under a parent from a day on; of 隶属 there is one a day, so the one before ends there. */
export async function putUnder(
  ctx: Context,
  change: Change,
  org: OrgRecord,
  line: OrgLine,
  parent: NonNullable<Awaited<ReturnType<typeof parentColumns>>>,
  from: string,
): Promise<void> {
  await requireNoCircle(ctx, org, parent.parent_id)
  const lines = await linesOf(ctx, org, line)
  if (line === 'leadership') {
    if (lines.some((one) => one.valid_from >= from)) {
      throw refuse('from', '这一天以后已经登记过上级，请先撤销那次变动，或者换个日期。')
    }
    const open = lines.filter((one) => one.valid_to === null || one.valid_to > from)
    await change.set(
      'party_org_line',
      open.map((one) => one.id),
      { valid_to: from },
    )
  } else if (lines.some((one) => one.valid_to === null && one.parent_id === parent.parent_id && parent.parent_id)) {
    throw refuse('parentId', '已经登记了这条业务指导关系。')
  }
  await change.add('party_org_line', [
    {
      county_code: org.county_code,
      id: newId(ctx.now),
      org_id: org.id,
      line,
      ...parent,
      valid_from: from,
      valid_to: null,
    },
  ])
}

/** 设置上级党组织 */
export async function setParent(
  input: { id: string; line: OrgLine; from: string; reason: string } & ParentInput,
  ctx: Context,
) {
  const org = await orgOf(ctx, input.id)
  requireStanding(org, input.from, 'from')
  const parent = await parentColumns(ctx, input)
  if (!parent) throw refuse('parentId', '请选择上级党组织，或填写它的名称。')
  const change = startChange(ctx, {
    countyCode: org.county_code,
    kind: 'parent',
    title: `${org.name}：${orgLines[input.line]}${parent.parent_name}`,
    reason: input.reason,
    effectiveOn: input.from,
  })
  await putUnder(ctx, change, org, input.line, parent, input.from)
  return { changeId: await change.finish() }
}

/** 结束上级关系 */
export async function endLine(input: { id: string; on: string; reason: string }, ctx: Context) {
  const line = await partyTables(ctx.tx)
    .selectFrom('party_org_line')
    .selectAll()
    .where('id', '=', input.id)
    .executeTakeFirst()
  if (!line) throw notFound('条上级关系')
  const org = await orgOf(ctx, line.org_id)
  if (!holds({ validFrom: line.valid_from, validTo: line.valid_to }, input.on) || line.valid_from >= input.on) {
    throw new Problem('invalid', '结束日期须在这条关系存续期间、开始之后。')
  }
  const change = startChange(ctx, {
    countyCode: org.county_code,
    kind: 'parent',
    title: `${org.name}：不再${line.line === 'leadership' ? '隶属' : '接受业务指导于'}${line.parent_name}`,
    reason: input.reason,
    effectiveOn: input.on,
  })
  await change.set('party_org_line', [line.id], { valid_to: input.on })
  return { changeId: await change.finish() }
}
