import { Problem } from '../base/problem.ts'
import { grouped } from '../base/number.ts'
import type { Context, JobKind } from '../host/context.ts'
import { type ExportAsked, exportPages } from '../host/export-file.ts'
import type { WriteColumn, WriteRow } from '../host/sheets-write.ts'
import { readAssignments, type WantedAssignments } from './assignments.ts'
import { readInstructors, type WantedInstructors } from './register.ts'
import { origins } from './rules.ts'

type RegisterJob = WantedInstructors & ExportAsked
type AssignmentsJob = WantedAssignments & ExportAsked

const masked = ['姓名、电话已脱敏']
const order = { sort: 'area', order: 'asc' } as const

/** 导出指导员名册: names and telephone numbers stay masked. */
export async function exportInstructors(input: Omit<RegisterJob, 'by'>, ctx: Context) {
  const { total, name } = await readInstructors(ctx, { ...input, ...order, limit: 1, offset: 0 })
  if (total === 0) throw new Problem('invalid', '名册里没有符合条件的，不用导出。')
  ctx.record({ subject: 'export:instructors', purpose: input.purpose, after: { 范围: name, 人数: total } })
  const jobId = await ctx.enqueue({
    kind: 'instructor.export',
    title: `导出指导员名册（${grouped(total)} 名）`,
    input: { ...input, by: ctx.actor.name } satisfies RegisterJob,
  })
  return { jobId }
}

/** 导出指导员联系单位 */
export async function exportAssignments(input: Omit<AssignmentsJob, 'by'>, ctx: Context) {
  const { total, name } = await readAssignments(ctx, { ...input, limit: 1, offset: 0 })
  if (total === 0) throw new Problem('invalid', '没有符合条件的联系单位，不用导出。')
  ctx.record({ subject: 'export:assignments', purpose: input.purpose, after: { 范围: name, 家数: total } })
  const jobId = await ctx.enqueue({
    kind: 'instructor.exportAssignments',
    title: `导出指导员联系单位（${grouped(total)} 家）`,
    input: { ...input, by: ctx.actor.name } satisfies AssignmentsJob,
  })
  return { jobId }
}

const registerColumns: readonly WriteColumn[] = [
  { title: '姓名', width: 12 },
  { title: '电话', width: 16 },
  { title: '工作单位及职务', width: 36 },
  { title: '选派来源', width: 20 },
  { title: '乡镇街道', width: 16 },
  { title: '最多联系几家', kind: 'number' },
  { title: '现联系几家', kind: 'number' },
  { title: '熟悉行业', width: 14 },
  { title: '选派日期', kind: 'date' },
  { title: '离任日期', kind: 'date' },
]

const assignmentColumns: readonly WriteColumn[] = [
  { title: '单位', width: 36 },
  { title: '乡镇街道', width: 16 },
  { title: '指导员', width: 12 },
  { title: '相距（米）', kind: 'number' },
  { title: '距离', width: 12 },
  { title: '起', kind: 'date' },
  { title: '止', kind: 'date' },
  { title: '依据', width: 30 },
]

export const registerJob: JobKind<RegisterJob> = {
  kind: 'instructor.export',
  run: (job) =>
    exportPages(job, {
      title: '指导员名册',
      unit: '名',
      columns: registerColumns,
      words: masked,
      read: async (ctx, at) => {
        const page = await readInstructors(ctx, { ...job.input, ...order, ...at })
        return {
          ...page,
          rows: page.rows.map((one): WriteRow => [
            one.name,
            one.phone,
            one.employer,
            origins[one.origin],
            one.areaName,
            one.capacity,
            one.units,
            one.skills.join('、'),
            one.from,
            one.to,
          ]),
        }
      },
    }),
}

export const assignmentsJob: JobKind<AssignmentsJob> = {
  kind: 'instructor.exportAssignments',
  run: (job) =>
    exportPages(job, {
      title: '指导员联系单位',
      unit: '家',
      columns: assignmentColumns,
      words: masked,
      read: async (ctx, at) => {
        const page = await readAssignments(ctx, { ...job.input, ...at })
        return {
          ...page,
          rows: page.rows.map((one): WriteRow => [
            one.unitName,
            one.areaName,
            one.instructorName,
            one.metres,
            one.metres === null ? '位置不明' : one.measured ? '量得' : '估计',
            one.from,
            one.to,
            one.source,
          ]),
        }
      },
    }),
}
