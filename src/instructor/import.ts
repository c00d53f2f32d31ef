import { Problem } from '../base/problem.ts'
import { grouped } from '../base/number.ts'
import { parseLooseDate, today } from '../base/time.ts'
import type { Context, JobKind } from '../host/context.ts'
import { rowsBelowHead, RowTally } from '../host/table-rows.ts'
import { uploadOf } from '../host/uploads.ts'
import { regionNamed, regionNames, townshipsOf } from '../office/service.ts'
import { isRegistered, writeInstructor } from './people.ts'
import { instructorColumns, readInstructor, type ReadInstructor } from './rules.ts'

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

/** Reads a table of instructors; a row that is wrong is answered, and stops no other. Read again, nobody is written twice. */
export const importJob: JobKind<ImportJob> = {
  kind: 'instructor.import',
  async run(job) {
    const { countyCode, fileId, fileName, checkOnly } = job.input
    const tally = new RowTally()
    let kept = 0
    const regions = await job.transaction((ctx) => regionsOf(ctx, countyCode))
    const seen = new Set<string>()
    const path = job.files.path(fileId)
    for await (const rows of rowsBelowHead(path, fileName, instructorColumns, { signal: job.signal })) {
      const found: Found[] = []
      for (const { row, cells, columns } of rows) {
        tally.read += 1
        const one = readInstructor(cells, columns, parseLooseDate)
        if (typeof one === 'string') {
          tally.refuse(row, one)
          continue
        }
        const areaCode = regionNamed(one.area, regions)
        const key = `${one.name}|${one.phone ?? one.employer ?? ''}`
        if (!areaCode) tally.refuse(row, `没有唯一叫“${one.area}”的乡镇街道，请写全称。`)
        else if (seen.has(key)) tally.refuse(row, '与前面的一行是同一个人。')
        else found.push({ row, one, areaCode })
        seen.add(key)
      }
      await job.transaction(async (ctx) => {
        for (const one of found) kept += await keepFound(ctx, job.input, one, tally)
        if (!checkOnly && found.length > 0)
          ctx.record({ countyCode, subject: `file:${fileId}`, after: { 登记指导员: kept } })
      })
      await job.progress(tally.read, tally.read, `已读 ${grouped(tally.read)} 行`)
    }
    if (tally.read === 0) throw new Problem('unsupported', '没有认出表头：要有姓名和乡镇街道，可有电话、工作单位等。')
    return { ...tally.result(), kept }
  },
}

/** The county itself and its townships: where an instructor can be based. */
async function regionsOf(ctx: Context, countyCode: string) {
  const county = (await regionNames(ctx.tx, [countyCode])).get(countyCode)
  return [...(county ? [county] : []), ...(await townshipsOf(ctx.tx, countyCode))]
}

/** A row that could be read, with its township. */
interface Found {
  row: number
  one: ReadInstructor
  areaCode: string
}

/** Keeps one, or says why not; only whether it could be where nothing is kept. Resolves to how many were. */
async function keepFound(
  ctx: Context,
  { countyCode, checkOnly }: ImportJob,
  { row, one, areaCode }: Found,
  tally: RowTally,
): Promise<number> {
  const { areas } = ctx.actor.scope
  const refuse = (message: string) => {
    tally.refuse(row, message)
    return 0
  }
  if (areas !== '*' && !areas.includes(areaCode)) return refuse(`“${one.area}”不在您的管理范围内。`)
  const { fromOn, point, area: _, ...facts } = one
  const from = fromOn ?? today(ctx.now)
  if (from > today(ctx.now)) return refuse('选派日期不能晚于今天。')
  const place = { longitude: point?.longitude ?? null, latitude: point?.latitude ?? null }
  const whole = { ...facts, ...place, areaCode, from }
  const held = checkOnly
    ? await isRegistered(ctx, countyCode, whole)
    : (await writeInstructor(ctx, countyCode, whole)) === null
  return held ? refuse('已经登记过，不必重复。') : 1
}
