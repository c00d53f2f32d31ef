import { nameKey } from '../base/chinese.ts'
import { newId } from '../base/ids.ts'
import { Problem } from '../base/problem.ts'
import { childRange } from '../base/region.ts'
import { sql } from 'kysely'
import type { Context, JobKind, JobRun } from '../host/context.ts'
import { hmacSm3, sm3 } from '../host/crypto.ts'
import { exportFile } from '../host/export-file.ts'
import { insertRows } from '../host/insert-rows.ts'
import { canonical } from '../host/journal.ts'
import { describeFile, readSheets, returnWorkbook } from '../host/sheets.ts'
import type { FileDescription, SheetRow } from '../host/sheets-shape.ts'
import { type CheckedRow, checkRow, type CheckWith, townshipKeys } from './check.ts'
import type { ImportCounts, SheetMapping } from './import-contract.ts'
import { findImport, noCounts, setImport } from './imports.ts'
import { findProfile } from './profiles.ts'
import { recognise } from './recognise.ts'
import { maskCell } from './unit-page.ts'
import { ledgerTables } from './units.ts'

interface ImportJob {
  id: string
}

type ImportRecord = Awaited<ReturnType<typeof findImport>>

/** A failed step leaves the import where it can be gone on with, and says why. */
async function stepFailed(job: JobRun<ImportJob>, error: unknown): Promise<never> {
  if (error instanceof Problem) {
    await job.transaction(async (ctx) =>
      setImport(ctx, await findImport(ctx, job.input.id), { state: 'failed', error: error.message }),
    )
  }
  throw error
}

/** Recognises a file: format, header, columns, department. */
export const recogniseJob: JobKind<ImportJob> = {
  kind: 'ledger.recognise',
  async run(job) {
    const found = await job.transaction((ctx) => findImport(ctx, job.input.id))
    try {
      const file = await describeFile(job.files.path(found.file_id), found.file_name, { signal: job.signal })
      return await job.transaction((ctx) => noteRecognised(ctx, found, file))
    } catch (error) {
      // A roster of persons must not lie here; it was refused, and nothing but its upload is left of it.
      if (error instanceof Problem && error.code === 'unsupported') await job.files.remove(found.file_id)
      return stepFailed(job, error)
    }
  },
}

async function noteRecognised(ctx: Context, found: ImportRecord, file: FileDescription) {
  const heads = file.sheets.map((sheet) => ({ sheet: sheet.name, visible: sheet.visible, firstRows: sheet.firstRows }))
  const seen = recognise(found.file_name, heads)
  if (seen.personRoster) {
    throw new Problem(
      'unsupported',
      '这是个人名册（有姓名和身份证号），不能当作单位的表导入，文件已删除。党员信息请到“党员”里导入，参保人员请到“名册比对”里比对。',
    )
  }
  const profile = await findProfile(ctx, found.county_code, seen.mapping)
  const mapping = profile?.mapping ?? seen.mapping
  const department = found.department ?? profile?.department ?? seen.department
  const sketches = file.sheets.map((sheet) => ({
    sheet: sheet.name,
    rows: sheet.rowCount,
    firstRows: sheet.firstRows.map(({ row, cells }) => ({ row, cells: sketchCells(cells, mapping, sheet.name, row) })),
  }))
  await setImport(ctx, found, {
    state: 'mapping',
    department,
    department_because: seen.because,
    profile_used: profile ? '沿用上次为这种表头保存的列对应' : null,
    format: formatWords(file),
    mapping: JSON.stringify(mapping),
    sketches: JSON.stringify(sketches),
  })
  return { department, sheets: mapping.filter((one) => one.use).length }
}

/** The first rows as the mapping screen shows them: below the header, personal cells are masked. */
function sketchCells(cells: readonly (string | null)[], mapping: readonly SheetMapping[], sheet: string, row: number) {
  const columns = mapping.find((one) => one.sheet === sheet)
  if (!columns || row <= columns.headerRow) return cells
  return cells.map((cell, index) => {
    if (cell === null) return null
    const column = columns.columns[index]
    const digits = cell.replace(/\D/g, '')
    if (digits.length >= 15 && /^\d{17}[\dXx]?$|^\d{15}$/.test(cell.trim()) && column?.field !== 'registrationNumber') {
      return column?.field === 'uscc' && !/^[1-8]/.test(cell) ? cell : `${cell.slice(0, 6)}********`
    }
    return maskCell(column?.title ?? '', cell)
  })
}

function formatWords(file: FileDescription): string {
  if (file.format === 'xlsx') return `XLSX · ${file.sheets.length} 张工作表`
  const delimiter = { ',': '逗号', '\t': '制表符', ';': '分号' }[file.delimiter ?? ',']
  return `文本 · ${(file.encoding ?? '').toUpperCase()} · ${delimiter}分隔`
}

/** Checks every row and lays the good ones ready; what an earlier check laid down is replaced. */
export const checkJob: JobKind<ImportJob> = {
  kind: 'ledger.check',
  async run(job) {
    try {
      const found = await job.transaction((ctx) => findImport(ctx, job.input.id))
      await clearRows(job, found)
      const using = await job.transaction((ctx) => checkingWith(ctx, found))
      const sheets = found.mapping.filter((sheet) => sheet.use)
      const total = found.sketches.reduce(
        (sum, one) => sum + (sheets.some((sheet) => sheet.sheet === one.sheet) ? one.rows : 0),
        0,
      )
      const tally = new Tally()
      const names = sheets.map((sheet) => sheet.sheet)
      const reading = readSheets(job.files.path(found.file_id), found.file_name, { signal: job.signal, sheets: names })
      let seen = 0
      for await (const rows of reading) {
        const sheet = sheets.find((one) => one.sheet === rows[0]?.sheet)
        if (!sheet) continue
        const checked = rows
          .filter((row) => row.row > sheet.headerRow)
          .map((row) => ({ row, result: checkRow(row.cells, { ...using, columns: sheet.columns }) }))
        tally.add(checked.map((one) => one.result))
        await job.transaction((ctx) => layRows(ctx, found, checked))
        seen += rows.length
        await job.progress(Math.min(seen, total), total, `已预检 ${seen.toLocaleString('zh-CN')} 行`)
      }
      tally.counts.blank = reading.counts.reduce((sum, one) => sum + one.skipped, 0)
      return await job.transaction((ctx) => noteChecked(ctx, found, tally))
    } catch (error) {
      return stepFailed(job, error)
    }
  },
}

async function clearRows(job: JobRun<ImportJob>, found: ImportRecord): Promise<void> {
  await job.transaction((ctx) =>
    ledgerTables(ctx.tx)
      .deleteFrom('source_row')
      .where('county_code', '=', found.county_code)
      .where('import_id', '=', found.id)
      .execute(),
  )
}

async function checkingWith(ctx: Context, found: ImportRecord): Promise<Omit<CheckWith, 'columns'>> {
  const { from, to } = childRange(found.county_code)
  const townships = await ledgerTables(ctx.tx)
    .selectFrom('region')
    .select(['code', 'name'])
    .where('code', '>', from)
    .where('code', '<', to)
    .where('level', '=', 'township')
    .execute()
  const { secretKey } = ctx.settings
  return {
    department: found.department ?? 'other',
    townships: townshipKeys(townships),
    hashIdentity: (text) => hmacSm3(secretKey, 'identity', text),
  }
}

/** Writes a batch of checked rows. */
async function layRows(
  ctx: Context,
  found: ImportRecord,
  checked: readonly { row: SheetRow; result: CheckedRow }[],
): Promise<void> {
  const rows = checked
    .filter(({ result }) => !result.notData)
    .map(({ row, result }) => ({
      county_code: found.county_code,
      id: newId(ctx.now),
      import_id: found.id,
      area_code: found.county_code,
      sheet: row.sheet,
      row_number: row.row,
      cells: result.cells,
      fields: result.fields,
      digest: sm3(canonical([found.department, result.fields])),
      name_key: result.fields.name ? nameKey(result.fields.name) : null,
      outcome: result.refused ? 'refused' : 'staged',
      problems: result.problems,
      warnings: result.problems.filter((problem) => problem.level === 'warning').length,
    }))
  await insertRows(ctx.tx, 'source_row', rows)
}

/** A warning that the sender should see to, though the row is taken. */
const isWrongCode = ({ field, level }: CheckedRow['problems'][number]) => field === 'uscc' && level === 'warning'

/** Adds up what checking found. */
class Tally {
  readonly counts: ImportCounts = { ...noCounts }
  private readonly found = new Map<string, { rule: string; level: 'error' | 'warning'; rows: number }>()

  add(results: readonly CheckedRow[]): void {
    for (const result of results) {
      if (result.notData) {
        this.counts.notData += 1
        continue
      }
      this.counts.read += 1
      this.counts[result.refused ? 'refused' : 'staged'] += 1
      if (result.problems.some((problem) => problem.level === 'warning')) this.counts.warnings += 1
      if (!result.refused && result.problems.some(isWrongCode)) this.counts.wrongCodes += 1
      for (const { rule, level } of result.problems) {
        const known = this.found.get(`${level}:${rule}`) ?? { rule, level, rows: 0 }
        known.rows += 1
        this.found.set(`${level}:${rule}`, known)
      }
    }
  }

  rules() {
    return [...this.found.values()].sort((a, b) => b.rows - a.rows)
  }
}

async function noteChecked(ctx: Context, found: ImportRecord, tally: Tally): Promise<ImportCounts> {
  const { counts } = tally
  const wrong = counts.refused + counts.wrongCodes
  const doubtful = counts.read > 0 && wrong * 2 > counts.read
  const error = doubtful
    ? `${counts.read} 行里有 ${wrong} 行不能入账或代码有误，超过一半，多半是列对错了。请回到对列检查；确认无误也可以照样入账。`
    : counts.read === 0
      ? '表头以下没有读到数据行，请检查表头所在行。'
      : null
  await setImport(ctx, found, {
    state: 'preview',
    counts: JSON.stringify(counts),
    rules: JSON.stringify(tally.rules()),
    error,
  })
  return counts
}

/** Makes the workbook of refused rows and of those with a wrong code, in the sender's own layout. */
export const returnJob: JobKind<ImportJob> = {
  kind: 'ledger.return',
  async run(job) {
    const { found, errors } = await job.transaction(refusedRows(job.input.id))
    const headerRows = new Map(found.mapping.map((sheet) => [sheet.sheet, sheet.headerRow]))
    return exportFile(job, `${found.file_name.replace(/\.[^.]+$/, '')} 退回.xlsx`, (path) =>
      returnWorkbook(job.files.path(found.file_id), found.file_name, errors, path, { signal: job.signal, headerRows }),
    )
  },
}

const refusedRows = (id: string) => async (ctx: Context) => {
  const found = await findImport(ctx, id)
  const rows = await ledgerTables(ctx.tx)
    .selectFrom('source_row')
    .select(['sheet', 'row_number', 'problems', 'reason'])
    .where('county_code', '=', found.county_code)
    .where('import_id', '=', id)
    .where((eb) =>
      eb.or([eb('outcome', '=', 'refused'), sql<boolean>`problems @> '[{"field": "uscc", "level": "warning"}]'`]),
    )
    .execute()
  const errors = new Map<string, Map<number, string>>()
  for (const row of rows) {
    const said = row.problems.map((one) => `${one.columnLetter} 列“${one.column}”：${one.rule}。${one.fix}`)
    const sheet = errors.get(row.sheet) ?? new Map<number, string>()
    sheet.set(row.row_number, `原第 ${row.row_number} 行。${[...said, ...(row.reason ? [row.reason] : [])].join('；')}`)
    errors.set(row.sheet, sheet)
  }
  return { found, errors }
}
