import { Problem } from '../base/problem.ts'
import { callAsOperator, type Command, finishJobs } from '../host/command.ts'
import type { Platform } from '../host/platform.ts'
import { textTable } from '../host/text-table.ts'
import { departments } from '../ledger/field-contract.ts'
import { queueReasons, type QueueReason } from './contract.ts'
import { percentText } from './percent.ts'

interface Queue {
  total: number
  byReason: { reason: QueueReason; count: number }[]
}

const status: Command = {
  name: 'linkage status',
  usage: '',
  summary: '待核对的行按原因的数目',
  async run(shell) {
    const queue = await callAsOperator<Queue>(await shell.platform(), 'linkage.listQueue', { pageSize: 1 })
    const lines = queue.byReason
      .toSorted((a, b) => b.count - a.count)
      .map(({ reason, count }) => [queueReasons[reason], String(count)])
    shell.print(textTable(['原因', '行数'], [...lines, ['合计', String(queue.total)]]))
    return 0
  },
}

interface Rehearsed {
  total: number
  rows: {
    name: string | null
    from: { name: string | null } | null
    to: { name: string | null } | null
    outcome: string
  }[]
}

const listMax = 20

const relink: Command = {
  name: 'linkage relink',
  usage: '--county 12位代码 [--all [--apply]]',
  summary: '重新比对待核对行；--all 试算全库重新比对，列出会改动的行，加 --apply 才改动',
  options: { county: { type: 'string' }, all: { type: 'boolean' }, apply: { type: 'boolean' } },
  async run(shell, { values }) {
    const countyCode = values['county']
    if (typeof countyCode !== 'string') throw new Problem('invalid', '请用 --county 写明县级行政区划代码（12 位）。')
    const platform = await shell.platform()
    if (!values['all']) {
      const { joined } = await job<{ joined: number }>(platform, 'linkage.relinkQueue', { countyCode })
      shell.print(`${joined} 行找到了单位。`)
      return 0
    }
    await job(platform, 'linkage.rehearseRelink', { countyCode })
    const found = await callAsOperator<Rehearsed>(platform, 'linkage.listRehearsal', { countyCode, pageSize: listMax })
    shell.print(textTable(['来源行', '现在', '改为'], found.rows.map(lineOf)))
    shell.print(`共 ${found.total} 行会改动${found.total > listMax ? `，以上是前 ${listMax} 行` : ''}。`)
    if (!values['apply'] || found.total === 0) return 0
    const { changed, passedOver } = await job<{ changed: number; passedOver: number }>(platform, 'linkage.relinkAll', {
      countyCode,
    })
    shell.print(`已改动 ${changed} 行${passedOver > 0 ? `，${passedOver} 行在试算之后变过，没有动` : ''}。`)
    return 0
  },
}

function lineOf(row: Rehearsed['rows'][number]): string[] {
  const to = row.outcome === 'queue' ? '（待核对）' : (row.to?.name ?? '（新建）')
  return [row.name ?? '', row.from?.name ?? '（待核对）', to]
}

/** Starts a job by its operation, runs it here, and answers its result. @throws Problem when it failed. */
async function job<T>(platform: Platform, operation: string, input: unknown): Promise<T> {
  const { jobId } = await callAsOperator<{ jobId: string }>(platform, operation, input)
  await finishJobs(platform)
  const end = await callAsOperator<{ result: T | null; error: string | null }>(platform, 'office.getJob', { id: jobId })
  if (!end.result) throw new Problem('unavailable', end.error ?? '作业没有完成。')
  return end.result
}

const queueCommand: Command = {
  name: 'linkage queue',
  usage: '',
  summary: '列出待核对的行，最有把握的在前',
  async run(shell) {
    const { rows, total } = await callAsOperator<{
      total: number
      rows: {
        name: string | null
        reason: QueueReason
        department: keyof typeof departments
        probability: number | null
      }[]
    }>(await shell.platform(), 'linkage.listQueue', { pageSize: 50, sort: 'probability', order: 'desc' })
    const lines = rows.map((row) => [
      row.name ?? '',
      departments[row.department],
      queueReasons[row.reason],
      row.probability === null ? '—' : percentText(row.probability),
    ])
    shell.print(textTable(['表中名称', '来源部门', '原因', '最高把握'], lines))
    shell.print(`共 ${total} 行待核对`)
    return 0
  },
}

/** The linkage room's part of the command line. */
export const linkageCommands: readonly Command[] = [status, queueCommand, relink]
