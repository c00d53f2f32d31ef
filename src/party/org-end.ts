import type { z } from 'zod'
import { newId } from '../base/ids.ts'
import { Problem } from '../base/problem.ts'
import type { Context } from '../host/context.ts'
import { partyTables } from './change-rows.ts'
import { type Change, startChange } from './change.ts'
import { cover } from './covers.ts'
import { orgOf, type OrgRecord } from './org-page.ts'
import { refuse, requireStanding, requireUnique } from './org-shared.ts'
import { writeOrg } from './org-write.ts'
import { coverModeOf } from './rules.ts'
import type { FormingMode, OrgKind } from './words-contract.ts'
import type { dissolveOrgInput, mergeOrgsInput, splitOrgInput } from './write-contract.ts'

/** Ends all that goes on when an organisation ends. */
async function endAll(ctx: Context, change: Change, org: OrgRecord, on: string): Promise<void> {
  for (const table of ['party_org_version', 'party_org_line', 'party_cover', 'party_post', 'org_link'] as const) {
    const rows = await partyTables(ctx.tx)
      .selectFrom(table as 'party_cover')
      .select(['id', 'valid_from', 'valid_to'])
      .where('county_code', '=', org.county_code)
      .where('org_id', '=', org.id)
      .where((eb) => eb.or([eb('valid_to', 'is', null), eb('valid_to', '>', on)]))
      .execute()
    if (rows.some((row) => row.valid_from >= on)) {
      throw new Problem('conflict', `“${org.name}”在 ${on} 以后还登记了事项，请先撤销它们，或者换个日期。`)
    }
    await change.set(
      table,
      rows.map((row) => row.id),
      { valid_to: on },
    )
  }
}

/** 撤销党组织建制 */
export async function dissolveOrg(input: z.output<typeof dissolveOrgInput>, ctx: Context) {
  const org = await orgOf(ctx, input.id)
  requireStanding(org, input.on, 'on')
  if (input.on === org.founded_on) throw refuse('on', '撤销日期须在成立日期之后；登记错了请撤销成立的那次变动。')
  const below = await childNames(ctx, org, input.on)
  if (below.length > 0) {
    const message = `还有 ${below.length} 个下级党组织（${below.slice(0, 3).join('、')}${below.length > 3 ? '等' : ''}），请先为它们另设上级。`
    throw new Problem('conflict', message)
  }
  const change = startChange(ctx, {
    countyCode: org.county_code,
    kind: 'dissolve',
    title: `撤销${org.name}`,
    reason: input.reason,
    effectiveOn: input.on,
  })
  const into = input.coverInto ? await orgOf(ctx, input.coverInto) : null
  if (into && (into.id === org.id || into.county_code !== org.county_code)) {
    throw refuse('coverInto', '请选择本县的另一个党组织。')
  }
  await dissolve(ctx, change, org, { on: input.on, reason: input.reason, into })
  return { changeId: await change.finish() }
}

/** Ends an organisation; the units that it covered go over to `into`, where one is named. */
export async function dissolve(
  ctx: Context,
  change: Change,
  org: OrgRecord,
  how: { on: string; reason: string; into: OrgRecord | null },
): Promise<void> {
  const covers = await partyTables(ctx.tx)
    .selectFrom('party_cover')
    .select(['unit_id', 'mode'])
    .where('county_code', '=', org.county_code)
    .where('org_id', '=', org.id)
    .where((eb) => eb.or([eb('valid_to', 'is', null), eb('valid_to', '>', how.on)]))
    .execute()
  await endAll(ctx, change, org, how.on)
  await change.set('party_org', [org.id], {
    dissolved_on: how.on,
    dissolved_reason: how.reason,
    updated_at: ctx.now,
  })
  if (!how.into || covers.length === 0) return
  requireStanding(how.into, how.on, 'on')
  const already = await partyTables(ctx.tx)
    .selectFrom('party_cover')
    .select('unit_id')
    .where('county_code', '=', org.county_code)
    .where('org_id', '=', how.into.id)
    .where((eb) => eb.or([eb('valid_to', 'is', null), eb('valid_to', '>', how.on)]))
    .execute()
  const has = new Set(already.map((row) => row.unit_id))
  const unitIds = covers.map((row) => row.unit_id).filter((id) => !has.has(id))
  if (unitIds.length === 0) return
  const mode = coverModeOf(how.into.kind as OrgKind, how.into.forming_mode as FormingMode)
  await cover(ctx, change, how.into, { unitIds, mode, from: how.on, move: false, reason: how.reason })
}

/** The organisations under one on a day, by name. */
async function childNames(ctx: Context, org: OrgRecord, day: string): Promise<string[]> {
  const rows = await partyTables(ctx.tx)
    .selectFrom('party_org_line')
    .innerJoin('party_org', (join) =>
      join
        .onRef('party_org.county_code', '=', 'party_org_line.county_code')
        .onRef('party_org.id', '=', 'party_org_line.org_id'),
    )
    .select('party_org.name')
    .where('party_org_line.parent_id', '=', org.id)
    .where('party_org_line.line', '=', 'leadership')
    .where((eb) => eb.or([eb('party_org_line.valid_to', 'is', null), eb('party_org_line.valid_to', '>', day)]))
    .where((eb) => eb.or([eb('party_org.dissolved_on', 'is', null), eb('party_org.dissolved_on', '>', day)]))
    .execute()
  return rows.map((row) => row.name)
}

/** 合并党组织: the others end, their units and branches go over. */
export async function mergeOrgs(input: z.output<typeof mergeOrgsInput>, ctx: Context) {
  const into = await orgOf(ctx, input.id)
  requireStanding(into, input.on, 'on')
  const fromIds = [...new Set(input.fromIds)]
  if (fromIds.includes(into.id)) throw refuse('fromIds', '不能把一个党组织并入它自己。')
  const from = []
  for (const id of fromIds) from.push(await orgOf(ctx, id))
  const change = startChange(ctx, {
    countyCode: into.county_code,
    kind: 'merge',
    title: `${from.map((org) => org.name).join('、')}并入${into.name}`.slice(0, 200),
    reason: input.reason,
    effectiveOn: input.on,
  })
  for (const org of from) {
    if (org.county_code !== into.county_code) throw refuse('fromIds', `“${org.name}”不在同一个县，不能直接合并。`)
    requireStanding(org, input.on, 'on')
    await moveChildren(ctx, change, org, into, input.on)
    await dissolve(ctx, change, org, { on: input.on, reason: input.reason, into })
  }
  return { changeId: await change.finish() }
}

/** Puts all that are under an organisation on a day under another. */
async function moveChildren(ctx: Context, change: Change, org: OrgRecord, into: OrgRecord, on: string): Promise<void> {
  const lines = await partyTables(ctx.tx)
    .selectFrom('party_org_line')
    .selectAll()
    .where('county_code', '=', org.county_code)
    .where('parent_id', '=', org.id)
    .where((eb) => eb.or([eb('valid_to', 'is', null), eb('valid_to', '>', on)]))
    .execute()
  if (lines.some((line) => line.valid_from >= on)) {
    throw new Problem('conflict', `有下级党组织在 ${on} 以后才归“${org.name}”，请换个日期。`)
  }
  await change.set(
    'party_org_line',
    lines.map((line) => line.id),
    { valid_to: on },
  )
  await change.add(
    'party_org_line',
    lines
      .filter((line) => line.org_id !== into.id)
      .map((line) => ({
        ...line,
        id: newId(ctx.now),
        parent_id: into.id,
        parent_name: into.name,
        valid_from: on,
        valid_to: null,
      })),
  )
}

/** 拆分党组织: some of the units go over to a new organisation under the same parent. */
export async function splitOrg(input: z.output<typeof splitOrgInput>, ctx: Context) {
  const org = await orgOf(ctx, input.id)
  requireStanding(org, input.on, 'on')
  await requireUnique(ctx, { countyCode: org.county_code, id: null, name: input.name, code: null })
  const covers = await partyTables(ctx.tx)
    .selectFrom('party_cover')
    .select(['id', 'unit_id', 'valid_from'])
    .where('county_code', '=', org.county_code)
    .where('org_id', '=', org.id)
    .where('unit_id', 'in', input.unitIds)
    .where((eb) => eb.or([eb('valid_to', 'is', null), eb('valid_to', '>', input.on)]))
    .execute()
  if (covers.length < new Set(input.unitIds).size) {
    throw refuse('unitIds', `所选单位里有的不由“${org.name}”覆盖，请刷新后重选。`)
  }
  if (covers.some((one) => one.valid_from >= input.on)) throw refuse('on', '有单位在这一天以后才归入，请换个日期。')
  const change = startChange(ctx, {
    countyCode: org.county_code,
    kind: 'split',
    title: `${org.name}拆出${input.name}`,
    reason: input.reason,
    effectiveOn: input.on,
  })
  const [only] = input.unitIds
  const made = await writeOrg(ctx, change, {
    countyCode: org.county_code,
    areaCode: org.area_code,
    name: input.name,
    fullName: input.fullName,
    kind: input.kind,
    formingMode: input.formingMode,
    foundedOn: input.on,
    facts:
      input.unitIds.length === 1 ? { base_unit_id: only! } : { base_kind: org.base_kind, base_text: org.base_text },
  })
  await change.set(
    'party_cover',
    covers.map((one) => one.id),
    { valid_to: input.on },
  )
  const mode = coverModeOf(input.kind, input.formingMode)
  await cover(ctx, change, made, { unitIds: input.unitIds, mode, from: input.on, move: false, reason: input.reason })
  const lines = await partyTables(ctx.tx)
    .selectFrom('party_org_line')
    .selectAll()
    .where('county_code', '=', org.county_code)
    .where('org_id', '=', org.id)
    .where('valid_to', 'is', null)
    .execute()
  await change.add(
    'party_org_line',
    lines.map((line) => ({ ...line, id: newId(ctx.now), org_id: made.id, valid_from: input.on })),
  )
  return { id: made.id, changeId: await change.finish() }
}
