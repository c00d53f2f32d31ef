import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Problem } from '../base/problem.ts'
import { backupCommands } from './backup-commands.ts'
import { callAsOperator, type Command } from './command.ts'
import { openDatabase } from './database.ts'
import type { Contract } from './handlers.ts'
import { faultWords, verifyJournal } from './journal-verify.ts'
import { migrate } from './migrate.ts'
import { openapiOf, openapiText } from './openapi.ts'
import { textTable } from './text-table.ts'

/** Commands that know no room but what the contracts say. */
export function hostCommands(contracts: Record<string, Contract>): Command[] {
  return [call, auditVerify, ...backupCommands, migrateOnly, openapi(contracts)]
}

const call: Command = {
  name: 'call',
  usage: '<屋子.操作> [JSON 输入]',
  summary: '执行任意一项操作，打印回答；例：call ledger.searchUnits \'{"text":"大连"}\'',
  async run(shell, { words: [name, text = '{}'] }) {
    if (!name) throw new Problem('invalid', '请写明操作，例如 call office.listUsers。')
    const output = await callAsOperator(await shell.platform(), name, parsed(text))
    shell.print(JSON.stringify(output, null, 2))
    return 0
  },
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Problem('invalid', '输入应为 JSON，例如 \'{"page":1}\'。')
  }
}

const auditVerify: Command = {
  name: 'audit verify',
  usage: '',
  summary: '校验操作日志的每一条链和签名检查点；有问题时退出码为 1',
  async run(shell) {
    const { database, config } = await shell.platform()
    const report = await verifyJournal(database, config)
    const rows = report.chains.map((chain) => [
      chain.countyCode === '000000000000' ? '平台' : chain.countyCode,
      String(chain.rows),
      String(chain.signedRows),
      chain.faults.length === 0 ? '完好' : `${chain.faults.length} 处问题`,
    ])
    shell.print(textTable(['链', '行数', '已签名至', '结果'], rows))
    for (const { countyCode, faults } of report.chains) {
      for (const { seq, fault } of faults.slice(0, 20)) shell.print(`${countyCode} 第 ${seq} 行：${faultWords[fault]}`)
    }
    for (const problem of report.checkpointProblems) shell.print(problem)
    shell.print(report.ok ? '操作日志完好。' : '操作日志被动过，请保留现场，并与另存的检查点、备份核对。')
    return report.ok ? 0 : 1
  },
}

const migrateOnly: Command = {
  name: 'migrate',
  usage: '',
  summary: '只执行数据库迁移，不启动服务',
  async run(shell) {
    const database = await openDatabase(shell.config)
    try {
      const applied = await migrate(database)
      shell.print(applied.length > 0 ? `已执行：${applied.join('、')}` : '数据库已是最新。')
      return 0
    } finally {
      await database.close()
    }
  },
}

const openapi = (contracts: Record<string, Contract>): Command => ({
  name: 'openapi',
  usage: '',
  summary: '按契约重写 docs/openapi.json（开发用）',
  async run(shell) {
    const path = join(import.meta.dirname, '../../docs/openapi.json')
    writeFileSync(path, openapiText(await openapiOf(contracts)))
    shell.print(`已写入 ${path}`)
    return 0
  },
})
