import { nameKey } from '../base/chinese.ts'
import { newId } from '../base/ids.ts'
import { Problem } from '../base/problem.ts'
import type { Context, JobKind, JobRun } from '../host/context.ts'
import { insertRows } from '../host/insert-rows.ts'
import { JobCancelled } from '../host/job-run.ts'
import { describeFile, readSheets } from '../host/sheets.ts'
import type { FileDescription, SheetRow } from '../host/sheets-shape.ts'
import { type CheckedMember, checkMember } from './member-check.ts'
import { coverCell, memberColumns } from './member-columns.ts'
import type { MemberCounts, MemberProblem, MemberSheet } from './member-import-contract.ts'
import { dropMemberFile, findMemberImport, type MemberImport, noMembers, setMemberImport } from './member-imports.ts'
import { memberTables, personDigest, storedName } from './member-person.ts'

interface ImportJob {
  id: string
}

/** A step that failed or was cancelled leaves the import where it can be gone on with or given up, and says why. */
export async function memberStepFailed(job: JobRun<ImportJob>, error: unknown): Promise<never> {
  const cancelled = job.signal.reason instanceof JobCancelled
  if (error instanceof Problem || cancelled) {
    const said = error instanceof Problem ? error.message : '这一步已取消。'
    await job.transaction(async (ctx) =>
      setMemberImport(ctx, await findMemberImport(ctx, job.input.id), { state: 'failed', error: said }),
    )
  }
  throw error
}

/** Finds the sheets and columns of a roster of members; what is no such roster loses its file at once. */
export const recogniseMembersJob: JobKind<ImportJob> = {
  kind: 'party.recogniseMembers',
  async run(job) {
    const found = await job.transaction((ctx) => findMemberImport(ctx, job.input.id))
    if (!found.file_id || found.state !== 'recognising') return null
    try {
      const file = await describeFile(job.files.path(found.file_id), found.file_name, { signal: job.signal })
      return await job.transaction((ctx) => noteRecognised(ctx, found, file))
    } catch (error) {
      if (error instanceof Problem) await job.transaction((ctx) => dropMemberFile(ctx, found))
      return memberStepFailed(job, error)
    }
  },
}

async function noteRecognised(ctx: Context, found: MemberImport, file: FileDescription) {
  const heads = file.sheets.map((sheet) => ({ sheet: sheet.name, visible: sheet.visible, firstRows: sheet.firstRows }))
  const mapping = memberColumns(heads)
  if (!mapping.some((one) => one.use)) {
    throw new Problem(
      'unsupported',
      '没有找到身份证号一列，不像党员名册，文件已删除。名册要有姓名、身份证号、党员类别。',
    )
  }
  const sketch = file.sheets.map((sheet) => ({
    sheet: sheet.name,
    rows: sheet.rowCount,
    firstRows: sheet.firstRows
      .slice(0, 6)
      .map((line) => ({ row: line.row, cells: coverRow(line, mapping, sheet.name) })),
  }))
  await setMemberImport(ctx, found, {
    state: 'mapping',
    mapping: JSON.stringify(mapping),
    sketch: JSON.stringify(sketch),
  })
  return { sheets: mapping.filter((one) => one.use).length }
}

/** A row of the sketch: what stands in the header as it is, unless it is a number; below it nothing of a person. */
function coverRow(line: FileDescription['sheets'][number]['firstRows'][number], mapping: MemberSheet[], sheet: string) {
  const own = mapping.find((one) => one.sheet === sheet)
  return line.cells.map((cell, index) => {
    if (cell === null) return null
    const field = own?.columns[index]?.field ?? null
    return coverCell(own && line.row <= own.headerRow ? null : field, cell)
  })
}

/** Checks every row and lays the good ones ready; what an earlier check laid down is replaced. */
export const checkMembersJob: JobKind<ImportJob> = {
  kind: 'party.checkMembers',
  async run(job) {
    try {
      const found = await job.transaction(async (ctx) => clearRows(ctx, await findMemberImport(ctx, job.input.id)))
      if (!found.file_id) throw new Problem('conflict', '原文件已经删除，请重新上传。')
      const sheets = found.mapping.filter((sheet) => sheet.use)
      const total = found.sketch.reduce(
        (sum, one) => sum + (sheets.some((sheet) => sheet.sheet === one.sheet) ? one.rows : 0),
        0,
      )
      const check = { counts: { ...noMembers }, firstRows: new Map<string, string>() }
      const names = sheets.map((sheet) => sheet.sheet)
      const reading = readSheets(job.files.path(found.file_id), found.file_name, { signal: job.signal, sheets: names })
      let seen = 0
      for await (const rows of reading) {
        const sheet = sheets.find((one) => one.sheet === rows[0]?.sheet)
        if (!sheet) continue
        await job.transaction((ctx) => layRows(ctx, found, sheet, rows, check))
        seen += rows.length
        await job.progress(Math.min(seen, total), total, `已预检 ${seen.toLocaleString('zh-CN')} 行`)
      }
      return await job.transaction((ctx) => noteChecked(ctx, found, check.counts))
    } catch (error) {
      return memberStepFailed(job, error)
    }
  },
}

async function clearRows(ctx: Context, found: MemberImport): Promise<MemberImport> {
  await memberTables(ctx.tx)
    .deleteFrom('member_row')
    .where('county_code', '=', found.county_code)
    .where('import_id', '=', found.id)
    .execute()
  return found
}

interface Checking {
  counts: MemberCounts
  /** Where each person first stood: `工作表 第 12 行`. */
  firstRows: Map<string, string>
}

/** Writes a batch of checked rows: of good ones a digest and a sealed name, of others nothing of the person. */
async function layRows(
  ctx: Context,
  found: MemberImport,
  sheet: MemberSheet,
  rows: readonly SheetRow[],
  check: Checking,
): Promise<void> {
  const read = rows
    .filter((row) => row.row > sheet.headerRow)
    .map((row) => ({ row, result: checkMember(row.cells, sheet.columns, found.as_of) }))
  const known = await knownNames(ctx, found.county_code, digestsOf(ctx, read))
  const laid = read.flatMap(({ row, result }) => {
    if (result.notData) {
      check.counts.notData += 1
      return []
    }
    const one = rowOf(ctx, found, row, result, known, check.firstRows)
    check.counts.read += 1
    check.counts[one.outcome] += 1
    if (one.warnings > 0) check.counts.warnings += 1
    return [one]
  })
  await insertRows(ctx.tx, 'member_row', laid)
}

const digestsOf = (ctx: Context, read: readonly { result: CheckedMember }[]) =>
  read.flatMap(({ result }) => (result.member ? personDigest(ctx.settings, result.member.number) : []))

/** The digests of the names under which these persons are known. */
async function knownNames(ctx: Context, countyCode: string, digests: string[]): Promise<Map<string, string>> {
  if (digests.length === 0) return new Map()
  const rows = await memberTables(ctx.tx)
    .selectFrom('member')
    .select(['person_digest', 'name_digest'])
    .where('county_code', '=', countyCode)
    .where('person_digest', 'in', digests)
    .where('valid_to', 'is', null)
    .execute()
  return new Map(rows.map((row) => [row.person_digest, row.name_digest]))
}

function rowOf(
  ctx: Context,
  found: MemberImport,
  row: SheetRow,
  result: CheckedMember,
  known: ReadonlyMap<string, string>,
  firstRows: Map<string, string>,
) {
  const place = {
    county_code: found.county_code,
    id: newId(ctx.now),
    import_id: found.id,
    sheet: row.sheet,
    row_number: row.row,
    floating: false,
  }
  const { member, problems } = result
  const warnings = problems.filter((problem) => problem.level === 'warning').length
  if (!member) return { ...place, outcome: 'refused' as const, problems, warnings: 0 }
  const digest = personDigest(ctx.settings, member.number)
  const first = firstRows.get(digest)
  if (first) {
    return { ...place, outcome: 'repeated' as const, problems: [...problems, repeatedAt(first)], warnings }
  }
  firstRows.set(digest, `${row.sheet} 第 ${row.row} 行`)
  const name = storedName(ctx.settings, member.name)
  const renamed = known.has(digest) && known.get(digest) !== name.name_digest
  return {
    ...place,
    ...name,
    outcome: 'staged' as const,
    problems: renamed ? [...problems, renamedProblem] : problems,
    warnings: warnings + (renamed ? 1 : 0),
    person_digest: digest,
    kind: member.kind,
    floating: member.floating,
    joined_on: member.joinedOn,
    formal_on: member.formalOn,
    branch: member.branch,
    employer: member.employer,
    employer_key: member.employer ? nameKey(member.employer) : null,
  }
}

const repeatedAt = (first: string): MemberProblem => ({
  column: '公民身份号码',
  columnLetter: '—',
  value: '',
  level: 'warning',
  rule: `与 ${first}是同一人`,
  fix: '只取用前一行，这一行不入库',
})

const renamedProblem: MemberProblem = {
  column: '姓名',
  columnLetter: '—',
  value: '',
  level: 'warning',
  rule: '与已有记录的姓名不同',
  fix: '身份证号相同、姓名不同，核对是否填错了人；照常入库',
}

async function noteChecked(ctx: Context, found: MemberImport, counts: MemberCounts): Promise<MemberCounts> {
  const error =
    counts.read === 0
      ? '表头以下没有读到数据行，请检查表头所在行。'
      : counts.refused * 2 > counts.read
        ? `${counts.read} 行里有 ${counts.refused} 行不能入库，超过一半，多半是列对错了。请回到对列检查。`
        : null
  await setMemberImport(ctx, found, { state: 'preview', counts: JSON.stringify(counts), error })
  return counts
}
