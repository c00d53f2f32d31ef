import { nameKey } from '../base/chinese.ts'
import { newId } from '../base/ids.ts'
import { Problem } from '../base/problem.ts'
import type { Context, JobKind, JobRun } from '../host/context.ts'
import { insertRows } from '../host/insert-rows.ts'
import { JobCancelled } from '../host/job-run.ts'
import { describeFile, readSheets } from '../host/sheets.ts'
import type { FileDescription, SheetRow } from '../host/sheets-shape.ts'
import { storedName } from './member-person.ts'
import { checkOrg } from './org-check.ts'
import { coverOrgCell, orgColumns } from './org-columns.ts'
import type { OrgImportCounts, OrgOutcome, OrgProblem, OrgRowValues, OrgSheet } from './org-import-contract.ts'
import { clearRows, dropOrgFile, findOrgImport, noOrgs, type OrgImport, setOrgImport } from './org-imports.ts'
import { type KnownOrg, readRegister, type Register } from './org-resolve.ts'

interface ImportJob {
  id: string
}

/** A file with more rows is sent in parts: what a row means depends on the rows around it. */
const rowsMax = 50_000

/** A step that failed or was cancelled leaves the import where it can be gone on with or given up, and says why. */
export async function orgStepFailed(job: JobRun<ImportJob>, error: unknown): Promise<never> {
  const cancelled = job.signal.reason instanceof JobCancelled
  if (error instanceof Problem || cancelled) {
    const said = error instanceof Problem ? error.message : '这一步已取消。'
    await job.transaction(async (ctx) =>
      setOrgImport(ctx, await findOrgImport(ctx, job.input.id), { state: 'failed', error: said }),
    )
  }
  throw error
}

/** Finds the sheets and columns of a file of organisations. */
export const recogniseOrgsJob: JobKind<ImportJob> = {
  kind: 'party.recogniseOrgs',
  async run(job) {
    const found = await job.transaction((ctx) => findOrgImport(ctx, job.input.id))
    if (!found.file_id || found.state !== 'recognising') return null
    try {
      const file = await describeFile(job.files.path(found.file_id), found.file_name, { signal: job.signal })
      return await job.transaction((ctx) => noteRecognised(ctx, found, file))
    } catch (error) {
      if (error instanceof Problem) await job.transaction((ctx) => dropOrgFile(ctx, found))
      return orgStepFailed(job, error)
    }
  },
}

async function noteRecognised(ctx: Context, found: OrgImport, file: FileDescription) {
  const heads = file.sheets.map((sheet) => ({ sheet: sheet.name, visible: sheet.visible, firstRows: sheet.firstRows }))
  const mapping = orgColumns(heads)
  if (!mapping.some((one) => one.use)) {
    throw new Problem('unsupported', '没有找到党组织名称一列，文件已删除。请检查表头，或下载样表照填。')
  }
  const sketch = file.sheets.map((sheet) => {
    const own = mapping.find((one) => one.sheet === sheet.name)
    return {
      sheet: sheet.name,
      rows: sheet.rowCount,
      firstRows: sheet.firstRows.slice(0, 6).map((line) => ({
        row: line.row,
        cells: line.cells.map((cell, at) =>
          cell === null
            ? null
            : coverOrgCell(own && line.row > own.headerRow ? (own.columns[at]?.field ?? null) : null, cell),
        ),
      })),
    }
  })
  await setOrgImport(ctx, found, {
    state: 'mapping',
    mapping: JSON.stringify(mapping),
    sketch: JSON.stringify(sketch),
  })
  return { sheets: mapping.filter((one) => one.use).length }
}

/** Checks every row, finds the units, parents and organisations it names, and lays it ready. */
export const checkOrgsJob: JobKind<ImportJob> = {
  kind: 'party.checkOrgs',
  async run(job) {
    try {
      const found = await job.transaction(async (ctx) => {
        const one = await findOrgImport(ctx, job.input.id)
        await clearRows(ctx, one)
        return one
      })
      if (!found.file_id) throw new Problem('conflict', '原文件已经删除，请重新上传。')
      const sheets = found.mapping.filter((sheet) => sheet.use)
      const read = await readRows(job, found, sheets)
      return await job.transaction((ctx) => layRows(ctx, found, read))
    } catch (error) {
      return orgStepFailed(job, error)
    }
  },
}

/** A row as it was read, its secretary's full name in memory only. */
interface ReadRow {
  sheet: string
  row: number
  values: OrgRowValues | null
  secretary: string | null
  problems: OrgProblem[]
}

async function readRows(job: JobRun<ImportJob>, found: OrgImport, sheets: readonly OrgSheet[]) {
  const names = sheets.map((sheet) => sheet.sheet)
  const rows: ReadRow[] = []
  let notData = 0
  const above = new Map<string, string>()
  for await (const batch of readSheets(job.files.path(found.file_id!), found.file_name, {
    signal: job.signal,
    sheets: names,
  })) {
    const sheet = sheets.find((one) => one.sheet === batch[0]?.sheet)
    if (!sheet) continue
    for (const row of batch.filter((one: SheetRow) => one.row > sheet.headerRow)) {
      const checked = checkOrg(row.cells, sheet.columns, found.as_of, above.get(sheet.sheet) ?? null)
      if (checked.notData) notData += 1
      else rows.push({ sheet: row.sheet, row: row.row, ...checked })
      if (checked.values) above.set(sheet.sheet, checked.values.name)
    }
    if (rows.length > rowsMax) throw new Problem('tooLarge', '一次最多导入 5 万行党组织，请拆成几个文件。')
    await job.progress(rows.length, 0, `已预检 ${rows.length.toLocaleString('zh-CN')} 行`)
  }
  return { rows, notData }
}

interface Resolving {
  register: Register
  /** What each organisation named so far is: its id, whether it is known, the row that named it first. */
  named: Map<string, { id: string; known: KnownOrg | null; values: OrgRowValues }>
  /** Names of all organisations in the file, so that a parent may stand below its branches. */
  inFile: Set<string>
  counts: OrgImportCounts
}

async function layRows(ctx: Context, found: OrgImport, read: { rows: ReadRow[]; notData: number }) {
  const state: Resolving = {
    register: await readRegister(ctx, found.county_code, found.as_of),
    named: new Map(),
    inFile: new Set(read.rows.flatMap((row) => (row.values ? [nameKey(row.values.name)] : []))),
    counts: { ...noOrgs, notData: read.notData },
  }
  for (const row of read.rows) if (row.values) findUnits(row, row.values, state)
  for (let level = 0; level < levelsMax; level += 1) takeParentsUnits(read.rows, state)
  const laid = read.rows.map((row, seq) => {
    const { outcome, orgId } = resolveRow(ctx, row, state)
    const warnings = row.problems.filter((problem) => problem.level === 'warning').length
    state.counts.read += 1
    state.counts[outcome] += 1
    if (warnings > 0 && outcome !== 'refused') state.counts.warnings += 1
    return {
      county_code: found.county_code,
      import_id: found.id,
      seq,
      sheet: row.sheet,
      row_number: row.row,
      outcome,
      done: false,
      org_key: row.values ? nameKey(row.values.name) : null,
      org_id: orgId,
      values: row.values ?? {},
      secretary_sealed: row.secretary && orgId ? storedName(ctx.settings, row.secretary).name_sealed : null,
      problems: row.problems,
      warnings,
    }
  })
  await insertRows(ctx.tx, 'party_import_row', laid)
  state.counts.orgsNew = [...state.named.values()].filter((one) => !one.known).length
  const error = laid.length === 0 ? '表头以下没有读到数据行，请检查表头所在行。' : null
  await setOrgImport(ctx, found, { state: 'preview', counts: JSON.stringify(state.counts), error })
  return state.counts
}

/** Finds what a row names, writes into its values and problems, and says what it will do. */
function resolveRow(ctx: Context, row: ReadRow, state: Resolving): { outcome: OrgOutcome; orgId: string | null } {
  const { values } = row
  if (!values) return { outcome: 'refused', orgId: null }
  const key = nameKey(values.name)
  const byCode = values.code ? state.register.orgByCode(values.code) : null
  const known = byCode ?? state.register.org(values.name)
  if (known === 'twice') {
    refuseRow(row, '党组织名称', values.name, '有两个同名的党组织', '填组织代码，或先在平台上改名')
    return { outcome: 'refused', orgId: null }
  }
  findArea(row, values, state)
  findParent(row, values, state)
  const before = state.named.get(key)
  if (!before && !known && !values.foundedOn) {
    warn(row, '成立日期', '', '没有成立日期', '以数据截至日为成立日期；请补填')
  }
  const one = before ?? { id: known?.id ?? newId(ctx.now), known, values }
  if (!before) state.named.set(key, one)
  return { outcome: one.known ? (addsTo(one.known, values) ? 'update' : 'same') : 'add', orgId: one.id }
}

/** What a row reports of members, as `正式/预备`. */
const reportOf = (values: OrgRowValues) => `${values.formal ?? 0}/${values.probationary ?? 0}`

/** Levels of organisations that one enterprise has below its first. */
const levelsMax = 3

/** 与上级党组织相同: the unit of such an organisation is that of its parent, in the file or in the register. */
function takeParentsUnits(rows: readonly ReadRow[], state: Resolving): void {
  const first = new Map<string, OrgRowValues['units'][number]>()
  for (const { values } of rows) {
    const unit = values?.units.find((one) => one.unitId !== null)
    if (values && unit && !first.has(nameKey(values.name))) first.set(nameKey(values.name), unit)
  }
  for (const { values } of rows) {
    if (!values?.sameAsParent || values.units.length > 0 || !values.parent) continue
    const known = state.register.org(values.parent)
    const unitId = known && known !== 'twice' ? ([...known.unitIds][0] ?? null) : null
    const unit = first.get(nameKey(values.parent)) ?? (unitId ? { name: '与上级相同', code: null, unitId } : null)
    if (unit) values.units.push({ ...unit })
  }
}

/** Whether a row says something that the register does not. */
function addsTo(known: KnownOrg, values: OrgRowValues): boolean {
  return (
    values.units.some((unit) => unit.unitId !== null && !known.unitIds.has(unit.unitId)) ||
    (values.secretary !== null && !known.hasSecretary) ||
    (values.parent !== null && !known.hasParent) ||
    (values.electedOn !== null && !known.electedOn.has(values.electedOn)) ||
    (values.formal !== null && known.reported !== reportOf(values))
  )
}

function findUnits(row: ReadRow, values: OrgRowValues, state: Resolving): void {
  for (const unit of values.units) {
    const found = state.register.unit(unit.name, unit.code)
    if (found && found !== 'twice') {
      unit.unitId = found.id
      unit.name = unit.name || found.name
      state.counts.unitsFound += 1
      continue
    }
    state.counts.unitsMissing += 1
    const rule = found === 'twice' ? '台账里有两家同名的单位' : '台账里没有这家单位'
    const fix =
      found === 'twice'
        ? '补填统一社会信用代码；这家单位先不计入覆盖'
        : '核对名称、代码，或先把它导入台账；先不计入覆盖'
    warn(row, '覆盖单位', unit.name || (unit.code ?? ''), rule, fix)
  }
}

function findArea(row: ReadRow, values: OrgRowValues, state: Resolving): void {
  if (values.areaCode === null) return
  const code = state.register.area(values.areaCode)
  if (!code) warn(row, '所在乡镇街道', values.areaCode, '不是本县的乡镇街道', '按覆盖单位所在地登记')
  values.areaCode = code
}

function findParent(row: ReadRow, values: OrgRowValues, state: Resolving): void {
  if (values.parent === null) return
  if (nameKey(values.parent) === nameKey(values.name)) {
    warn(row, '上级党组织', values.parent, '上级是它自己', '不取用；请核对')
    values.parent = null
    return
  }
  const known = state.register.org(values.parent)
  if (state.inFile.has(nameKey(values.parent)) || (known && known !== 'twice')) return
  const rule = known === 'twice' ? '有两个同名的党组织' : '平台里和文件里都没有这个党组织'
  warn(row, '上级党组织', values.parent, rule, '只记下名称；以后可在党组织页上改')
}

function warn(row: ReadRow, column: string, value: string, rule: string, fix: string): void {
  row.problems.push({ column, columnLetter: '—', value: value.slice(0, 80), level: 'warning', rule, fix })
}

function refuseRow(row: ReadRow, column: string, value: string, rule: string, fix: string): void {
  row.problems.push({ column, columnLetter: '—', value: value.slice(0, 80), level: 'error', rule, fix })
}
