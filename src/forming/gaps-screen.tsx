import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { z } from 'zod'
import { regionCodeShape } from '../base/list.ts'
import { grouped } from '../base/number.ts'
import { ExportButton, RegionPicker, useOnlyCounty } from '../office/parts.tsx'
import { type FilterField, Filters, options } from '../ui/filters.tsx'
import { useListState } from '../ui/list-state.ts'
import { Page } from '../ui/page.tsx'
import { useCan } from '../ui/session.ts'
import { Empty } from '../ui/states.tsx'
import { type Column, SearchTable } from '../ui/table.tsx'
import { type FormingAction, formingActions } from './decide.ts'
import { proposalStates } from './contract.ts'
import { CountTiles } from './count-tiles.tsx'
import { forming, type GapRow } from './forming-client.tsx'
import { FormingNav } from './forming-nav.tsx'

const GapDrawer = lazy(() => import('./gap-drawer.tsx').then((m) => ({ default: m.GapDrawer })))
const PlanStart = lazy(() => import('./plan-start.tsx').then((m) => ({ default: m.PlanStart })))

const shape = z
  .object({
    action: z.enum(Object.keys(formingActions) as [FormingAction]),
    region: regionCodeShape,
    text: z.string().max(64),
  })
  .partial()

const fields: FilterField[] = [
  { kind: 'one', name: 'action', label: '组建方式', options: options(formingActions), width: 240 },
  {
    kind: 'own',
    name: 'region',
    label: '区划',
    render: (value, set) => <RegionPicker value={value as string | undefined} onChange={set} width={168} />,
    text: (value) => <span className="lx-code">{String(value).replace(/0+$/, '')}</span>,
  },
]

const sorts = ['areaName', 'members', 'membersKnown', 'partners', 'staff', 'capital'] as const

const columns: readonly Column<GapRow>[] = [
  { key: 'name', title: '单位', width: 280, required: true },
  { key: 'areaName', title: '乡镇街道', width: 110, sort: 'areaName' },
  { key: 'members', title: '正式党员', width: 100, numeric: true, sort: 'members' },
  { key: 'membersKnown', title: '已知党员', width: 100, numeric: true, sort: 'membersKnown' },
  {
    key: 'partners',
    title: '同街道可联合',
    width: 124,
    numeric: true,
    sort: 'partners',
    render: (row) => row.partners ?? <span title="乡镇街道不明，按全县判定">—</span>,
  },
  { key: 'staff', title: '从业人数', width: 100, numeric: true, hidden: true, sort: 'staff' },
  {
    key: 'capital',
    title: '注册资本（万元）',
    width: 130,
    numeric: true,
    hidden: true,
    sort: 'capital',
    render: (row) => (row.capital === null ? null : row.capital / 10_000),
  },
  { key: 'action', title: '组建方式', width: 230, render: (row) => formingActions[row.action] },
  {
    key: 'progress',
    title: '进展',
    width: 130,
    render: (row) =>
      row.proposal ? (
        <Link to={`/forming/plans/${row.proposal.planId}`}>{proposalStates[row.proposal.state]}</Link>
      ) : row.leftOver ? (
        '方案未能编组'
      ) : (
        <span className="lx-faint">—</span>
      ),
  },
  { key: 'source', title: '依据', width: 260, render: (row) => <span title={row.source}>{row.source}</span> },
  {
    key: 'dueDays',
    title: '批复期限',
    width: 90,
    render: (row) => (row.dueDays === null ? <span className="lx-faint">—</span> : `${row.dueDays} 天`),
  },
]

/** 组建台账: every unit without the organisation it should have, and how it is to get one by the decision table. */
export function GapsScreen() {
  const list = useListState(shape, { sort: 'members', order: 'desc', sorts, pageSize: 50 })
  const can = useCan()
  const [open, setOpen] = useState<GapRow>()
  const [asked, setAsked] = useState<'plan'>()
  const { filters } = list
  const only = useOnlyCounty()
  // The decision table is a county's: who looks after more chooses one.
  const chosen = only !== undefined || filters.region !== undefined
  const query = useQuery(
    forming.listGaps.queryOptions({
      input: { ...filters, sort: list.sort, order: list.order, page: list.page, pageSize: list.pageSize },
      enabled: chosen,
      meta: { keep: true },
    }),
  )
  const total = query.data?.total ?? 0
  return (
    <Page
      title="组建"
      description="每家还没有相应党组织的单位，按判定表该怎样组建；依据在每一行，点开看为什么。"
      actions={
        can('forming.plan') ? (
          <Button type="primary" onClick={() => setAsked('plan')}>
            编排方案
          </Button>
        ) : undefined
      }
    >
      <FormingNav />
      <CountTiles
        label="各组建方式的家数"
        counts={(query.data?.counts ?? []).map(({ action, units }) => ({
          key: action,
          title: formingActions[action],
          units,
        }))}
        chosen={filters.action}
        onChoose={(action) => list.filter({ action })}
      />
      {chosen ? (
        <SearchTable
          name="组建台账"
          unit="家"
          columns={columns}
          rowKey={(row) => row.unitId}
          query={query}
          list={list}
          filters={<Filters list={list} search={{ name: 'text', placeholder: '单位名称' }} fields={fields} />}
          tools={
            can('forming.export') ? (
              <ExportButton
                operation={forming.exportGaps}
                input={filters}
                disabled={total === 0}
                title={`导出组建台账（${grouped(total)} 家）`}
                note="名单里只有人数，没有党员姓名。"
              />
            ) : undefined
          }
          onOpen={setOpen}
          empty={{
            title: '没有要组建的单位',
            hint: '这里的单位都已有党组织，或者还没有导入党组织和党员。',
            action: <Link to="/coverage">看覆盖</Link>,
          }}
        />
      ) : (
        <Empty
          title="请选择一个县（市、区）"
          hint="怎样组建按县的判定表定。"
          action={<RegionPicker value={undefined} onChange={(region) => list.filter({ region })} width={260} />}
        />
      )}
      <Suspense>
        {open ? <GapDrawer row={open} onClose={() => setOpen(undefined)} /> : null}
        {asked === 'plan' ? <PlanStart region={filters.region} onClose={() => setAsked(undefined)} /> : null}
      </Suspense>
    </Page>
  )
}
