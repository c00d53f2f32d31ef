import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { grouped } from '../base/number.ts'
import { formatDateTime } from '../base/time.ts'
import { useParam } from '../ui/list-state.ts'
import { Mark, Page } from '../ui/page.tsx'
import { useCan } from '../ui/session.ts'
import { Answered, Empty } from '../ui/states.tsx'
import { planStates } from './contract.ts'
import { forming, type PlanPage } from './forming-client.tsx'
import { PlanActs } from './plan-acts.tsx'
import { PlanEditor } from './plan-editor.tsx'
import { PlanRunning } from './plan-running.tsx'
import { metresWords, planView } from './plan-view.ts'
import { boundWords, planTones } from './plans-screen.tsx'

/** One plan: map and table together, why each group is as it is, changes by hand, locks, approval. */
export function PlanScreen() {
  const id = useParam('id')
  const query = useQuery({
    ...forming.getPlan.queryOptions({ input: { id } }),
    refetchInterval: (now) => (now.state.data?.state === 'running' ? 2000 : false),
  })
  const plan = query.data
  return (
    <Page
      title={plan?.title ?? '组建方案'}
      trail={[
        { title: '组建', to: '/forming' },
        { title: '方案', to: '/forming/plans' },
      ]}
      mark={plan ? <Mark tone={planTones[plan.state]}>{planStates[plan.state]}</Mark> : undefined}
      description={plan ? `${plan.author} 于 ${formatDateTime(new Date(plan.createdAt))} 编排` : undefined}
      actions={plan && plan.state !== 'running' && plan.state !== 'failed' ? <PlanActs plan={plan} /> : undefined}
    >
      <Answered query={query} rows={10}>
        {(found) => <Plan plan={found} />}
      </Answered>
    </Page>
  )
}

function Plan({ plan }: { plan: PlanPage }) {
  const view = useMemo(() => planView(plan.unitList, plan.groupList), [plan])
  const can = useCan()
  if (plan.state === 'running') return <PlanRunning plan={plan} />
  return (
    <>
      {plan.error ? (
        <p className="lx-bad-line" role="alert">
          {plan.error}
        </p>
      ) : null}
      {plan.unitList.length === 0 ? (
        plan.error ? null : (
          <Empty title="没有要编组的单位" hint="这个范围里没有只有一两名正式党员、又没有党组织的单位。" />
        )
      ) : (
        <>
          <Figures plan={plan} />
          <PlanEditor plan={plan} view={view} editable={can('forming.plan') && plan.state === 'ready'} />
          <Basis plan={plan} />
        </>
      )}
    </>
  )
}

function Figures({ plan }: { plan: PlanPage }) {
  const said: [string, string, string | undefined][] = [
    ['组', grouped(plan.groups), `已批准 ${grouped(plan.approved)} 组`],
    ['单位', grouped(plan.units), `其中 ${grouped(plan.guessed)} 家的位置为推定`],
    ['未编组', grouped(plan.left), plan.bound?.leftProved ? '已证明不能再少' : undefined],
    ['须说明', `${grouped(plan.flagged)} 组`, '较远、较大或位置未核实的组'],
    ['到牵头单位合计', metresWords(plan.metres), undefined],
    ['差距', boundWords(plan.bound), '同样的未编组家数下，总距离比任何方案至多远这些'],
    ['位置推定', `${grouped(plan.guessed)} 家`, '这些单位的距离不作数，只按同街道、同路、同楼宇判断'],
  ]
  return (
    <dl className="lx-plan-figures">
      {said.map(([title, value, note]) => (
        <div key={title} title={note}>
          <dt>{title}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

/** What the plan was made with: the same units, numbers and seed give the same plan. */
function Basis({ plan }: { plan: PlanPage }) {
  return (
    <details className="lx-plan-basis">
      <summary>
        编排依据：种子 {plan.seed}，{plan.settings.length} 个数
      </summary>
      <table className="lx-sheet lx-sheet-wide">
        <thead>
          <tr>
            <th scope="col">规则</th>
            <th scope="col">数值</th>
            <th scope="col">依据</th>
            <th scope="col">施行</th>
          </tr>
        </thead>
        <tbody>
          {plan.settings.map((one) => (
            <tr key={one.key}>
              <td>{one.word}</td>
              <td className="lx-number">{grouped(one.value)}</td>
              <td>{one.source}</td>
              <td>{one.effectiveOn}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  )
}
