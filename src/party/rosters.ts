import { newId } from '../base/ids.ts'
import { notFound, Problem } from '../base/problem.ts'
import type { Context } from '../host/context.ts'
import { takeAside, uploadOf } from '../host/uploads.ts'
import { likeText } from './member-figures.ts'
import { dayOrToday } from './member-imports.ts'
import { memberTables } from './member-person.ts'
import { requireWholeCounty } from './member-scope.ts'
import { retally, unitsOfPersons } from './member-tally-store.ts'
import { removeTasksOf } from './member-tasks.ts'
import { standingsOf } from './roster-standings.ts'
import { readUnitNames } from './member-units.ts'
import type { RosterCounts, RosterState, RosterUnitSort } from './roster-contract.ts'
import type { RosterCheckTable } from './member-tables.ts'

/** Nobody found. */
export const noFinds: RosterCounts = {
  read: 0,
  bad: 0,
  members: 0,
  others: 0,
  here: 0,
  elsewhere: 0,
  unplaced: 0,
  notFound: 0,
  tasks: 0,
}

export type RosterCheck = Awaited<ReturnType<typeof findCheck>>

/** The comparison's row. @throws Problem when it lies outside the actor's scope, or the actor does not look after its county. */
export async function findCheck(ctx: Context, id: string) {
  const found = await memberTables(ctx.tx)
    .selectFrom('roster_check')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst()
  if (!found) throw notFound('次比对')
  requireWholeCounty(ctx, found.county_code)
  return found
}

/** Changes a comparison's row. */
export async function setCheck(
  ctx: Context,
  found: { county_code: string; id: string },
  change: Partial<Omit<RosterCheckTable, 'counts'>> & { counts?: string },
): Promise<void> {
  await memberTables(ctx.tx)
    .updateTable('roster_check')
    .set(change)
    .where('county_code', '=', found.county_code)
    .where('id', '=', found.id)
    .execute()
}

async function checkOf(ctx: Context, found: RosterCheck) {
  const region = await memberTables(ctx.tx)
    .selectFrom('region')
    .select('name')
    .where('code', '=', found.county_code)
    .executeTakeFirst()
  return {
    id: found.id,
    countyCode: found.county_code,
    countyName: region?.name ?? found.county_code,
    fileName: found.file_name,
    bytes: found.bytes,
    asOf: found.as_of,
    complete: found.complete,
    state: found.state,
    counts: { ...noFinds, ...found.counts },
    jobId: found.job_id,
    error: found.error,
    author: found.author,
    createdAt: found.created_at.toISOString(),
    finishedAt: found.finished_at?.toISOString() ?? null,
    fileKept: found.file_id !== null,
  }
}

/** 名册比对列表 */
export async function listRosterChecks(
  input: { state?: RosterState | undefined; page: number; pageSize: number },
  ctx: Context,
) {
  let query = memberTables(ctx.tx).selectFrom('roster_check')
  if (input.state) query = query.where('state', '=', input.state)
  const { total } = await query.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const found = await query
    .selectAll()
    .orderBy('created_at', 'desc')
    .limit(input.pageSize)
    .offset((input.page - 1) * input.pageSize)
    .execute()
  const rows = []
  for (const one of found) rows.push(await checkOf(ctx, one))
  return { rows, total }
}

interface CreateInput {
  fileId: string
  countyCode: string
  asOf?: string | undefined
  complete: boolean
}

/** 上传名册比对: the file is put aside, read once by a job, and removed however that ends. */
export async function createRosterCheck(input: CreateInput, ctx: Context) {
  requireWholeCounty(ctx, input.countyCode)
  const asOf = dayOrToday(ctx, input.asOf)
  const upload = await uploadOf(ctx, input.fileId)
  const id = newId(ctx.now)
  const jobId = await ctx.enqueue({
    kind: 'party.compareRoster',
    title: `比对 ${upload.file_name}`,
    input: { id },
    countyCode: input.countyCode,
  })
  const row = {
    county_code: input.countyCode,
    id,
    file_id: upload.file_id,
    file_name: upload.file_name,
    bytes: upload.bytes,
    as_of: asOf,
    complete: input.complete,
    state: 'working' as const,
    counts: '{}',
    job_id: jobId,
    created_by: ctx.actor.userId,
    author: ctx.actor.name,
    created_at: ctx.now,
  }
  await memberTables(ctx.tx).insertInto('roster_check').values(row).execute()
  await takeAside(ctx, upload)
  ctx.record({
    countyCode: input.countyCode,
    subject: `rosterCheck:${id}`,
    after: { 文件: upload.file_name, 数据截至: asOf, 全部参保人员: input.complete },
  })
  return { id, jobId }
}

/** 查看名册比对 */
export async function getRosterCheck(input: { id: string }, ctx: Context) {
  return checkOf(ctx, await findCheck(ctx, input.id))
}

/** Which units of a comparison, in which order. */
export interface WantedRosterUnits {
  id: string
  text?: string | undefined
  only?: 'here' | 'elsewhere' | 'notFound' | undefined
  sort: RosterUnitSort
  order: 'asc' | 'desc'
}

/** 名册比对各单位: whom the roster has there, by where the relation is, and who is said to work there but is not in it. */
export async function listRosterUnits(input: WantedRosterUnits & { page: number; pageSize: number }, ctx: Context) {
  const found = await findCheck(ctx, input.id)
  const numbers = new Map<string, { here: number; elsewhere: number; notFound: number }>()
  for (const { unitId, standing } of await standingsOf(ctx, found)) {
    if (unitId === null) continue
    const of = numbers.get(unitId) ?? { here: 0, elsewhere: 0, notFound: 0 }
    of[standing] += 1
    numbers.set(unitId, of)
  }
  const wanted = [...numbers].flatMap(([unitId, of]) => (input.only && of[input.only] === 0 ? [] : [unitId]))
  const like = likeText(input.text)
  const units = await memberTables(ctx.tx)
    .selectFrom('unit')
    .select(['id', 'name', 'sort_key'])
    .where('county_code', '=', found.county_code)
    .where((eb) => eb('id', '=', eb.fn.any(eb.val(wanted))))
    .where((eb) => (like ? eb('name', 'like', like) : eb.val(true)))
    .execute()
  const { sort } = input
  const byName = (a: (typeof units)[number], b: (typeof units)[number]) =>
    a.sort_key < b.sort_key ? -1 : a.sort_key > b.sort_key ? 1 : a.id < b.id ? -1 : 1
  const way = input.order === 'asc' ? 1 : -1
  const sorted = units.toSorted((a, b) =>
    sort === 'name' ? way * byName(a, b) : way * (numbers.get(a.id)![sort] - numbers.get(b.id)![sort]) || byName(a, b),
  )
  const page = sorted.slice((input.page - 1) * input.pageSize, input.page * input.pageSize)
  const rows = page.map((unit) => ({ unitId: unit.id, name: unit.name, ...numbers.get(unit.id)! }))
  return { total: units.length, rows }
}

/** 撤销名册比对: what it found is forgotten, and the units count again as without it. */
export async function undoRosterCheck(input: { id: string; reason: string }, ctx: Context) {
  const found = await findCheck(ctx, input.id)
  if (found.state !== 'done') throw new Problem('conflict', '只有已比对的能撤销，请刷新页面。')
  const digests = await digestsOf(ctx, found)
  const units = await unitsOfPersons(ctx, found.county_code, digests)
  await removeTasksOf(ctx, found)
  await forgetHits(ctx, found)
  await setCheck(ctx, found, { state: 'undone' })
  await retally(ctx, found.county_code, units, await readUnitNames(ctx, found.county_code))
  ctx.record({
    countyCode: found.county_code,
    subject: `rosterCheck:${found.id}`,
    after: { 已撤销: found.file_name, 原因: input.reason },
  })
  return { done: true as const }
}

/** Who was found in a comparison. */
export async function digestsOf(ctx: Context, found: RosterCheck): Promise<string[]> {
  const rows = await memberTables(ctx.tx)
    .selectFrom('roster_hit')
    .select('person_digest')
    .distinct()
    .where('county_code', '=', found.county_code)
    .where('check_id', '=', found.id)
    .execute()
  return rows.map((row) => row.person_digest)
}

/** Removes whom a comparison found. */
export async function forgetHits(ctx: Context, found: RosterCheck): Promise<void> {
  await memberTables(ctx.tx)
    .deleteFrom('roster_hit')
    .where('county_code', '=', found.county_code)
    .where('check_id', '=', found.id)
    .execute()
}

/** Removes the file itself; to be called however a comparison ends. */
export async function dropRosterFile(ctx: Context, found: RosterCheck): Promise<void> {
  if (!found.file_id) return
  await setCheck(ctx, found, { file_id: null })
  await ctx.files.remove(found.file_id)
}
