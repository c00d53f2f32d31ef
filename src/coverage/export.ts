import { sql } from 'kysely'
import type { Context, JobKind, JobRun } from '../host/context.ts'
import { exportNote, exportTable, startExport } from '../host/export-file.ts'
import type { WriteColumn, WriteRow } from '../host/sheets-write.ts'
import { unitKinds } from '../ledger/field-contract.ts'
import { regionNames } from '../office/service.ts'
import { coverageStates, lacks } from './condition-contract.ts'
import { findGround } from './ground.ts'
import type { UnitStateTable } from './tables.ts'
import { countOf, findList, shownRows, type WantedList } from './units.ts'

interface ExportInput extends WantedList {
  format: 'xlsx' | 'csv'
  purpose: string
}

const batchRows = 1000
const unitsMax = 1_000_000

const columns: readonly WriteColumn[] = [
  { title: '单位名称', width: 36 },
  { title: '单位类型', width: 14 },
  { title: '县（市、区）', width: 14 },
  { title: '乡镇街道', width: 16 },
  { title: '从业人数', kind: 'number' },
  { title: '正式党员', kind: 'number' },
  { title: '预备党员', kind: 'number' },
  { title: '组织关系未转入', kind: 'number' },
  { title: '覆盖方式', width: 14 },
  { title: '未建情形', width: 14 },
  { title: '是否应建', width: 10 },
  { title: '自何日起', kind: 'date' },
  { title: '原因', width: 44 },
  { title: '下一步', width: 36 },
]

/** 导出覆盖名单: counts, notes the purpose in the journal, and leaves the writing to a job. Counts only, no names of persons. */
export async function exportUnits(input: ExportInput, ctx: Context) {
  const { from, title, told } = await findList(input, ctx)
  const total = await countOf(ctx, from(sql`true`))
  const { countyCode } = await findGround(ctx, input.region)
  // The day is settled now, so that the file is of the list that was looked at.
  const asked = { ...input, asOf: told.asOf }
  return startExport(ctx, asked, {
    kind: 'coverage.export',
    title,
    noun: '单位',
    unit: '家',
    total,
    max: unitsMax,
    subject: 'export:coverage',
    after: { 截至: told.asOf },
    countyCode: countyCode ?? undefined,
  })
}

type ExportJob = ExportInput & { asOf: string; by: string }
type Key = Pick<UnitStateTable, 'county_code' | 'area_code' | 'unit_id'>

/** Writes the file a thousand units at a time, each in a short transaction of the asker's scope, in the list's order. */
export const exportJob: JobKind<ExportJob> = {
  kind: 'coverage.export',
  async run(job) {
    const { input } = job
    const { title, note, total } = await job.transaction((ctx) => begin(ctx, input))
    const rows = exportRows(job, total)
    return exportTable(job, `${title.replaceAll(' ', '')} ${input.asOf}`, input.format, {
      name: '覆盖名单',
      columns,
      rows,
      note,
    })
  },
}

async function begin(ctx: Context, input: ExportJob) {
  const { from, title } = await findList(input, ctx)
  const total = await countOf(ctx, from(sql`true`))
  const { name } = await findGround(ctx, input.region)
  const words = [
    title,
    `${name}　截至 ${input.asOf}　共 ${total} 家`,
    input.where || input.text || input.unplaced ? '另加筛选条件' : '',
  ]
  return { title, total, note: exportNote(words, input) }
}

async function* exportRows(job: JobRun<ExportJob>, total: number): AsyncGenerator<WriteRow> {
  let after: Key | undefined
  for (let done = 0; ;) {
    job.signal.throwIfAborted()
    const { rows, last } = await job.transaction((ctx) => batchOf(ctx, job.input, after))
    yield* rows
    done += rows.length
    // The list may have changed since it was counted: what was written is the whole in the end.
    await job.progress(done, last ? Math.max(done, total) : done, `已写 ${done.toLocaleString('zh-CN')} 家`)
    if (!last) return
    after = last
  }
}

/** The rows of the list after one, and the last of them; `last` is undefined when there are no more. */
async function batchOf(ctx: Context, input: ExportJob, after: Key | undefined) {
  const { from } = await findList(input, ctx)
  const beyond = after
    ? sql`(s.county_code, s.area_code, s.unit_id) > (${after.county_code}, ${after.area_code}, ${after.unit_id}::uuid)`
    : sql`true`
  const { rows } = await sql<UnitStateTable & { name: string }>`
    select page.*, coalesce(u.name, '（已不在台账）') as name
    from (select s.* ${from(beyond)} order by county_code, area_code, unit_id limit ${batchRows}) page
    left join unit u on u.county_code = page.county_code and u.id = page.unit_id
    order by page.county_code, page.area_code, page.unit_id`.execute(ctx.tx)
  const counties = await regionNames(
    ctx.tx,
    rows.map((row) => row.county_code),
  )
  const shown = await shownRows(ctx, rows)
  return {
    rows: shown.map((row): WriteRow => [
      row.name,
      unitKinds[row.unitKind],
      counties.get(row.countyCode)?.name ?? row.countyCode,
      row.areaCode === row.countyCode ? null : row.areaName,
      row.staff,
      row.formal,
      row.probationary,
      row.knownElsewhere,
      coverageStates[row.state],
      row.lack && lacks[row.lack],
      row.due ? '是' : '否',
      row.since,
      row.reason,
      row.step.title,
    ]),
    last: rows.length < batchRows ? undefined : rows.at(-1),
  }
}
