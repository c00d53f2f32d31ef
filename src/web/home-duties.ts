import { useQuery } from '@tanstack/react-query'
import { addDays, today } from '../base/time.ts'
import { grouped } from '../base/number.ts'
import { foundingContract } from '../founding/contract.ts'
import { linkageContract, queueReasons } from '../linkage/contract.ts'
import { officeContract } from '../office/contract.ts'
import { orgContract } from '../party/contract.ts'
import { memberContract } from '../party/member-contract.ts'
import { syncContract } from '../sync/contract.ts'
import { connect } from '../ui/client.ts'
import { useCan } from '../ui/session.ts'
import { useCoverage } from './home-coverage.tsx'
import type { Summary } from './home-figures.tsx'

const office = connect(officeContract)
const linkage = connect(linkageContract)
const party = connect(memberContract)
const orgs = connect(orgContract)
const founding = connect(foundingContract)
const sync = connect(syncContract)

/** One thing that waits for the person: how many, what, and where to go. */
export interface Duty {
  key: string
  count: number
  title: string
  hint: string
  act: string
  to: string
  search?: Record<string, unknown>
  pressing?: boolean
}

/** What waits for the person now, the most pressing first; only what the permissions let them do. */
export function useDuties(summary: Summary): Duty[] {
  const can = useCan()
  const queue = useQuery(
    linkage.listQueue.queryOptions({ input: { pageSize: 1 }, enabled: can('linkage.queue.decide') }),
  )
  const tasks = useQuery(
    party.listMemberTasks.queryOptions({
      input: { state: 'open', pageSize: 1 },
      enabled: can('party.member.read') && can('party.member.compare'),
    }),
  )
  const reminders = useQuery(
    orgs.listReminders.queryOptions({ input: { pageSize: 1 }, enabled: can('party.org.write') }),
  )
  const late = useLateDuties()
  const covered = useCoverage()
  const failed = useQuery(office.listJobs.queryOptions({ input: { state: 'failed', pageSize: 1 } }))
  const duties: Duty[] = [
    {
      key: 'imports',
      count: can('ledger.import.write') ? summary.importsWaiting : 0,
      title: '份导入停在半路',
      hint: '对好列、看过预检结果，确认后才会入账。',
      act: '继续导入',
      to: '/imports',
      pressing: true,
    },
    {
      key: 'queue',
      count: queue.data?.total ?? 0,
      title: '行待核对',
      hint: reasonsInWords(queue.data?.byReason ?? []),
      act: '去核对',
      to: '/queue',
      pressing: true,
    },
    ...coverageDuties(covered, can),
    ...late,
    {
      key: 'memberTasks',
      count: tasks.data?.total ?? 0,
      title: '项党员任务',
      hint: '名册比对得出：转接组织关系，核实是否在职。',
      act: '去办理',
      to: '/member-tasks',
      search: { state: 'open' },
    },
    {
      key: 'reminders',
      count: reminders.data?.total ?? 0,
      title: '个党组织要换届或撤销',
      hint: '已届满、六个月内届满、应选举未选举，临时组织到期应撤销。',
      act: '去办理',
      to: '/orgs/reminders',
    },
    {
      key: 'failed',
      count: failed.data?.total ?? 0,
      title: '项作业没有做成',
      hint: '看看原因，改正后重做。',
      act: '看作业',
      to: '/jobs',
      search: { state: 'failed' },
    },
    {
      key: 'withoutCode',
      count: can('ledger.unit.write') ? summary.withoutCode : 0,
      title: '家没有统一社会信用代码',
      hint: '没有代码就难与其他部门的数据对上，摸排时优先补齐。',
      act: '看名单',
      to: '/units',
      search: { withoutCode: true },
    },
  ]
  return duties.filter((duty) => duty.count > 0)
}

const soonDays = 7

/** What is past its term in founding and sync, due within a week, or approved and not begun. */
function useLateDuties(): Duty[] {
  const can = useCan()
  const cases = useQuery(
    founding.listCases.queryOptions({ input: { overdue: true, pageSize: 1 }, enabled: can('founding.handle') }),
  )
  const items = useQuery(
    sync.listItems.queryOptions({ input: { overdue: true, pageSize: 1 }, enabled: can('sync.handle') }),
  )
  const day = today(new Date())
  const week = { dueFrom: day, dueTo: addDays(day, soonDays) }
  const waiting = useQuery(
    founding.listWaiting.queryOptions({ input: { pageSize: 1 }, enabled: can('founding.handle') }),
  )
  const casesSoon = useQuery(
    founding.listCases.queryOptions({ input: { soon: true, pageSize: 1 }, enabled: can('founding.handle') }),
  )
  const itemsSoon = useQuery(
    sync.listItems.queryOptions({ input: { state: 'open', ...week, pageSize: 1 }, enabled: can('sync.handle') }),
  )
  return [
    {
      key: 'foundingLate',
      count: cases.data?.total ?? 0,
      title: '件组建办理逾期',
      hint: '有一步过了期限还没有办；确有原因的可以延期，写明理由。',
      act: '去办理',
      to: '/founding/list',
      search: { overdue: true },
      pressing: true,
    },
    {
      key: 'syncLate',
      count: items.data?.total ?? 0,
      title: '项同步事项逾期',
      hint: '项目、登记、年检等带起的党建事项过了期限；不需要办的写明理由。',
      act: '去办理',
      to: '/sync/items',
      search: { overdue: true },
    },
    {
      key: 'foundingWaiting',
      count: waiting.data?.total ?? 0,
      title: '个批准的编组待开办',
      hint: '组建方案里批准了，还没有开始办理。',
      act: '去开办',
      to: '/founding/waiting',
    },
    {
      key: 'foundingSoon',
      count: casesSoon.data?.total ?? 0,
      title: '件组建办理七天内到期',
      hint: '下一步的期限快到了。',
      act: '看名单',
      to: '/founding/list',
      search: { soon: true },
    },
    {
      key: 'syncSoon',
      count: itemsSoon.data?.total ?? 0,
      title: '项同步事项七天内到期',
      hint: '项目、登记、年检等带起的党建事项快到期了。',
      act: '看名单',
      to: '/sync/items',
      search: { state: 'open', ...week },
    },
  ]
}

/** What the figures of coverage ask for. */
function coverageDuties(covered: ReturnType<typeof useCoverage>, can: ReturnType<typeof useCan>): Duty[] {
  const dueNotBuilt = covered?.figures.find((one) => one.key === 'dueNotBuilt')?.value ?? 0
  return [
    {
      key: 'dueNotBuilt',
      count: can('party.org.write') ? dueNotBuilt : 0,
      title: '家应建未建',
      hint: '正式党员达到应建人数或列入组建计划，还没有党组织。',
      act: '看名单',
      to: '/coverage/units',
      search: { of: 'figure.dueNotBuilt' },
      pressing: true,
    },
    {
      key: 'coverageChecks',
      count: can('coverage.define') ? (covered?.failing ?? 0) : 0,
      title: '处覆盖数字不相符',
      hint: '各级数字应当勾稽相符，请打开数据核验。',
      act: '去核验',
      to: '/coverage/checks',
      pressing: true,
    },
  ]
}

function reasonsInWords(reasons: readonly { reason: keyof typeof queueReasons; count: number }[]): string {
  const most = [...reasons].sort((a, b) => b.count - a.count).slice(0, 2)
  if (most.length === 0) return '代码、名称对不上已有单位，由人认定。'
  return most.map(({ reason, count }) => `${queueReasons[reason]} ${grouped(count)} 行`).join('；')
}
