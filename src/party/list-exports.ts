import { today } from '../base/time.ts'
import type { Context, JobKind } from '../host/context.ts'
import { type ExportAsked, exportPages, startExport } from '../host/export-file.ts'
import type { WriteColumn, WriteRow } from '../host/sheets-write.ts'
import { taskKinds, taskStates } from './member-contract.ts'
import { listMemberUnits, type WantedUnits } from './member-figures.ts'
import { listMemberTasks, type WantedTasks } from './member-tasks.ts'
import { findCheck, listRosterUnits, type WantedRosterUnits } from './rosters.ts'

type Asked<W> = W & ExportAsked
type At = { limit: number; offset: number }

const pageAt = ({ limit, offset }: At) => ({ page: offset / limit + 1, pageSize: limit })

/** What a list that is taken out is called, and how its rows are written. */
interface Taken<W, Row> {
  kind: string
  title: string
  unit: string
  subject: string
  words: readonly string[]
  columns: readonly WriteColumn[]
  read: (input: W & { page: number; pageSize: number }, ctx: Context) => Promise<{ total: number; rows: Row[] }>
  write: (row: Row) => WriteRow
}

/** The operation that takes a list out, and its job. `of` names whose list it is, for the job and the file. */
function takenOut<W extends object, Row>(
  taken: Taken<W, Row>,
  of: (input: W, ctx: Context) => Promise<{ name: string; countyCode?: string }> = wholeScope,
): { ask: (input: Omit<Asked<W>, 'by'>, ctx: Context) => Promise<{ jobId: string }>; job: JobKind<Asked<W>> } {
  const { title, unit, kind, words, columns, read, write } = taken
  return {
    async ask(input, ctx) {
      const asked = { ...input, by: ctx.actor.name } as Asked<W>
      const { total } = await read({ ...asked, page: 1, pageSize: 1 }, ctx)
      const { countyCode } = await of(asked, ctx)
      return startExport(ctx, input, { kind, title, noun: '记录', unit, total, subject: taken.subject, countyCode })
    },
    job: {
      kind,
      run: (job) =>
        exportPages(job, {
          title,
          unit,
          columns,
          words,
          read: async (ctx, at) => {
            const { total, rows } = await read({ ...job.input, ...pageAt(at) }, ctx)
            return { name: (await of(job.input, ctx)).name, total, rows: rows.map(write) }
          },
        }),
    },
  }
}

async function wholeScope(_input: unknown, ctx: Context) {
  const [only, second] = ctx.actor.scope.counties
  return { name: '', ...(only && !second ? { countyCode: only } : {}) }
}

const units = takenOut<WantedUnits, Awaited<ReturnType<typeof listMemberUnits>>['rows'][number]>({
  kind: 'party.exportMemberUnits',
  title: '各单位党员数',
  unit: '家',
  subject: 'export:memberUnits',
  words: ['只有人数，没有党员姓名'],
  columns: [
    { title: '单位', width: 36 },
    { title: '区划', width: 18 },
    { title: '正式党员', kind: 'number' },
    { title: '预备党员', kind: 'number' },
    { title: '关系在别处', kind: 'number' },
  ],
  read: listMemberUnits,
  write: (row) => [row.name, row.areaName, row.formal, row.probationary, row.knownElsewhere],
})

const tasks = takenOut<WantedTasks, Awaited<ReturnType<typeof listMemberTasks>>['rows'][number]>({
  kind: 'party.exportMemberTasks',
  title: '党员任务',
  unit: '项',
  subject: 'export:memberTasks',
  words: ['姓名已脱敏'],
  columns: [
    { title: '任务', width: 16 },
    { title: '党员', width: 10 },
    { title: '用人单位', width: 36 },
    { title: '用人单位所在区划', width: 18 },
    { title: '组织关系所在', width: 36 },
    { title: '状态', width: 10 },
    { title: '说明', width: 30 },
    { title: '办理人', width: 10 },
    { title: '产生日期', kind: 'date' },
  ],
  read: listMemberTasks,
  write: (row) => [
    taskKinds[row.kind],
    row.name,
    row.unitName,
    row.areaName,
    row.branch,
    taskStates[row.state],
    row.reason,
    row.decidedBy,
    today(new Date(row.createdAt)),
  ],
})

const rosterUnits = takenOut<WantedRosterUnits, Awaited<ReturnType<typeof listRosterUnits>>['rows'][number]>(
  {
    kind: 'party.exportRosterUnits',
    title: '名册比对各单位',
    unit: '家',
    subject: 'export:rosterUnits',
    words: ['只有人数，没有党员姓名'],
    columns: [
      { title: '单位', width: 36 },
      { title: '关系在本单位', kind: 'number', width: 14 },
      { title: '关系在别处', kind: 'number', width: 14 },
      { title: '名册里没有找到', kind: 'number', width: 16 },
    ],
    read: listRosterUnits,
    write: (row) => [row.name, row.here, row.elsewhere, row.notFound],
  },
  async ({ id }, ctx) => {
    const check = await findCheck(ctx, id)
    return { name: `${check.file_name.replace(/\.[^.]+$/, '')} `, countyCode: check.county_code }
  },
)

/** 导出各单位党员数 */
export const exportMemberUnits = units.ask
/** 导出党员任务 */
export const exportMemberTasks = tasks.ask
/** 导出名册比对各单位 */
export const exportRosterUnits = rosterUnits.ask

/** The jobs of taking these lists out. */
export const listExportJobs: JobKind[] = [units.job, tasks.job, rosterUnits.job] as JobKind[]
