// From the departments' files to a plan in one command: each file goes where its columns belong.
import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { Problem } from './base/problem.ts'
import { planCounty, planOptions, planUsage } from './forming/commands.ts'
import type { Command } from './host/command.ts'
import { readSheets } from './host/sheets.ts'
import { importFiles, isTable, reportTable } from './ledger/commands.ts'
import { importOrgs } from './party/commands.ts'
import { compareRoster, importMembers } from './party/member-commands.ts'

/** What a file holds. */
export type FileKind = 'units' | 'orgs' | 'members' | 'insured'

const headRows = 12

/** What a table holds, by the titles in its first rows. */
export function kindOfRows(rows: readonly (readonly (string | null)[])[]): FileKind {
  const has = (words: RegExp) => rows.some((cells) => cells.some((cell) => cell !== null && words.test(cell.trim())))
  if (has(/^姓名$/) && has(/身份/)) return has(/党员类别|党支部|人员类别/) ? 'members' : 'insured'
  return has(/^党组织(全)?名称$/) ? 'orgs' : 'units'
}

async function kindOf(path: string): Promise<FileKind> {
  const rows: (string | null)[][] = []
  for await (const batch of readSheets(path, basename(path))) {
    rows.push(...batch.map((row) => [...row.cells]))
    if (rows.length >= headRows) break
  }
  return kindOfRows(rows.slice(0, headRows))
}

// What later files are compared with: the registers, which name codes and full names.
const registers = [/市场监管|市监|工商/u, /民政|社会组织/u]
const rankOf = (path: string) => {
  const at = registers.findIndex((words) => words.test(basename(path)))
  return at === -1 ? registers.length : at
}
const registersFirst = (a: string, b: string) => rankOf(a) - rankOf(b)

/** `liangxin plan`: units, organisations, members and the insured, in this order, then the plan. */
export const planCommand: Command = {
  name: 'plan',
  usage: `<文件…> ${planUsage}`,
  summary:
    '从部门文件到方案：认出每个文件是部门名单、党组织、党员名册还是参保名册，依次导入、比对，再编排联合组建方案。',
  options: planOptions,
  async run(shell, { values, words }) {
    const paths = words.filter(isTable)
    const missing = paths.find((path) => !existsSync(path))
    if (missing) throw new Problem('notFound', `没有文件 ${missing}。`)
    if (paths.length === 0) return 2
    const county = String(values['county'] ?? '')
    if (!/^\d{12}$/.test(county)) throw new Problem('invalid', '请用 --county 指明是哪个县，如 --county 210204000000。')
    const found = Map.groupBy(
      await Promise.all(paths.map(async (path) => ({ path, kind: await kindOf(path) }))),
      ({ kind }) => kind,
    )
    const of = (kind: FileKind) => (found.get(kind) ?? []).map(({ path }) => path).sort(registersFirst)
    const running = await shell.platform()
    if (of('units').length > 0)
      shell.print(reportTable(await importFiles(running, { files: of('units'), county }, (line) => shell.print(line))))
    for (const path of of('orgs')) {
      const { orgsNew, unitsFound } = await importOrgs(running, { path, county })
      shell.print(`${basename(path)}：党组织 ${orgsNew} 个，覆盖单位 ${unitsFound} 家`)
    }
    for (const path of of('members')) {
      const { added, updated } = await importMembers(running, { values: { county }, words: [path] })
      shell.print(`${basename(path)}：新增党员 ${added} 名，更新 ${updated} 名`)
    }
    for (const path of of('insured')) {
      await compareRoster(running, { values: { county }, words: [path] })
      shell.print(`${basename(path)}：已与党员比对`)
    }
    await planCounty(running, values, (line) => shell.print(line))
    return 0
  },
}
