import { newId } from '../base/ids.ts'
import { notFound, Problem } from '../base/problem.ts'
import type { Context } from '../host/context.ts'
import { partyTables } from './change-rows.ts'
import { type Change, startChange } from './change.ts'
import { orgOf, type OrgRecord } from './org-page.ts'
import { requireStanding, refuse, unitsById } from './org-shared.ts'
import { type CoverMode, coverModes } from './words-contract.ts'

interface CoverInput {
  unitIds: readonly string[]
  mode: CoverMode
  from: string
  /** Whether covers by other organisations end on that day. */
  move: boolean
  reason: string | null
}

/** Lets an organisation cover units from a day on. A unit is counted once: by default the former cover ends on that day. */
export async function cover(ctx: Context, change: Change, org: OrgRecord, input: CoverInput): Promise<void> {
  const covers = await partyTables(ctx.tx)
    .selectFrom('party_cover')
    .selectAll()
    .where('county_code', '=', org.county_code)
    .where('unit_id', 'in', input.unitIds)
    .where((eb) => eb.or([eb('valid_to', 'is', null), eb('valid_to', '>', input.from)]))
    .execute()
  if (covers.some((one) => one.org_id === org.id)) {
    throw refuse('unitIds', '所选单位里有的已由这个党组织覆盖（或这一天以后另有登记），请去掉再试。')
  }
  const ending = input.move ? covers.filter((one) => !staysBeside(one.mode, input.mode)) : []
  if (ending.some((one) => one.valid_from >= input.from)) {
    throw refuse('from', '有单位在这一天以后才由别的党组织覆盖，请换个日期，或先撤销那次登记。')
  }
  await change.set(
    'party_cover',
    ending.map((one) => one.id),
    { valid_to: input.from },
  )
  await change.add(
    'party_cover',
    [...new Set(input.unitIds)].map((unitId) => ({
      county_code: org.county_code,
      id: newId(ctx.now),
      org_id: org.id,
      unit_id: unitId,
      mode: input.mode,
      valid_from: input.from,
      valid_to: null,
      reason: input.reason,
    })),
  )
}

/** A committee and its branches cover the same unit side by side; a fallback stays beside what was built. */
function staysBeside(former: string, mode: CoverMode): boolean {
  return (former === 'own' && mode === 'own') || (former === 'fallback') !== (mode === 'fallback')
}

/** 党组织覆盖单位 */
export async function coverUnits(input: { id: string; reason: string } & CoverInput, ctx: Context) {
  const org = await orgOf(ctx, input.id)
  requireStanding(org, input.from, 'from')
  const units = await unitsById(ctx, org.county_code, input.unitIds)
  const names = units.length === 1 ? units[0]!.name : `${units.length} 家单位`
  const change = startChange(ctx, {
    countyCode: org.county_code,
    kind: 'cover',
    title: `${org.name}${coverModes[input.mode]}覆盖${names}`,
    reason: input.reason,
    effectiveOn: input.from,
  })
  await cover(ctx, change, org, input)
  return { changeId: await change.finish() }
}

/** 结束覆盖 */
export async function endCover(input: { id: string; on: string; reason: string }, ctx: Context) {
  const found = await partyTables(ctx.tx)
    .selectFrom('party_cover')
    .selectAll()
    .where('id', '=', input.id)
    .executeTakeFirst()
  if (!found) throw notFound('条覆盖')
  const org = await orgOf(ctx, found.org_id)
  if (input.on <= found.valid_from || (found.valid_to && input.on >= found.valid_to)) {
    throw new Problem('invalid', '结束日期须在覆盖期间、开始之后；登记错了请撤销那次变动。')
  }
  const unit = await partyTables(ctx.tx)
    .selectFrom('unit')
    .select('name')
    .where('county_code', '=', found.county_code)
    .where('id', '=', found.unit_id)
    .executeTakeFirst()
  const change = startChange(ctx, {
    countyCode: org.county_code,
    kind: 'cover',
    title: `${org.name}不再覆盖${unit?.name ?? '一家单位'}`,
    reason: input.reason,
    effectiveOn: input.on,
  })
  await change.set('party_cover', [found.id], { valid_to: input.on })
  return { changeId: await change.finish() }
}
