import { type RawBuilder, sql, type SqlBool } from 'kysely'
import { namePattern } from '../base/chinese.ts'
import { notFound, Problem } from '../base/problem.ts'
import { addDays, today } from '../base/time.ts'
import { findGround, within } from '../coverage/service.ts'
import type { Context } from '../host/context.ts'
import { regionNames } from '../office/service.ts'
import type { FormingMode, OrgKind } from '../party/words-contract.ts'
import { caseOf, foundingTables, setCase } from './case.ts'
import { checkList, evidenceOf } from './dossier.ts'
import { countWaiting } from './open.ts'
import { membersMinOf } from './steps.ts'
import { foundingSteps, type FoundingStep } from './rules.ts'
import type { CaseTable } from './tables.ts'

const soonDays = 7

/** Which cases. */
export interface WantedCases {
  region?: string | undefined
  state?: CaseTable['state'] | undefined
  step?: FoundingStep | undefined
  overdue?: boolean | undefined
  soon?: boolean | undefined
  text?: string | undefined
}

type CaseRow = CaseTable & { lead_name: string; total: number; place: number; late: number }

/** Cases as a query, `c`, and what is wanted of them. */
async function findCases(ctx: Context, input: WantedCases) {
  const ground = await findGround(ctx, input.region)
  const now = today(ctx.now)
  const conditions: RawBuilder<SqlBool>[] = [within(ground)]
  if (input.state) conditions.push(sql`state = ${input.state}`)
  if (input.step) conditions.push(sql`step = ${input.step}`)
  if (input.overdue) conditions.push(sql`state = 'open' and due_on < ${now}::date`)
  if (input.soon)
    conditions.push(sql`state = 'open' and due_on >= ${now}::date and due_on <= ${addDays(now, soonDays)}::date`)
  if (input.text) {
    const [raw, pattern] = [`%${input.text.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`, namePattern(input.text)]
    conditions.push(sql`(org_name like ${raw} or exists (select from unit u
      where u.county_code = k.county_code and u.id = any (k.unit_ids) and u.name_key like ${pattern}))`)
  }
  const where = sql.join(conditions, sql` and `)
  return { name: ground.name, from: sql`(select * from founding_case k where ${where}) c` }
}

/** Rows as the contract shows them. */
async function shown(ctx: Context, rows: readonly CaseRow[]) {
  const areas = await regionNames(
    ctx.tx,
    rows.map((row) => row.area_code),
  )
  const now = today(ctx.now)
  return rows.map((row) => ({
    countyCode: row.county_code,
    id: row.id,
    form: row.form,
    state: row.state,
    step: row.step,
    dueOn: row.due_on,
    overdue: row.due_on !== null && row.due_on < now,
    kind: row.kind,
    formingMode: row.forming_mode,
    orgName: row.org_name,
    leadId: row.lead_id,
    leadName: row.lead_name,
    units: row.unit_ids.length,
    members: row.members,
    areaName: areas.get(row.area_code)?.name ?? row.area_code,
    openedOn: row.opened_on,
    endedOn: row.ended_on,
    orgId: row.org_id,
  }))
}

const leadName = sql`coalesce((select u.name from unit u where u.county_code = c.county_code and u.id = c.lead_id), '') as lead_name`
const orders = { dueOn: sql`due_on`, openedOn: sql`opened_on`, orgName: sql`org_name` }

/** A page of cases with the count of all. */
export async function readCases(
  ctx: Context,
  input: WantedCases & { sort: keyof typeof orders; order: 'asc' | 'desc'; limit: number; offset: number },
) {
  const { from, name } = await findCases(ctx, input)
  const { rows } = await sql<CaseRow>`
    select c.*, ${leadName}, count(*) over () as total from ${from}
    order by ${orders[input.sort]} ${sql.raw(input.order)} nulls last, c.id
    limit ${input.limit} offset ${input.offset}`.execute(ctx.tx)
  return { name, total: rows[0]?.total ?? 0, rows: await shown(ctx, rows) }
}

/** 查看组建办理台账 */
export async function listCases(
  input: WantedCases & { sort: keyof typeof orders; order: 'asc' | 'desc'; page: number; pageSize: number },
  ctx: Context,
) {
  const { page, pageSize } = input
  const { total, rows } = await readCases(ctx, { ...input, limit: pageSize, offset: (page - 1) * pageSize })
  return { total, rows }
}

const cardsShown = 20

/** 查看组建办理看板: the open cases by what comes next, the nearest terms first. */
export async function getBoard(input: { region?: string | undefined }, ctx: Context) {
  const { from } = await findCases(ctx, input)
  const now = today(ctx.now)
  const { rows } = await sql<CaseRow>`
    select * from (
      select c.*, ${leadName}, row_number() over (partition by step order by due_on, id) as place,
        count(*) over (partition by step) as total,
        count(*) filter (where due_on < ${now}::date) over (partition by step) as late
      from ${from} where state = 'open') ranked
    where place <= ${cardsShown} order by due_on, id`.execute(ctx.tx)
  const ended = await sql<{ done: number; closed: number }>`
    select count(*) filter (where state = 'done')::integer as done,
      count(*) filter (where state = 'closed')::integer as closed from ${from}`.execute(ctx.tx)
  const cards = await shown(ctx, rows)
  const columns = (Object.keys(foundingSteps) as FoundingStep[]).map((step) => {
    const first = rows.find((row) => row.step === step)
    return {
      step,
      total: first?.total ?? 0,
      overdue: first?.late ?? 0,
      cases: cards.filter((card) => card.step === step),
    }
  })
  return { columns, ...ended.rows[0]!, waiting: await countWaiting(ctx, input.region) }
}

/** 查看一件组建办理 */
export async function getCase(input: { id: string }, ctx: Context) {
  // Who joins an organisation comes under its parent of today.
  const now = today(ctx.now)
  const { rows } = await sql<CaseRow & { host_name: string | null; parent: string | null; over_id: string | null }>`
    select c.*, ${leadName}, o.name as host_name, coalesce(p.name, h.name, l.parent_name) as parent,
      coalesce(c.parent_id, h.id) as over_id
    from founding_case c
    left join party_org o on o.county_code = c.county_code and o.id = c.host_org_id
    left join party_org p on p.id = c.parent_id
    left join party_org_line l on l.county_code = c.county_code and l.org_id = c.host_org_id and l.line = 'leadership'
      and l.valid_from <= ${now}::date and (l.valid_to is null or l.valid_to > ${now}::date)
    left join party_org h on h.county_code = l.parent_county_code and h.id = l.parent_id
    where c.id = ${input.id}::uuid`.execute(ctx.tx)
  const row = rows[0]
  if (!row) throw notFound('件组建办理')
  const [head] = await shown(ctx, [row])
  return {
    ...head!,
    parentId: row.over_id,
    parentName: row.parent ?? row.parent_name,
    hostOrgId: row.host_org_id,
    hostName: row.host_name,
    membersMin: await membersMinOf(ctx, row, now),
    unitList: await unitsOf(ctx, row),
    stepList: await stepsTold(ctx, row),
    evidence: (await evidenceOf(ctx, row)).map((paper) => ({
      id: paper.id,
      step: paper.step,
      item: paper.item,
      on: paper.on_day,
      note: paper.note,
      fileName: paper.file_name,
      waived: paper.waived,
      author: paper.author,
      at: paper.at.toISOString(),
    })),
    dossier: await checkList(ctx, row),
    author: row.author,
    closedReason: row.closed_reason,
  }
}

async function unitsOf(ctx: Context, row: CaseTable) {
  const { rows } = await sql<{ unitId: string; name: string; members: number; covered: boolean }>`
    select u.id as "unitId", u.name, coalesce(s.formal, 0) as members,
      coalesce(s.state in ('own', 'joint', 'regional', 'industry', 'attached'), false) as covered
    from unit u left join unit_state s on s.county_code = u.county_code and s.unit_id = u.id and s.valid_to is null
    where u.county_code = ${row.county_code} and u.id = any (${row.unit_ids}::uuid[])
    order by array_position(${row.unit_ids}::uuid[], u.id)`.execute(ctx.tx)
  return rows
}

async function stepsTold(ctx: Context, row: CaseTable) {
  const steps = await foundingTables(ctx.tx)
    .selectFrom('founding_step')
    .selectAll()
    .where('county_code', '=', row.county_code)
    .where('case_id', '=', row.id)
    .orderBy('id')
    .execute()
  return steps.map((one) => ({
    id: one.id,
    step: one.step,
    state: one.state,
    on: one.on_day,
    note: one.note,
    docNo: one.doc_no,
    entitled: one.facts.entitled ?? null,
    present: one.facts.present ?? null,
    author: one.author,
    at: one.at.toISOString(),
    takenBack: one.taken_back_at
      ? {
          at: one.taken_back_at.toISOString(),
          by: one.taken_back_by ?? '',
          reason: one.taken_back_reason ?? '',
        }
      : null,
  }))
}

/** 修改拟成立的党组织: until the reply has founded it. */
export async function editCase(
  input: {
    id: string
    orgName: string
    kind: OrgKind
    formingMode: FormingMode
    parentId: string | null
    parentName: string | null
  },
  ctx: Context,
) {
  const row = await caseOf(ctx, input.id)
  if (row.form === 'join') throw new Problem('conflict', '并入现有党组织的，名称和类别随现有党组织。')
  if (row.state !== 'open' || row.org_id)
    throw new Problem('conflict', '批复登记以后党组织已成立，请到党组织里更名、改类。')
  if (row.unit_ids.length > 1 && input.formingMode === 'solo')
    throw new Problem('invalid', '有几家单位，不能是单独组建。')
  await setCase(ctx, row, {
    org_name: input.orgName,
    kind: input.kind,
    forming_mode: input.formingMode,
    parent_id: input.parentId,
    parent_name: input.parentId ? null : input.parentName || null,
  })
  ctx.record({
    countyCode: row.county_code,
    subject: `founding:${row.id}`,
    before: { 党组织: row.org_name, 类别: row.kind, 组建方式: row.forming_mode },
    after: { 党组织: input.orgName, 类别: input.kind, 组建方式: input.formingMode },
  })
  return { done: true as const }
}
