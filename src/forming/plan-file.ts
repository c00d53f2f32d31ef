import { writeFile } from 'node:fs/promises'
import { Problem } from '../base/problem.ts'
import { formatDateTime } from '../base/time.ts'
import type { Context, JobKind } from '../host/context.ts'
import { writeDocument } from '../host/document.ts'
import { exportFile, exportNote } from '../host/export-file.ts'
import { type WriteColumn, type WriteRow, writeXlsx } from '../host/sheets-write.ts'
import { placeSources } from './contract.ts'
import { explainGroup, explainLeft } from './explain.ts'
import { GroupRules } from './locked.ts'
import { pendingOf, pendingWords } from './pending.ts'
import { documentOfPlan, documentRowsMax } from './plan-document.ts'
import { type KeptInput, plannedOf } from './plan-kept.ts'
import { gapWords } from './gap-words.ts'

interface PlanExport {
  id: string
  format: 'docx' | 'xlsx'
  purpose: string
  by: string
}

const groupColumns: readonly WriteColumn[] = [
  { title: '组号', kind: 'number' },
  { title: '牵头', width: 32 },
  { title: '单位', width: 36 },
  { title: '党员', kind: 'number' },
  { title: '其中正式党员', kind: 'number' },
  { title: '乡镇街道', width: 16 },
  { title: '编组理由', width: 24 },
  { title: '到牵头单位（米）', kind: 'number' },
  { title: '位置依据', width: 18 },
  { title: '须说明', width: 30 },
]
const leftColumns: readonly WriteColumn[] = [
  { title: '单位', width: 36 },
  { title: '党员', kind: 'number' },
  { title: '其中正式党员', kind: 'number' },
  { title: '乡镇街道', width: 16 },
  { title: '未编组原因和建议', width: 60 },
]
const ruleColumns: readonly WriteColumn[] = [
  { title: '规则', width: 30 },
  { title: '数值', kind: 'number' },
  { title: '依据', width: 50 },
  { title: '施行', kind: 'date' },
]

/** 导出组建方案 for the meeting: groups with why, units left over, the numbers and their sources. */
export async function exportPlan(asked: Omit<PlanExport, 'by'>, ctx: Context) {
  const { row, plan } = await plannedOf(ctx, asked.id)
  const rows = plan.groups.length + plan.leftOver.length + plan.refused.length
  if (asked.format === 'docx' && rows > documentRowsMax)
    throw new Problem(
      'invalid',
      `编组和未编组单位共 ${rows.toLocaleString('zh-CN')} 行，会议文档最多 ${documentRowsMax.toLocaleString('zh-CN')} 行。请导出表格，或按乡镇街道分别编排后再导出文档。`,
    )
  const after = { 方案: row.title, 组数: plan.groups.length, 格式: asked.format }
  ctx.record({ countyCode: row.county_code, subject: `plan:${row.id}`, purpose: asked.purpose, after })
  const jobId = await ctx.enqueue({
    kind: 'forming.exportPlan',
    title: `导出${row.title}`,
    input: { ...asked, by: ctx.actor.name } satisfies PlanExport,
    countyCode: row.county_code,
  })
  return { jobId }
}

/** Writes a plan as a document, or as a workbook of three sheets. */
export const planExportJob: JobKind<PlanExport> = {
  kind: 'forming.exportPlan',
  async run(job) {
    const { found, note } = await job.transaction(async (ctx) => {
      const kept = await plannedOf(ctx, job.input.id)
      const { groups, left_over: left, bound, title } = kept.row
      const gap = bound === null ? '' : `　差距${gapWords(bound)}`
      return {
        found: kept,
        note: exportNote([`${title}　${groups} 个组，未编组 ${left} 家${gap}`, formatDateTime(ctx.now)], job.input),
      }
    })
    const { input, plan, row } = found
    if (job.input.format === 'docx') {
      const bytes = await writeDocument(documentOfPlan(row, input, plan, note))
      return exportFile(job, `${row.title}.docx`, (path) => writeFile(path, bytes))
    }
    const sheets = [
      { name: '编组', columns: groupColumns, rows: groupRows(input, plan), note },
      { name: '未编组', columns: leftColumns, rows: leftRows(input, plan) },
      {
        name: '所用规则',
        columns: ruleColumns,
        rows: input.kept.map((one): WriteRow => [one.word, one.value, one.source, one.effectiveOn]),
      },
    ]
    return exportFile(job, `${row.title}.xlsx`, (path) => writeXlsx(path, sheets, { signal: job.signal }))
  },
}

type Planned = Awaited<ReturnType<typeof plannedOf>>

function* groupRows(input: KeptInput, plan: Planned['plan']): Generator<WriteRow> {
  const rules = new GroupRules(input)
  const units = new Map(input.units.map((unit) => [unit.id, unit]))
  const hosts = new Map(input.hosts.map((host) => [host.id, host.name]))
  for (const [at, group] of plan.groups.entries()) {
    const { lines, flags } = explainGroup(input, group, rules)
    const lead = hosts.get(group.leadId) ?? units.get(group.leadId)!.name
    for (const id of group.unitIds) {
      const unit = units.get(id)!
      const line = lines.find((one) => one.unitId === id)
      const words = line === undefined ? '牵头单位' : line.measured ? line.words : `${line.words}（米数为估计）`
      yield [
        at + 1,
        lead,
        unit.name,
        unit.members,
        unit.formal,
        unit.place.street,
        words,
        line?.metres ?? null,
        placeSources[unit.source],
        [...flags, ...pendingWords(pendingOf(units, group))].join('；') || null,
      ]
    }
  }
}

function* leftRows(input: KeptInput, plan: Planned['plan']): Generator<WriteRow> {
  const rules = new GroupRules(input)
  for (const id of plan.leftOver) {
    const unit = input.units.find((one) => one.id === id)!
    yield [unit.name, unit.members, unit.formal, unit.place.street, explainLeft(input, plan, id, rules).words]
  }
  for (const id of plan.refused) {
    const unit = input.units.find((one) => one.id === id)
    if (unit) yield [unit.name, unit.members, unit.formal, unit.place.street, '明确不参加']
  }
}
