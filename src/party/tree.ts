import { sql } from 'kysely'
import { childRange } from '../base/region.ts'
import { today } from '../base/time.ts'
import type { Context } from '../host/context.ts'
import type { OrgNetwork, TreeNode } from './contract.ts'
import { orgOf, type OrgRecord } from './org-page.ts'
import { heldOn, standsOn, termEndsOn } from './orgs.ts'
import { termStateOf } from './rules.ts'
import { loadPartySettings } from './settings.ts'
import type { FormingMode, OrgKind } from './words-contract.ts'

interface NodeRow {
  id: string
  name: string
  kind: OrgKind
  forming_mode: FormingMode
  area_name: string | null
  children: number
  units: number
  ends_on: string | null
  total: number
}

const nodeColumns = (day: string) => sql`
  o.id, o.name, o.kind, o.forming_mode, r.name as area_name, ${termEndsOn(day)} as ends_on,
  (select count(*) from party_org_line l where l.county_code = o.county_code and l.parent_id = o.id
    and l.line = 'leadership' and ${heldOn('l', day)})::int as children,
  (select count(distinct c.unit_id) from party_cover c where c.county_code = o.county_code and c.org_id = o.id
    and ${heldOn('c', day)})::int as units`

async function nodeOf(ctx: Context, day: string): Promise<(row: NodeRow) => TreeNode> {
  const settings = await loadPartySettings(ctx.tx, day)
  return (row) => ({
    id: row.id,
    name: row.name,
    kind: row.kind,
    areaName: row.area_name ?? '',
    children: row.children,
    units: row.units,
    term: termStateOf({ kind: row.kind, formingMode: row.forming_mode, dissolvedOn: null }, row.ends_on, day, settings),
  })
}

interface TreeInput {
  parentId?: string | undefined
  region?: string | undefined
  page: number
  pageSize: number
}

/** 党组织树: what is under an organisation by 隶属, or those at the top: whose parent is not seen here. */
export async function orgTree(input: TreeInput, ctx: Context) {
  const day = today(ctx.now)
  const where = input.parentId
    ? sql`exists (select from party_org_line l where l.county_code = o.county_code and l.org_id = o.id
        and l.parent_id = ${input.parentId} and l.line = 'leadership' and ${heldOn('l', day)})`
    : topCondition(input.region, day)
  const { rows } = await sql<NodeRow>`
    select ${nodeColumns(day)}, (count(*) over ())::int as total
    from party_org o left join region r on r.code = o.area_code
    where ${standsOn(day)} and ${where}
    order by array_position(array['partyCommittee', 'composite', 'industry', 'generalBranch'], o.kind) nulls last,
      o.sort_key, o.id
    limit ${input.pageSize} offset ${(input.page - 1) * input.pageSize}`.execute(ctx.tx)
  return { rows: rows.map(await nodeOf(ctx, day)), total: rows[0]?.total ?? 0 }
}

function topCondition(region: string | undefined, day: string) {
  const { from, to } = childRange(region ?? '000000000000')
  return sql`o.area_code >= ${from} and o.area_code < ${to} and not exists (
    select from party_org_line l
    join party_org p on p.county_code = l.parent_county_code and p.id = l.parent_id
    where l.county_code = o.county_code and l.org_id = o.id and l.line = 'leadership' and ${heldOn('l', day)}
      and p.area_code >= ${from} and p.area_code < ${to}
      and (p.dissolved_on is null or p.dissolved_on > ${day}::date))`
}

/** 党组织的各级上级, from the top down, the organisation itself last. */
export async function orgPath(input: { id: string }, ctx: Context) {
  const day = today(ctx.now)
  const path: string[] = []
  const org = await orgOf(ctx, input.id)
  for (let at: string | null = org.id; at && !path.includes(at);) {
    path.unshift(at)
    const { rows }: { rows: { parent_id: string }[] } = await sql<{ parent_id: string }>`
      select p.id as parent_id from party_org_line l
      join party_org p on p.county_code = l.parent_county_code and p.id = l.parent_id
      where l.org_id = ${at} and l.line = 'leadership' and ${heldOn('l', day)}`.execute(ctx.tx)
    at = rows[0]?.parent_id ?? null
  }
  const { rows } = await sql<NodeRow>`
    select ${nodeColumns(day)}, 0 as total from party_org o left join region r on r.code = o.area_code
    where o.id = any (${path}::uuid[])`.execute(ctx.tx)
  const found = new Map(rows.map((row) => [row.id, row]))
  const shown = await nodeOf(ctx, day)
  return { path: path.flatMap((id) => (found.has(id) ? [shown(found.get(id)!)] : [])) }
}

/** More of one relation than this are counted, not drawn. */
const drawnMax = 60

/** 组织网络: both lines up and down, the tiers of its network, the units it covers. */
export async function orgNetwork(input: { id: string }, ctx: Context): Promise<OrgNetwork> {
  const day = today(ctx.now)
  const org = await orgOf(ctx, input.id)
  const net: OrgNetwork = { nodes: [], edges: [], cut: 0 }
  const self = `org:${org.id}`
  net.nodes.push({ key: self, id: org.id, kind: 'org', name: org.name, tier: 'self' })
  const join = (node: OrgNetwork['nodes'][number], edge: OrgNetwork['edges'][number]) => {
    if (!net.nodes.some((one) => one.key === node.key)) net.nodes.push(node)
    net.edges.push(edge)
  }
  for (const row of await aboveOf(ctx, org, day)) {
    const key = row.id ? `org:${row.id}` : `name:${row.name}`
    join(
      { key, id: row.id, kind: row.id ? 'org' : 'outside', name: row.name, tier: 'parent' },
      { from: key, to: self, relation: row.line },
    )
  }
  const below = await belowOf(ctx, org, day)
  for (const row of below.slice(0, drawnMax)) {
    join(
      { key: `org:${row.id}`, id: row.id, kind: 'org', name: row.name, tier: 'child' },
      { from: self, to: `org:${row.id}`, relation: row.line },
    )
  }
  const linked = await linksOf(ctx, org, day)
  for (const row of linked.slice(0, drawnMax)) {
    const kind = row.of_unit ? 'unit' : 'org'
    join(
      { key: `${kind}:${row.id}`, id: row.id, kind, name: row.name, tier: row.kind },
      { from: self, to: `${kind}:${row.id}`, relation: row.kind },
    )
  }
  const units = await unitsOf(ctx, org, day)
  for (const row of units.slice(0, drawnMax)) {
    join(
      { key: `unit:${row.id}`, id: row.id, kind: 'unit', name: row.name, tier: 'unit' },
      { from: self, to: `unit:${row.id}`, relation: 'cover' },
    )
  }
  for (const list of [below, linked, units]) net.cut += Math.max(list.length - drawnMax, 0)
  return net
}

async function aboveOf(ctx: Context, org: OrgRecord, day: string) {
  const { rows } = await sql<{ id: string | null; name: string; line: 'leadership' | 'guidance' }>`
    select p.id, coalesce(p.name, l.parent_name) as name, l.line from party_org_line l
    left join party_org p on p.county_code = l.parent_county_code and p.id = l.parent_id
    where l.county_code = ${org.county_code} and l.org_id = ${org.id} and ${heldOn('l', day)}`.execute(ctx.tx)
  return rows
}

async function belowOf(ctx: Context, org: OrgRecord, day: string) {
  const { rows } = await sql<{ id: string; name: string; line: 'leadership' | 'guidance' }>`
    select o.id, o.name, l.line from party_org_line l
    join party_org o on o.county_code = l.county_code and o.id = l.org_id
    where l.parent_id = ${org.id} and ${heldOn('l', day)} and ${standsOn(day)} order by o.sort_key`.execute(ctx.tx)
  return rows
}

async function linksOf(ctx: Context, org: OrgRecord, day: string) {
  const { rows } = await sql<{ id: string; name: string; kind: 'core' | 'key' | 'base'; of_unit: boolean }>`
    select coalesce(o.id, u.id) as id, coalesce(o.name, u.name) as name, k.kind, k.to_unit_id is not null as of_unit
    from org_link k
    left join party_org o on o.county_code = k.county_code and o.id = k.to_org_id
    left join unit u on u.county_code = k.county_code and u.id = k.to_unit_id
    where k.county_code = ${org.county_code} and k.org_id = ${org.id} and ${heldOn('k', day)}
      and coalesce(o.id, u.id) is not null
    order by array_position(array['core', 'key', 'base'], k.kind)`.execute(ctx.tx)
  return rows
}

async function unitsOf(ctx: Context, org: OrgRecord, day: string) {
  const { rows } = await sql<{ id: string; name: string }>`
    select distinct u.id, u.name, u.sort_key from party_cover c
    join unit u on u.county_code = c.county_code and u.id = c.unit_id
    where c.county_code = ${org.county_code} and c.org_id = ${org.id} and ${heldOn('c', day)}
    order by u.sort_key`.execute(ctx.tx)
  return rows
}
