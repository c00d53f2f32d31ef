import { Link, useNavigate } from '@tanstack/react-router'
import { Button, Dropdown } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { useConfirm } from '../ui/confirm.tsx'
import { useCommand } from '../ui/query.ts'
import { useCan } from '../ui/session.ts'
import { forming, type PlanPage } from './forming-client.tsx'

const PlanExport = lazy(() => import('./plan-export.tsx').then((m) => ({ default: m.PlanExport })))
const PlanCompare = lazy(() => import('./plan-compare.tsx').then((m) => ({ default: m.PlanCompare })))

type Asked = Pick<PlanPage['groupList'][number], 'leadId' | 'flagged' | 'transfer' | 'verify' | 'idle'> & {
  host: object | null
}

/** Approves groups after asking; groups that are wide, large or guessed at want a reason, what must be done first is said. */
export function useApprove(plan: PlanPage) {
  const ask = useConfirm()
  const approve = useCommand(forming.approvePlan.mutationOptions(), {
    done: ({ approved }) => `已批准 ${approved} 组，列入待开办名单`,
    refresh: [forming.key()],
  })
  return {
    busy: approve.busy,
    ask: async (groups: readonly Asked[]) => {
      const flagged = groups.filter((group) => group.flagged).length
      const pending = groups.filter((group) => group.transfer + group.verify + group.idle > 0).length
      const first = pending > 0 ? `其中 ${pending} 组要先转接组织关系或核对党员、核实运营，批复前须办好。` : ''
      const yes = await ask({
        title: `批准 ${groups.length} 个组？`,
        lose: `${flagged > 0 ? `其中 ${flagged} 组须说明理由。` : ''}${first}批准后列入待开办名单，这些组不再改动、重排时不动；开办以前可以撤回。`,
        act: '批准',
        ...reasonOf(flagged > 0, groups),
      })
      if (!yes) return
      const leadIds = groups.map((group) => group.leadId)
      const reason = yes.reason === '' ? {} : { reason: yes.reason }
      await approve.run({ id: plan.id, revision: plan.revision, leadIds, ...reason })
    },
  }
}

/** A reason that is wanted; or may be, where a branch that stands has got units since the plan was made. */
function reasonOf(wanted: boolean, groups: readonly Asked[]) {
  if (wanted) return { reason: { label: '须说明的理由', max: 300 } }
  if (!groups.some((group) => group.host)) return {}
  return { reason: { label: '理由（已有支部加入后单位偏多的须填）', min: 0, max: 300 } }
}

/** Withdraws the approval of groups that nobody has begun on. */
export function useWithdraw(plan: PlanPage) {
  const ask = useConfirm()
  const withdraw = useCommand(forming.withdrawApproval.mutationOptions(), {
    done: '已撤回批准',
    refresh: [forming.key()],
  })
  return {
    busy: withdraw.busy,
    ask: async (leadIds: string[]) => {
      const yes = await ask({
        title: `撤回 ${leadIds.length} 个组的批准？`,
        lose: '从待开办名单里拿掉，组可以再改动；以后可以重新批准。',
        act: '撤回批准',
        reason: { label: '撤回原因' },
      })
      if (yes) await withdraw.run({ id: plan.id, revision: plan.revision, leadIds, reason: yes.reason })
    },
  }
}

/** What can be done with a plan as a whole. */
export function PlanActs({ plan }: { plan: PlanPage }) {
  const can = useCan()
  const ask = useConfirm()
  const [open, setOpen] = useState<'export' | 'compare'>()
  const replan = useCommand(forming.replanRest.mutationOptions(), { refresh: [forming.key()] })
  const approve = useApprove(plan)
  const navigate = useNavigate()
  const discard = useCommand(forming.discardPlan.mutationOptions(), { done: '已删除', refresh: [forming.key()] })
  const waiting = plan.groupList.filter((group) => group.proposal === null)
  const begun = plan.groupList.some((group) => group.proposal === 'approved')
  const again = async (fresh: boolean) => {
    const kept = plan.groupList.filter((group) => group.locked || group.proposal).length
    const rest = fresh
      ? '其余的全部从头编排；手工移动过而没有锁定的会被改掉，现在的分组不再保留。'
      : '其余尽量不动、只重排受影响的；手工移动过而没有锁定的可能被改掉。'
    const lose = `${kept} 个已锁定或已批准的组不动，${rest}要保留现在的样子，请先导出，或另编一个方案比较。`
    if (await ask({ title: '重排其余各组？', lose, act: '重排' }))
      await replan.run({ id: plan.id, revision: plan.revision, fresh })
  }
  const remove = async () => {
    const yes = await ask({
      title: `删除“${plan.title}”？`,
      lose: '方案和手工的调整都不再保留；操作日志里留有删除的记录。台账、编组要求和坐标不受影响。',
      act: '删除方案',
      reason: { label: '删除原因' },
    })
    if (yes && (await discard.run({ id: plan.id, reason: yes.reason }))) void navigate({ to: '/forming/plans' })
  }
  return (
    <>
      {can('forming.plan') && plan.state === 'ready' ? (
        <Dropdown
          trigger={['click']}
          menu={{
            items: [
              { key: 'keep', label: '尽量不动：只重排受影响的' },
              { key: 'fresh', label: '从头：没有锁定、没有批准的全部重排' },
            ],
            onClick: ({ key }) => void again(key === 'fresh'),
          }}
        >
          <Button loading={replan.busy}>重排其余</Button>
        </Dropdown>
      ) : null}
      {can('forming.plan') && plan.approved === 0 ? (
        <Button loading={discard.busy} onClick={() => void remove()}>
          删除
        </Button>
      ) : null}
      {begun && can('founding.read') ? <Link to="/founding/waiting">去开办</Link> : null}
      <Button onClick={() => setOpen('compare')}>比较</Button>
      {can('forming.export') ? <Button onClick={() => setOpen('export')}>导出</Button> : null}
      {can('forming.approve') && waiting.length > 0 ? (
        <Button type="primary" loading={approve.busy} onClick={() => void approve.ask(waiting)}>
          批准{waiting.length === plan.groups ? '全部' : '其余'}
        </Button>
      ) : null}
      <Suspense>
        {open === 'export' ? <PlanExport plan={plan} onClose={() => setOpen(undefined)} /> : null}
        {open === 'compare' ? <PlanCompare plan={plan} onClose={() => setOpen(undefined)} /> : null}
      </Suspense>
    </>
  )
}
