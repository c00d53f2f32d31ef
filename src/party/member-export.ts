import { Problem } from '../base/problem.ts'
import { formatDateTime, today } from '../base/time.ts'
import type { Context, JobKind } from '../host/context.ts'
import { exportByIds, exportNote, exportTable, startExport } from '../host/export-file.ts'
import type { WriteColumn, WriteRow } from '../host/sheets-write.ts'
import { type MemberFilter, memberKinds } from './member-contract.ts'
import { filteredMembers } from './member-list.ts'
import { memberTables, openName } from './member-person.ts'

interface ExportInput {
  filter: MemberFilter
  format: 'xlsx' | 'csv'
  personal: 'masked' | 'full'
  purpose: string
}

const membersMax = 200_000

/**
 * The sixteen items of 党员基本信息采集表 (2017) in its order, and the employer after them. What the platform does not keep of
 * a person stands empty, so that the sheet fits the form.
 */
const columns: readonly WriteColumn[] = [
  { title: '姓名' },
  { title: '公民身份号码', width: 20 },
  { title: '性别', width: 8 },
  { title: '民族', width: 8 },
  { title: '出生日期', kind: 'date' },
  { title: '学历' },
  { title: '人员类别' },
  { title: '所在党支部', width: 36 },
  { title: '加入党组织日期', kind: 'date', width: 16 },
  { title: '转为正式党员日期', kind: 'date', width: 16 },
  { title: '工作岗位' },
  { title: '联系电话' },
  { title: '家庭住址', width: 24 },
  { title: '党籍状态' },
  { title: '是否为失联党员', width: 16 },
  { title: '是否为流动党员', width: 16 },
  { title: '工作单位', width: 36 },
]

function mayExport(input: ExportInput, ctx: Context): void {
  if (input.personal === 'masked' || ctx.actor.permissions.has('party.member.reveal')) return
  throw new Problem('forbidden', '您没有查看党员姓名的权限，请选择脱敏导出。')
}

/** 导出党员: counts, notes the purpose in the journal, and leaves the writing to a job. */
export async function exportMembers(input: ExportInput, ctx: Context) {
  mayExport(input, ctx)
  const { total } = await filteredMembers(ctx, input.filter)
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  const { counties } = ctx.actor.scope
  // A full name asked for must not wait in the job's row.
  const { name, ...filter } = input.filter
  const ids = name ? await idsOf(ctx, input.filter) : null
  const asked = { ...input, filter, ids }
  return startExport(ctx, asked, {
    kind: 'party.exportMembers',
    title: '党员',
    noun: '党员',
    unit: '人',
    total,
    max: membersMax,
    subject: 'export:members',
    after: { 脱敏: input.personal === 'masked' },
    countyCode: counties.length === 1 ? counties[0] : undefined,
  })
}

async function idsOf(ctx: Context, filter: MemberFilter): Promise<string[]> {
  const rows = await filteredMembers(ctx, filter)
    .select('member.id')
    .orderBy('member.branch_key')
    .orderBy('member.id')
    .execute()
  return rows.map((row) => row.id)
}

type ExportJob = ExportInput & { ids: string[] | null; by: string }

/** Writes the file a thousand members at a time, in the asker's scope; names are opened only for a full export. */
export const exportMembersJob: JobKind<ExportJob> = {
  kind: 'party.exportMembers',
  async run(job) {
    const { input } = job
    const { ids, note, day } = await job.transaction((ctx) => begin(ctx, input))
    const rows = exportByIds(job, ids, { unit: '人' }, (ctx, some) => batchOf(ctx, input, some))
    return exportTable(job, `党员基本信息 ${day}`, input.format, { name: '党员', columns, rows, note })
  },
}

async function begin(ctx: Context, input: ExportJob) {
  mayExport(input, ctx)
  const ids = input.ids ?? (await idsOf(ctx, input.filter))
  const note = exportNote(
    [
      `党员基本信息　截至 ${formatDateTime(ctx.now)}　共 ${ids.length} 人`,
      `按全国党员信息采集表列项；空列为本系统不留存的项${input.personal === 'masked' ? '，姓名已脱敏' : ''}`,
    ],
    input,
  )
  return { ids, note, day: today(ctx.now) }
}

async function batchOf(ctx: Context, input: ExportJob, ids: readonly string[]): Promise<WriteRow[]> {
  mayExport(input, ctx)
  const rows = await memberTables(ctx.tx).selectFrom('member').selectAll().where('id', 'in', ids).execute()
  const byId = new Map(rows.map((row) => [row.id, row]))
  return ids.flatMap((id) => {
    const row = byId.get(id)
    if (!row) return []
    const name =
      input.personal === 'full' ? (openName(ctx.settings, row.name_sealed) ?? row.name_masked) : row.name_masked
    const status = row.valid_to === null ? '正常' : null
    const floating = row.floating ? '是' : '否'
    return [
      [
        name,
        null,
        null,
        null,
        null,
        null,
        memberKinds[row.kind],
        row.branch,
        row.joined_on,
        row.formal_on,
        null,
        null,
        null,
        status,
        null,
        floating,
        row.employer,
      ],
    ]
  })
}
