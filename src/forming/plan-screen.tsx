import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useMemo } from 'react'
import { grouped } from '../base/number.ts'
import { formatDateTime } from '../base/time.ts'
import { useParam } from '../ui/list-state.ts'
import { Mark, Page } from '../ui/page.tsx'
import { useCan } from '../ui/session.ts'
import { Answered, Empty } from '../ui/states.tsx'
import { scopeReasons } from './contract.ts'
import { gapWords, measuringPhase } from './gap-words.ts'
import { forming, type PlanPage } from './forming-client.tsx'
import { PlanActs } from './plan-acts.tsx'
import { planStates } from './plan-contract.ts'
import { PlanEditor } from './plan-editor.tsx'
import { PlanMeasure, PlanRunning } from './plan-running.tsx'
import { set } from './scope-choice.tsx'
import { type BoardState, useBoard } from './plan-state.ts'
import { lengthWords, planView, type PlanView, sureMetres } from './plan-view.ts'
import { planTones } from './plans-screen.tsx'

/** One plan: map and table together, why each group is as it is, changes by hand, locks, approval. */
export function PlanScreen() {
  const id = useParam('id')
  const query = useQuery({
    ...forming.getPlan.queryOptions({ input: { id } }),
    refetchInterval: ({ state: { data } }) =>
      data?.state === 'running' || data?.phase === measuringPhase ? 2000 : false,
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
      actions={plan && plan.state !== 'running' ? <PlanActs plan={plan} /> : undefined}
    >
      <Answered query={query} rows={10}>
        {(found) => <Plan plan={found} />}
      </Answered>
    </Page>
  )
}

function Plan({ plan }: { plan: PlanPage }) {
  const view = useMemo(() => planView(plan.unitList, plan.groupList, plan.refused), [plan])
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
          <Figures plan={plan} view={view} />
          <Unmet plan={plan} />
          <PlanEditor plan={plan} view={view} editable={can('forming.plan') && plan.state === 'ready'} />
          <Basis plan={plan} />
        </>
      )}
    </>
  )
}

interface Figure {
  title: string
  value: string
  note: string
  /** What opens when it is pressed; none for what is no count. */
  opens?: Partial<BoardState>
}

/** The plan in numbers; those that count something open it. */
function Figures({ plan, view }: { plan: PlanPage; view: PlanView }) {
  const { onState } = useBoard()
  const { metres, unknown } = sureMetres(view)
  const said: Figure[] = [
    {
      title: '组',
      value: grouped(plan.groups),
      note: '看所有的组',
      opens: { tab: 'groups', kind: 'all', group: null },
    },
    {
      title: '已批准',
      value: grouped(plan.approved),
      note: '看已批准的组',
      opens: { tab: 'groups', kind: 'approved', group: null },
    },
    {
      title: '单位',
      value: grouped(plan.units),
      note: '看方案里的单位，含明确不参加的',
      opens: { tab: 'units', of: 'all' },
    },
    {
      title: '未编组',
      value: grouped(plan.left),
      note: plan.bound?.leftProved ? '已证明不能再少；看每家为什么' : '看每家为什么',
      opens: { tab: 'left', group: null },
    },
    {
      title: '须说明',
      value: `${grouped(plan.flagged)} 组`,
      note: '较远、较大或位置未核实的组',
      opens: { tab: 'groups', kind: 'flagged', group: null },
    },
    {
      title: '位置推定',
      value: `${grouped(plan.guessed)} 家`,
      note: '没有坐标，按楼宇、门牌、街道推定；它们的米数是上限，不是量得的',
      opens: { tab: 'units', of: 'guessed' },
    },
    {
      title: '到牵头单位合计',
      value: `${plan.guessed > 0 ? '至多 ' : ''}${lengthWords(metres)}${unknown > 0 ? `，另 ${grouped(unknown)} 组位置不明` : ''}`,
      note: '每家到牵头单位的直线距离之和；推定的按上限计',
    },
  ]
  return (
    <dl className="lx-plan-figures">
      {said.map(({ title, value, note, opens }) => (
        <div key={title} title={note}>
          <dt>{title}</dt>
          <dd>
            {opens ? (
              <button type="button" onClick={() => onState({ unit: null, ...opens })}>
                {value}
              </button>
            ) : (
              value
            )}
          </dd>
        </div>
      ))}
      <div title="同样的未编组家数下，总距离比任何方案至多远这些">
        <dt>差距</dt>
        <dd>
          {plan.phase === measuringPhase ? '正在算…' : gapWords(plan.bound)}
          {plan.bound === null && plan.phase !== measuringPhase ? (
            <PlanMeasure key={plan.revision} plan={plan} />
          ) : null}
        </dd>
      </div>
    </dl>
  )
}

/** Wishes of the office that the plan could not keep, each with why; a press finds the unit. */
function Unmet({ plan }: { plan: PlanPage }) {
  const { onState } = useBoard()
  if (plan.unmet.length === 0) return null
  const find = (unitId: string) => {
    const group = plan.groupList.find((one) => one.unitIds.includes(unitId))
    onState({ tab: group ? 'groups' : 'left', kind: 'all', group: group?.leadId ?? null, unit: unitId })
  }
  return (
    <details className="lx-warn-line">
      <summary>{grouped(plan.unmet.length)} 条“应同组”的要求没有照办</summary>
      <ul>
        {plan.unmet.map(({ unitId, words }) => (
          <li key={words}>
            {words}
            <Button type="link" size="small" onClick={() => find(unitId)}>
              看这一家
            </Button>
          </li>
        ))}
      </ul>
    </details>
  )
}

/** Who was taken in when the plan was made, and how many were not, for which reason; each opens as it is today. */
function Scope({ plan }: { plan: PlanPage }) {
  const search = { region: plan.region, ...set(plan.scope) }
  if (plan.scopeCounts.length === 0) return null
  return (
    <p>
      编排时有党员的单位：
      {plan.scopeCounts.map(({ reason, units }, at) => (
        <span key={reason}>
          {at > 0 ? '，' : ''}
          {scopeReasons[reason]}{' '}
          <Link to="/forming/scope" search={{ ...search, reason }}>
            {grouped(units)}
          </Link>{' '}
          家
        </span>
      ))}
      。点开看到的是今天的名单。
    </p>
  )
}

/** What the plan was made with: the same units, numbers and seed give the same plan. */
function Basis({ plan }: { plan: PlanPage }) {
  return (
    <details className="lx-plan-basis">
      <summary>
        编排依据：范围，种子 {plan.seed}，{plan.settings.length} 个数
      </summary>
      <Scope plan={plan} />
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
