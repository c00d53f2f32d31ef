import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { z } from 'zod'
import { grouped } from '../base/number.ts'
import { formatDateTime } from '../base/time.ts'
import { connect } from '../ui/client.ts'
import { Filters, options } from '../ui/filters.tsx'
import { useListState } from '../ui/list-state.ts'
import { Mark, type MarkTone, Page } from '../ui/page.tsx'
import { useCommand } from '../ui/query.ts'
import { type Column, SearchTable } from '../ui/table.tsx'
import { type RosterUpload, RosterUploadDialog } from './member-upload.tsx'
import { rosterContract, type RosterCounts, rosterState, type RosterState, rosterStates } from './roster-contract.ts'

const party = connect(rosterContract)
type Row = Awaited<ReturnType<typeof party.listRosterChecks.call>>['rows'][number]
const shape = z.object({ state: rosterState }).partial()

export const rosterTones: Record<RosterState, MarkTone> = {
  working: 'busy',
  done: 'good',
  cancelled: 'plain',
  failed: 'bad',
  undone: 'plain',
}

const figure = (key: keyof RosterCounts, title: string): Column<Row> => ({
  key,
  title,
  width: 96,
  numeric: true,
  render: (row) => (row.state === 'done' ? grouped(row.counts[key]) : '—'),
})

const columns: readonly Column<Row>[] = [
  { key: 'fileName', title: '名册', width: 240, required: true },
  { key: 'countyName', title: '所属县', width: 110 },
  {
    key: 'state',
    title: '状态',
    width: 100,
    render: (row) => <Mark tone={rosterTones[row.state]}>{rosterStates[row.state]}</Mark>,
  },
  figure('read', '读到'),
  figure('members', '比上党员'),
  figure('here', '关系在此'),
  figure('elsewhere', '关系在别处'),
  figure('notFound', '没有找到'),
  figure('tasks', '新任务'),
  { key: 'asOf', title: '数据截至', width: 108 },
  { key: 'author', title: '经办人', width: 90 },
  { key: 'createdAt', title: '上传时间', width: 148, render: (row) => formatDateTime(new Date(row.createdAt)) },
]

/** Comparisons of rosters of the insured with the members. */
export function RosterScreen() {
  const list = useListState(shape, { sort: 'createdAt', order: 'desc' })
  const navigate = useNavigate()
  const [uploading, setUploading] = useState(false)
  const create = useCommand(party.createRosterCheck.mutationOptions(), { refresh: [party.listRosterChecks.key()] })
  const query = useQuery({
    ...party.listRosterChecks.queryOptions({ input: { ...list.filters, page: list.page, pageSize: list.pageSize } }),
    refetchInterval: (now) => (now.state.data?.rows.some((row) => row.state === 'working') ? 2000 : false),
  })
  const open = (id: string) => void navigate({ to: `/rosters/${id}` })
  const stored = async (upload: RosterUpload) => {
    const answer = await create.run(upload)
    if (answer) open(answer.id)
  }
  const button = (
    <Button type="primary" onClick={() => setUploading(true)}>
      比对名册
    </Button>
  )
  return (
    <Page
      title="名册比对"
      description="参保人员名册与党员逐行比对：只留下“这名党员在这家单位参保”，不是党员的人一个字也不保存，名册比完即删。"
      actions={button}
    >
      <SearchTable
        name="名册比对"
        unit="次"
        columns={columns}
        rowKey={(row) => row.id}
        query={query}
        list={list}
        filters={
          <Filters
            list={list}
            fields={[{ kind: 'one', name: 'state', label: '状态', options: options(rosterStates) }]}
          />
        }
        onOpen={(row) => open(row.id)}
        empty={{
          title: '还没有比对过名册',
          hint: '先导入党员信息，再上传人社局的参保人员名册（要有身份证号和用人单位两列）。',
          action: button,
        }}
      />
      {uploading ? (
        <RosterUploadDialog
          title="比对名册"
          complete="名册是全县全部参保人员：没有找到的党员列为待核实"
          hint="人社局参保人员名册，要有身份证号、用人单位两列"
          busy={create.busy}
          onStored={(upload) => void stored(upload)}
          onClose={() => setUploading(false)}
        />
      ) : null}
    </Page>
  )
}
