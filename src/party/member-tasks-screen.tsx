import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { z } from 'zod'
import { grouped } from '../base/number.ts'
import { formatDateTime } from '../base/time.ts'
import { ExportButton, regionField } from '../office/parts.tsx'
import { connect } from '../ui/client.ts'
import { useConfirm } from '../ui/confirm.tsx'
import { Filters, options } from '../ui/filters.tsx'
import { useListState } from '../ui/list-state.ts'
import { Mark, type MarkTone, Page } from '../ui/page.tsx'
import { useCommand } from '../ui/query.ts'
import { useCan } from '../ui/session.ts'
import { type Column, SearchTable } from '../ui/table.tsx'
import {
  memberContract,
  taskKind,
  taskKinds,
  taskSort,
  taskState,
  type TaskState,
  taskStates,
} from './member-contract.ts'

const party = connect(memberContract)
type Row = Awaited<ReturnType<typeof party.listMemberTasks.call>>['rows'][number]
const MemberDrawer = lazy(() => import('./member-drawer.tsx').then((m) => ({ default: m.MemberDrawer })))

const shape = z
  .object({
    text: z.string(),
    region: z.string().regex(/^\d{12}$/),
    state: taskState,
    kind: taskKind,
    unitId: z.uuid(),
    checkId: z.uuid(),
  })
  .partial()
const tones: Record<TaskState, MarkTone> = { open: 'warn', done: 'good', dismissed: 'plain', settled: 'good' }

/** What comparing rosters left to people: to transfer a relation, to find out whether somebody still works there. */
export function MemberTasksScreen() {
  const list = useListState(shape, { sort: 'createdAt', sorts: taskSort.options, order: 'desc' })
  const wanted = { ...list.filters, sort: list.sort, order: list.order }
  const can = useCan()
  const [open, setOpen] = useState<string>()
  const query = useQuery(
    party.listMemberTasks.queryOptions({
      input: { ...wanted, page: list.page, pageSize: list.pageSize },
      meta: { keep: true },
    }),
  )
  const columns: readonly Column<Row>[] = [
    { key: 'kind', title: '任务', width: 140, required: true, sort: 'kind', render: (row) => taskKinds[row.kind] },
    { key: 'name', title: '党员', width: 90 },
    { key: 'unitName', title: '用人单位', width: 260, sort: 'unitName' },
    { key: 'areaName', title: '所在区划', width: 120 },
    { key: 'branch', title: '组织关系所在', width: 240, sort: 'branch' },
    {
      key: 'state',
      title: '状态',
      width: 110,
      sort: 'state',
      render: (row) => <Mark tone={tones[row.state]}>{taskStates[row.state]}</Mark>,
    },
    { key: 'reason', title: '说明', width: 220 },
    { key: 'decidedBy', title: '办理人', width: 90, hidden: true },
    {
      key: 'createdAt',
      title: '产生',
      width: 148,
      sort: 'createdAt',
      hidden: true,
      render: (row) => formatDateTime(new Date(row.createdAt)),
    },
    ...(can('party.member.compare')
      ? [
          {
            key: 'acts',
            title: '办理',
            width: 170,
            fixed: 'right' as const,
            required: true,
            render: (row: Row) => <Acts row={row} />,
          },
        ]
      : []),
  ]
  return (
    <Page
      title="党员任务"
      description="转接组织关系：党员在这家单位参保，组织关系在别处。核实是否在职：全量名册里没有找到这名党员。"
    >
      <SearchTable
        name="党员任务"
        unit="项"
        columns={columns}
        rowKey={(row) => row.id}
        query={query}
        list={list}
        filters={
          <Filters
            list={list}
            search={{ name: 'text', placeholder: '用人单位、组织关系所在' }}
            fields={[
              regionField,
              { kind: 'one', name: 'state', label: '状态', options: options(taskStates) },
              { kind: 'one', name: 'kind', label: '任务', options: options(taskKinds), width: 160 },
              { kind: 'own', name: 'unitId', label: '指定单位', render: () => null, text: () => '1 家' },
              { kind: 'own', name: 'checkId', label: '指定比对', render: () => null, text: () => '1 次' },
            ]}
          />
        }
        tools={
          can('party.member.export') ? (
            <ExportButton
              operation={party.exportMemberTasks}
              input={wanted}
              title={`导出党员任务（${grouped(query.data?.total ?? 0)} 项）`}
              placeholder="例如：分发各街道办理转接"
              note="姓名按规定脱敏。"
            />
          ) : undefined
        }
        onOpen={(row) => (row.memberId ? setOpen(row.memberId) : undefined)}
        empty={{ title: '没有任务', hint: '比对参保名册后，要办的事列在这里。' }}
      />
      <Suspense>{open ? <MemberDrawer id={open} onClose={() => setOpen(undefined)} /> : null}</Suspense>
    </Page>
  )
}

const asked = {
  done: { title: '这项任务办好了？', lose: '办理人和说明会留下记录。', act: '已办', label: '怎样办的' },
  dismissed: {
    title: '这项任务不用办？',
    lose: '以后的比对不再为同一人、同一单位提出。',
    act: '不用办',
    label: '原因',
  },
  open: { title: '放回待办？', lose: '任务重新列为待办。', act: '放回待办', label: '原因' },
} as const

function Acts({ row }: { row: Row }) {
  const ask = useConfirm()
  const client = useQueryClient()
  const decide = useCommand(party.decideMemberTask.mutationOptions())
  const go = async (state: keyof typeof asked) => {
    const { label, ...question } = asked[state]
    const yes = await ask({ ...question, reason: { label } })
    if (yes && (await decide.run({ id: row.id, state, reason: yes.reason }))) {
      await client.invalidateQueries({ queryKey: party.key() })
    }
  }
  const button = (state: keyof typeof asked) => (
    <Button
      key={state}
      type="link"
      size="small"
      loading={decide.busy}
      onClick={(event) => {
        event.stopPropagation()
        void go(state)
      }}
    >
      {asked[state].act}
    </Button>
  )
  return (
    <>
      {row.state === 'open' ? [button('done'), button('dismissed')] : row.state === 'settled' ? null : button('open')}
    </>
  )
}
