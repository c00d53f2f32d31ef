import { formatDateTime, today } from '../base/time.ts'
import type { Context, JobKind } from '../host/context.ts'
import { type ExportAsked, exportByIds, exportNote, exportTable, startExport } from '../host/export-file.ts'
import type { WriteColumn, WriteRow } from '../host/sheets-write.ts'
import { departments } from './field-contract.ts'
import { regionWords } from './filter-words.ts'
import { rowFates } from './funnel-contract.ts'
import { countRows, type RowFilter, rowIds, shownRows } from './funnel-rows.ts'

type RowsJob = RowFilter & ExportAsked

const rowsMax = 1_000_000

const columns: readonly WriteColumn[] = [
  { title: '行里的单位名称', width: 36 },
  { title: '统一社会信用代码', width: 22 },
  { title: '去向', width: 14 },
  { title: '原因', width: 40 },
  { title: '归入的单位', width: 36 },
  { title: '来源部门', width: 12 },
  { title: '文件', width: 32 },
  { title: '工作表', width: 14 },
  { title: '行', kind: 'number' },
  { title: '数据截至', kind: 'date' },
]

/** 导出甄别的来源行: counts, notes the purpose in the journal, and leaves the writing to a job. */
export async function exportFunnelRows(input: Omit<RowsJob, 'by'>, ctx: Context) {
  const { linked, loose } = await countRows(ctx, input)
  const { counties } = ctx.actor.scope
  return startExport(ctx, input, {
    kind: 'ledger.exportFunnelRows',
    title: '来源行',
    noun: '行',
    unit: '行',
    total: linked + loose,
    max: rowsMax,
    subject: 'export:source-rows',
    countyCode: counties.length === 1 ? counties[0] : undefined,
  })
}

/** Writes the rows a thousand at a time; which they are, and their order, is settled once at the beginning. */
export const exportFunnelRowsJob: JobKind<RowsJob> = {
  kind: 'ledger.exportFunnelRows',
  async run(job) {
    const { ids, note, day } = await job.transaction((ctx) => begin(ctx, job.input))
    const table = { name: '来源行', columns, rows: exportByIds(job, ids, { unit: '行' }, rowsOf), note }
    return exportTable(job, `来源行 ${day}`, job.input.format, table)
  },
}

async function begin(ctx: Context, input: RowsJob) {
  const { linked, loose } = await countRows(ctx, input)
  const ids = await rowIds(ctx, input, linked, { limit: linked + loose, offset: 0 })
  const words = [`来源行　截至 ${formatDateTime(ctx.now)}`, `${await wordsOf(ctx, input)}，共 ${ids.length} 行`]
  return { ids, note: exportNote(words, input), day: today(ctx.now) }
}

async function wordsOf(ctx: Context, { region, fate, department, text }: RowFilter): Promise<string> {
  const named = (await regionWords(ctx, region)) || '本账号全部范围'
  const words = [named, fate && rowFates[fate], department && departments[department]]
  return [...words, text && `搜索“${text}”`].filter(Boolean).join('；')
}

async function rowsOf(ctx: Context, ids: readonly string[]): Promise<WriteRow[]> {
  return (await shownRows(ctx, ids)).map((row) => [
    row.name,
    row.code,
    rowFates[row.fate],
    row.reason,
    row.unitName,
    row.department && departments[row.department],
    row.fileName,
    row.sheet,
    row.row,
    row.asOf,
  ])
}
