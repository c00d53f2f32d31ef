import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { z } from 'zod'
import { regionCodeShape } from '../base/list.ts'
import { formatDateTime } from '../base/time.ts'
import { useListState } from '../ui/list-state.ts'
import { Page } from '../ui/page.tsx'
import { useCommand } from '../ui/query.ts'
import { useCan } from '../ui/session.ts'
import { type Column, SearchTable } from '../ui/table.tsx'
import { founding } from './founding-client.tsx'
import { FoundingNav } from './founding-nav.tsx'

type Waiting = Awaited<ReturnType<typeof founding.listWaiting.call>>['rows'][number]
const shape = z.object({ region: regionCodeShape }).partial()

const columns: readonly Column<Waiting>[] = [
  { key: 'leadName', title: '牵头', width: 280, required: true },
  {
    key: 'units',
    title: '单位',
    width: 360,
    render: (row) => <span title={row.units.join('、')}>{`${row.units.length} 家：${row.units.join('、')}`}</span>,
  },
  { key: 'members', title: '党员', width: 64, numeric: true },
  { key: 'hostName', title: '办理', width: 120, render: (row) => (row.hostName ? '并入现有党组织' : '新成立') },
  { key: 'approvedBy', title: '批准人', width: 100 },
  { key: 'approvedAt', title: '批准时间', width: 160, render: (row) => formatDateTime(new Date(row.approvedAt)) },
  { key: 'planId', title: '方案', width: 70, render: (row) => <Link to={`/forming/plans/${row.planId}`}>打开</Link> },
]

/** 待开办: groups of plans that were approved and not begun; ticked ones are opened together. */
export function FoundingWaitingScreen() {
  const list = useListState(shape, { pageSize: 50 })
  const can = useCan()
  const navigate = useNavigate()
  const query = useQuery(
    founding.listWaiting.queryOptions({
      input: { ...list.filters, page: list.page, pageSize: list.pageSize },
      meta: { keep: true },
    }),
  )
  const open = useCommand(founding.openFromProposals.mutationOptions(), {
    done: ({ opened }) => `已开办 ${opened} 件`,
    refresh: [founding.key()],
  })
  const go = async (rows: Waiting[], clear: () => void) => {
    const made = await open.run({ proposalIds: rows.map((row) => row.proposalId) })
    if (!made) return
    clear()
    void navigate({ to: made.ids.length === 1 ? `/founding/${made.ids[0]}` : '/founding' })
  }
  return (
    <Page title="组建办理" description="组建方案里批准了、还没有开办的编组；勾选后一并开办，从沟通做起。">
      <FoundingNav />
      <SearchTable
        name="待开办编组"
        unit="个"
        columns={columns}
        rowKey={(row) => row.proposalId}
        query={query}
        list={list}
        {...(can('founding.handle')
          ? {
              bulk: (rows: Waiting[], clear: () => void) => (
                <Button type="primary" size="small" loading={open.busy} onClick={() => void go(rows, clear)}>
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
    </Page>
  )
}
