import { newId } from '../base/ids.ts'
import { notFound, Problem } from '../base/problem.ts'
import { today } from '../base/time.ts'
import type { Context } from '../host/context.ts'
import type { HostTables } from '../host/tables.ts'
import { takeAside, uploadOf } from '../host/uploads.ts'
import { partyTables } from './change-rows.ts'
import {
  orgFields,
  type OrgImportCounts,
  type OrgImportState,
  type OrgOutcome,
  type OrgSheet,
} from './org-import-contract.ts'

/** No row anywhere. */
export const noOrgs: OrgImportCounts = {
  read: 0,
  notData: 0,
  add: 0,
  update: 0,
  same: 0,
  refused: 0,
  warnings: 0,
  orgsNew: 0,
  unitsFound: 0,
  unitsMissing: 0,
}

/** A file of organisations is the county's: who looks after some townships only sees half of its parents and units. */
function requireWholeCounty(ctx: Context, countyCode: string): void {
  const { counties, areas, nation } = ctx.actor.scope
  if (!nation && !counties.includes(countyCode)) throw notFound('个县')
  if (nation || areas === '*' || areas.includes(countyCode)) return
  throw new Problem('forbidden', '党组织名册是全县的，只管乡镇街道的账号不能导入，请交县级专员办理。')
}

export type OrgImport = Awaited<ReturnType<typeof findOrgImport>>

/** The import's row. @throws Problem when it lies outside the actor's scope */
export async function findOrgImport(ctx: Context, id: string) {
  const found = await partyTables(ctx.tx).selectFrom('party_import').selectAll().where('id', '=', id).executeTakeFirst()
  if (!found) throw notFound('次导入')
  requireWholeCounty(ctx, found.county_code)
  return found
}

interface Change {
  file_id?: string | null
  as_of?: string
  state?: OrgImportState
  sketch?: string
  mapping?: string
  counts?: string
  change_ids?: string[]
  job_id?: string | null
  error?: string | null
  committed_at?: Date
  undone_at?: Date
  undone_reason?: string
}

/** Changes an import's row. */
export async function setOrgImport(ctx: Context, found: { county_code: string; id: string }, change: Change) {
  await partyTables(ctx.tx)
    .updateTable('party_import')
    .set(change)
    .where('county_code', '=', found.county_code)
    .where('id', '=', found.id)
    .execute()
}

/** Removes the file itself as soon as nothing needs it any more; the import stays. */
export async function dropOrgFile(ctx: Context, found: OrgImport): Promise<void> {
  if (!found.file_id) return
  await setOrgImport(ctx, found, { file_id: null, sketch: '[]' })
  await ctx.files.remove(found.file_id)
}

async function importRowOf(ctx: Context, found: OrgImport) {
  const region = await partyTables(ctx.tx)
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
    state: found.state,
    counts: { ...noOrgs, ...found.counts },
    jobId: found.job_id,
    error: found.error,
    author: found.author,
    createdAt: found.created_at.toISOString(),
    committedAt: found.committed_at?.toISOString() ?? null,
    undoneReason: found.undone_reason,
  }
}

/** 党组织导入列表, the newest first. */
export async function listOrgImports(
  input: { state?: OrgImportState | undefined; page: number; pageSize: number },
  ctx: Context,
) {
  let query = partyTables(ctx.tx).selectFrom('party_import')
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

/** 查看党组织导入 */
export async function getOrgImport(input: { id: string }, ctx: Context) {
  const found = await findOrgImport(ctx, input.id)
  return {
    ...(await importRowOf(ctx, found)),
    mapping: found.mapping,
    sketch: found.sketch,
    stalled: await isStalled(ctx, found),
  }
}

/** 上传党组织 */
export async function createOrgImport(
  input: { fileId: string; countyCode: string; asOf?: string | undefined },
  ctx: Context,
) {
  requireWholeCounty(ctx, input.countyCode)
  const asOf = dayOrToday(ctx, input.asOf)
  const upload = await uploadOf(ctx, input.fileId)
  const id = newId(ctx.now)
  const jobId = await ctx.enqueue({
    kind: 'party.recogniseOrgs',
    title: `识别 ${upload.file_name}`,
    input: { id },
    countyCode: input.countyCode,
  })
  await partyTables(ctx.tx)
    .insertInto('party_import')
    .values({
      county_code: input.countyCode,
      id,
      file_id: upload.file_id,
      file_name: upload.file_name,
      bytes: upload.bytes,
      as_of: asOf,
      state: 'recognising',
      sketch: '[]',
      mapping: '[]',
      counts: '{}',
      change_ids: [],
      job_id: jobId,
      created_by: ctx.actor.userId,
      author: ctx.actor.name,
      created_at: ctx.now,
    })
    .execute()
  await takeAside(ctx, upload)
  ctx.record({
    countyCode: input.countyCode,
    subject: `orgImport:${id}`,
    after: { 文件: upload.file_name, 数据截至: asOf },
  })
  return { id, jobId }
}

function dayOrToday(ctx: Context, asOf: string | undefined): string {
  const day = asOf ?? today(ctx.now)
  if (day > today(ctx.now)) throw new Problem('invalid', '“数据截至”不能晚于今天。')
  return day
}

/** The job behind each state that a person waits in. */
const stepJobs: Partial<Record<OrgImportState, { kind: string; title: string }>> = {
  recognising: { kind: 'party.recogniseOrgs', title: '识别' },
  checking: { kind: 'party.checkOrgs', title: '预检' },
  committing: { kind: 'party.commitOrgs', title: '入库' },
  undoing: { kind: 'party.undoOrgs', title: '撤销' },
}

/** Whether the import waits for a job that failed or was cancelled. */
async function isStalled(ctx: Context, found: Pick<OrgImport, 'state' | 'job_id'>): Promise<boolean> {
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
  found: OrgImport,
  to: OrgImportState,
  change: Change = {},
): Promise<{ jobId: string }> {
  const { kind, title } = stepJobs[to]!
  const jobId = await ctx.enqueue({
    kind,
    title: `${title} ${found.file_name}`,
    input: { id: found.id },
    countyCode: found.county_code,
  })
  await setOrgImport(ctx, found, { ...change, state: to, job_id: jobId, error: null })
  ctx.record({
    countyCode: found.county_code,
    subject: `orgImport:${found.id}`,
    after: { 文件: found.file_name, 步骤: title },
  })
  return { jobId }
}

function requireState(found: OrgImport, states: readonly OrgImportState[]): void {
  if (!states.includes(found.state)) throw new Problem('conflict', '这次导入已经走到别的步骤，请刷新页面。')
}

/** 预检党组织 */
export async function checkOrgImport(input: { id: string; asOf: string; mapping: OrgSheet[] }, ctx: Context) {
  const found = await findOrgImport(ctx, input.id)
  requireState(found, ['mapping', 'preview', 'failed'])
  if (!found.file_id) throw new Problem('conflict', '原文件已经删除，请重新上传。')
  const used = input.mapping.filter((one) => one.use)
  if (used.length === 0) throw new Problem('invalid', '没有要导入的表，请至少选一张。')
  for (const sheet of used) {
    const fields = sheet.columns.flatMap((column) => column.field ?? [])
    if (new Set(fields).size < fields.length) {
      throw new Problem('invalid', `“${sheet.sheet}”有两列对应同一项，请只留一列。`)
    }
    if (!fields.includes('name')) {
      throw new Problem('invalid', `“${sheet.sheet}”还没有指明哪一列是${orgFields.name}。`)
    }
  }
  return startStep(ctx, found, 'checking', {
    as_of: dayOrToday(ctx, input.asOf),
    mapping: JSON.stringify(input.mapping),
  })
}

/** 党组织入库 */
export async function commitOrgImport(input: { id: string }, ctx: Context) {
  const found = await findOrgImport(ctx, input.id)
  requireState(found, ['preview'])
  return startStep(ctx, found, 'committing')
}

/** 接着导入党组织: what a step had done stays done. */
export async function resumeOrgImport(input: { id: string }, ctx: Context) {
  const found = await findOrgImport(ctx, input.id)
  if (!(await isStalled(ctx, found))) throw new Problem('conflict', '这次导入没有停在半路，请刷新页面。')
  return startStep(ctx, found, found.state)
}

/** 撤销党组织导入, as a whole. */
export async function undoOrgImport(input: { id: string; reason: string }, ctx: Context) {
  const found = await findOrgImport(ctx, input.id)
  const stalled = await isStalled(ctx, found)
  requireState(found, stalled ? ['committed', 'committing'] : ['committed'])
  return startStep(ctx, found, 'undoing', { undone_reason: input.reason })
}

/** 放弃党组织导入: nothing of it is kept but that it was. */
export async function discardOrgImport(input: { id: string }, ctx: Context) {
  const found = await findOrgImport(ctx, input.id)
  const early = found.state === 'recognising' || found.state === 'checking'
  if (!(early && (await isStalled(ctx, found)))) requireState(found, ['mapping', 'preview', 'failed'])
  await clearRows(ctx, found)
  await setOrgImport(ctx, found, { state: 'discarded', job_id: null })
  await dropOrgFile(ctx, found)
  ctx.record({ countyCode: found.county_code, subject: `orgImport:${found.id}`, before: { 文件: found.file_name } })
  return { done: true as const }
}

/** Removes the rows laid ready by an earlier check. */
export async function clearRows(ctx: Context, found: OrgImport): Promise<void> {
  await partyTables(ctx.tx)
    .deleteFrom('party_import_row')
    .where('county_code', '=', found.county_code)
    .where('import_id', '=', found.id)
    .execute()
}

interface RowsInput {
  id: string
  outcome?: OrgOutcome | undefined
  only?: 'problems' | undefined
  page: number
  pageSize: number
}

/** 查看党组织各行 */
export async function listOrgImportRows(input: RowsInput, ctx: Context) {
  const found = await findOrgImport(ctx, input.id)
  let query = partyTables(ctx.tx)
    .selectFrom('party_import_row')
    .where('county_code', '=', found.county_code)
    .where('import_id', '=', found.id)
  if (input.outcome) query = query.where('outcome', '=', input.outcome)
  if (input.only) query = query.where((eb) => eb.or([eb('warnings', '>', 0), eb('outcome', '=', 'refused')]))
  const { total } = await query.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const rows = await query
    .select(['seq', 'sheet', 'row_number', 'outcome', 'org_id', 'values', 'problems'])
    .orderBy('seq')
    .limit(input.pageSize)
    .offset((input.page - 1) * input.pageSize)
    .execute()
  return {
    total,
    rows: rows.map((row) => ({
      seq: row.seq,
      sheet: row.sheet,
      row: row.row_number,
      outcome: row.outcome,
      orgId: found.state === 'committed' ? row.org_id : null,
      values: row.values,
      problems: row.problems,
    })),
  }
}
