// The persons of the register: sealed as they are written, found again by a digest, opened for a purpose.
import { sql } from 'kysely'
import { newId } from '../base/ids.ts'
import { maskName, maskPhone } from '../base/mask.ts'
import { notFound, Problem } from '../base/problem.ts'
import type { Context, Transaction } from '../host/context.ts'
import { hmacSm3, seal, unseal } from '../host/crypto.ts'
import type { Origin } from './rules.ts'
import type { InstructorTable, InstructorTables } from './tables.ts'

/** The instructor room's own tables. */
export const instructorTables = (tx: Transaction) => tx.withTables<InstructorTables>()

/** A refusal that is shown at one field of the form. */
export function refuse(path: string, message: string): Problem {
  return new Problem('invalid', message, { fields: [{ path, message }] })
}

/** What is told of an instructor besides the person. */
export interface Facts {
  areaCode: string
  employer: string | null
  origin: Origin
  capacity: number | null
  skills: string[]
  longitude: number | null
  latitude: number | null
}

/** Someone who is to be written into the register. */
export interface NewInstructor extends Facts {
  name: string
  phone: string | null
  from: string
}

/** What tells one person from another. */
type Person = Pick<NewInstructor, 'name' | 'phone' | 'employer'>

/** The keyed digest by which the same person is found again: the name with the telephone number, or with the employer. */
export function digestOf(ctx: Context, one: Person): string {
  const beside = digitsOf(one.phone) ?? one.employer ?? ''
  return hmacSm3(ctx.settings.secretKey, 'instructor-person', `${one.name.replace(/\s+/g, '')}|${beside}`)
}

const digitsOf = (phone: string | null) => phone?.replace(/[\s-]/g, '') || null

/** A telephone number as it is stored. */
export function storedPhone(ctx: Context, phone: string | null) {
  const digits = digitsOf(phone)
  return {
    phone_sealed: digits && seal(ctx.settings.secretKey, 'instructor-phone', digits),
    phone_masked: digits && maskPhone(digits),
  }
}

/** The columns of those facts. */
export const factColumns = (one: Facts) => ({
  area_code: one.areaCode,
  employer: one.employer || null,
  origin: one.origin,
  capacity: one.capacity,
  skills: [...new Set(one.skills)].sort(),
  longitude: one.longitude,
  latitude: one.latitude,
})

/** Whether the same person is in the register, apart from one row of it, and has not left. */
export async function isRegistered(
  ctx: Context,
  countyCode: string,
  one: Person,
  except: string | null = null,
): Promise<boolean> {
  const held = await instructorTables(ctx.tx)
    .selectFrom('instructor')
    .select('id')
    .where('county_code', '=', countyCode)
    .where('person_digest', '=', digestOf(ctx, one))
    .where('to_on', 'is', null)
    .where(sql<boolean>`id is distinct from ${except}::uuid`)
    .executeTakeFirst()
  return held !== undefined
}

/** Writes someone into the register; null where the same person is in it. */
export async function writeInstructor(ctx: Context, countyCode: string, one: NewInstructor): Promise<string | null> {
  if (await isRegistered(ctx, countyCode, one)) return null
  const id = newId(ctx.now)
  await instructorTables(ctx.tx)
    .insertInto('instructor')
    .values({
      county_code: countyCode,
      id,
      ...factColumns(one),
      name_sealed: seal(ctx.settings.secretKey, 'instructor-name', one.name),
      name_masked: maskName(one.name),
      person_digest: digestOf(ctx, one),
      ...storedPhone(ctx, one.phone),
      from_on: one.from,
      to_on: null,
      ended_reason: null,
      author: ctx.actor.name,
      at: ctx.now,
    })
    .execute()
  return id
}

/** Someone of the register in scope. @throws Problem('notFound') */
export async function instructorOf(ctx: Context, id: string): Promise<InstructorTable> {
  const row = await instructorTables(ctx.tx)
    .selectFrom('instructor')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  if (!row) throw notFound('名指导员')
  return row
}

/** The whole name of an instructor, for writing it down as a unit's contact. */
export function nameOf(ctx: Context, row: Pick<InstructorTable, 'name_sealed'>): string {
  const name = unseal(ctx.settings.secretKey, 'instructor-name', row.name_sealed)
  if (name === null) throw new Problem('conflict', '姓名无法解开：密钥文件与登记时不同，请联系管理员。')
  return name
}

/** The whole telephone number, or null. */
export const phoneOf = (ctx: Context, row: Pick<InstructorTable, 'phone_sealed'>) =>
  row.phone_sealed && unseal(ctx.settings.secretKey, 'instructor-phone', row.phone_sealed)
