import { sql } from 'kysely'
import { notFound } from '../base/problem.ts'
import { today } from '../base/time.ts'
import type { Context } from '../host/context.ts'
import { partyTables } from './change-rows.ts'
import type { ChangeKind, CoverMode, OrgLine, PartyPost, SecretarySource } from './words-contract.ts'
import type { BaseKind, FormingMode, OrgKind } from './words-contract.ts'
import { heldOn, membersOf, orgRows } from './orgs.ts'
import { findingsOf, type OrgFacts } from './rules.ts'
import { loadPartySettings } from './settings.ts'
import type { ChangeTable } from './tables.ts'

/** The row of an organisation. @throws Problem('notFound') for one outside of the actor's scope */
export async function orgOf(ctx: Context, id: string) {
  const org = await partyTables(ctx.tx).selectFrom('party_org').selectAll().where('id', '=', id).executeTakeFirst()
  if (!org) throw notFound('个党组织')
  return org
}
export type OrgRecord = Awaited<ReturnType<typeof orgOf>>

/** 查看党组织 */
export async function getOrg(input: { id: string }, ctx: Context) {
  const day = today(ctx.now)
  const settings = await loadPartySettings(ctx.tx, day)
  const org = await orgOf(ctx, input.id)
  const [row] = await orgRows(ctx.tx, [org.id], day, settings)
  const parts = await partsOf(ctx, org)
  const covers = await coversOn(ctx, org, day)
  const members = (await membersOf(ctx.tx, [org.id])).get(org.id) ?? null
  const facts: OrgFacts = {
    kind: org.kind as OrgKind,
    formingMode: org.forming_mode as FormingMode,
    foundedOn: org.founded_on,
    dissolvedOn: org.dissolved_on,
    plannedEnd: org.planned_end,
    formal: members?.formal ?? null,
    probationary: members?.probationary ?? null,
    covers,
    posts: parts.posts,
    term: parts.terms.find((term) => term.electedOn <= day) ?? null,
    hasParent: row!.parentName !== null,
  }
  return {
    ...row!,
    fullName: org.full_name,
    baseKind: org.base_kind as BaseKind,
    baseUnit: org.base_unit_id ? await baseUnitOf(ctx, org) : null,
    baseText: org.base_text,
    approvalNo: org.approval_no,
    approvedOn: org.approved_on,
    plannedEnd: org.planned_end,
    dissolvedReason: org.dissolved_reason,
    premises: org.premises,
    premisesAreaM2: org.premises_area_m2 === null ? null : Number(org.premises_area_m2),
    remark: org.remark,
    membersFrom: members?.from ?? null,
    membersAsOf: members ? (members.asOf ?? day) : null,
    children: await childrenOf(ctx, org, day),
    ...parts,
    findings: findingsOf(facts, day, settings),
  }
}

async function baseUnitOf(ctx: Context, org: OrgRecord) {
  const unit = await partyTables(ctx.tx)
    .selectFrom('unit')
    .select(['id', 'name'])
    .where('county_code', '=', org.county_code)
    .where('id', '=', org.base_unit_id)
    .executeTakeFirst()
  return unit ?? null
}

async function childrenOf(ctx: Context, org: OrgRecord, day: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from party_org_line l
    join party_org o on o.county_code = l.county_code and o.id = l.org_id
    where l.parent_id = ${org.id} and l.line = 'leadership' and ${heldOn('l', day)}
      and (o.dissolved_on is null or o.dissolved_on > ${day}::date)`.execute(ctx.tx)
  return rows[0]!.n
}

async function coversOn(ctx: Context, org: OrgRecord, day: string) {
  const { rows } = await sql<{ mode: CoverMode; formal: number | null }>`
    select c.mode, t.formal from party_cover c
    left join member_tally t on t.county_code = c.county_code and t.unit_id = c.unit_id and ${heldOn('t', day)}
    where c.county_code = ${org.county_code} and c.org_id = ${org.id} and ${heldOn('c', day)}`.execute(ctx.tx)
  return rows
}

const dated = (row: { valid_from: string; valid_to: string | null }) => ({
  validFrom: row.valid_from,
  validTo: row.valid_to,
})

/** What hangs on an organisation, the newest first. */
async function partsOf(ctx: Context, org: OrgRecord) {
  const tables = partyTables(ctx.tx)
  const own = { county_code: org.county_code, org_id: org.id }
  const lines = await sql<{
    id: string
    line: OrgLine
    parent_id: string | null
    parent_name: string
    valid_from: string
    valid_to: string | null
  }>`
    select l.id, l.line, p.id as parent_id, coalesce(p.name, l.parent_name) as parent_name, l.valid_from, l.valid_to
    from party_org_line l left join party_org p on p.county_code = l.parent_county_code and p.id = l.parent_id
    where l.county_code = ${org.county_code} and l.org_id = ${org.id}
    order by l.line desc, l.valid_from desc`.execute(ctx.tx)
  const posts = await tables
    .selectFrom('party_post')
    .selectAll()
    .where((eb) => eb.and(own))
    .orderBy('valid_from', 'desc')
    .orderBy('id')
    .execute()
  const terms = await tables
    .selectFrom('party_term')
    .selectAll()
    .where((eb) => eb.and(own))
    .orderBy('elected_on', 'desc')
    .execute()
  const versions = await tables
    .selectFrom('party_org_version')
    .selectAll()
    .where((eb) => eb.and(own))
    .orderBy('valid_from', 'desc')
    .execute()
  return {
    lines: lines.rows.map((row) => ({
      id: row.id,
      line: row.line,
      parentId: row.parent_id,
      parentName: row.parent_name,
      ...dated(row),
    })),
    posts: posts.map((row) => ({
      id: row.id,
      post: row.post as PartyPost,
      name: row.name_masked,
      inManagement: row.in_management,
      managementPosition: row.management_position,
      secretarySource: row.secretary_source as SecretarySource | null,
      ...dated(row),
    })),
    terms: terms.map((row) => ({
      id: row.id,
      ordinal: row.ordinal,
      formedBy: row.formed_by as 'election' | 'appointment',
      electedOn: row.elected_on,
      expiresOn: row.expires_on,
      delayedUntil: row.delayed_until,
      delayApproval: row.delay_approval,
      delayReason: row.delay_reason,
    })),
    versions: versions.map((row) => ({
      id: row.id,
      name: row.name,
      fullName: row.full_name,
      kind: row.kind as OrgKind,
      formingMode: row.forming_mode as FormingMode,
      reason: row.reason,
      ...dated(row),
    })),
  }
}

/** 党组织覆盖的单位 */
export async function listOrgUnits(
  input: { id: string; which: 'now' | 'all'; page: number; pageSize: number },
  ctx: Context,
) {
  const day = today(ctx.now)
  const org = await orgOf(ctx, input.id)
  const { rows } = await sql<{
    id: string
    unit_id: string
    unit_name: string
    unit_kind: string
    area_name: string | null
    mode: CoverMode
    formal: number | null
    reason: string | null
    valid_from: string
    valid_to: string | null
    total: number
  }>`
    select c.id, c.unit_id, u.name as unit_name, u.kind as unit_kind, r.name as area_name, c.mode, t.formal, c.reason,
      c.valid_from, c.valid_to, (count(*) over ())::int as total
    from party_cover c
    join unit u on u.county_code = c.county_code and u.id = c.unit_id
    left join region r on r.code = u.area_code
    left join member_tally t on t.county_code = c.county_code and t.unit_id = c.unit_id and ${heldOn('t', day)}
    where c.county_code = ${org.county_code} and c.org_id = ${org.id}
      and (${input.which === 'all'} or c.valid_to is null or c.valid_to > ${day}::date)
    order by (c.valid_to is not null), u.sort_key, c.id
    limit ${input.pageSize} offset ${(input.page - 1) * input.pageSize}`.execute(ctx.tx)
  return {
    total: rows[0]?.total ?? 0,
    rows: rows.map((row) => ({
      id: row.id,
      unitId: row.unit_id,
      unitName: row.unit_name,
      unitKind: row.unit_kind,
      areaName: row.area_name ?? '',
      mode: row.mode,
      formal: row.formal,
      reason: row.reason,
      ...dated(row),
    })),
  }
}

/** A change as lists tell it. */
export function changeRowOf(row: Omit<ChangeTable, 'org_ids' | 'county_code' | 'author_id'>) {
  return {
    id: row.id,
    kind: row.kind as ChangeKind,
    title: row.title,
    reason: row.reason,
    effectiveOn: row.effective_on,
    author: row.author,
    at: row.at.toISOString(),
    undoneAt: row.undone_at?.toISOString() ?? null,
    undoneBy: row.undone_by,
    undoneReason: row.undone_reason,
  }
}

/** 党组织变动记录, the newest first. */
export async function listOrgChanges(input: { id: string; page: number; pageSize: number }, ctx: Context) {
  const org = await orgOf(ctx, input.id)
  const query = partyTables(ctx.tx)
    .selectFrom('party_change')
    .where('county_code', '=', org.county_code)
    .where(sql<boolean>`org_ids @> array[${org.id}]::uuid[]`)
  const { total } = await query.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const rows = await query
    .selectAll()
    .orderBy('id', 'desc')
    .limit(input.pageSize)
    .offset((input.page - 1) * input.pageSize)
    .execute()
  return { total, rows: rows.map(changeRowOf) }
}
