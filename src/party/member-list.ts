import { sql } from 'kysely'
import { notFound } from '../base/problem.ts'
import { childRange } from '../base/region.ts'
import { today } from '../base/time.ts'
import type { Context, Transaction } from '../host/context.ts'
import type { MemberFilter, Relation } from './member-contract.ts'
import { memberTables, nameDigest, openName, personDigest } from './member-person.ts'
import { readPersonNumber } from './member-number.ts'
import { orgNamesOf } from './member-orgs.ts'
import type { MemberTable } from './member-tables.ts'

/** The members that a filter leaves, in the actor's scope. */
export function filteredMembers(ctx: Context, filter: MemberFilter) {
  let query = memberTables(ctx.tx)
    .selectFrom('member')
    .where('member.valid_to', filter.ended ? 'is not' : 'is', null)
  if (filter.name) query = query.where('member.name_digest', '=', nameDigest(ctx.settings, filter.name))
  if (filter.kind) query = query.where('member.kind', '=', filter.kind)
  if (filter.floating !== undefined) query = query.where('member.floating', '=', filter.floating)
  if (filter.relation === 'here') query = query.where('member.relation_here', '=', true)
  if (filter.relation === 'elsewhere') {
    query = query.where('member.relation_here', '=', false).where('member.unit_id', 'is not', null)
  }
  if (filter.relation === 'unplaced') query = query.where('member.unit_id', 'is', null)
  if (filter.region) {
    const { from, to } = childRange(filter.region)
    query = query.where('member.area_code', '>=', from).where('member.area_code', '<', to)
  }
  if (filter.unitId) {
    const { unitId } = filter
    query = query.where((eb) => eb.or([eb('member.unit_id', '=', unitId), eb('member.relation_unit_id', '=', unitId)]))
  }
  if (filter.orgId) query = query.where('member.party_org_id', '=', filter.orgId)
  if (filter.branch) query = query.where('member.branch', '=', filter.branch)
  if (filter.notFoundIn) {
    const checkId = filter.notFoundIn
    query = query.where(
      sql<boolean>`member.person_digest not in (
        select h.person_digest from roster_hit h where h.check_id = ${checkId})`,
    )
  }
  return query
}

const columns = [
  'member.county_code',
  'member.id',
  'member.name_masked',
  'member.kind',
  'member.floating',
  'member.branch',
  'member.party_org_id',
  'member.employer',
  'member.unit_id',
  'member.relation_here',
  'member.joined_on',
  'member.formal_on',
  'member.valid_from',
  'member.valid_to',
] as const

type Listed = Pick<
  MemberTable,
  (typeof columns)[number] extends `member.${infer Name}` ? Name & keyof MemberTable : never
>

/** Names of the units and organisations that rows name. */
async function namesOf(tx: Transaction, rows: readonly Listed[]) {
  const unitIds = [...new Set(rows.flatMap((row) => row.unit_id ?? []))]
  const units = unitIds.length
    ? await memberTables(tx).selectFrom('unit').select(['id', 'name']).where('id', 'in', unitIds).execute()
    : []
  const orgs = await orgNamesOf(
    tx,
    rows.flatMap((row) => row.party_org_id ?? []),
  )
  return { units: new Map(units.map((unit) => [unit.id, unit.name])), orgs }
}

function rowOf(row: Listed, { units, orgs }: Awaited<ReturnType<typeof namesOf>>) {
  const relation: Relation = row.unit_id === null ? 'unplaced' : row.relation_here ? 'here' : 'elsewhere'
  return {
    countyCode: row.county_code,
    id: row.id,
    name: row.name_masked,
    kind: row.kind,
    floating: row.floating,
    branch: row.branch,
    orgId: row.party_org_id,
    orgName: row.party_org_id ? (orgs.get(row.party_org_id) ?? null) : null,
    employer: row.employer,
    unitId: row.unit_id,
    unitName: row.unit_id ? (units.get(row.unit_id) ?? null) : null,
    relation,
    joinedOn: row.joined_on,
    formalOn: row.formal_on,
    validFrom: row.valid_from,
    validTo: row.valid_to,
  }
}

async function rowsOf(tx: Transaction, rows: readonly Listed[]) {
  const names = await namesOf(tx, rows)
  return rows.map((row) => rowOf(row, names))
}

/** 查询党员 */
export async function searchMembers(input: { filter: MemberFilter; page: number; pageSize: number }, ctx: Context) {
  const query = filteredMembers(ctx, input.filter)
  const { total } = await query.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const rows = await query
    .select(columns)
    .orderBy('member.branch_key')
    .orderBy('member.id')
    .limit(input.pageSize)
    .offset((input.page - 1) * input.pageSize)
    .execute()
  return { rows: await rowsOf(ctx.tx, rows), total }
}

/** 按身份证号查党员: through the number's digest, which the journal does not get either. */
export async function findMember(input: { idNumber: string }, ctx: Context) {
  const read = readPersonNumber(input.idNumber)
  const rows =
    read.kind === 'number'
      ? await memberTables(ctx.tx)
          .selectFrom('member')
          .select(columns)
          .where('member.person_digest', '=', personDigest(ctx.settings, read.number))
          .where('member.valid_to', 'is', null)
          .execute()
      : []
  ctx.record({ subject: rows[0] ? `member:${rows[0].id}` : 'member', after: { 查到: rows.length } })
  return { rows: await rowsOf(ctx.tx, rows) }
}

async function findVersion(ctx: Context, id: string) {
  const found = await memberTables(ctx.tx).selectFrom('member').selectAll().where('id', '=', id).executeTakeFirst()
  if (!found) throw notFound('名党员')
  return found
}

/** 查看党员记录 */
export async function getMember(input: { id: string }, ctx: Context) {
  const found = await findVersion(ctx, input.id)
  const tables = memberTables(ctx.tx)
  const versions = await tables
    .selectFrom('member')
    .select(columns)
    .where('county_code', '=', found.county_code)
    .where('person_digest', '=', found.person_digest)
    .orderBy('valid_from')
    .execute()
  const source = await tables
    .selectFrom('member_import')
    .select(['id', 'file_name'])
    .where('county_code', '=', found.county_code)
    .where('id', '=', found.import_id)
    .executeTakeFirst()
  const relationUnit = found.relation_unit_id
    ? await tables.selectFrom('unit').select(['id', 'name']).where('id', '=', found.relation_unit_id).executeTakeFirst()
    : undefined
  const [row] = await rowsOf(ctx.tx, [found])
  return {
    ...row!,
    relationUnit: relationUnit ?? null,
    source: source ? { importId: source.id, fileName: source.file_name } : null,
    versions: await rowsOf(ctx.tx, versions),
    insured: await insuredRows(ctx, found),
  }
}

async function insuredRows(ctx: Context, found: Pick<MemberTable, 'county_code' | 'person_digest'>) {
  const { rows } = await sql<{
    as_of: string
    file_name: string
    employer: string
    unit_id: string | null
    unit_name: string | null
  }>`
    select c.as_of, c.file_name, h.employer, u.id as unit_id, u.name as unit_name
    from roster_hit h
    join roster_check c on c.county_code = h.county_code and c.id = h.check_id and c.state = 'done'
    left join member_employer e on e.county_code = h.county_code and e.employer_key = h.employer_key
    left join unit u on u.county_code = e.county_code and u.id = e.unit_id
    where h.county_code = ${found.county_code} and h.person_digest = ${found.person_digest}
    order by c.as_of desc, c.created_at desc`.execute(ctx.tx)
  return rows.map((row) => ({
    asOf: row.as_of,
    fileName: row.file_name,
    employer: row.employer,
    unitId: row.unit_id,
    unitName: row.unit_name,
  }))
}

/** 查看党员姓名; the purpose goes into the journal, the name does not. */
export async function revealMember(input: { id: string; purpose: string }, ctx: Context) {
  const found = await findVersion(ctx, input.id)
  ctx.record({
    countyCode: found.county_code,
    subject: `member:${found.id}`,
    purpose: input.purpose,
    after: { 查看: '姓名', 截至: today(ctx.now) },
  })
  return { value: openName(ctx.settings, found.name_sealed) }
}
