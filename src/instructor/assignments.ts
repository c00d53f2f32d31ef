import { type RawBuilder, sql, type SqlBool } from 'kysely'
import { namePattern } from '../base/chinese.ts'
import { newId } from '../base/ids.ts'
import { notFound, Problem } from '../base/problem.ts'
import { today } from '../base/time.ts'
import { findGround, within } from '../coverage/service.ts'
import type { Context } from '../host/context.ts'
import { ledgerTables } from '../ledger/service.ts'
import { regionNames } from '../office/service.ts'
import { partyOrgs } from '../party/service.ts'
import { instructorOf, instructorTables, nameOf, phoneOf } from './people.ts'
import { settingsOn } from './settings.ts'
import type { AssignmentTable, InstructorTable } from './tables.ts'

/** What an assignment says besides who and where. */
interface Sending {
  on: string
  source: string
  planId: string | null
  metres: number | null
  measured: boolean
}

/** Sends an instructor to a unit and notes the unit's contact, by which coverage counts it. */
export async function send(
  ctx: Context,
  instructor: InstructorTable,
  unitId: string,
  sending: Sending,
): Promise<string> {
  const unit = await ledgerTables(ctx.tx)
    .selectFrom('unit')
    .select(['county_code', 'area_code', 'name'])
    .where('id', '=', unitId)
    .executeTakeFirst()
  if (!unit || unit.county_code !== instructor.county_code) throw notFound('家单位')
  const { on, source, planId, metres, measured } = sending
  const id = newId(ctx.now)
  await instructorTables(ctx.tx)
    .insertInto('instructor_assignment')
    .values({
      county_code: unit.county_code,
      id,
      area_code: unit.area_code,
      unit_id: unitId,
      instructor_id: instructor.id,
      contact_id: await contactFor(ctx, instructor, unitId, on, source),
      plan_id: planId,
      metres,
      measured,
      from_on: on,
      to_on: null,
      source,
      ended_reason: null,
      author: ctx.actor.name,
      at: ctx.now,
    })
    .execute()
  return id
}

/** The unit's contact of this person; one that was noted before by hand is taken over. */
async function contactFor(
  ctx: Context,
  instructor: InstructorTable,
  unitId: string,
  on: string,
  source: string,
): Promise<string | null> {
  const before = await contactsOf(ctx, instructor.county_code, unitId)
  const contact = { unitId, kind: 'instructor' as const, name: nameOf(ctx, instructor), from: on, source }
  try {
    await partyOrgs.addContact({ ...contact, employer: instructor.employer, phone: phoneOf(ctx, instructor) }, ctx)
  } catch (error) {
    // The same person is the unit's contact already.
    if (!(error instanceof Problem) || !error.message.includes('已经登记过')) throw error
    return null
  }
  const after = await contactsOf(ctx, instructor.county_code, unitId)
  return after.find((id) => !before.includes(id)) ?? null
}

async function contactsOf(ctx: Context, countyCode: string, unitId: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from work_contact where county_code = ${countyCode} and unit_id = ${unitId}::uuid
      and kind = 'instructor' and valid_to is null`.execute(ctx.tx)
  return rows.map((row) => row.id)
}

/** Ends an assignment and the contact that it noted. */
export async function recall(ctx: Context, row: AssignmentTable, on: string, reason: string): Promise<void> {
  const from = row.from_on
  if (on <= from) throw new Problem('invalid', `结束日期须在 ${from} 之后；登记错了请换一名指导员。`)
  await instructorTables(ctx.tx)
    .updateTable('instructor_assignment')
    .set({ to_on: on, ended_reason: reason })
    .where('county_code', '=', row.county_code)
    .where('id', '=', row.id)
    .execute()
  if (row.contact_id === null) return
  const { rows } = await sql<{ id: string }>`
    select id from work_contact where county_code = ${row.county_code} and id = ${row.contact_id}::uuid
      and valid_to is null`.execute(ctx.tx)
  if (rows[0]) await partyOrgs.endContact({ id: row.contact_id, on, reason }, ctx)
}

/** Ends every assignment of an instructor; answers how many. */
export async function endAll(ctx: Context, instructor: InstructorTable, on: string, reason: string): Promise<number> {
  const rows = await instructorTables(ctx.tx)
    .selectFrom('instructor_assignment')
    .selectAll()
    .where('county_code', '=', instructor.county_code)
    .where('instructor_id', '=', instructor.id)
    .where('to_on', 'is', null)
    .execute()
  for (const row of rows) await recall(ctx, row, on, reason)
  return rows.length
}

/** 选派指导员 to one unit, by hand. */
export async function assignUnit(
  input: { unitId: string; instructorId: string; on: string; source: string },
  ctx: Context,
) {
  const instructor = await instructorOf(ctx, input.instructorId)
  if (instructor.to_on) throw new Problem('conflict', `这名指导员已于 ${instructor.to_on} 离任。`)
  if (input.on > today(ctx.now)) throw new Problem('invalid', '日期不能晚于今天。')
  if (input.on < instructor.from_on) throw new Problem('invalid', `日期不能早于选派日期 ${instructor.from_on}。`)
  const held = await instructorTables(ctx.tx)
    .selectFrom('instructor_assignment')
    .select(['unit_id', 'instructor_id'])
    .where('county_code', '=', instructor.county_code)
    .where('to_on', 'is', null)
    .where('instructor_id', '=', instructor.id)
    .execute()
  if (held.some((one) => one.unit_id === input.unitId)) throw new Problem('conflict', '已经派在这家单位。')
  const settings = await settingsOn(ctx.tx, instructor.county_code, today(ctx.now))
  const most = instructor.capacity ?? settings.capacity
  if (held.length >= most)
    throw new Problem('invalid', `这名指导员已联系 ${held.length} 家，上限 ${most} 家；请换一名，或先改上限。`)
  const { on, source } = input
  const id = await send(ctx, instructor, input.unitId, { on, source, planId: null, metres: null, measured: false })
  ctx.record({
    countyCode: instructor.county_code,
    subject: `unit:${input.unitId}`,
    after: { 选派: instructor.name_masked, 起: on, 依据: source },
  })
  return { id }
}

/** 结束联系 */
export async function endAssignment(input: { id: string; on: string; reason: string }, ctx: Context) {
  const row = await instructorTables(ctx.tx)
    .selectFrom('instructor_assignment')
    .selectAll()
    .where('id', '=', input.id)
    .forUpdate()
    .executeTakeFirst()
  if (!row) throw notFound('项联系')
  if (row.to_on) throw new Problem('conflict', `已于 ${row.to_on} 结束。`)
  if (input.on > today(ctx.now)) throw new Problem('invalid', '日期不能晚于今天。')
  await recall(ctx, row, input.on, input.reason)
  ctx.record({
    countyCode: row.county_code,
    subject: `unit:${row.unit_id}`,
    after: { 结束联系: input.on, 原因: input.reason },
  })
  return { done: true as const }
}

/** Which assignments. */
export interface WantedAssignments {
  region?: string | undefined
  ended: boolean
  text?: string | undefined
  sort: 'areaName' | 'metres' | 'from'
  order: 'asc' | 'desc'
}

type Row = AssignmentTable & { unit_name: string; name_masked: string; employer: string | null; total: number }

async function shown(ctx: Context, rows: readonly Row[]) {
  const areas = await regionNames(
    ctx.tx,
    rows.map((row) => row.area_code),
  )
  return rows.map((row) => ({
    countyCode: row.county_code,
    id: row.id,
    unitId: row.unit_id,
    unitName: row.unit_name,
    areaName: areas.get(row.area_code)?.name ?? row.area_code,
    instructorId: row.instructor_id,
    instructorName: row.name_masked,
    employer: row.employer,
    metres: row.metres,
    measured: row.measured,
    from: row.from_on,
    to: row.to_on,
    source: row.source,
    endedReason: row.ended_reason,
  }))
}

const columns = sql`a.*, coalesce(u.name, '（已不在台账）') as unit_name, coalesce(i.name_masked, '') as name_masked, i.employer,
  count(*) over () as total`
const joined = sql`
  left join unit u on u.county_code = a.county_code and u.id = a.unit_id
  left join instructor i on i.county_code = a.county_code and i.id = a.instructor_id`

const orders = { areaName: sql`a.area_code`, metres: sql`a.metres`, from: sql`a.from_on` }

/** A page of assignments. */
export async function readAssignments(ctx: Context, input: WantedAssignments & { limit: number; offset: number }) {
  const ground = await findGround(ctx, input.region)
  const conditions: RawBuilder<SqlBool>[] = [within(ground), input.ended ? sql`to_on is not null` : sql`to_on is null`]
  const pattern = namePattern(input.text)
  const named = pattern ? sql`where u.name_key like ${pattern}` : sql``
  const { rows } = await sql<Row>`
    select ${columns} from (select * from instructor_assignment where ${sql.join(conditions, sql` and `)}) a
    ${joined} ${named} order by ${orders[input.sort]} ${input.order === 'asc' ? sql`asc` : sql`desc`} nulls last, u.name, a.id limit ${input.limit} offset ${input.offset}`.execute(
    ctx.tx,
  )
  return { name: ground.name, total: rows[0]?.total ?? 0, rows: await shown(ctx, rows) }
}

/** 查看指导员联系单位 */
export async function listAssignments(input: WantedAssignments & { page: number; pageSize: number }, ctx: Context) {
  const { page, pageSize } = input
  const { total, rows } = await readAssignments(ctx, { ...input, limit: pageSize, offset: (page - 1) * pageSize })
  return { total, rows }
}

/** The assignments of one instructor, those of today first. */
export async function assignmentsOf(ctx: Context, instructor: InstructorTable) {
  const { rows } = await sql<Row>`
    select ${columns} from instructor_assignment a ${joined}
    where a.county_code = ${instructor.county_code} and a.instructor_id = ${instructor.id}::uuid
    order by a.to_on desc nulls first, a.from_on desc, a.id limit 200`.execute(ctx.tx)
  return shown(ctx, rows)
}
