import { createReadStream, existsSync } from 'node:fs'
import { basename } from 'node:path'
import { Problem } from '../base/problem.ts'
import { callAsOperator, type Command, type CommandArguments, finishJobs, operatorOf } from '../host/command.ts'
import type { Platform } from '../host/platform.ts'
import { textTable } from '../host/text-table.ts'
import { storeUpload } from '../host/uploads.ts'
import type { MemberCounts, MemberImportState, MemberSheet } from './member-import-contract.ts'
import type { RosterCounts, RosterState } from './roster-contract.ts'

const options = {
  county: { type: 'string' },
  'as-of': { type: 'string' },
  complete: { type: 'boolean' },
} as const

/** What both commands ask: one file, whose county, as of which day, whether it names everybody. */
async function uploaded(platform: Platform, { values, words }: CommandArguments) {
  const [path, more] = words
  if (!path || more !== undefined) throw new Problem('invalid', '请给一个文件。')
  if (!existsSync(path)) throw new Problem('notFound', `没有文件 ${path}。`)
  const { county, 'as-of': asOf, complete } = values
  if (typeof county !== 'string') throw new Problem('invalid', '请用 --county 指明是哪个县，如 --county 210204000000。')
  const call = { actor: await operatorOf(platform), address: '本机', userAgent: 'liangxin' }
  const stored = await storeUpload(platform, call, basename(path), createReadStream(path))
  const { fileId } = stored.output as { fileId: string }
  return { fileId, countyCode: county, complete: complete === true, ...(typeof asOf === 'string' ? { asOf } : {}) }
}

interface ImportPage {
  state: MemberImportState
  asOf: string
  complete: boolean
  mapping: MemberSheet[]
  counts: MemberCounts
  error: string | null
}

/** Takes a roster of members through every step, with the columns as they were recognised. */
export async function importMembers(platform: Platform, args: CommandArguments): Promise<MemberCounts> {
  const { id } = await callAsOperator<{ id: string }>(
    platform,
    'party.createMemberImport',
    await uploaded(platform, args),
  )
  const step = async (wanted: MemberImportState) => {
    await finishJobs(platform)
    const page = await callAsOperator<ImportPage>(platform, 'party.getMemberImport', { id })
    if (page.state !== wanted) throw new Problem('invalid', page.error ?? '这一步没有完成，请在屏幕上继续。')
    return page
  }
  const { asOf, complete, mapping } = await step('mapping')
  await callAsOperator(platform, 'party.checkMemberImport', { id, asOf, complete, mapping })
  const { counts, error } = await step('preview')
  if (error || counts.staged === 0) throw new Problem('invalid', error ?? '没有能入库的行。')
  await callAsOperator(platform, 'party.commitMemberImport', { id })
  return (await step('committed')).counts
}

/** Compares a roster of the insured with the members and waits for its end. */
export async function compareRoster(platform: Platform, args: CommandArguments): Promise<RosterCounts> {
  const { id } = await callAsOperator<{ id: string }>(
    platform,
    'party.createRosterCheck',
    await uploaded(platform, args),
  )
  await finishJobs(platform)
  const check = await callAsOperator<{ state: RosterState; counts: RosterCounts; error: string | null }>(
    platform,
    'party.getRosterCheck',
    { id },
  )
  if (check.state !== 'done') throw new Problem('invalid', check.error ?? '比对没有完成。')
  return check.counts
}

/** Commands over members. */
export const memberCommands: readonly Command[] = [
  {
    name: 'member import',
    usage: '<文件> --county 代码 [--as-of 日期] [--complete]',
    summary: '导入党员信息（一人一行）；--complete：名册是全县全部党员',
    options,
    async run(shell, args) {
      const counts = await importMembers(await shell.platform(), args)
      const { read, added, updated, same, repeated, refused } = counts
      const head = ['读入', '新增', '更新', '没有变化', '重复', '退回']
      shell.print(textTable(head, [[read, added, updated, same, repeated, refused].map(String)]))
      return 0
    },
  },
  {
    name: 'member compare',
    usage: '<名册> --county 代码 [--as-of 日期] [--complete]',
    summary: '参保人员名册与党员比对；不是党员的人不保存，比完只删平台里的副本',
    options,
    async run(shell, args) {
      const counts = await compareRoster(await shell.platform(), args)
      const { read, others, members, here, elsewhere, unplaced, notFound, tasks } = counts
      const head = ['读到', '不是党员', '比上党员', '关系在此', '关系在别处', '没有认出单位', '没有找到', '新任务']
      shell.print(textTable(head, [[read, others, members, here, elsewhere, unplaced, notFound, tasks].map(String)]))
      return 0
    },
  },
]
