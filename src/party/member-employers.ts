import { sql } from 'kysely'
import { notFound } from '../base/problem.ts'
import type { Context, JobKind } from '../host/context.ts'
import { rederive } from './member-derive-store.ts'
import { memberTables } from './member-person.ts'
import { requireWholeCounty } from './member-scope.ts'
import { retally, unitsOfPersons } from './member-tally-store.ts'
import type { MemberEmployerTable } from './member-tables.ts'
import { readUnitNames, resolveUnits, type UnitNames } from './member-units.ts'

interface ListInput {
  how?: 'unknown' | 'outside' | 'person' | 'matched' | undefined
  text?: string | undefined
  page: number
  pageSize: number
}

/** 工作单位写法: with most members first, so that what matters most is settled first. */
export async function listEmployers(input: ListInput, ctx: Context) {
  const how = input.how ?? null
  const text = input.text ? `%${input.text.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%` : null
  const { rows } = await sql<
    Pick<MemberEmployerTable, 'county_code' | 'employer_key' | 'employer' | 'unit_id' | 'how' | 'said_by'> & {
      unit_name: string | null
      members: number
      total: number
    }
  >`
    select e.*, u.name as unit_name, coalesce(m.members, 0)::int as members, (count(*) over ())::int as total
    from member_employer e
    left join unit u on u.county_code = e.county_code and u.id = e.unit_id
    left join (
      select county_code, employer_key, count(distinct person_digest) as members from (
        select county_code, employer_key, person_digest from member where valid_to is null and employer_key is not null
        union all
        select h.county_code, h.employer_key, h.person_digest from roster_hit h) every group by 1, 2
    ) m on m.county_code = e.county_code and m.employer_key = e.employer_key
    where (${how}::text is null or e.how = ${how} or (${how} = 'matched' and e.how in ('name', 'formerName', 'likeName')))
      and (${text}::text is null or e.employer like ${text})
    order by members desc, e.employer_key
    limit ${input.pageSize} offset ${(input.page - 1) * input.pageSize}`.execute(ctx.tx)
  return {
    total: rows[0]?.total ?? 0,
    rows: rows.map((row) => ({
      countyCode: row.county_code,
      employerKey: row.employer_key,
      employer: row.employer,
      unitId: row.unit_id,
      unitName: row.unit_name,
      how: row.how,
      saidBy: row.said_by,
      members: row.members,
    })),
  }
}

interface SettleInput {
  countyCode: string
  employerKey: string
  unitId: string | null
}

/** 认定工作单位: a person's word for every roster that writes the employer so, from now on too. */
export async function settleEmployer(input: SettleInput, ctx: Context) {
  requireWholeCounty(ctx, input.countyCode)
  const tables = memberTables(ctx.tx)
  const found = await tables
    .selectFrom('member_employer')
    .selectAll()
    .where('county_code', '=', input.countyCode)
    .where('employer_key', '=', input.employerKey)
    .executeTakeFirst()
  if (!found) throw notFound('种写法')
  const unit = input.unitId
    ? await tables
        .selectFrom('unit')
        .select(['id', 'name'])
        .where('county_code', '=', input.countyCode)
        .where('id', '=', input.unitId)
        .executeTakeFirst()
    : null
  if (unit === undefined) throw notFound('家单位')
  const digests = await personsOf(ctx, input.countyCode, [input.employerKey])
  const before = await unitsOfPersons(ctx, input.countyCode, digests)
  await tables
    .updateTable('member_employer')
    .set({
      unit_id: unit?.id ?? null,
      how: unit ? 'person' : 'outside',
      said_by: ctx.actor.name,
      merged_from: null,
      at: ctx.now,
    })
    .where('county_code', '=', input.countyCode)
    .where('employer_key', '=', input.employerKey)
    .execute()
  const names = await readUnitNames(ctx, input.countyCode)
  await rederive(ctx, input.countyCode, digests, names)
  await retally(ctx, input.countyCode, before, names)
  ctx.record({
    countyCode: input.countyCode,
    subject: unit ? `unit:${unit.id}` : 'memberEmployer',
    before: { 写法: found.employer, 认定: found.how },
    after: { 单位: unit?.name ?? '不在台账', 党员: digests.length },
  })
  return { done: true as const }
}

/** Members whose rosters write an employer in one of these ways. */
export async function personsOf(ctx: Context, countyCode: string, keys: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ person_digest: string }>`
    select person_digest from member where county_code = ${countyCode} and employer_key = any (${keys}::text[])
    union select person_digest from roster_hit
      where county_code = ${countyCode} and employer_key = any (${keys}::text[])`.execute(ctx.tx)
  return rows.map((row) => row.person_digest)
}

/** 重新认单位 */
export async function rematchEmployers(input: { countyCode: string }, ctx: Context) {
  requireWholeCounty(ctx, input.countyCode)
  const jobId = await ctx.enqueue({
    kind: 'party.rematchEmployers',
    title: '重新认党员的工作单位',
    input: { countyCode: input.countyCode },
    countyCode: input.countyCode,
  })
  ctx.record({ countyCode: input.countyCode, subject: 'memberEmployer', after: { 作业: jobId } })
  return { jobId }
}

const batchKeys = 300

/**
 * Asks the ledger's present names again for every employer that no person has settled, and works out again whom it
 * concerns: units that came since, were renamed, moved or withdrawn.
 */
export const rematchEmployersJob: JobKind<{ countyCode: string }> = {
  kind: 'party.rematchEmployers',
  async run(job) {
    const { countyCode } = job.input
    const names = await job.transaction((ctx) => readUnitNames(ctx, countyCode))
    let done = 0
    for (let after = ''; ;) {
      job.signal.throwIfAborted()
      const last = await job.transaction((ctx) => rematchBatch(ctx, countyCode, after, names))
      if (last === undefined) return { done }
      after = last.key
      done += last.employers
      await job.progress(done, 0, `已认 ${done.toLocaleString('zh-CN')} 种写法`)
    }
  },
}

async function rematchBatch(ctx: Context, countyCode: string, after: string, names: UnitNames) {
  const rows = await memberTables(ctx.tx)
    .selectFrom('member_employer')
    .select(['employer_key', 'employer', 'how'])
    .where('county_code', '=', countyCode)
    .where('employer_key', '>', after)
    .orderBy('employer_key')
    .limit(batchKeys)
    .execute()
  if (rows.length === 0) return undefined
  const digests = await personsOf(
    ctx,
    countyCode,
    rows.map((row) => row.employer_key),
  )
  const before = await unitsOfPersons(ctx, countyCode, digests)
  const open = rows.filter((row) => row.how !== 'person' && row.how !== 'outside')
  if (open.length > 0) {
    await memberTables(ctx.tx)
      .updateTable('member_employer')
      .set({ unit_id: null, how: 'unknown', merged_from: null })
      .where('county_code', '=', countyCode)
      .where(
        'employer_key',
        'in',
        open.map((row) => row.employer_key),
      )
      .execute()
  }
  await resolveUnits(
    ctx,
    countyCode,
    open.map((row) => row.employer),
    names,
  )
  await rederive(ctx, countyCode, digests, names)
  await retally(ctx, countyCode, before, names)
  return { key: rows.at(-1)!.employer_key, employers: rows.length }
}
