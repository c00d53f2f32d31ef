import type { Context, JobKind } from '../host/context.ts'
import { type ExportAsked, exportPages, startExport } from '../host/export-file.ts'
import type { WriteColumn, WriteRow } from '../host/sheets-write.ts'
import { formingModes, orgKinds } from '../party/words-contract.ts'
import { readCases, type WantedCases } from './cases.ts'
import { caseStates } from './contract.ts'
import { foundingForms, foundingSteps } from './rules.ts'

type CasesJob = WantedCases & ExportAsked

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

const list = { kind: 'founding.exportCases', title: '组建办理台账', unit: '件' }

/** 导出组建办理台账: counts only, no names of persons. */
export async function exportCases(input: Omit<CasesJob, 'by'>, ctx: Context) {
  const { total, name } = await readCases(ctx, { ...input, sort: 'dueOn', order: 'asc', limit: 1, offset: 0 })
  const told = { noun: '组建办理', total, subject: 'export:founding', after: { 范围: name } }
  return startExport(ctx, input, { ...list, ...told })
}

/** Writes the cases page by page, in the order they were opened. */
export const casesJob: JobKind<CasesJob> = {
  kind: list.kind,
  run: (job) =>
    exportPages(job, {
      ...list,
      columns,
      read: async (ctx, at) => {
        const page = await readCases(ctx, { ...job.input, sort: 'openedOn', order: 'asc', ...at })
        return {
          ...page,
          rows: page.rows.map((one): WriteRow => [
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
          ]),
        }
      },
    }),
}
