import { Problem } from '../base/problem.ts'
import { grouped } from '../base/number.ts'
import { formatDateTime, today } from '../base/time.ts'
import type { Context, JobKind } from '../host/context.ts'
import { exportNote, exportTable } from '../host/export-file.ts'
import type { WriteColumn, WriteRow } from '../host/sheets-write.ts'
import { formingModes, orgKinds } from '../party/words-contract.ts'
import { readCases, type WantedCases } from './cases.ts'
import { caseStates } from './contract.ts'
import { foundingForms, foundingSteps } from './rules.ts'

interface CasesJob extends WantedCases {
  format: 'xlsx' | 'csv'
  purpose: string
  by: string
}

const batchRows = 500
const columns: readonly WriteColumn[] = [
  { title: '党组织', width: 36 },
  { title: '类别', width: 14 },
  { title: '组建方式', width: 14 },
  { title: '办理', width: 16 },
  { title: '牵头单位', width: 36 },
  { title: '单位数', kind: 'number' },
  { title: '正式党员', kind: 'number' },
  { title: '乡镇街道', width: 16 },
  { title: '开办日期', kind: 'date' },
  { title: '状态', width: 10 },
  { title: '下一步', width: 10 },
  { title: '期限', kind: 'date' },
  { title: '逾期', width: 8 },
  { title: '办结日期', kind: 'date' },
]

/** 导出组建办理台账: counts only, no names of persons. */
export async function exportCases(input: Omit<CasesJob, 'by'>, ctx: Context) {
  const { total, name } = await readCases(ctx, { ...input, sort: 'dueOn', order: 'asc', limit: 1, offset: 0 })
  if (total === 0) throw new Problem('invalid', '台账里没有符合条件的，不用导出。')
  ctx.record({ subject: 'export:founding', purpose: input.purpose, after: { 范围: name, 件数: total } })
  const jobId = await ctx.enqueue({
    kind: 'founding.exportCases',
    title: `导出组建办理台账（${grouped(total)} 件）`,
    input: { ...input, by: ctx.actor.name } satisfies CasesJob,
  })
  return { jobId }
}

export const casesJob: JobKind<CasesJob> = {
  kind: 'founding.exportCases',
  async run(job) {
    const { input } = job
    const page = (offset: number) => (ctx: Context) =>
      readCases(ctx, { ...input, sort: 'openedOn', order: 'asc', limit: batchRows, offset })
    const { name, at, day } = await job.transaction(async (ctx) => ({
      name: (await page(0)(ctx)).name,
      at: formatDateTime(ctx.now),
      day: today(ctx.now),
    }))
    async function* rows(): AsyncGenerator<WriteRow> {
      for (let offset = 0; ; offset += batchRows) {
        const batch = await job.transaction(page(offset))
        for (const one of batch.rows)
          yield [
            one.orgName,
            orgKinds[one.kind],
            formingModes[one.formingMode],
            foundingForms[one.form],
            one.leadName,
            one.units,
            one.members,
            one.areaName,
            one.openedOn,
            caseStates[one.state],
            one.step && foundingSteps[one.step],
            one.dueOn,
            one.overdue ? '是' : null,
            one.endedOn,
          ]
        const done = offset + batch.rows.length
        await job.progress(done, batch.total, `已写 ${grouped(done)} 件`)
        if (batch.rows.length < batchRows) return
      }
    }
    const note = exportNote([`${name}组建办理台账　截至 ${at}`], input)
    return exportTable(job, `${name}组建办理台账 ${day}`.replaceAll(' ', '_'), input.format, {
      name: '组建办理',
      columns,
      rows: rows(),
      note,
    })
  },
}
