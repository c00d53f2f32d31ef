import { sql } from 'kysely'
import { notFound, Problem } from '../base/problem.ts'
import { today } from '../base/time.ts'
import type { Context, JobKind } from '../host/context.ts'
import { rowsBelowHead, RowTally } from '../host/table-rows.ts'
import { uploadOf } from '../host/uploads.ts'
import { ledgerTables } from '../ledger/service.ts'
import { geocoderHost, geocoderOf } from './geocode.ts'
import { keepPlaces, type Point, type Surveyed } from './place-keep.ts'
import { placeColumns, readPlace } from './place-rows.ts'

/** 查看单位坐标情况 */
export async function getPlaces({ countyCode }: { countyCode: string }, ctx: Context) {
  const { rows } = await sql<{ units: number; known: number; addressed: number }>`
    select count(*)::integer as units, count(p.unit_id)::integer as known,
      (count(*) filter (where p.unit_id is null and u.address is not null))::integer as addressed
    from unit u left join forming_place p on p.county_code = u.county_code and p.unit_id = u.id
    where u.county_code = ${countyCode} and u.withdrawn_at is null`.execute(ctx.tx)
  const service = await geocoderOf(ctx.tx, countyCode)
  return { ...rows[0]!, geocoder: service === null ? null : geocoderHost(service.url) }
}

/** 登记单位坐标: measured on the spot; it takes the place of what was known before. */
export async function setPlace(
  input: Surveyed & { unitId: string; longitude: number; latitude: number; accuracyMetres: number },
  ctx: Context,
) {
  if (input.surveyedOn > today(ctx.now)) throw new Problem('invalid', '日期不能晚于今天。')
  const unit = await ledgerTables(ctx.tx)
    .selectFrom('unit')
    .select('county_code')
    .where('id', '=', input.unitId)
    .executeTakeFirst()
  if (!unit) throw notFound('家单位')
  await keepPlaces(ctx, unit.county_code, input, [input])
  const { longitude, latitude, source } = input
  ctx.record({
    countyCode: unit.county_code,
    subject: `unit:${input.unitId}`,
    after: { 经度: longitude, 纬度: latitude, 来源: source },
  })
  return { done: true as const }
}

interface PlacesJob extends Surveyed {
  countyCode: string
  fileId: string
  fileName: string
  /** Nothing is kept: only what would be is answered. */
  checkOnly: boolean
}

/** 导入单位坐标: the file is read by a job. */
export async function importPlaces(input: Omit<PlacesJob, 'fileName'>, ctx: Context) {
  if (input.surveyedOn > today(ctx.now)) throw new Problem('invalid', '日期不能晚于今天。')
  const upload = await uploadOf(ctx, input.fileId)
  const jobId = await ctx.enqueue({
    kind: 'forming.places',
    title: `${input.checkOnly ? '检查' : '导入'}单位坐标：${upload.file_name}`,
    input: { ...input, fileName: upload.file_name } satisfies PlacesJob,
    countyCode: input.countyCode,
  })
  const after = { 来源: input.source, ...(input.checkOnly && { 只检查: true }) }
  ctx.record({ countyCode: input.countyCode, subject: `file:${input.fileId}`, after })
  return { jobId }
}

/** Reads a table of coordinates a thousand rows at a time; a row without its unit is answered, and stops no other. */
export const placesJob: JobKind<PlacesJob> = {
  kind: 'forming.places',
  async run(job) {
    const { input } = job
    const tally = new RowTally()
    const kept = { placed: 0, replaced: 0 }
    const path = job.files.path(input.fileId)
    for await (const rows of rowsBelowHead(path, input.fileName, placeColumns, { signal: job.signal })) {
      const found: Found[] = []
      for (const { row, cells, columns } of rows) {
        tally.read += 1
        const read = readPlace(cells, columns)
        if (typeof read === 'string') tally.refuse(row, read)
        else found.push({ row, ...read })
      }
      const { placed, replaced } = await job.transaction((ctx) => placeFound(ctx, input, found))
      for (const { row, code, name } of found)
        if (!placed.has(row)) tally.refuse(row, `台账里没有唯一的“${code || name}”，请核对代码或名称。`)
      kept.placed += placed.size
      kept.replaced += replaced
      await job.progress(tally.read, tally.read, `已读 ${tally.read.toLocaleString('zh-CN')} 行`)
    }
    if (tally.read === 0)
      throw new Problem('unsupported', '没有认出表头：要有统一社会信用代码或单位名称，以及经度、纬度。')
    return { ...tally.result(), ...kept }
  },
}

/** A row that could be read. */
interface Found {
  row: number
  point: Omit<Point, 'unitId'>
  code: string
  name: string
}

/**
 * Finds the units of rows by code, else by a name that only one unit has, and keeps their places. Answers the rows that found
 * one, and how many units had a place before.
 */
async function placeFound(
  ctx: Context,
  told: PlacesJob,
  found: readonly Found[],
): Promise<{ placed: Set<number>; replaced: number }> {
  const { rows } = await sql<{ id: string; uscc: string | null; name_key: string; known: boolean }>`
    select id, uscc, name_key, exists (select from forming_place p where p.county_code = unit.county_code and p.unit_id = unit.id) as known
    from unit where county_code = ${told.countyCode} and withdrawn_at is null
      and (uscc = any (${found.map((one) => one.code)}::text[]) or name_key = any (${found.map((one) => one.name)}::text[]))`.execute(
    ctx.tx,
  )
  const byCode = new Map(rows.map((row) => [row.uscc, row.id]))
  const byName = Map.groupBy(rows, (row) => row.name_key)
  const points = new Map<string, Point>()
  const done = new Set<number>()
  for (const { row, point, code, name } of found) {
    const named = byName.get(name)
    const unitId = (code === '' ? undefined : byCode.get(code)) ?? (named?.length === 1 ? named[0]!.id : undefined)
    if (unitId === undefined) continue
    points.set(unitId, { unitId, ...point })
    done.add(row)
  }
  const replaced = rows.filter((row) => row.known && points.has(row.id)).length
  if (points.size > 0 && !told.checkOnly) await keepPlaces(ctx, told.countyCode, told, [...points.values()])
  return { placed: done, replaced }
}
