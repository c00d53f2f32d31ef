import type { z } from 'zod'
import { newId } from '../base/ids.ts'
import { today } from '../base/time.ts'
import type { Context } from '../host/context.ts'
import { partyTables } from './change-rows.ts'
import { type Change, startChange } from './change.ts'
import { cover } from './covers.ts'
import { parentColumns, putUnder } from './lines.ts'
import { storedName } from './member-person.ts'
import { orgOf, type OrgRecord } from './org-page.ts'
import { namedColumns, refuse, requirePlace, requireStanding, requireUnique, unitsById } from './org-shared.ts'
import { coverModeOf, termEnd } from './rules.ts'
import { loadPartySettings } from './settings.ts'
import type { correctOrgInput, createOrgInput, renameOrgInput } from './write-contract.ts'
import { type FormingMode, formingModes, type OrgKind, orgKinds } from './words-contract.ts'

type CreateInput = z.output<typeof createOrgInput>

/** What is needed to write a new organisation down. */
export interface NewOrg {
  countyCode: string
  areaCode: string
  name: string
  fullName: string
  kind: OrgKind
  formingMode: FormingMode
  foundedOn: string
  facts: Partial<OrgRecord>
}

/** Writes a new organisation and its first name; answers the row. */
export async function writeOrg(ctx: Context, change: Change, org: NewOrg): Promise<OrgRecord> {
  const id = newId(ctx.now)
  const names = namedColumns(org.name, org.fullName, org.kind, org.facts.code ?? null)
  const row = {
    county_code: org.countyCode,
    id,
    area_code: org.areaCode,
    base_kind: 'unit',
    base_unit_id: null,
    base_text: null,
    code: null,
    approval_no: null,
    approved_on: null,
    planned_end: null,
    premises: null,
    premises_area_m2: null,
    remark: null,
    ...org.facts,
    ...names,
    kind: org.kind,
    forming_mode: org.formingMode,
    founded_on: org.foundedOn,
    dissolved_on: null,
    dissolved_reason: null,
    created_at: ctx.now,
    updated_at: ctx.now,
  }
  await change.add('party_org', [row])
  await change.add('party_org_version', [
    {
      county_code: org.countyCode,
      id: newId(ctx.now),
      org_id: id,
      area_code: org.areaCode,
      kind: org.kind,
      forming_mode: org.formingMode,
      name: names.name,
      full_name: names.full_name,
      valid_from: org.foundedOn,
      valid_to: null,
      reason: null,
    },
  ])
  return row
}

type FactsInput = Pick<
  CreateInput,
  | 'code'
  | 'baseKind'
  | 'baseUnitId'
  | 'baseText'
  | 'approvalNo'
  | 'approvedOn'
  | 'plannedEnd'
  | 'premises'
  | 'premisesAreaM2'
  | 'remark'
>

/** The columns of what an organisation is besides its name. */
function factColumns(input: FactsInput) {
  return {
    code: input.code || null,
    base_kind: input.baseKind,
    base_unit_id: input.baseKind === 'unit' ? input.baseUnitId : null,
    base_text: input.baseKind === 'unit' ? null : input.baseText,
    approval_no: input.approvalNo,
    approved_on: input.approvedOn,
    planned_end: input.plannedEnd,
    premises: input.premises,
    premises_area_m2: input.premisesAreaM2 === null ? null : String(input.premisesAreaM2),
    remark: input.remark,
  }
}

function requireDays(ctx: Context, input: { foundedOn: string; plannedEnd: string | null }): void {
  if (input.foundedOn < '1921-07-01') throw refuse('foundedOn', '成立日期不能早于 1921-07-01。')
  if (input.foundedOn > today(ctx.now)) throw refuse('foundedOn', '成立日期不能晚于今天。')
  if (input.plannedEnd && input.plannedEnd <= input.foundedOn) {
    throw refuse('plannedEnd', '计划撤销日期须在成立日期之后。')
  }
}

/** 成立党组织 */
export async function createOrg(input: CreateInput, ctx: Context) {
  const { countyCode } = input
  requirePlace(ctx, countyCode, input.areaCode)
  requireDays(ctx, input)
  await requireUnique(ctx, { countyCode, id: null, name: input.name, code: input.code })
  await unitsById(ctx, countyCode, [...input.unitIds, ...(input.baseUnitId ? [input.baseUnitId] : [])])
  const change = startChange(ctx, {
    countyCode,
    kind: 'create',
    title: `成立${orgKinds[input.kind]}：${input.name}`,
    reason: input.reason,
    effectiveOn: input.foundedOn,
  })
  const org = await writeOrg(ctx, change, {
    countyCode,
    areaCode: input.areaCode,
    name: input.name,
    fullName: input.fullName,
    kind: input.kind,
    formingMode: input.formingMode,
    foundedOn: input.foundedOn,
    facts: factColumns(input),
  })
  const parent = await parentColumns(ctx, input)
  if (parent) await putUnder(ctx, change, org, 'leadership', parent, input.foundedOn)
  if (input.unitIds.length > 0) {
    const mode = input.coverMode ?? coverModeOf(input.kind, input.formingMode)
    await cover(ctx, change, org, { unitIds: input.unitIds, mode, from: input.foundedOn, move: true, reason: null })
  }
  await seatSecretary(ctx, change, org, input)
  return { id: org.id, changeId: await change.finish() }
}

async function seatSecretary(
  ctx: Context,
  change: Change,
  org: OrgRecord,
  input: { secretary: string | null; electedOn: string | null },
): Promise<void> {
  const from = input.electedOn ?? org.founded_on
  const of = { county_code: org.county_code, org_id: org.id, area_code: org.area_code }
  if (input.electedOn) requireStanding(org, input.electedOn, 'electedOn')
  if (input.secretary) {
    await change.add('party_post', [
      {
        ...of,
        id: newId(ctx.now),
        post: 'secretary',
        ...storedName(ctx.settings, input.secretary),
        in_management: false,
        management_position: null,
        secretary_source: null,
        valid_from: from,
        valid_to: null,
      },
    ])
  }
  if (input.electedOn) {
    const settings = await loadPartySettings(ctx.tx, input.electedOn)
    await change.add('party_term', [
      {
        ...of,
        id: newId(ctx.now),
        ordinal: 1,
        formed_by: 'election',
        elected_on: input.electedOn,
        expires_on: termEnd(org.kind as OrgKind, input.electedOn, settings),
        delayed_until: null,
        delay_approval: null,
        delay_reason: null,
      },
    ])
  }
}

/** 更正党组织信息: what was written down wrongly; what changed with time goes through the other operations. */
export async function correctOrg(input: z.output<typeof correctOrgInput>, ctx: Context) {
  const org = await orgOf(ctx, input.id)
  requirePlace(ctx, org.county_code, input.areaCode)
  requireDays(ctx, input)
  await requireUnique(ctx, { countyCode: org.county_code, id: org.id, name: org.name, code: input.code })
  if (input.baseUnitId) await unitsById(ctx, org.county_code, [input.baseUnitId])
  if (org.dissolved_on && input.foundedOn > org.dissolved_on) {
    throw refuse('foundedOn', '成立日期不能晚于撤销日期。')
  }
  const change = startChange(ctx, {
    countyCode: org.county_code,
    kind: 'correct',
    title: `更正${org.name}的信息`,
    reason: input.reason,
    effectiveOn: null,
  })
  const { search_text } = namedColumns(org.name, org.full_name, org.kind as OrgKind, input.code || null)
  await change.set('party_org', [org.id], {
    ...factColumns(input),
    area_code: input.areaCode,
    founded_on: input.foundedOn,
    search_text,
    updated_at: ctx.now,
  })
  if (input.foundedOn !== org.founded_on) await moveFounding(ctx, change, org, input.foundedOn)
  if (input.areaCode !== org.area_code) await moveArea(ctx, change, org, input.areaCode)
  return { changeId: await change.finish() }
}

/** What began on the day of founding begins on the right day. */
async function moveFounding(ctx: Context, change: Change, org: OrgRecord, day: string): Promise<void> {
  for (const table of ['party_org_version', 'party_org_line', 'party_cover'] as const) {
    const rows = await partyTables(ctx.tx)
      .selectFrom(table as 'party_cover')
      .select(['id', 'valid_from', 'valid_to'])
      .where('county_code', '=', org.county_code)
      .where('org_id', '=', org.id)
      .execute()
    if (rows.some((row) => row.valid_from !== org.founded_on && row.valid_from < day)) {
      throw refuse('foundedOn', '这一天之前已经登记了别的事项，请先更正它们。')
    }
    const first = rows.filter((row) => row.valid_from === org.founded_on)
    if (first.some((row) => row.valid_to !== null && row.valid_to <= day)) {
      throw refuse('foundedOn', '有的事项在这一天之前已经结束，请核对成立日期。')
    }
    await change.set(
      table,
      first.map((row) => row.id),
      { valid_from: day },
    )
  }
}

/** What is guarded by the organisation's area goes along to another. */
async function moveArea(ctx: Context, change: Change, org: OrgRecord, areaCode: string): Promise<void> {
  for (const table of ['party_org_version', 'party_post', 'party_term'] as const) {
    const rows = await partyTables(ctx.tx)
      .selectFrom(table as 'party_post')
      .select('id')
      .where('county_code', '=', org.county_code)
      .where('org_id', '=', org.id)
      .execute()
    await change.set(
      table,
      rows.map((row) => row.id),
      { area_code: areaCode },
    )
  }
}

/** 党组织更名改类: from a day on; what it was before stays so. */
export async function renameOrg(input: z.output<typeof renameOrgInput>, ctx: Context) {
  const org = await orgOf(ctx, input.id)
  requireStanding(org, input.from, 'from')
  if (input.from > today(ctx.now)) throw refuse('from', '更名改类的日期不能晚于今天。')
  await requireUnique(ctx, { countyCode: org.county_code, id: org.id, name: input.name, code: null })
  const change = startChange(ctx, {
    countyCode: org.county_code,
    kind: 'rename',
    title: renameTitle(org, input),
    reason: input.reason,
    effectiveOn: input.from,
  })
  const names = namedColumns(input.name, input.fullName, input.kind, org.code)
  const told = { kind: input.kind, forming_mode: input.formingMode }
  const versions = await partyTables(ctx.tx)
    .selectFrom('party_org_version')
    .select(['id', 'valid_from', 'valid_to'])
    .where('county_code', '=', org.county_code)
    .where('org_id', '=', org.id)
    .orderBy('valid_from', 'desc')
    .execute()
  const last = versions[0]
  if (last && last.valid_from > input.from)
    throw refuse('from', `已登记 ${last.valid_from} 起的名称类别，日期须在其后。`)
  if (last && last.valid_from === input.from) {
    await change.set('party_org_version', [last.id], {
      ...told,
      name: names.name,
      full_name: names.full_name,
      reason: input.reason,
    })
  } else {
    if (last) await change.set('party_org_version', [last.id], { valid_to: input.from })
    await change.add('party_org_version', [
      {
        county_code: org.county_code,
        id: newId(ctx.now),
        org_id: org.id,
        area_code: org.area_code,
        ...told,
        name: names.name,
        full_name: names.full_name,
        valid_from: input.from,
        valid_to: null,
        reason: input.reason,
      },
    ])
  }
  await change.set('party_org', [org.id], { ...names, ...told, updated_at: ctx.now })
  return { changeId: await change.finish() }
}

function renameTitle(org: OrgRecord, to: { name: string; kind: OrgKind; formingMode: FormingMode }): string {
  if (to.name !== org.name) return `${org.name}更名为${to.name}`
  if (to.kind !== org.kind) return `${org.name}由${orgKinds[org.kind as OrgKind]}改为${orgKinds[to.kind]}`
  const former = formingModes[org.forming_mode as FormingMode]
  return `${org.name}由${former}改为${formingModes[to.formingMode]}`
}
