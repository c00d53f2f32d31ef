import { createReadStream, existsSync } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { Problem } from '../base/problem.ts'
import { actAsOperator, callAsOperator, type Command, finishJobs, operatorOf } from '../host/command.ts'
import type { Platform } from '../host/platform.ts'
import { storeUpload } from '../host/uploads.ts'
import { textTable } from '../host/text-table.ts'
import { guessCounty } from './county-guess.ts'
import { type Department, departments, unitFields, unitKinds, unitStatuses } from './field-contract.ts'
import type { ImportCounts, ImportState, SheetMapping } from './import-contract.ts'

/** What the command line asks of an import. */
export interface ImportRequest {
  files: readonly string[]
  /** 12-digit code; guessed from the files when left out. */
  county?: string | undefined
  department?: Department | undefined
  /** YYYY-MM-DD; today when left out. */
  asOf?: string | undefined
}

/** What became of one file. */
export interface ImportReport {
  fileName: string
  department: Department | null
  counts: ImportCounts | null
  /** Why the file was not imported. */
  refusal: string | null
}

interface ImportPage {
  state: ImportState
  department: Department | null
  asOf: string
  mapping: SheetMapping[]
  counts: ImportCounts
  error: string | null
  stalled: boolean
}

/** Imports files one after another as an operator would on screen: recognise, check, commit. */
export async function importFiles(
  platform: Platform,
  request: ImportRequest,
  tell: (line: string) => void,
): Promise<ImportReport[]> {
  const files = request.files.filter((path) => isTable(path))
  const missing = files.find((path) => !existsSync(path))
  if (missing) throw new Problem('notFound', `没有文件 ${missing}。`)
  const county =
    request.county ?? (await actAsOperator(platform, 'command.guessCounty', (ctx) => guessCounty(ctx.tx, files)))
  const sent: { id: string; fileName: string }[] = []
  for (const path of files) {
    const one = await sendFile(platform, { ...request, county }, path)
    sent.push(one)
    await driveImport(platform, one, 'preview')
    tell(`已预检 ${one.fileName}`)
  }
  // All are committed before the first is linked: rows of several files are linked at once.
  for (const { id } of sent) {
    const page = await callAsOperator<ImportPage>(platform, 'ledger.getImport', { id })
    if (isCommittable(page)) await callAsOperator(platform, 'ledger.commitImport', { id })
  }
  const reports: ImportReport[] = []
  for (const one of sent) {
    const report = await driveImport(platform, one)
    reports.push(report)
    tell(report.refusal ? `未导入 ${report.fileName}：${report.refusal}` : `已导入 ${report.fileName}`)
  }
  return reports
}

/** Tables of units have these endings; answers of a test set do not belong to a department. */
export const isTable = (path: string) => /\.(csv|tsv|txt|xlsx)$/i.test(path) && !/^truth\b/i.test(basename(path))

/** Sends one file; it is recognised when the jobs are run. */
async function sendFile(platform: Platform, request: ImportRequest & { county: string }, path: string) {
  const actor = await operatorOf(platform)
  const call = { actor, address: '本机', userAgent: 'liangxin' }
  const stored = (await storeUpload(platform, call, basename(path), createReadStream(path))).output as {
    fileId: string
    fileName: string
  }
  const { id } = await callAsOperator<{ id: string }>(platform, 'ledger.createImport', {
    fileId: stored.fileId,
    countyCode: request.county,
    ...(request.department ? { department: request.department } : {}),
    ...(request.asOf ? { asOf: request.asOf } : {}),
  })
  return { id, fileName: stored.fileName }
}

/**
 * Takes an import from wherever it stands to its end, or to where it can be committed, step by step; also one that a killed
 * process left behind.
 */
export async function driveImport(
  platform: Platform,
  { id, fileName }: { id: string; fileName: string },
  until: 'preview' | 'committed' = 'committed',
): Promise<ImportReport> {
  const report = (page: ImportPage, refusal: string | null = null): ImportReport => ({
    fileName,
    department: page.department,
    counts: page.state === 'committed' ? page.counts : null,
    refusal: page.state === 'committed' ? null : (refusal ?? page.error ?? '这一步没有完成，请在屏幕上继续。'),
  })
  const done = new Set<ImportState | 'resumed'>()
  for (;;) {
    await finishJobs(platform)
    const page = await callAsOperator<ImportPage>(platform, 'ledger.getImport', { id })
    const { state, department, asOf, mapping } = page
    if (page.stalled && !done.has('resumed')) {
      done.add('resumed')
      await callAsOperator(platform, 'ledger.resumeImport', { id })
      continue
    }
    if (done.has(state)) return report(page)
    done.add(state)
    if (state === 'mapping') {
      if (!department) return report(page, '认不出是哪个部门的表，请用 --department 指明。')
      await callAsOperator(platform, 'ledger.checkImport', { id, department, asOf, mapping, saveProfile: true })
    } else if (until === 'committed' && isCommittable(page)) {
      await callAsOperator(platform, 'ledger.commitImport', { id })
    } else {
      return report(page)
    }
  }
}

const isCommittable = ({ state, counts, error }: ImportPage) => state === 'preview' && (counts.staged > 0 || !error)

/** The reports as a table, with a sum that closes: read = joined + created + repeated + queued + refused. */
export function reportTable(reports: readonly ImportReport[]): string {
  const words = (counts: ImportCounts) =>
    [counts.read, counts.joined, counts.created, counts.repeated, counts.queued, counts.refused].map(String)
  const lines = reports.map(({ fileName, department, counts, refusal }) => [
    fileName,
    department ? departments[department] : '—',
    ...(counts ? words(counts) : ['—', '—', '—', '—', '—', '—']),
    refusal ? '未导入' : counts && closes(counts) ? '相符' : '不符',
  ])
  const sum = (key: keyof ImportCounts) => reports.reduce((total, { counts }) => total + (counts?.[key] ?? 0), 0)
  const total = ['read', 'joined', 'created', 'repeated', 'queued', 'refused'] as const
  lines.push(['合计', '', ...total.map((key) => String(sum(key))), ''])
  return textTable(['文件', '来源部门', '读入', '并入', '新建', '重复', '待核对', '退回', '核对'], lines)
}

function closes(counts: ImportCounts): boolean {
  return counts.read === counts.joined + counts.created + counts.repeated + counts.queued + counts.refused
}

const importCommand: Command = {
  name: 'import',
  usage: '<文件…> [--county 12位代码] [--department 部门] [--as-of 日期]',
  summary: '导入部门文件：识别、预检、入账，打印每个文件各行的去向',
  options: {
    county: { type: 'string' },
    department: { type: 'string' },
    'as-of': { type: 'string' },
  },
  async run(shell, { values, words }) {
    if (words.length === 0) throw new Problem('invalid', `请写明文件。用法：liangxin import ${importCommand.usage}`)
    const platform = await shell.platform()
    const request = {
      files: words,
      county: text(values['county']),
      department: departmentNamed(text(values['department'])),
      asOf: text(values['as-of']),
    }
    const reports = await importFiles(platform, request, (line) => process.stderr.write(`${line}\n`))
    shell.print(reportTable(reports))
    return reports.some((report) => report.counts) ? 0 : 1
  },
}

const text = (value: unknown) => (typeof value === 'string' ? value : undefined)

function departmentNamed(word: string | undefined): Department | undefined {
  if (word === undefined) return undefined
  const found = Object.entries(departments).find(([key, title]) => key === word || title === word)?.[0]
  if (!found) throw new Problem('invalid', `没有“${word}”这个部门，可填：${Object.values(departments).join('、')}。`)
  return found as Department
}

interface Row {
  name: string
  uscc: string | null
  kind: keyof typeof unitKinds
  status: keyof typeof unitStatuses
  areaName: string
}

const list: Command = {
  name: 'list',
  usage: '[搜索词] [--region 12位代码] [--page 页码]',
  summary: '查询台账：名称、简称、拼音首字母、代码',
  options: { region: { type: 'string' }, page: { type: 'string' } },
  async run(shell, { values, words }) {
    const filter = {
      ...(words[0] ? { text: words[0] } : {}),
      ...(values['region'] ? { region: values['region'] } : {}),
    }
    const input = { filter, page: Number(text(values['page']) ?? 1), pageSize: 50 }
    const { rows, total } = await callAsOperator<{ rows: Row[]; total: number }>(
      await shell.platform(),
      'ledger.searchUnits',
      input,
    )
    const lines = rows.map((row) => [
      row.name,
      row.uscc ?? '—',
      unitKinds[row.kind],
      unitStatuses[row.status],
      row.areaName,
    ])
    shell.print(textTable(['单位名称', '统一社会信用代码', '类型', '登记状态', '所属区划'], lines))
    shell.print(`共 ${total} 家，第 ${input.page} 页`)
    return 0
  },
}

const exportCommand: Command = {
  name: 'export',
  usage: '<文件.xlsx|文件.csv> --purpose 用途 [--text 搜索词] [--region 12位代码]',
  summary: '导出台账（联系方式脱敏），用途记入操作日志',
  options: { purpose: { type: 'string' }, text: { type: 'string' }, region: { type: 'string' } },
  async run(shell, { values, words: [path] }) {
    const format = /\.(xlsx|csv)$/i.exec(path ?? '')?.[1]?.toLowerCase()
    if (!path || !format) throw new Problem('invalid', '请写明以 .xlsx 或 .csv 结尾的文件名。')
    const platform = await shell.platform()
    const filter = {
      ...(values['text'] ? { text: values['text'] } : {}),
      ...(values['region'] ? { region: values['region'] } : {}),
    }
    const input = { filter, format, columns: Object.keys(unitFields), purpose: text(values['purpose']) ?? '' }
    const { jobId } = await callAsOperator<{ jobId: string }>(platform, 'ledger.exportUnits', input)
    await finishJobs(platform)
    const job = await callAsOperator<{
      state: string
      error: string | null
      result: { fileId: string; bytes: number } | null
    }>(platform, 'office.getJob', { id: jobId })
    if (!job.result) throw new Problem('unavailable', job.error ?? '导出没有完成。')
    await copyFile(platform.files.path(job.result.fileId), path)
    shell.print(`已导出到 ${path}（${job.result.bytes} 字节）`)
    return 0
  },
}

/** The ledger's part of the command line. */
export const ledgerCommands: readonly Command[] = [importCommand, list, exportCommand]
