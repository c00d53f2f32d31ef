import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { z } from 'zod'
import { regionCodeShape } from '../base/list.ts'
import { formatDateTime } from '../base/time.ts'
import { RegionPicker } from '../office/parts.tsx'
import { type FilterField, Filters } from '../ui/filters.tsx'
import { useListState } from '../ui/list-state.ts'
import { Mark, Page } from '../ui/page.tsx'
import { useCan } from '../ui/session.ts'
import { type Column, SearchTable } from '../ui/table.tsx'
import { founding, type Waiting } from './founding-client.tsx'
import { FoundingNav } from './founding-nav.tsx'

const WaitingOpen = lazy(() => import('./waiting-open.tsx').then((m) => ({ default: m.WaitingOpen })))

const shape = z.object({ region: regionCodeShape, text: z.string().max(64) }).partial()

const fields: FilterField[] = [
  {
    kind: 'own',
    name: 'region',
    label: '区划',
    render: (value, set) => <RegionPicker value={value as string | undefined} onChange={set} width={168} />,
    text: (value) => <span className="lx-code">{String(value).replace(/0+$/, '')}</span>,
  },
]

const columns: readonly Column<Waiting>[] = [
  { key: 'leadName', title: '牵头', width: 250, required: true },
  {
    key: 'units',
    title: '单位',
    width: 280,
    render: (row) => <span title={row.units.join('、')}>{`${row.units.length} 家：${row.units.join('、')}`}</span>,
  },
  { key: 'members', title: '计党员', width: 72, numeric: true },
  {
    key: 'formal',
    title: '现有正式党员',
    width: 120,
    render: (row) =>
      row.hostName === null && row.formal < row.members ? (
        <Mark tone="warn">{row.formal} 名，先转接核对</Mark>
      ) : (
        `${row.formal} 名`
      ),
  },
  { key: 'hostName', title: '办理', width: 116, render: (row) => (row.hostName ? '并入现有党组织' : '新成立') },
  { key: 'planId', title: '方案', width: 60, render: (row) => <Link to={`/forming/plans/${row.planId}`}>打开</Link> },
  { key: 'approvedBy', title: '批准人', width: 110 },
  { key: 'approvedAt', title: '批准时间', width: 160, render: (row) => formatDateTime(new Date(row.approvedAt)) },
]

/** 待开办: groups of plans that were approved and not begun; ticked ones are opened together. */
export function FoundingWaitingScreen() {
  const list = useListState(shape, { pageSize: 50 })
  const can = useCan()
  const navigate = useNavigate()
  const client = useQueryClient()
  const [opening, setOpening] = useState<{ rows: readonly Waiting[]; clear: () => void }>()
  const query = useQuery(
    founding.listWaiting.queryOptions({
      input: { ...list.filters, page: list.page, pageSize: list.pageSize },
      meta: { keep: true },
    }),
  )
  const opened = async (ids: readonly string[]) => {
    opening?.clear()
    await client.invalidateQueries({ queryKey: founding.key() })
    void navigate({ to: ids.length === 1 ? `/founding/${ids[0]}` : '/founding' })
  }
  return (
    <Page
      title="组建办理"
      description="组建方案里批准了、还没有开办的编组；勾选后一并开办，从沟通做起。要改编组，到方案里撤回批准。"
    >
      <FoundingNav />
      <SearchTable
        name="待开办编组"
        unit="个"
        columns={columns}
        rowKey={(row) => row.proposalId}
        query={query}
        list={list}
        filters={<Filters list={list} search={{ name: 'text', placeholder: '单位名称' }} fields={fields} />}
        {...(can('founding.handle')
          ? {
              bulk: (rows: Waiting[], clear: () => void) => (
                <Button type="primary" size="small" onClick={() => setOpening({ rows, clear })}>
                  开办
                </Button>
              ),
            }
          : {})}
        empty={{
          title: '没有待开办的编组',
          hint: '方案里批准的编组会列在这里。',
          action: <Link to="/forming/plans">看组建方案</Link>,
        }}
      />
      <Suspense>
        {opening ? <WaitingOpen rows={opening.rows} onOpened={opened} onClose={() => setOpening(undefined)} /> : null}
      </Suspense>
    </Page>
  )
}
