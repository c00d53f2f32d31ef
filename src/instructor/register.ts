import { type RawBuilder, sql, type SqlBool } from 'kysely'
import { maskName } from '../base/mask.ts'
import { notFound, Problem } from '../base/problem.ts'
import { countyOf } from '../base/region.ts'
import { today } from '../base/time.ts'
import { findGround, within } from '../coverage/service.ts'
import type { Context } from '../host/context.ts'
import { regionNames } from '../office/service.ts'
import { assignmentsOf, endAll } from './assignments.ts'
import {
  digestOf,
  factColumns,
  type Facts,
  instructorOf,
  instructorTables,
  isRegistered,
  nameOf,
  type NewInstructor,
  phoneOf,
  refuse,
  storedPhone,
  writeInstructor,
} from './people.ts'
import { settingsOn } from './settings.ts'
import type { InstructorTable } from './tables.ts'

function requireFacts(ctx: Context, countyCode: string, one: Facts): void {
  if (countyOf(one.areaCode) !== countyCode) throw refuse('areaCode', '所在乡镇街道不在这个县（市、区）里。')
  const { counties, areas, nation } = ctx.actor.scope
  if (!nation && !counties.includes(countyCode)) throw notFound('个县')
  if (areas !== '*' && !areas.includes(one.areaCode)) throw refuse('areaCode', '请选择您管理范围内的乡镇街道。')
  if ((one.longitude === null) !== (one.latitude === null)) throw refuse('latitude', '经度、纬度要么都填，要么都不填。')
}

/** 登记指导员 */
export async function addInstructor(input: NewInstructor & { countyCode: string }, ctx: Context) {
  requireFacts(ctx, input.countyCode, input)
  if (input.from > today(ctx.now)) throw refuse('from', '选派日期不能晚于今天。')
  const id = await writeInstructor(ctx, input.countyCode, input)
  if (id === null) throw refuse('name', '这名指导员已经登记过。')
  ctx.record({
    countyCode: input.countyCode,
    subject: `instructor:${id}`,
    after: { 登记: maskName(input.name), 来源: input.origin, 选派: input.from },
  })
  return { id }
}

/** 修改指导员信息: a list that tells of the same is then known by it, as by the first. */
export async function editInstructor(input: Facts & { id: string; phone: string | null }, ctx: Context) {
  const row = await instructorOf(ctx, input.id)
  requireFacts(ctx, row.county_code, input)
  const person = { name: nameOf(ctx, row), phone: input.phone || phoneOf(ctx, row), employer: input.employer }
  if (!row.to_on && (await isRegistered(ctx, row.county_code, person, row.id)))
    throw refuse(
      input.phone ? 'phone' : 'employer',
      '名册里已有同名且电话或工作单位相同的指导员，请核对；是同一个人的，请给其中一名办理离任。',
    )
  await instructorTables(ctx.tx)
    .updateTable('instructor')
    .set({
      ...factColumns(input),
      ...(input.phone ? storedPhone(ctx, input.phone) : {}),
      person_digest: digestOf(ctx, person),
    })
    .where('county_code', '=', row.county_code)
    .where('id', '=', row.id)
    .execute()
  ctx.record({
    countyCode: row.county_code,
    subject: `instructor:${row.id}`,
    before: { 所在: row.area_code, 上限: row.capacity, 行业: row.skills },
    after: { 所在: input.areaCode, 上限: input.capacity, 行业: input.skills, ...(input.phone ? { 电话: '已改' } : {}) },
  })
  return { done: true as const }
}

/** 指导员离任: every unit is left with that day. */
export async function endInstructor(input: { id: string; on: string; reason: string }, ctx: Context) {
  const row = await instructorOf(ctx, input.id)
  if (row.to_on) throw new Problem('conflict', `已于 ${row.to_on} 离任。`)
  if (input.on <= row.from_on) throw refuse('on', `离任日期须在选派日期 ${row.from_on} 之后。`)
  if (input.on > today(ctx.now)) throw refuse('on', '离任日期不能晚于今天。')
  const ended = await endAll(ctx, row, input.on, input.reason)
  await instructorTables(ctx.tx)
    .updateTable('instructor')
    .set({ to_on: input.on, ended_reason: input.reason })
    .where('county_code', '=', row.county_code)
    .where('id', '=', row.id)
    .execute()
  ctx.record({
    countyCode: row.county_code,
    subject: `instructor:${row.id}`,
    after: { 离任: row.name_masked, 日期: input.on, 原因: input.reason, 结束联系: ended },
  })
  return { ended }
}

/** 查看指导员信息, with its purpose in the journal. */
export async function revealInstructor(input: { id: string; field: 'name' | 'phone'; purpose: string }, ctx: Context) {
  const row = await instructorOf(ctx, input.id)
  ctx.record({
    countyCode: row.county_code,
    subject: `instructor:${row.id}`,
    after: { 查看: input.field === 'name' ? '姓名' : '电话' },
    purpose: input.purpose,
  })
  return { value: input.field === 'name' ? nameOf(ctx, row) : phoneOf(ctx, row) }
}

/** Whom the register is asked for. */
export interface WantedInstructors {
  region?: string | undefined
  ended: boolean
  text?: string | undefined
}

type Row = InstructorTable & { units: number; total: number }

const orders = { area: sql`i.area_code`, units: sql`units`, from: sql`i.from_on` }

/** A page of the register. A text finds employers; names are sealed and are found by their first character at most. */
export async function readInstructors(
  ctx: Context,
  input: WantedInstructors & { sort: keyof typeof orders; order: 'asc' | 'desc'; limit: number; offset: number },
) {
  const ground = await findGround(ctx, input.region)
  const conditions: RawBuilder<SqlBool>[] = [within(ground), input.ended ? sql`to_on is not null` : sql`to_on is null`]
  if (input.text) {
    const pattern = `%${input.text.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`
    conditions.push(sql`(employer like ${pattern} or name_masked = ${maskName(input.text)})`)
  }
  const { rows } = await sql<Row>`
    select i.*, (select count(*) from instructor_assignment a where a.county_code = i.county_code
        and a.instructor_id = i.id and a.to_on is null)::integer as units, count(*) over () as total
    from (select * from instructor where ${sql.join(conditions, sql` and `)}) i
    order by ${orders[input.sort]} ${sql.raw(input.order)}, i.id limit ${input.limit} offset ${input.offset}`.execute(
    ctx.tx,
  )
  return { name: ground.name, total: rows[0]?.total ?? 0, rows: await shown(ctx, rows) }
}

async function shown(ctx: Context, rows: readonly Row[]) {
  const areas = await regionNames(
    ctx.tx,
    rows.map((row) => row.area_code),
  )
  const usual = new Map<string, number>()
  for (const code of new Set(rows.map((row) => row.county_code)))
    usual.set(code, (await settingsOn(ctx.tx, code, today(ctx.now))).capacity)
  return rows.map((row) => ({
    countyCode: row.county_code,
    id: row.id,
    name: row.name_masked,
    phone: row.phone_masked,
    employer: row.employer,
    origin: row.origin,
    areaCode: row.area_code,
    areaName: areas.get(row.area_code)?.name ?? row.area_code,
    capacity: row.capacity ?? usual.get(row.county_code)!,
    ownCapacity: row.capacity,
    units: row.units,
    skills: row.skills,
    longitude: row.longitude,
    latitude: row.latitude,
    from: row.from_on,
    to: row.to_on,
  }))
}

/** 查看指导员名册 */
export async function listInstructors(
  input: WantedInstructors & { sort: keyof typeof orders; order: 'asc' | 'desc'; page: number; pageSize: number },
  ctx: Context,
) {
  const { page, pageSize } = input
  const { total, rows } = await readInstructors(ctx, { ...input, limit: pageSize, offset: (page - 1) * pageSize })
  return { total, rows }
}

/** 查看一名指导员 with the units of today and before. */
export async function getInstructor(input: { id: string }, ctx: Context) {
  const row = await instructorOf(ctx, input.id)
  const assignments = await assignmentsOf(ctx, row)
  const units = assignments.filter((one) => one.to === null).length
  const [head] = await shown(ctx, [{ ...row, units, total: 1 }])
  return { ...head!, endedReason: row.ended_reason, assignments }
}
