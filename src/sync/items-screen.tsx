import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { z } from 'zod'
import { dateShape, regionCodeShape } from '../base/list.ts'
import { grouped } from '../base/number.ts'
import { ExportButton, RegionPicker } from '../office/parts.tsx'
import { type FilterField, Filters, options } from '../ui/filters.tsx'
import { useListState } from '../ui/list-state.ts'
import { Mark, type MarkTone, Page } from '../ui/page.tsx'
import { useCan } from '../ui/session.ts'
import { type Column, SearchTable } from '../ui/table.tsx'
import { itemStates } from './contract.ts'
import { sync, type Item } from './sync-client.tsx'
import { SyncNav } from './sync-nav.tsx'

const shape = z
  .object({
    region: regionCodeShape,
    state: z.enum(Object.keys(itemStates) as [keyof typeof itemStates]),
    overdue: z.boolean(),
    running: z.boolean(),
    templateKey: z.string().max(40),
    dueFrom: dateShape,
    dueTo: dateShape,
    text: z.string().max(64),
  })
  .partial()
const sorts = ['dueOn', 'eventTitle', 'doneOn'] as const

const fields: FilterField[] = [
  { kind: 'one', name: 'state', label: '状态', options: options(itemStates) },
  { kind: 'flag', name: 'overdue', label: '只看逾期' },
  { kind: 'flag', name: 'running', label: '事件进行中' },
  { kind: 'days', name: 'dueFrom', nameTo: 'dueTo', label: '期限' },
  {
    kind: 'own',
    name: 'region',
    label: '区划',
    render: (value, set) => <RegionPicker value={value as string | undefined} onChange={set} width={168} />,
    text: (value) => <span className="lx-code">{String(value).replace(/0+$/, '')}</span>,
  },
]

export const itemTones: Record<Item['state'], MarkTone> = {
  waiting: 'plain',
  open: 'busy',
  done: 'good',
  skipped: 'warn',
  cancelled: 'plain',
}

const columns: readonly Column<Item>[] = [
  { key: 'title', title: '党建事项', width: 300, required: true },
  { key: 'eventTitle', title: '事件', width: 250, sort: 'eventTitle' },
  { key: 'templateTitle', title: '模板', width: 200, hidden: true },
  { key: 'areaName', title: '乡镇街道', width: 110 },
  {
    key: 'state',
    title: '状态',
    width: 110,
    render: (row) => <Mark tone={itemTones[row.state]}>{itemStates[row.state]}</Mark>,
  },
  {
    key: 'dueOn',
    title: '期限',
    width: 140,
    sort: 'dueOn',
    render: (row) => (row.overdue ? <Mark tone="bad">{row.dueOn} 逾期</Mark> : row.dueOn),
  },
  { key: 'doneOn', title: '办理', width: 110, sort: 'doneOn' },
  { key: 'note', title: '情况', width: 220, render: (row) => <span title={row.note ?? ''}>{row.note}</span> },
]

/** Every step of every event, as a list. */
export function SyncItemsScreen() {
  const list = useListState(shape, { sort: 'dueOn', sorts, pageSize: 50 })
  const can = useCan()
  const navigate = useNavigate()
  const { filters, sort, order, page, pageSize } = list
  const query = useQuery(
    sync.listItems.queryOptions({ input: { ...filters, sort, order, page, pageSize }, meta: { keep: true } }),
  )
  const total = query.data?.total ?? 0
  const template: FilterField = {
    kind: 'own',
    name: 'templateKey',
    label: '模板',
    render: () => null,
    text: () => query.data?.rows[0]?.templateTitle ?? '1 个',
  }
  return (
    <Page title="同步" description="所有事件的党建事项；点开到所属的事件里办理。">
      <SyncNav />
      <SearchTable
        name="同步事项"
        unit="项"
        columns={columns}
        rowKey={(row) => row.id}
        query={query}
        list={list}
        filters={
          <Filters
            list={list}
            search={{ name: 'text', placeholder: '事项、单位、项目' }}
            fields={[...fields, template]}
            open={fields.length + 1}
          />
        }
        tools={
          can('sync.export') ? (
            <ExportButton
              operation={sync.exportItems}
              input={filters}
              disabled={total === 0}
              title={`导出同步事项（${grouped(total)} 项）`}
            />
          ) : undefined
        }
        onOpen={(row) => void navigate({ to: `/sync/${row.eventId}` })}
        empty={{ title: '还没有同步事项', hint: '启用模板后，新登记的单位会自动列入；项目在看板里登记。' }}
      />
    </Page>
  )
}
