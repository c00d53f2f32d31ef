import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { grouped } from '../base/number.ts'
import { officeContract } from '../office/contract.ts'
import { JobPanel } from '../office/parts.tsx'
import { connect } from '../ui/client.ts'
import { useJob } from '../ui/progress.tsx'
import { useCommand } from '../ui/query.ts'
import { useCan } from '../ui/session.ts'
import { forming, type PlanPage } from './forming-client.tsx'
import { lengthWords } from './plan-view.ts'

const office = connect(officeContract)

/** A plan on its way: progress, cancel, and the best plan so far for who has seen enough. */
export function PlanRunning({ plan }: { plan: PlanPage }) {
  const client = useQueryClient()
  const can = useCan()
  const take = useCommand(forming.takePlan.mutationOptions(), { done: '已取用当前方案', refresh: [forming.key()] })
  const refresh = () => void client.invalidateQueries({ queryKey: forming.key() })
  return (
    <div className="lx-step-body">
      {plan.jobId ? <JobPanel key={plan.jobId} jobId={plan.jobId} onEnded={refresh} /> : null}
      {plan.groups > 0 ? (
        <p>
          目前最好：{grouped(plan.groups)} 组，未编组 {grouped(plan.left)} 家，须说明 {grouped(plan.flagged)} 组，合计{' '}
          {lengthWords(plan.metres)}
          {can('forming.plan') ? (
            <Button style={{ marginLeft: 12 }} loading={take.busy} onClick={() => void take.run({ id: plan.id })}>
              取当前最好方案
            </Button>
          ) : null}
        </p>
      ) : null}
      <p className="lx-soft">可以离开这一页，编排会继续。</p>
    </div>
  )
}

/** Works the gap of a plan out again after changes by hand. */
export function PlanMeasure({ plan }: { plan: PlanPage }) {
  const can = useCan()
  const [jobId, setJobId] = useState<string>()
  const start = useCommand(forming.measurePlan.mutationOptions())
  const go = async () => setJobId((await start.run({ id: plan.id }))?.jobId)
  if (!can('forming.plan')) return null
  if (jobId !== undefined) return <Measuring jobId={jobId} onEnded={() => setJobId(undefined)} />
  return (
    <button type="button" className="lx-plan-measure" disabled={start.busy} onClick={() => void go()}>
      重算
    </button>
  )
}

function Measuring({ jobId, onEnded }: { jobId: string; onEnded: () => void }) {
  const client = useQueryClient()
  useJob(office.getJob.queryOptions({ input: { id: jobId } }), () => {
    void client.invalidateQueries({ queryKey: forming.key() })
    onEnded()
  })
  return <small>　正在重算…</small>
}
