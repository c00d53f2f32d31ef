import { sql } from 'kysely'
import { newId } from '../base/ids.ts'
import { notFound, Problem } from '../base/problem.ts'
import { today } from '../base/time.ts'
import type { Context } from '../host/context.ts'
import { endedEarly } from '../host/job-list.ts'
import { uploadOf } from '../host/uploads.ts'
import type { Department } from './field-contract.ts'
import type { ImportCounts, ImportState, RowOutcome, RowProblem, SheetMapping } from './import-contract.ts'
import { holdInState } from './import-state.ts'
import { saveProfile } from './profiles.ts'
import { markDue } from './rules-in-force.ts'
import type { LedgerTables } from './tables.ts'
import { ledgerTables } from './units.ts'

/** No row anywhere. */
export const noCounts: ImportCounts = {
  read: 0,
  blank: 0,
  notData: 0,
  staged: 0,
  joined: 0,
  created: 0,
  repeated: 0,
  queued: 0,
  refused: 0,
  warnings: 0,
  wrongCodes: 0,
}

type ImportRecord = Awaited<ReturnType<typeof findImport>>

/** The import's row. @throws Problem('notFound') also when it lies outside the actor's scope. */
export async function findImport(ctx: Context, id: string) {
  const found = await ledgerTables(ctx.tx).selectFrom('import').selectAll().where('id', '=', id).executeTakeFirst()
  if (!found) throw notFound('次导入')
  return found
}

/** Changes an import's row. */
export async function setImport(
  ctx: Context,
  found: { county_code: string; id: string },
  change: Partial<Omit<LedgerTables['import'], 'counts' | 'mapping' | 'sketches' | 'rules'>> & {
    counts?: string
    mapping?: string
    sketches?: string
    rules?: string
  },
): Promise<void> {
  await ledgerTables(ctx.tx)
    .updateTable('import')
    .set(change)
    .where('county_code', '=', found.county_code)
    .where('id', '=', found.id)
    .execute()
  if (change.state === 'committed' || change.state === 'undone') await markDue(ctx.tx, found.county_code)
}

async function importRowOf(ctx: Context, found: ImportRecord) {
  const tables = ledgerTables(ctx.tx)
  const region = await tables
    .selectFrom('region')
    .select('name')
    .where('code', '=', found.county_code)
    .executeTakeFirst()
  const same = await tables
    .selectFrom('import')
    .select(['id', 'committed_at'])
    .where('county_code', '=', found.county_code)
    .where('file_sm3', '=', found.file_sm3)
    .where('id', '!=', found.id)
    .where('state', '=', 'committed')
    .where('created_at', '<', found.created_at)
    .orderBy('created_at', 'desc')
    .executeTakeFirst()
  return {
    id: found.id,
    countyCode: found.county_code,
    countyName: region?.name ?? found.county_code,
    fileName: found.file_name,
    bytes: found.bytes,
    department: found.department,
    asOf: found.as_of,
    state: found.state,
    counts: { ...noCounts, ...found.counts },
    jobId: found.job_id,
    error: found.error,
    author: found.author,
    createdAt: found.created_at.toISOString(),
    committedAt: found.committed_at?.toISOString() ?? null,
    sameFileAs: same?.committed_at ? { id: same.id, at: same.committed_at.toISOString() } : null,
  }
}

interface ListInput {
  text?: string | undefined
  state?: ImportState | undefined
  department?: Department | undefined
  page: number
  pageSize: number
}

/** 导入列表 */
export async function listImports(input: ListInput, ctx: Context) {
  let query = ledgerTables(ctx.tx).selectFrom('import')
  if (input.text) query = query.where('file_name', 'like', `%${input.text.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`)
  if (input.state) query = query.where('state', '=', input.state)
  if (input.department) query = query.where('department', '=', input.department)
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

/** 查看导入 */
export async function getImport(input: { id: string }, ctx: Context) {
  const found = await findImport(ctx, input.id)
  return {
    ...(await importRowOf(ctx, found)),
    format: found.format,
    sketches: found.sketches,
    mapping: found.mapping,
    departmentBecause: found.department_because,
    profileUsed: found.profile_used,
    problemRules: found.rules,
    undoable: found.state === 'committed' || (found.state === 'committing' && (await isStalled(ctx, found))),
    stalled: await isStalled(ctx, found),
  }
}

/** The job behind each state that a person waits in. */
const stepJobs: Partial<Record<ImportState, { kind: string; title: string }>> = {
  recognising: { kind: 'ledger.recognise', title: '识别' },
  checking: { kind: 'ledger.check', title: '预检' },
  committing: { kind: 'linkage.link', title: '入账' },
  undoing: { kind: 'ledger.undo', title: '撤销' },
}

/** Whether the import waits for a job that failed or was cancelled. */
async function isStalled(ctx: Context, found: { state: ImportState; job_id: string | null }): Promise<boolean> {
  return stepJobs[found.state] !== undefined && (await endedEarly(ctx, [found.job_id])).size > 0
}

/** 接着导入: does the step again that stopped half way; what it had done stays done. */
export async function resumeImport(input: { id: string }, ctx: Context) {
  const found = await findImport(ctx, input.id)
  const step = stepJobs[found.state]
  if (!step || !(await isStalled(ctx, found))) throw new Problem('conflict', '这次导入没有停在半路，请刷新页面。')
  return startStep(ctx, input.id, { from: [found.state], to: found.state, ...step })
}

interface CreateInput {
  fileId: string
  countyCode: string
  department?: Department | undefined
  asOf?: string | undefined
}

/** 上传导入文件 */
export async function createImport(input: CreateInput, ctx: Context) {
  if (!ctx.actor.scope.counties.includes(input.countyCode)) throw notFound('个县')
  const { areas } = ctx.actor.scope
  if (areas !== '*' && !areas.includes(input.countyCode)) {
    throw new Problem('forbidden', '部门文件是全县的，只管乡镇街道的账号不能导入，请交县级台账专员办理。')
  }
  const asOf = input.asOf ?? today(ctx.now)
  if (asOf > today(ctx.now)) throw new Problem('invalid', '“数据截至”不能晚于今天。')
  const upload = await uploadOf(ctx, input.fileId)
  const id = newId(ctx.now)
  const jobId = await ctx.enqueue({
    kind: 'ledger.recognise',
    title: `识别 ${upload.file_name}`,
    input: { id },
    countyCode: input.countyCode,
  })
  const row = {
    county_code: input.countyCode,
    id,
    file_id: upload.file_id,
    file_name: upload.file_name,
    file_sm3: upload.sm3,
    bytes: upload.bytes,
    department: input.department ?? null,
    as_of: asOf,
    state: 'recognising' as const,
    format: '',
    sketches: '[]',
    mapping: '[]',
    counts: '{}',
    rules: '[]',
    job_id: jobId,
    created_by: ctx.actor.userId,
    author: ctx.actor.name,
    created_at: ctx.now,
  }
  await ledgerTables(ctx.tx).insertInto('import').values(row).execute()
  ctx.record({
    countyCode: input.countyCode,
    subject: `import:${id}`,
    after: { 文件: upload.file_name, SM3: upload.sm3 },
  })
  return { id, jobId }
}

/** Starts one of an import's jobs and moves it on; refused when its state is not one of `from`. */
async function startStep(
  ctx: Context,
  id: string,
  step: {
    from: ImportState[]
    to: ImportState
    kind: string
    title: string
    change?: Parameters<typeof setImport>[2]
    input?: object
  },
): Promise<{ jobId: string }> {
  const found = await findImport(ctx, id)
  await holdInState(ctx, found, step.from)
  const jobId = await ctx.enqueue({
    kind: step.kind,
    title: `${step.title} ${found.file_name}`,
    input: { id, ...step.input },
    countyCode: found.county_code,
  })
  await setImport(ctx, found, { ...step.change, state: step.to, job_id: jobId, error: null })
  ctx.record({ countyCode: found.county_code, subject: `import:${id}`, after: { 文件: found.file_name } })
  return { jobId }
}

interface CheckInput {
  id: string
  department: Department
  asOf: string
  mapping: SheetMapping[]
  saveProfile: boolean
}

/** 预检导入文件 */
export async function checkImport(input: CheckInput, ctx: Context) {
  const found = await findImport(ctx, input.id)
  if (input.asOf > today(ctx.now)) throw new Problem('invalid', '“数据截至”不能晚于今天。')
  for (const sheet of input.mapping.filter((one) => one.use)) {
    const fields = sheet.columns.flatMap((column) => column.field ?? [])
    if (!fields.includes('name')) throw new Problem('invalid', `“${sheet.sheet}”还没有指明哪一列是单位名称。`)
    if (new Set(fields).size < fields.length)
      throw new Problem('invalid', `“${sheet.sheet}”有两列对应同一个字段，请只留一列。`)
  }
  if (!input.mapping.some((one) => one.use)) throw new Problem('invalid', '没有要导入的表，请至少选一张。')
  if (input.saveProfile) await saveProfile(ctx, found.county_code, input.department, input.mapping)
  const change = { department: input.department, as_of: input.asOf, mapping: JSON.stringify(input.mapping) }
  const from: ImportState[] = ['mapping', 'preview', 'failed']
  return startStep(ctx, input.id, { from, to: 'checking', kind: 'ledger.check', title: '预检', change })
}

/** 导入入账: the rows are joined to units by the linkage room, which takes the job up by its name. */
export async function commitImport(input: { id: string }, ctx: Context) {
  return startStep(ctx, input.id, { from: ['preview'], to: 'committing', kind: 'linkage.link', title: '入账' })
}

/** 撤销导入 */
export async function undoImport(input: { id: string; reason: string }, ctx: Context) {
  const change = { undone_reason: input.reason }
  const stalled = await isStalled(ctx, await findImport(ctx, input.id))
  return startStep(ctx, input.id, {
    from: stalled ? ['committed', 'committing'] : ['committed'],
    to: 'undoing',
    kind: 'ledger.undo',
    title: '撤销',
    change,
  })
}

/** 下载退回表 */
export async function returnImport(input: { id: string }, ctx: Context) {
  const found = await findImport(ctx, input.id)
  const { refused, wrongCodes } = { ...noCounts, ...found.counts }
  if (refused + wrongCodes === 0) throw new Problem('invalid', '没有要退回改正的行，不用出退回表。')
  const title = `退回表 ${found.file_name}`
  const jobId = await ctx.enqueue({
    kind: 'ledger.return',
    title,
    input: { id: input.id },
    countyCode: found.county_code,
  })
  ctx.record({
    countyCode: found.county_code,
    subject: `import:${found.id}`,
    after: { 退回行: refused, 代码有误的行: wrongCodes },
  })
  return { jobId }
}

/** 放弃导入: an import that has not touched the ledger goes with its file. */
export async function discardImport(input: { id: string }, ctx: Context) {
  const found = await findImport(ctx, input.id)
  if (!['mapping', 'preview', 'failed'].includes(found.state)) {
    throw new Problem('conflict', '只有还没入账的导入能放弃；已入账的请用“撤销导入”。')
  }
  await ledgerTables(ctx.tx)
    .deleteFrom('import')
    .where('county_code', '=', found.county_code)
    .where('id', '=', found.id)
    .execute()
  ctx.record({ countyCode: found.county_code, subject: `import:${found.id}`, before: { 文件: found.file_name } })
  return { done: true as const }
}

interface ProblemsInput {
  id: string
  level?: 'error' | 'warning' | undefined
  rule?: string | undefined
  page: number
  pageSize: number
}

/** 查看问题行, in the order of the file: of the rows with one, only those of the page are read. */
export async function listProblems(input: ProblemsInput, ctx: Context) {
  const found = await findImport(ctx, input.id)
  const { level, rule } = input
  const wanted = JSON.stringify({ ...(level ? { level } : {}), ...(rule ? { rule } : {}) })
  const problems = sql`
    from source_row r cross join lateral jsonb_array_elements(r.problems) with ordinality p (problem, place)
    where r.county_code = ${found.county_code} and r.import_id = ${found.id}
      and (r.warnings > 0 or r.outcome = 'refused') and p.problem @> ${wanted}::jsonb`
  const counted = await sql<{ total: number }>`select count(*)::integer as total ${problems}`.execute(ctx.tx)
  const { rows } = await sql<{ sheet: string; row: number; problem: Omit<RowProblem, 'sheet' | 'row'> }>`
    select r.sheet, r.row_number as row, p.problem ${problems} order by r.sheet, r.row_number, p.place
    limit ${input.pageSize} offset ${(input.page - 1) * input.pageSize}`.execute(ctx.tx)
  return { rows: rows.map(({ problem, ...at }) => ({ ...at, ...problem })), total: counted.rows[0]!.total }
}

interface RowsInput {
  id: string
  outcome?: RowOutcome | undefined
  page: number
  pageSize: number
}

/** 查看导入行: what became of each row. */
export async function listImportRows(input: RowsInput, ctx: Context) {
  const found = await findImport(ctx, input.id)
  let query = ledgerTables(ctx.tx)
    .selectFrom('source_row')
    .where('source_row.county_code', '=', found.county_code)
    .where('source_row.import_id', '=', found.id)
  if (input.outcome) query = query.where('source_row.outcome', '=', input.outcome)
  const { total } = await query.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const rows = await query
    .leftJoin('unit', (join) =>
      join.onRef('unit.county_code', '=', 'source_row.county_code').onRef('unit.id', '=', 'source_row.unit_id'),
    )
    .select([
      'source_row.id',
      'source_row.sheet',
      'source_row.row_number',
      'source_row.fields',
      'source_row.outcome',
      'source_row.problems',
      'source_row.reason',
      'source_row.linked_by',
      'source_row.unit_id',
      'unit.name as unit_name',
    ])
    .orderBy('source_row.sheet')
    .orderBy('source_row.row_number')
    .limit(input.pageSize)
    .offset((input.page - 1) * input.pageSize)
    .execute()
  return {
    total,
    rows: rows.map((row) => ({
      id: row.id,
      sheet: row.sheet,
      row: row.row_number,
      name: row.fields.name ?? null,
      code: row.fields.uscc ?? row.fields.organisationCode ?? row.fields.registrationNumber ?? null,
      outcome: row.outcome,
      reason: row.reason ?? row.linked_by ?? row.problems.find((problem) => problem.level === 'error')?.rule ?? null,
      unitId: row.unit_id,
      unitName: row.unit_name,
    })),
  }
}
