import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { useConfirm } from '../ui/confirm.tsx'
import { useCommand } from '../ui/query.ts'
import { useCan } from '../ui/session.ts'
import { forming, type PlanPage } from './forming-client.tsx'

const PlanExport = lazy(() => import('./plan-export.tsx').then((m) => ({ default: m.PlanExport })))
const PlanCompare = lazy(() => import('./plan-compare.tsx').then((m) => ({ default: m.PlanCompare })))

type Group = PlanPage['groupList'][number]

/** Approves groups after asking; groups that are wide, large or guessed at want a reason. */
export function useApprove(plan: PlanPage) {
  const ask = useConfirm()
  const approve = useCommand(forming.approvePlan.mutationOptions(), {
    done: ({ approved }) => `已批准 ${approved} 组，列入待组建名单`,
    refresh: [forming.key()],
  })
  return {
    busy: approve.busy,
    ask: async (groups: readonly Pick<Group, 'leadId' | 'flagged'>[]) => {
      const flagged = groups.filter((group) => group.flagged).length
      const yes = await ask({
        title: `批准 ${groups.length} 个组？`,
        lose:
          flagged > 0
            ? `其中 ${flagged} 组须说明理由。批准后列入待组建名单，这些组不再改动、重排时不动。`
            : '批准后列入待组建名单，这些组不再改动、重排时不动。',
        act: '批准',
        ...(flagged > 0 ? { reason: { label: '须说明的理由', max: 300 } } : {}),
      })
      if (!yes) return
      const leadIds = groups.map((group) => group.leadId)
      const reason = yes.reason === '' ? {} : { reason: yes.reason }
      await approve.run({ id: plan.id, revision: plan.revision, leadIds, ...reason })
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
  const waiting = plan.groupList.filter((group) => !group.approved)
  const again = async () => {
    const kept = plan.groupList.filter((group) => group.locked || group.approved).length
    const lose = `${kept} 个已锁定或已批准的组不动，其余尽量不动、只重排受影响的；手工移动过而没有锁定的可能被改掉。`
    if (await ask({ title: '重排其余各组？', lose, act: '重排' }))
      await replan.run({ id: plan.id, revision: plan.revision })
  }
  return (
    <>
      {can('forming.plan') && plan.state === 'ready' ? (
        <Button loading={replan.busy} onClick={() => void again()}>
          重排其余
        </Button>
      ) : null}
      {plan.approved > 0 && can('founding.read') ? <Link to="/founding/waiting">去办理</Link> : null}
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
