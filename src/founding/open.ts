import { sql } from 'kysely'
import { namePattern } from '../base/chinese.ts'
import { newId } from '../base/ids.ts'
import { notFound, Problem } from '../base/problem.ts'
import { today } from '../base/time.ts'
import type { CoverageTables } from '../coverage/tables.ts'
import { findGround, within } from '../coverage/service.ts'
import { setProposalState } from '../forming/service.ts'
import type { FormingTables } from '../forming/tables.ts'
import type { Context } from '../host/context.ts'
import { ledgerTables } from '../ledger/service.ts'
import type { PartyTables } from '../party/tables.ts'
import type { FormingMode, OrgKind } from '../party/words-contract.ts'
import { foundingTables, requireFree } from './case.ts'
import { dueOf, usualName } from './rules.ts'
import { settingsOn } from './settings.ts'
import type { CaseTable } from './tables.ts'

interface Wanted {
  unitIds: readonly string[]
  kind: OrgKind
  formingMode: FormingMode
  orgName: string
  parentId: string | null
  parentName: string | null
  hostOrgId?: string | null
  proposalId?: string
}

/** Opens a case for units of one county; the first leads. */
async function open(ctx: Context, wanted: Wanted): Promise<string> {
  const unitIds = [...new Set(wanted.unitIds)]
  const units = await ledgerTables(ctx.tx)
    .selectFrom('unit')
    .select(['county_code', 'area_code', 'id', 'name'])
    .where('id', 'in', unitIds)
    .execute()
  const lead = units.find((one) => one.id === unitIds[0])
  if (!lead || units.length !== unitIds.length) throw notFound('家单位')
  const countyCode = lead.county_code
  if (units.some((one) => one.county_code !== countyCode)) throw new Problem('invalid', '单位须在同一个县（市、区）。')
  await requireFree(ctx, countyCode, unitIds)
  const day = today(ctx.now)
  const settings = await settingsOn(ctx.tx, countyCode, day)
  const id = newId(ctx.now)
  const row: CaseTable = {
    county_code: countyCode,
    id,
    area_code: lead.area_code,
    form: wanted.hostOrgId ? 'join' : 'found',
    state: 'open',
    step: 'contact',
    due_on: dueOf('contact', day, settings),
    opened_on: day,
    proposal_id: wanted.proposalId ?? null,
    kind: wanted.kind,
    forming_mode: wanted.formingMode,
    org_name: wanted.orgName || usualName(lead.name, wanted.kind),
    lead_id: lead.id,
    unit_ids: unitIds,
    host_org_id: wanted.hostOrgId ?? null,
    parent_id: wanted.parentId,
    parent_name: wanted.parentId ? null : wanted.parentName || null,
    members: await formalMembers(ctx, countyCode, unitIds),
    org_id: null,
    author: ctx.actor.name,
    at: ctx.now,
    ended_on: null,
    closed_reason: null,
  }
  await foundingTables(ctx.tx).insertInto('founding_case').values(row).execute()
  return id
}

/** Formal members of units today, as coverage counts them. */
export async function formalMembers(ctx: Context, countyCode: string, unitIds: readonly string[]): Promise<number> {
  const { members } = await ctx.tx
    .withTables<CoverageTables>()
    .selectFrom('unit_state')
    .select((of) => of.fn.coalesce(of.fn.sum<number>('formal'), sql<number>`0`).as('members'))
    .where('county_code', '=', countyCode)
    .where('unit_id', 'in', unitIds)
    .where('valid_to', 'is', null)
    .executeTakeFirstOrThrow()
  return members
}

/** 开办组建 for units that were chosen by hand. */
export async function openCase(input: Omit<Wanted, 'hostOrgId' | 'proposalId'>, ctx: Context) {
  if (input.unitIds.length > 1 && input.formingMode === 'solo')
    throw new Problem('invalid', '单独组建只能选一家单位；几家一起请选联合、区域或行业组建。')
  const id = await open(ctx, input)
  const { countyCode, orgName } = await told(ctx, id)
  ctx.record({ countyCode, subject: `founding:${id}`, after: { 开办: orgName, 单位数: input.unitIds.length } })
  return { id }
}

async function told(ctx: Context, id: string) {
  const row = await foundingTables(ctx.tx)
    .selectFrom('founding_case')
    .select(['county_code', 'org_name'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return { countyCode: row.county_code, orgName: row.org_name }
}

/** Groups that were approved and that no case was opened for. */
export async function countWaiting(ctx: Context, region: string | undefined): Promise<number> {
  const ground = await findGround(ctx, region)
  const { rows } = await sql<{ n: number }>`
    select count(*)::integer as n from forming_proposal where ${within(ground)} and state = 'approved'`.execute(ctx.tx)
  return rows[0]!.n
}

/** 查看已批准待办理的编组: newest first. */
export async function listWaiting(
  input: { region?: string | undefined; text?: string | undefined; page: number; pageSize: number },
  ctx: Context,
) {
  const pattern = namePattern(input.text)
  const named = pattern
    ? sql`where exists (select from unit u where u.county_code = p.county_code and u.id = any (p.unit_ids) and u.name_key like ${pattern})`
    : sql``
  const ground = await findGround(ctx, input.region)
  const { rows } = await sql<{
    id: string
    plan_id: string
    lead_name: string
    host_name: string | null
    units: string[]
    members: number
    formal: number
    approved_by: string
    approved_at: Date
    total: number
  }>`
    select p.id, p.plan_id, coalesce(l.name, '') as lead_name, o.name as host_name, p.members, p.approved_by, p.approved_at,
      (select coalesce(sum(s.formal), 0)::integer from unit_state s where s.county_code = p.county_code
        and s.unit_id = any (p.unit_ids) and s.valid_to is null) as formal,
      array(select u.name from unit u where u.county_code = p.county_code and u.id = any (p.unit_ids) order by u.id) as units,
      count(*) over () as total
    from (select * from forming_proposal where ${within(ground)} and state = 'approved') p
    left join unit l on l.county_code = p.county_code and l.id = p.lead_id
    left join party_org o on o.county_code = p.county_code and o.id = p.host_org_id
    ${named} order by p.approved_at desc, p.id
    limit ${input.pageSize} offset ${(input.page - 1) * input.pageSize}`.execute(ctx.tx)
  return {
    total: rows[0]?.total ?? 0,
    rows: rows.map((row) => ({
      proposalId: row.id,
      planId: row.plan_id,
      leadName: row.host_name ?? row.lead_name,
      hostName: row.host_name,
      units: row.units,
      members: row.members,
      formal: row.formal,
      approvedBy: row.approved_by,
      approvedAt: row.approved_at.toISOString(),
    })),
  }
}

/** 按批准的编组开办: a case for each, all or none. */
export async function openFromProposals(
  input: { proposalIds: string[]; parentId: string | null; parentName: string | null },
  ctx: Context,
) {
  const ids = [...new Set(input.proposalIds)]
  const proposals = await heldProposals(ctx, ids)
  if (proposals.length !== ids.length) throw notFound('个已批准的编组')
  if (proposals.some((one) => one.state !== 'approved')) throw new Problem('conflict', '其中有的已经开办，请刷新名单。')
  const opened: string[] = []
  for (const one of proposals) {
    const host = one.host_org_id ? await hostOf(ctx, one.host_org_id) : null
    const others = one.unit_ids.filter((id) => id !== one.lead_id)
    opened.push(
      await open(ctx, {
        unitIds: host ? one.unit_ids : [one.lead_id, ...others],
        kind: host?.kind ?? 'jointBranch',
        formingMode: host?.formingMode ?? 'joint',
        orgName: host?.name ?? '',
        parentId: host ? null : input.parentId,
        parentName: host ? null : input.parentName,
        hostOrgId: host?.id ?? null,
        proposalId: one.id,
      }),
    )
  }
  await setProposalState(ctx, ids, 'begun')
  ctx.record({
    countyCode: proposals[0]!.county_code,
    subject: 'founding:proposals',
    after: { 开办: opened.length, 编组: ids },
  })
  return { opened: opened.length, ids: opened }
}

/** Groups that were approved, held against others until the command ends; rows are locked in one county at a time. */
async function heldProposals(ctx: Context, ids: readonly string[]) {
  const chosen = ctx.tx.withTables<FormingTables>().selectFrom('forming_proposal').where('id', 'in', ids)
  const counties = await chosen.select('county_code').distinct().orderBy('county_code').execute()
  const held = []
  for (const { county_code: countyCode } of counties)
    held.push(...(await chosen.selectAll().where('county_code', '=', countyCode).orderBy('id').forUpdate().execute()))
  return held
}

/** The organisation that is to take units in: a case is filed as what it is. @throws Problem where it stands no more */
async function hostOf(ctx: Context, id: string) {
  const org = await ctx.tx
    .withTables<PartyTables>()
    .selectFrom('party_org')
    .select(['id', 'name', 'kind', 'forming_mode', 'dissolved_on'])
    .where('id', '=', id)
    .executeTakeFirst()
  if (!org) throw notFound('个党组织')
  if (org.dissolved_on)
    throw new Problem('conflict', `“${org.name}”已于 ${org.dissolved_on} 撤销，不能并入，请在方案里重新编组。`)
  return { id, name: org.name, kind: org.kind as OrgKind, formingMode: org.forming_mode as FormingMode }
}
