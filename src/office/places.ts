import { type RawBuilder, sql } from 'kysely'
import { nameKey, pinyinFull } from '../base/chinese.ts'
import { newId } from '../base/ids.ts'
import { countyOf, level } from '../base/region.ts'
import { notFound, Problem } from '../base/problem.ts'
import type { Context } from '../host/context.ts'
import { placeKinds } from './contract.ts'
import { regionNames } from './regions.ts'
import type { OfficeTables, PlaceTable } from './tables.ts'

interface PlaceFilter {
  text?: string | undefined
  kind?: PlaceTable['kind'] | undefined
  countyCode?: string | undefined
  sort: 'name' | 'kind' | 'unitCount'
  order: 'asc' | 'desc'
  page: number
  pageSize: number
}

interface PlaceInput {
  countyCode: string
  kind: PlaceTable['kind']
  name: string
  areaCode: string
  level: string | null
  address: string | null
}

// Which units lie in a place is the ledger's table; it is only counted here, inside the actor's scope like everything else.
const unitCount: RawBuilder<number> = sql<number>`(
  select count(*) from unit_place u where u.county_code = place.county_code and u.place_id = place.id)`

const sortKeys = { name: sql`place.sort_key`, kind: sql`place.kind`, unitCount }

/** Overlay areas of the actor's scope with the number of units in each. */
export async function listPlaces(input: PlaceFilter, ctx: Context) {
  let query = ctx.tx.withTables<OfficeTables>().selectFrom('place')
  if (input.kind) query = query.where('kind', '=', input.kind)
  if (input.countyCode) query = query.where('county_code', '=', input.countyCode)
  if (input.text) {
    const text = `%${nameKey(input.text).replace(/[\\%_]/g, '\\$&')}%`
    const sound = `%${input.text.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`
    query = query.where((eb) => eb.or([eb('name_key', 'like', text), eb(pinyinLetters, 'like', sound)]))
  }
  const { total } = await query.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const rows = await query
    .selectAll('place')
    .select(unitCount.as('units'))
    .orderBy(sortKeys[input.sort], input.order)
    .orderBy('place.sort_key')
    .orderBy('place.id')
    .limit(input.pageSize)
    .offset((input.page - 1) * input.pageSize)
    .execute()
  const names = await regionNames(
    ctx.tx,
    rows.map((row) => row.area_code),
  )
  return {
    rows: rows.map((row) => ({
      countyCode: row.county_code,
      id: row.id,
      kind: row.kind,
      name: row.name,
      areaCode: row.area_code,
      areaName: names.get(row.area_code)?.name ?? row.area_code,
      level: row.level,
      address: row.address,
      unitCount: row.units,
    })),
    total,
  }
}

/** First letters of each sound: the sort key's words cut to one letter. */
const pinyinLetters = sql<string>`regexp_replace(place.sort_key, '([a-z0-9])[a-z0-9]* ?', '\\1', 'g')`

/** Adds an overlay area. @throws Problem `notFound` for a county outside the scope, `conflict` for a name that is there */
export async function createPlace(input: PlaceInput, ctx: Context) {
  await requireArea(ctx, input)
  const id = newId(ctx.now)
  const row = { ...columnsOf(input), county_code: input.countyCode, id, created_at: ctx.now, updated_at: ctx.now }
  await onceNamed(input, () => ctx.tx.withTables<OfficeTables>().insertInto('place').values(row).execute())
  ctx.record({ countyCode: input.countyCode, subject: `place:${id}`, after: input })
  return { id }
}

/** Changes an overlay area; it stays in its county. */
export async function updatePlace(input: PlaceInput & { id: string }, ctx: Context) {
  const { id, ...values } = input
  const before = await placeOf(ctx, id)
  if (before.county_code !== input.countyCode) {
    throw new Problem('conflict', '区域不能改到另一个县，请在那个县新建，再删除这一个。')
  }
  await requireArea(ctx, input)
  await onceNamed(input, () =>
    ctx.tx
      .withTables<OfficeTables>()
      .updateTable('place')
      .set({ ...columnsOf(values), updated_at: ctx.now })
      .where('county_code', '=', before.county_code)
      .where('id', '=', id)
      .execute(),
  )
  const { name, kind, level, address, area_code: areaCode } = before
  ctx.record({
    countyCode: before.county_code,
    subject: `place:${id}`,
    before: { name, kind, areaCode, level, address },
    after: values,
  })
  return { done: true as const }
}

/** Removes an overlay area in which no unit lies any more. */
export async function removePlace(input: { id: string }, ctx: Context) {
  const before = await placeOf(ctx, input.id)
  const { units } = await ctx.tx
    .withTables<OfficeTables>()
    .selectFrom('place')
    .select(unitCount.as('units'))
    .where('county_code', '=', before.county_code)
    .where('id', '=', input.id)
    .executeTakeFirstOrThrow()
  if (units > 0) {
    throw new Problem(
      'conflict',
      `“${before.name}”里还有 ${units} 家单位，不能删除。请先把它们移到别的区域，或从这里移出。`,
    )
  }
  await ctx.tx
    .withTables<OfficeTables>()
    .deleteFrom('place')
    .where('county_code', '=', before.county_code)
    .where('id', '=', input.id)
    .execute()
  ctx.record({
    countyCode: before.county_code,
    subject: `place:${input.id}`,
    before: { name: before.name, kind: before.kind, areaCode: before.area_code },
  })
  return { done: true as const }
}

/** A place by id alone: the row guard narrows it to the actor's scope. */
async function placeOf(ctx: Context, id: string): Promise<PlaceTable> {
  const place = await ctx.tx
    .withTables<OfficeTables>()
    .selectFrom('place')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst()
  if (!place) throw notFound('个区域')
  return place
}

async function requireArea(ctx: Context, input: PlaceInput): Promise<void> {
  const { counties, areas } = ctx.actor.scope
  if (!counties.includes(input.countyCode)) throw notFound('个县')
  if (countyOf(input.areaCode) !== input.countyCode) throw wrongArea('所在乡镇街道不属于所选的县，请重新选择。')
  if (level(input.areaCode) === 'village') throw wrongArea('请选到乡镇街道；村、社区写在地址里。')
  if (areas !== '*' && !areas.includes(input.areaCode)) throw notFound('个乡镇街道')
  if (!(await regionNames(ctx.tx, [input.areaCode])).has(input.areaCode))
    throw wrongArea('没有这个乡镇街道，请重新选择。')
}

function wrongArea(message: string): Problem {
  return new Problem('invalid', message, { fields: [{ path: 'areaCode', message }] })
}

function columnsOf(input: PlaceInput) {
  return {
    area_code: input.areaCode,
    kind: input.kind,
    name: input.name,
    name_key: nameKey(input.name),
    sort_key: pinyinFull(input.name),
    level: input.level || null,
    address: input.address || null,
  }
}

/** Says a name that is taken in words; it may be taken in a part of the county that the actor does not see. */
async function onceNamed(input: PlaceInput, write: () => Promise<unknown>): Promise<void> {
  try {
    await write()
  } catch (error) {
    if ((error as { code?: string }).code !== '23505') throw error
    const message = `本县已有名为“${input.name}”的${placeKinds[input.kind]}，请换一个名称。`
    throw new Problem('conflict', message, { fields: [{ path: 'name', message }] })
  }
}
