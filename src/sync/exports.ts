import type { Context, JobKind } from '../host/context.ts'
import { type ExportAsked, exportPages, startExport } from '../host/export-file.ts'
import type { WriteColumn, WriteRow } from '../host/sheets-write.ts'
import { itemStates } from './contract.ts'
import { readItems, type WantedItems } from './items.ts'

type ItemsJob = WantedItems & ExportAsked

const columns: readonly WriteColumn[] = [
  { title: '事件', width: 36 },
  { title: '模板', width: 30 },
  { title: '党建事项', width: 40 },
  { title: '乡镇街道', width: 16 },
  { title: '状态', width: 10 },
  { title: '期限', kind: 'date' },
  { title: '逾期', width: 8 },
  { title: '办理日期', kind: 'date' },
  { title: '办理情况', width: 40 },
]

const list = { kind: 'sync.exportItems', title: '同步事项', unit: '项' }

/** 导出同步事项 */
export async function exportItems(input: Omit<ItemsJob, 'by'>, ctx: Context) {
  const { total, name } = await readItems(ctx, { ...input, sort: 'dueOn', order: 'asc', limit: 1, offset: 0 })
  const told = { noun: '事项', total, subject: 'export:sync', after: { 范围: name } }
  return startExport(ctx, input, { ...list, ...told })
}

/** Writes the items page by page, the earliest terms first. */
export const itemsJob: JobKind<ItemsJob> = {
  kind: list.kind,
  run: (job) =>
    exportPages(job, {
      ...list,
      columns,
      read: async (ctx, at) => {
        const page = await readItems(ctx, { ...job.input, sort: 'dueOn', order: 'asc', ...at })
        return {
          ...page,
          rows: page.rows.map((one): WriteRow => [
            one.eventTitle,
            one.templateTitle,
            one.title,
            one.areaName,
            itemStates[one.state],
            one.dueOn,
            one.overdue ? '是' : null,
            one.doneOn,
            one.note,
          ]),
        }
      },
    }),
}
