import { createReadStream, existsSync } from 'node:fs'
import { basename } from 'node:path'
import { Problem } from '../base/problem.ts'
import { callAsOperator, type Command, finishJobs, operatorOf } from '../host/command.ts'
import type { Platform } from '../host/platform.ts'
import { textTable } from '../host/text-table.ts'
import { storeUpload } from '../host/uploads.ts'
import type { OrgRow } from './contract.ts'
import type { OrgImportCounts, OrgImportState, OrgSheet } from './org-import-contract.ts'
import { formingModes, orgKinds, termStates } from './words-contract.ts'

/** What the command line asks of an import of organisations. */
export interface OrgImportRequest {
  path: string
  /** 12-digit code. */
  county: string
  /** YYYY-MM-DD; today when left out. */
  asOf?: string | undefined
}

interface ImportPage {
  state: OrgImportState
  asOf: string
  mapping: OrgSheet[]
  counts: OrgImportCounts
  error: string | null
}

/** Takes a file of organisations through every step, with the columns as they were recognised. @throws Problem */
export async function importOrgs(platform: Platform, request: OrgImportRequest): Promise<OrgImportCounts> {
  const { path, county, asOf } = request
  if (!existsSync(path)) throw new Problem('notFound', `没有文件 ${path}。`)
  const call = { actor: await operatorOf(platform), address: '本机', userAgent: 'liangxin' }
  const stored = (await storeUpload(platform, call, basename(path), createReadStream(path))).output
  const { fileId } = stored as { fileId: string }
  const input = { fileId, countyCode: county, ...(asOf ? { asOf } : {}) }
  const { id } = await callAsOperator<{ id: string }>(platform, 'party.createOrgImport', input)
  const step = async (wanted: OrgImportState) => {
    await finishJobs(platform)
    const page = await callAsOperator<ImportPage>(platform, 'party.getOrgImport', { id })
    if (page.state !== wanted) throw new Problem('invalid', page.error ?? '这一步没有完成，请在屏幕上继续。')
    return page
  }
  const found = await step('mapping')
  await callAsOperator(platform, 'party.checkOrgImport', { id, asOf: found.asOf, mapping: found.mapping })
  const checked = await step('preview')
  if (checked.counts.add + checked.counts.update === 0) {
    throw new Problem('invalid', checked.error ?? '没有要入库的行：都与现有党组织相同，或者退回。')
  }
  await callAsOperator(platform, 'party.commitOrgImport', { id })
  return (await step('committed')).counts
}

const text = (value: unknown) => (typeof value === 'string' ? value : undefined)

/** Commands over party organisations. */
export const partyCommands: readonly Command[] = [
  {
    name: 'party import',
    usage: '<文件> --county 代码 [--as-of 日期]',
    summary: '导入党组织：全国党员系统采集表，或一行一家单位的通用表',
    options: { county: { type: 'string' }, 'as-of': { type: 'string' } },
    async run(shell, { values, words: [path, more] }) {
      if (!path || more !== undefined) throw new Problem('invalid', '请给一个文件。')
      const county = text(values['county'])
      if (!county) throw new Problem('invalid', '请用 --county 指明是哪个县，如 --county 210204000000。')
      const counts = await importOrgs(await shell.platform(), { path, county, asOf: text(values['as-of']) })
      const { read, orgsNew, update, same, refused, unitsFound, unitsMissing } = counts
      const head = ['读入行', '新增党组织', '补充', '没有变化', '退回', '认出单位', '没有认出']
      shell.print(textTable(head, [[read, orgsNew, update, same, refused, unitsFound, unitsMissing].map(String)]))
      return 0
    },
  },
  {
    name: 'party list',
    usage: '[搜索词] [--region 12位代码] [--page 页码]',
    summary: '查询党组织：名称、拼音首字母、代码',
    options: { region: { type: 'string' }, page: { type: 'string' } },
    async run(shell, { values, words }) {
      const region = text(values['region'])
      const filter = { ...(words[0] ? { text: words[0] } : {}), ...(region ? { region } : {}) }
      const input = { filter, page: Number(text(values['page']) ?? 1), pageSize: 50 }
      const { rows, total } = await callAsOperator<{ rows: OrgRow[]; total: number }>(
        await shell.platform(),
        'party.searchOrgs',
        input,
      )
      const lines = rows.map((row) => [
        row.name,
        orgKinds[row.kind],
        formingModes[row.formingMode],
        row.parentName ?? '—',
        String(row.units),
        row.formal === null ? '—' : String(row.formal),
        termStates[row.term],
        row.termEndsOn ?? '—',
      ])
      const head = ['党组织', '类别', '组建方式', '上级', '覆盖单位', '正式党员', '届期', '届满日']
      shell.print(textTable(head, lines))
      shell.print(`共 ${total} 个，第 ${input.page} 页`)
      return 0
    },
  },
]
