import { newId } from '../base/ids.ts'
import { notFound, Problem } from '../base/problem.ts'
import { today } from '../base/time.ts'
import type { Context } from '../host/context.ts'
import type { HostTables } from '../host/tables.ts'
import { takeAside, uploadOf } from '../host/uploads.ts'
import {
  type MemberCounts,
  memberFields,
  type MemberImportState,
  type MemberOutcome,
  type MemberSheet,
} from './member-import-contract.ts'
import { memberTables } from './member-person.ts'
import { requireWholeCounty } from './member-scope.ts'
import type { MemberImportTable } from './member-tables.ts'

/** No row anywhere. */
export const noMembers: MemberCounts = {
  read: 0,
  notData: 0,
  staged: 0,
  added: 0,
  updated: 0,
  same: 0,
  repeated: 0,
  refused: 0,
  warnings: 0,
  ended: 0,
}

export type MemberImport = Awaited<ReturnType<typeof findMemberImport>>

/** The import's row. @throws Problem when it lies outside the actor's scope, or the actor does not look after its county. */
export async function findMemberImport(ctx: Context, id: string) {
  const found = await memberTables(ctx.tx)
    .selectFrom('member_import')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst()
  if (!found) throw notFound('次导入')
  requireWholeCounty(ctx, found.county_code)
  return found
}

type Change = Partial<Omit<MemberImportTable, 'counts' | 'mapping' | 'sketch'>> & {
  counts?: string
  mapping?: string
  sketch?: string
}

/** Changes an import's row. */
export async function setMemberImport(
  ctx: Context,
  found: { county_code: string; id: string },
  change: Change,
): Promise<void> {
  await memberTables(ctx.tx)
    .updateTable('member_import')
    .set(change)
    .where('county_code', '=', found.county_code)
    .where('id', '=', found.id)
    .execute()
}

/** Removes the file itself as soon as nothing needs it any more; the import stays. */
export async function dropMemberFile(ctx: Context, found: MemberImport): Promise<void> {
  if (!found.file_id) return
  await setMemberImport(ctx, found, { file_id: null })
  await ctx.files.remove(found.file_id)
}

async function importRowOf(ctx: Context, found: MemberImport) {
  const region = await memberTables(ctx.tx)
    .selectFrom('region')
    .select('name')
    .where('code', '=', found.county_code)
    .executeTakeFirst()
  return {
    id: found.id,
    countyCode: found.county_code,
    countyName: region?.name ?? found.county_code,
    fileName: found.file_name,
    bytes: found.bytes,
    asOf: found.as_of,
    complete: found.complete,
    state: found.state,
    counts: { ...noMembers, ...found.counts },
    jobId: found.job_id,
    error: found.error,
    author: found.author,
    createdAt: found.created_at.toISOString(),
    committedAt: found.committed_at?.toISOString() ?? null,
  }
}

/** 党员信息导入列表 */
export async function listMemberImports(
  input: { state?: MemberImportState | undefined; page: number; pageSize: number },
  ctx: Context,
) {
  let query = memberTables(ctx.tx).selectFrom('member_import')
  if (input.state) query = query.where('state', '=', input.state)
  const { total } = await query.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const found = await query
    .selectAll()
    .orderBy('created_at', 'desc')
    .limit(input.pageSize)
    .offset((input.page - 1) * input.pageSize)
    .execute()
  const rows = []
  for (const one of found) rows.push(await importRowOf(ctx, one))
  return { rows, total }
}

/** 查看党员信息导入 */
export async function getMemberImport(input: { id: string }, ctx: Context) {
  const found = await findMemberImport(ctx, input.id)
  return {
    ...(await importRowOf(ctx, found)),
    mapping: found.mapping,
    sketch: found.sketch,
    fileKept: found.file_id !== null,
    stalled: await isStalled(ctx, found),
  }
}

interface CreateInput {
  fileId: string
  countyCode: string
  asOf?: string | undefined
  complete: boolean
}

/** @throws Problem for a day to come */
export function dayOrToday(ctx: Context, asOf: string | undefined): string {
  const day = asOf ?? today(ctx.now)
  if (day > today(ctx.now)) throw new Problem('invalid', '“数据截至”不能晚于今天。')
  return day
}

/** 上传党员信息 */
export async function createMemberImport(input: CreateInput, ctx: Context) {
  requireWholeCounty(ctx, input.countyCode)
  const asOf = dayOrToday(ctx, input.asOf)
  const upload = await uploadOf(ctx, input.fileId)
  const id = newId(ctx.now)
  const jobId = await ctx.enqueue({
    kind: 'party.recogniseMembers',
    title: `识别 ${upload.file_name}`,
    input: { id },
    countyCode: input.countyCode,
  })
  const row = {
    county_code: input.countyCode,
    id,
    file_id: upload.file_id,
    file_name: upload.file_name,
    bytes: upload.bytes,
    as_of: asOf,
    complete: input.complete,
    state: 'recognising' as const,
    mapping: '[]',
    sketch: '[]',
    counts: '{}',
    job_id: jobId,
    created_by: ctx.actor.userId,
    author: ctx.actor.name,
    created_at: ctx.now,
  }
  await memberTables(ctx.tx).insertInto('member_import').values(row).execute()
  await takeAside(ctx, upload)
  ctx.record({
    countyCode: input.countyCode,
    subject: `memberImport:${id}`,
    after: { 文件: upload.file_name, 数据截至: asOf, 全量: input.complete },
  })
  return { id, jobId }
}

/** The job behind each state that a person waits in. */
const stepJobs: Partial<Record<MemberImportState, { kind: string; title: string }>> = {
  recognising: { kind: 'party.recogniseMembers', title: '识别' },
  checking: { kind: 'party.checkMembers', title: '预检' },
  committing: { kind: 'party.commitMembers', title: '入库' },
  undoing: { kind: 'party.undoMembers', title: '撤销' },
}

/** Whether the import waits for a job that failed or was cancelled. */
async function isStalled(ctx: Context, found: Pick<MemberImport, 'state' | 'job_id'>): Promise<boolean> {
  if (!stepJobs[found.state] || !found.job_id) return false
  const job = await ctx.tx
    .withTables<HostTables>()
    .selectFrom('job')
    .select('state')
    .where('id', '=', found.job_id)
    .executeTakeFirst()
  return job === undefined || job.state === 'failed' || job.state === 'cancelled'
}

async function startStep(
  ctx: Context,
  found: MemberImport,
  step: { to: MemberImportState; change?: Change },
): Promise<{ jobId: string }> {
  const { kind, title } = stepJobs[step.to]!
  const jobId = await ctx.enqueue({
    kind,
    title: `${title} ${found.file_name}`,
    input: { id: found.id },
    countyCode: found.county_code,
  })
  await setMemberImport(ctx, found, { ...step.change, state: step.to, job_id: jobId, error: null })
  ctx.record({
    countyCode: found.county_code,
    subject: `memberImport:${found.id}`,
    after: { 文件: found.file_name, 步骤: title },
  })
  return { jobId }
}

function requireState(found: MemberImport, states: readonly MemberImportState[]): void {
  if (!states.includes(found.state)) throw new Problem('conflict', '这次导入已经走到别的步骤，请刷新页面。')
}

/** 预检党员信息 */
export async function checkMemberImport(
  input: { id: string; asOf: string; complete: boolean; mapping: MemberSheet[] },
  ctx: Context,
) {
  const found = await findMemberImport(ctx, input.id)
  requireState(found, ['mapping', 'preview', 'failed'])
  if (!found.file_id) throw new Problem('conflict', '原文件已经删除，请重新上传。')
  const used = input.mapping.filter((one) => one.use)
  if (used.length === 0) throw new Problem('invalid', '没有要导入的表，请至少选一张。')
  for (const sheet of used) {
    const fields = sheet.columns.flatMap((column) => column.field ?? [])
    if (new Set(fields).size < fields.length) {
      throw new Problem('invalid', `“${sheet.sheet}”有两列对应同一项，请只留一列。`)
    }
    for (const field of ['name', 'idNumber', 'kind'] as const) {
      if (!fields.includes(field))
        throw new Problem('invalid', `“${sheet.sheet}”还没有指明哪一列是${memberFields[field]}。`)
    }
  }
  const change = {
    as_of: dayOrToday(ctx, input.asOf),
    complete: input.complete,
    mapping: JSON.stringify(input.mapping),
  }
  return startStep(ctx, found, { to: 'checking', change })
}

/** 党员信息入库 */
export async function commitMemberImport(input: { id: string }, ctx: Context) {
  const found = await findMemberImport(ctx, input.id)
  requireState(found, ['preview'])
  return startStep(ctx, found, { to: 'committing' })
}

/** 接着导入党员信息: what a step had done stays done. */
export async function resumeMemberImport(input: { id: string }, ctx: Context) {
  const found = await findMemberImport(ctx, input.id)
  if (!(await isStalled(ctx, found))) throw new Problem('conflict', '这次导入没有停在半路，请刷新页面。')
  return startStep(ctx, found, { to: found.state })
}

/** 撤销党员信息导入 */
export async function undoMemberImport(input: { id: string; reason: string }, ctx: Context) {
  const found = await findMemberImport(ctx, input.id)
  const stalled = await isStalled(ctx, found)
  requireState(found, stalled ? ['committed', 'committing'] : ['committed'])
  return startStep(ctx, found, { to: 'undoing', change: { undone_reason: input.reason } })
}

/** 放弃党员信息导入: nothing of it is kept but that it was. */
export async function discardMemberImport(input: { id: string }, ctx: Context) {
  const found = await findMemberImport(ctx, input.id)
  const stalled = found.state !== 'committing' && found.state !== 'undoing' && (await isStalled(ctx, found))
  if (!stalled) requireState(found, ['mapping', 'preview', 'failed'])
  await forgetImport(ctx, found)
  ctx.record({ countyCode: found.county_code, subject: `memberImport:${found.id}`, before: { 文件: found.file_name } })
  return { done: true as const }
}

/** Removes the file, the rows laid ready and the sketch of an import that has changed nothing. */
export async function forgetImport(ctx: Context, found: MemberImport): Promise<void> {
  await memberTables(ctx.tx)
    .deleteFrom('member_row')
    .where('county_code', '=', found.county_code)
    .where('import_id', '=', found.id)
    .execute()
  await setMemberImport(ctx, found, { state: 'discarded', sketch: '[]', job_id: null })
  await dropMemberFile(ctx, found)
}

interface RowsInput {
  id: string
  outcome?: MemberOutcome | undefined
  only?: 'problems' | undefined
  page: number
  pageSize: number
}

/** 查看党员信息各行 */
export async function listMemberRows(input: RowsInput, ctx: Context) {
  const found = await findMemberImport(ctx, input.id)
  let query = memberTables(ctx.tx)
    .selectFrom('member_row')
    .where('county_code', '=', found.county_code)
    .where('import_id', '=', found.id)
  if (input.outcome) query = query.where('outcome', '=', input.outcome)
  if (input.only === 'problems')
    query = query.where((eb) => eb.or([eb('warnings', '>', 0), eb('outcome', 'in', ['refused', 'repeated'])]))
  const { total } = await query.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const rows = await query
    .select(['id', 'sheet', 'row_number', 'outcome', 'name_masked', 'branch', 'employer', 'problems'])
    .orderBy('sheet')
    .orderBy('row_number')
    .limit(input.pageSize)
    .offset((input.page - 1) * input.pageSize)
    .execute()
  return {
    total,
    rows: rows.map((row) => ({
      id: row.id,
      sheet: row.sheet,
      row: row.row_number,
      outcome: row.outcome,
      name: row.name_masked,
      branch: row.branch,
      employer: row.employer,
      problems: row.problems,
    })),
  }
}
