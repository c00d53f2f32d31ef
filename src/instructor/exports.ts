import { grouped } from '../base/number.ts'
import type { Context, JobKind } from '../host/context.ts'
import { type ExportAsked, exportNote, exportPages, exportTable, startExport } from '../host/export-file.ts'
import type { WriteColumn, WriteRow } from '../host/sheets-write.ts'
import { readAssignments, type WantedAssignments } from './assignments.ts'
import { pairViews, planStates } from './contract-rows.ts'
import { readPairs, type WantedPairs } from './plan-pairs.ts'
import { planOf } from './plans.ts'
import { readInstructors, type WantedInstructors } from './register.ts'
import { origins, pairNote, skillsText } from './rules.ts'

type RegisterJob = WantedInstructors & ExportAsked
type AssignmentsJob = Omit<WantedAssignments, 'sort' | 'order'> & ExportAsked

type PlanJob = Omit<WantedPairs, 'sort' | 'order'> & ExportAsked

const masked = ['姓名、电话已脱敏']
const assignmentOrder = { sort: 'areaName', order: 'asc' } as const
const order = { sort: 'area', order: 'asc' } as const

const registerList = { kind: 'instructor.export', title: '指导员名册', unit: '名' }
const assignmentsList = { kind: 'instructor.exportAssignments', title: '指导员联系单位', unit: '家' }

/** 导出指导员名册: names and telephone numbers stay masked. */
export async function exportInstructors(input: Omit<RegisterJob, 'by'>, ctx: Context) {
  const { total, name } = await readInstructors(ctx, { ...input, ...order, limit: 1, offset: 0 })
  const told = { noun: '指导员', total, subject: 'export:instructors', after: { 范围: name } }
  return startExport(ctx, input, { ...registerList, ...told })
}

/** 导出指导员联系单位 */
export async function exportAssignments(input: Omit<AssignmentsJob, 'by'>, ctx: Context) {
  const { total, name } = await readAssignments(ctx, { ...input, ...assignmentOrder, limit: 1, offset: 0 })
  const told = { noun: '联系单位', total, subject: 'export:assignments', after: { 范围: name } }
  return startExport(ctx, input, { ...assignmentsList, ...told })
}

const registerColumns: readonly WriteColumn[] = [
  { title: '姓名', width: 12 },
  { title: '电话', width: 16 },
  { title: '工作单位及职务', width: 36 },
  { title: '选派来源', width: 20 },
  { title: '乡镇街道', width: 16 },
  { title: '最多联系几家', kind: 'number' },
  { title: '现联系几家', kind: 'number' },
  { title: '熟悉行业', width: 30 },
  { title: '选派日期', kind: 'date' },
  { title: '离任日期', kind: 'date' },
]

const assignmentColumns: readonly WriteColumn[] = [
  { title: '单位', width: 36 },
  { title: '乡镇街道', width: 16 },
  { title: '指导员', width: 12 },
  { title: '工作单位及职务', width: 36 },
  { title: '相距（米）', kind: 'number' },
  { title: '距离', width: 12 },
  { title: '起', kind: 'date' },
  { title: '止', kind: 'date' },
  { title: '依据', width: 30 },
]

export const registerJob: JobKind<RegisterJob> = {
  kind: registerList.kind,
  run: (job) =>
    exportPages(job, {
      ...registerList,
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
            skillsText(one.skills),
            one.from,
            one.to,
          ]),
        }
      },
    }),
}

export const assignmentsJob: JobKind<AssignmentsJob> = {
  kind: assignmentsList.kind,
  run: (job) =>
    exportPages(job, {
      ...assignmentsList,
      columns: assignmentColumns,
      words: masked,
      read: async (ctx, at) => {
        const page = await readAssignments(ctx, { ...job.input, ...assignmentOrder, ...at })
        return {
          ...page,
          rows: page.rows.map((one): WriteRow => [
            one.unitName,
            one.areaName,
            one.instructorName,
            one.employer,
            one.metres,
            sureness(one),
            one.from,
            one.to,
            one.source,
          ]),
        }
      },
    }),
}

const planOrder = { sort: 'plan', order: 'asc' } as const

async function pairsOf(ctx: Context, input: Omit<PlanJob, keyof ExportAsked>) {
  const row = await planOf(ctx, input.id, { held: false })
  return { row, rows: (await readPairs(ctx, row, { ...input, ...planOrder })).rows }
}

/** 导出指导员安排: as the list shows it, for whoever has to approve it. */
export async function exportAssignPlan(input: Omit<PlanJob, 'by'>, ctx: Context) {
  const { row, rows } = await pairsOf(ctx, input)
  return startExport(ctx, input, {
    kind: 'instructor.exportPlan',
    title: '指导员安排',
    noun: '单位',
    unit: '家',
    total: rows.length,
    subject: `instructorPlan:${row.id}`,
    after: { 范围: pairViews[input.show] },
    countyCode: row.county_code,
  })
}

const planColumns: readonly WriteColumn[] = [
  { title: '单位', width: 36 },
  { title: '乡镇街道', width: 16 },
  { title: '指导员', width: 12 },
  { title: '工作单位及职务', width: 36 },
  { title: '相距（米）', kind: 'number' },
  { title: '距离', width: 12 },
  { title: '说明', width: 26 },
]

/** How surely a distance is known. */
const sureness = (one: { metres: number | null; measured: boolean }) =>
  one.metres === null ? '位置不明' : one.measured ? '量得' : '估计'

export const planJob: JobKind<PlanJob> = {
  kind: 'instructor.exportPlan',
  async run(job) {
    const { input } = job
    const { row, rows } = await job.transaction((ctx) => pairsOf(ctx, input))
    const table = rows.map((one): WriteRow => [
      one.unitName,
      one.areaName,
      one.instructorName ?? '没有派到',
      one.employer,
      one.metres,
      one.instructorId === null ? '' : sureness(one),
      pairNote(one, input.show === 'given'),
    ])
    const words = [`${row.title}（${planStates[row.state]}）`, pairViews[input.show], ...masked]
    await job.progress(rows.length, rows.length, `已写 ${grouped(rows.length)} 家`)
    const sheet = { name: '指导员安排', columns: planColumns, rows: table, note: exportNote(words, input) }
    return exportTable(job, row.title, input.format, sheet)
  },
}
