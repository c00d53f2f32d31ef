import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { z } from 'zod'
import { regionCodeShape } from '../base/list.ts'
import { formatDateTime } from '../base/time.ts'
import { RegionPicker } from '../office/parts.tsx'
import { type FilterField, Filters, options } from '../ui/filters.tsx'
import { useListState } from '../ui/list-state.ts'
import { Mark, type MarkTone, Page } from '../ui/page.tsx'
import { useCan } from '../ui/session.ts'
import { type Column, SearchTable } from '../ui/table.tsx'
import { planStates } from './plan-contract.ts'
import { forming, type PlanHead } from './forming-client.tsx'
import { gapWords } from './gap-words.ts'
import { FormingNav } from './forming-nav.tsx'

const PlanStart = lazy(() => import('./plan-start.tsx').then((m) => ({ default: m.PlanStart })))

export const planTones: Record<PlanHead['state'], MarkTone> = {
  running: 'busy',
  ready: 'warn',
  approved: 'good',
  failed: 'bad',
}

const columns: readonly Column<PlanHead>[] = [
  { key: 'title', title: '方案', width: 270, required: true },
  {
    key: 'state',
    title: '状态',
    width: 110,
    render: (row) => <Mark tone={planTones[row.state]}>{planStates[row.state]}</Mark>,
  },
  { key: 'units', title: '单位', width: 80, numeric: true },
  { key: 'groups', title: '组', width: 80, numeric: true },
  { key: 'approved', title: '已批准', width: 80, numeric: true },
  { key: 'left', title: '未编组', width: 80, numeric: true },
  { key: 'flagged', title: '须说明', width: 80, numeric: true },
  { key: 'bound', title: '差距', width: 104, render: (row) => gapWords(row.bound) },
  { key: 'author', title: '编排人', width: 110 },
  { key: 'createdAt', title: '时间', width: 160, render: (row) => formatDateTime(new Date(row.createdAt)) },
]

const fields: FilterField[] = [
  { kind: 'one', name: 'state', label: '状态', options: options(planStates) },
  {
    kind: 'own',
    name: 'region',
    label: '区划',
    render: (value, set) => <RegionPicker value={value as string | undefined} onChange={set} width={168} />,
    text: (value) => <span className="lx-code">{String(value).replace(/0+$/, '')}</span>,
  },
]
const states = Object.keys(planStates) as [PlanHead['state'], ...PlanHead['state'][]]
const shape = z.object({ region: regionCodeShape, state: z.enum(states), text: z.string().max(60) }).partial()

/** Plans made so far, and a way to make one. */
export function PlansScreen() {
  const list = useListState(shape, { pageSize: 20 })
  const navigate = useNavigate()
  const can = useCan()
  const [starting, setStarting] = useState(false)
  const query = useQuery({
    ...forming.listPlans.queryOptions({
      input: { ...list.filters, page: list.page, pageSize: list.pageSize },
      meta: { keep: true },
    }),
    refetchInterval: (now) => (now.state.data?.rows.some((row) => row.state === 'running') ? 3000 : false),
  })
  const start = can('forming.plan') ? (
    <Button type="primary" onClick={() => setStarting(true)}>
      编排方案
    </Button>
  ) : undefined
  return (
    <Page
      title="组建"
      description="把只有一两名正式党员的单位编成联合党支部；每个方案都说得出依据，也说得出离最好还差多少。"
      actions={start}
    >
      <FormingNav />
      <SearchTable
        name="组建方案"
        unit="个"
        columns={columns}
        rowKey={(row) => row.id}
        query={query}
        list={list}
        filters={<Filters list={list} search={{ name: 'text', placeholder: '方案名称' }} fields={fields} />}
        onOpen={(row) => void navigate({ to: `/forming/plans/${row.id}` })}
        empty={{ title: '还没有方案', hint: '选好范围就可以编排，几分钟内有结果。', action: start }}
      />
      <Suspense>
        {starting ? <PlanStart region={list.filters.region} onClose={() => setStarting(false)} /> : null}
      </Suspense>
    </Page>
  )
}
