import { Problem } from '../base/problem.ts'
import { grouped } from '../base/number.ts'
import { parseLooseDate, today } from '../base/time.ts'
import type { Context, JobKind } from '../host/context.ts'
import { readSheets } from '../host/sheets.ts'
import { uploadOf } from '../host/uploads.ts'
import type { OfficeTables } from '../office/tables.ts'
import { isRegistered, writeInstructor } from './people.ts'
import { type InstructorCell, instructorColumns, readInstructor, type ReadInstructor } from './rules.ts'

const errorsMax = 200

interface ImportJob {
  countyCode: string
  fileId: string
  fileName: string
  /** Nothing is kept: only what would be is answered. */
  checkOnly: boolean
}

/** 导入指导员名册: the file is read by a job. */
export async function importInstructors(input: Omit<ImportJob, 'fileName'>, ctx: Context) {
  const upload = await uploadOf(ctx, input.fileId)
  const jobId = await ctx.enqueue({
    kind: 'instructor.import',
    title: `${input.checkOnly ? '检查' : '导入'}指导员名册：${upload.file_name}`,
    input: { ...input, fileName: upload.file_name } satisfies ImportJob,
    countyCode: input.countyCode,
  })
  ctx.record({ countyCode: input.countyCode, subject: `file:${input.fileId}`, after: { 只检查: input.checkOnly } })
  return { jobId }
}

/** The townships of a county by their names; a name that two share is nobody's. */
async function townships(ctx: Context, countyCode: string): Promise<Map<string, string>> {
  const rows = await ctx.tx
    .withTables<OfficeTables>()
    .selectFrom('region')
    .select(['code', 'name'])
    .where((eb) => eb.or([eb('code', '=', countyCode), eb('parent_code', '=', countyCode)]))
    .execute()
  const named = Map.groupBy(rows, (row) => row.name)
  return new Map([...named].flatMap(([name, list]) => (list.length === 1 ? [[name, list[0]!.code] as const] : [])))
}

/** The township that a row means: its whole name, or the only one that begins with it. */
function townshipOf(area: string, names: ReadonlyMap<string, string>): string | undefined {
  const whole = names.get(area)
  if (whole) return whole
  const like = [...names].filter(([name]) => name.startsWith(area))
  return like.length === 1 ? like[0]![1] : undefined
}

/** Reads a table of instructors; a row that is wrong is answered, and stops no other. Read again, nobody is written twice. */
export const importJob: JobKind<ImportJob> = {
  kind: 'instructor.import',
  async run(job) {
    const { countyCode, fileId, fileName, checkOnly } = job.input
    const result = { read: 0, kept: 0, refused: 0, errors: [] as { row: number; message: string }[] }
    const refuse = (row: number, message: string) => {
      result.refused += 1
      if (result.errors.length < errorsMax) result.errors.push({ row, message })
    }
    const names = await job.transaction((ctx) => townships(ctx, countyCode))
    const seen = new Set<string>()
    let columns: Map<InstructorCell, number> | null = null
    let sheet = ''
    for await (const rows of readSheets(job.files.path(fileId), fileName, { signal: job.signal })) {
      const found: { row: number; one: ReadInstructor; areaCode: string }[] = []
      for (const { row, sheet: of, cells: raw } of rows) {
        if (of !== sheet) [columns, sheet] = [null, of]
        const cells = raw.map((cell) => (cell ?? '').trim())
        if (columns === null) columns = instructorColumns(cells)
        else if (cells.some((cell) => cell !== '')) {
          result.read += 1
          const one = readInstructor(cells, columns, parseLooseDate)
          if (typeof one === 'string') refuse(row, one)
          else {
            const areaCode = townshipOf(one.area, names)
            const key = `${one.name}|${one.phone ?? one.employer ?? ''}`
            if (!areaCode) refuse(row, `没有唯一叫“${one.area}”的乡镇街道，请写全称。`)
            else if (seen.has(key)) refuse(row, '与前面的一行是同一个人。')
            else found.push({ row, one, areaCode })
            seen.add(key)
          }
        }
      }
      await job.transaction(async (ctx) => {
        const { areas } = ctx.actor.scope
        for (const { row, one, areaCode } of found) {
          if (areas !== '*' && !areas.includes(areaCode)) {
            refuse(row, `“${one.area}”不在您的管理范围内。`)
            continue
          }
          const { fromOn, point, area: _, ...facts } = one
          const from = fromOn ?? today(ctx.now)
          if (from > today(ctx.now)) {
            refuse(row, '选派日期不能晚于今天。')
            continue
          }
          const place = { longitude: point?.longitude ?? null, latitude: point?.latitude ?? null }
          const whole = { ...facts, ...place, areaCode, from }
          const held = checkOnly
            ? await isRegistered(ctx, countyCode, whole)
            : (await writeInstructor(ctx, countyCode, whole)) === null
          if (held) refuse(row, '已经登记过，不必重复。')
          else result.kept += 1
        }
        if (!checkOnly && found.length > 0)
          ctx.record({ countyCode, subject: `file:${fileId}`, after: { 登记指导员: result.kept } })
      })
      await job.progress(result.read, result.read, `已读 ${grouped(result.read)} 行`)
    }
    if (result.read === 0) throw new Problem('unsupported', '没有认出表头：要有姓名和乡镇街道，可有电话、工作单位等。')
    result.errors.sort((a, b) => a.row - b.row)
    return result
  },
}
