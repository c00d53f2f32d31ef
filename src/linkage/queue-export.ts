import { formatDateTime, today } from '../base/time.ts'
import type { Context, JobKind, JobRun } from '../host/context.ts'
import { exportNote, exportTable, startExport } from '../host/export-file.ts'
import type { WriteColumn, WriteRow } from '../host/sheets-write.ts'
import { departments } from '../ledger/field-contract.ts'
import { queueReasons, queueStates } from './contract.ts'
import { percentText } from './percent.ts'
import { matching, type QueueFilter } from './queue-list.ts'

interface ExportInput extends QueueFilter {
  format: 'xlsx' | 'csv'
  purpose: string
}

const batchRows = 1000

const columns: WriteColumn[] = [
  { title: '表中名称', width: 36, kind: 'text' },
  { title: '表中代码', width: 22, kind: 'text' },
  { title: '为什么等人认定', width: 36, kind: 'text' },
  { title: '可能的单位数', width: 12, kind: 'number' },
  { title: '最高把握', width: 10, kind: 'text' },
  { title: '来源部门', width: 12, kind: 'text' },
  { title: '文件', width: 28, kind: 'text' },
  { title: '工作表', width: 14, kind: 'text' },
  { title: '行', width: 8, kind: 'number' },
  { title: '状态', width: 10, kind: 'text' },
]

/** 导出待核对列表: notes the purpose in the journal, and leaves the writing to a job. */
export async function exportQueue(input: ExportInput, ctx: Context) {
  const { total } = await wanted(ctx, input)
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  const { counties } = ctx.actor.scope
  const asked = { ...input, total }
  return startExport(ctx, asked, {
    kind: 'linkage.export',
    title: '待核对',
    noun: '行',
    unit: '行',
    total,
    subject: 'export:queue',
    countyCode: counties.length === 1 ? counties[0] : undefined,
  })
}

function wanted(ctx: Context, input: ExportInput) {
  const query = matching(ctx, input)
  return input.reason ? query.where('queue_item.reason', '=', input.reason) : query
}

type ExportJob = ExportInput & { by: string; total: number }

/** Writes the waiting rows of a filter, a thousand at a time. */
export const exportJob: JobKind<ExportJob> = {
  kind: 'linkage.export',
  async run(job) {
    const { input } = job
    const now = new Date()
    const note = exportNote([`待核对　截至 ${formatDateTime(now)}`, `共 ${input.total} 行`], input)
    const rows = exportRows(job)
    return exportTable(job, `待核对 ${today(now)}`, input.format, { name: '待核对', columns, rows, note })
  },
}

async function* exportRows(job: JobRun<ExportJob>): AsyncGenerator<WriteRow> {
  let after = ''
  for (let written = 0; ;) {
    job.signal.throwIfAborted()
    const start = after
    const rows = await job.transaction((ctx) => pageOf(ctx, job.input, start))
    for (const row of rows) {
      yield [
        row.name,
        row.code,
        queueReasons[row.reason],
        row.candidates.length,
        row.probability === null ? null : percentText(row.probability),
        departments[row.department],
        row.file_name,
        row.sheet,
        row.row_number,
        queueStates[row.state],
      ]
    }
    written += rows.length
    await job.progress(written, job.input.total, `已写 ${written.toLocaleString('zh-CN')} 行`)
    after = rows.at(-1)?.id ?? ''
    if (rows.length < batchRows) return
  }
}

function pageOf(ctx: Context, input: ExportInput, after: string) {
  return wanted(ctx, input)
    .where((eb) => (after ? eb('queue_item.id', '>', after) : eb.val(true)))
    .selectAll('queue_item')
    .select(['source_row.sheet', 'source_row.row_number', 'import.file_name'])
    .orderBy('queue_item.id')
    .limit(batchRows)
    .execute()
}
