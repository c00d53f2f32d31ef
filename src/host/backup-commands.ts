import { Problem } from '../base/problem.ts'
import { formatDateTime } from '../base/time.ts'
import { backup, type BackupReport } from './backup.ts'
import type { Command } from './command.ts'
import { restore } from './restore.ts'
import { textTable } from './text-table.ts'

/** `backup` and `restore`. Neither opens the platform, so that a backup can be made before an upgrade. */
export const backupCommands: readonly Command[] = [
  {
    name: 'backup',
    usage: '<文件或目录>',
    summary: '把数据库、文件和签名检查点备份成一个 .zip（不含密钥 secret.key，请另存）',
    async run(shell, { words: [target] }) {
      if (!target) throw new Problem('invalid', '请写明备份到哪里，例如 backup 备份.zip。')
      const report = await backup(shell.config, target)
      shell.print(`已备份到 ${report.path}`)
      shell.print(tableOf(report))
      if (!shell.env['SECRET_KEY']) {
        shell.print(`密钥不在备份里。请把 ${shell.config.dataDir}/secret.key 另存一份，没有它不能恢复。`)
      }
      return 0
    },
  },
  {
    name: 'restore',
    usage: '<备份.zip>',
    summary: '把备份恢复到空的数据目录（或空的 PostgreSQL 数据库），并核对清单',
    async run(shell, { words: [source] }) {
      if (!source) throw new Problem('invalid', '请写明备份文件，例如 restore 备份.zip。')
      const report = await restore(shell.config, source)
      shell.print(`已恢复 ${formatDateTime(report.madeAt)} 的备份，行数与操作日志末端和清单一致。`)
      shell.print(tableOf(report))
      if (report.journal.ok) return 0
      shell.print('但操作日志在备份之前就被动过，请执行 audit verify 查看。')
      return 1
    },
  },
]

function tableOf(report: BackupReport): string {
  const head = ['表', '行', '日志链', '文件', 'MB']
  const figures = [report.tables, report.rows, report.chains, report.files, Math.ceil(report.bytes / 2 ** 20)]
  return textTable(head, [figures.map(String)])
}
