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
import {
  memberImportContract,
  memberImportState,
  type MemberImportState,
  memberImportStates,
} from './member-import-contract.ts'
import { MemberNav } from './member-nav.tsx'
import { type RosterUpload, RosterUploadDialog } from './member-upload.tsx'

const party = connect(memberImportContract)
type Row = Awaited<ReturnType<typeof party.listMemberImports.call>>['rows'][number]
const shape = z.object({ state: memberImportState }).partial()

export const memberImportTones: Record<MemberImportState, MarkTone> = {
  recognising: 'busy',
  mapping: 'warn',
  checking: 'busy',
  preview: 'warn',
  committing: 'busy',
  committed: 'good',
  undoing: 'busy',
  undone: 'plain',
  discarded: 'plain',
  failed: 'bad',
}

const figure = (key: 'read' | 'added' | 'updated' | 'same' | 'repeated' | 'refused', title: string): Column<Row> => ({
  key,
  title,
  width: 84,
  numeric: true,
  render: (row) => grouped(row.counts[key]),
})

const columns: readonly Column<Row>[] = [
  { key: 'fileName', title: '文件', width: 240, required: true },
  { key: 'countyName', title: '所属县', width: 110 },
  {
    key: 'state',
    title: '状态',
    width: 100,
    render: (row) => <Mark tone={memberImportTones[row.state]}>{memberImportStates[row.state]}</Mark>,
  },
  figure('read', '读入'),
  figure('added', '新增'),
  figure('updated', '更新'),
  figure('same', '没变'),
  figure('repeated', '重复'),
  figure('refused', '退回'),
  { key: 'asOf', title: '数据截至', width: 108 },
  { key: 'author', title: '经办人', width: 90 },
  { key: 'createdAt', title: '上传时间', width: 148, render: (row) => formatDateTime(new Date(row.createdAt)) },
]

/** Every roster of members that was sent, and where it stands. */
export function MemberImportsScreen() {
  const list = useListState(shape, { sort: 'createdAt', order: 'desc' })
  const navigate = useNavigate()
  const [uploading, setUploading] = useState(false)
  const create = useCommand(party.createMemberImport.mutationOptions(), { refresh: [party.listMemberImports.key()] })
  const query = useQuery({
    ...party.listMemberImports.queryOptions({ input: { ...list.filters, page: list.page, pageSize: list.pageSize } }),
    refetchInterval: (now) =>
      now.state.data?.rows.some((row) => memberImportTones[row.state] === 'busy') ? 2000 : false,
  })
  const open = (id: string) => void navigate({ to: `/members/imports/${id}` })
  const stored = async (upload: RosterUpload) => {
    const answer = await create.run(upload)
    if (answer) open(answer.id)
  }
  const button = (
    <Button type="primary" onClick={() => setUploading(true)}>
      导入党员信息
    </Button>
  )
  return (
    <Page
      title="党员"
      description="一人一行的名册：逐行预检，入库后再次导入即更新，整次导入可以撤销。"
      actions={button}
    >
      <MemberNav />
      <SearchTable
        name="党员信息导入"
        unit="次"
        columns={columns}
        rowKey={(row) => row.id}
        query={query}
        list={list}
        filters={
          <Filters
            list={list}
            fields={[{ kind: 'one', name: 'state', label: '状态', options: options(memberImportStates) }]}
          />
        }
        onOpen={(row) => open(row.id)}
        empty={{
          title: '还没有导入过党员信息',
          hint: '要有姓名、公民身份号码、党员类别；所在党支部、工作单位、转正日期有就带上。',
          action: button,
        }}
      />
      {uploading ? (
        <RosterUploadDialog
          title="导入党员信息"
          complete="名册是全县全部党员：不在其中的记为不在册"
          hint="姓名、公民身份号码、党员类别、所在党支部、工作单位、转正日期"
          busy={create.busy}
          onStored={(upload) => void stored(upload)}
          onClose={() => setUploading(false)}
        />
      ) : null}
    </Page>
  )
}
