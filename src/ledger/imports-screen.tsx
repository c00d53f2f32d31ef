import UploadOutlined from '@ant-design/icons/UploadOutlined'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { z } from 'zod'
import { formatDateTime } from '../base/time.ts'
import { connect } from '../ui/client.ts'
import { Filters, options } from '../ui/filters.tsx'
import { useListState } from '../ui/list-state.ts'
import { Mark, type MarkTone, Page } from '../ui/page.tsx'
import { useCan } from '../ui/session.ts'
import { type Column, SearchTable } from '../ui/table.tsx'
import { departments, department } from './field-contract.ts'
import { importContract, importState, type ImportState, importStates } from './import-contract.ts'

const ledger = connect(importContract)
const UploadDialog = lazy(() => import('./upload-dialog.tsx').then((m) => ({ default: m.UploadDialog })))

const shape = z.object({ text: z.string(), state: importState, department }).partial()

export const importTones: Record<ImportState, MarkTone> = {
  recognising: 'busy',
  mapping: 'warn',
  checking: 'busy',
  preview: 'warn',
  committing: 'busy',
  committed: 'good',
  undoing: 'busy',
  undone: 'plain',
  failed: 'bad',
}

type ImportRow = Awaited<ReturnType<typeof ledger.listImports.call>>['rows'][number]

const columns: readonly Column<ImportRow>[] = [
  { key: 'fileName', title: '文件', width: 260, required: true },
  {
    key: 'department',
    title: '来源部门',
    width: 110,
    render: (row) => (row.department ? departments[row.department] : '待识别'),
  },
  { key: 'countyName', title: '所属县', width: 120 },
  {
    key: 'state',
    title: '状态',
    width: 100,
    render: (row) => <Mark tone={importTones[row.state]}>{importStates[row.state]}</Mark>,
  },
  { key: 'read', title: '读入', width: 84, numeric: true, render: (row) => row.counts.read.toLocaleString('zh-CN') },
  {
    key: 'joined',
    title: '并入',
    width: 84,
    numeric: true,
    render: (row) => row.counts.joined.toLocaleString('zh-CN'),
  },
  {
    key: 'created',
    title: '新建',
    width: 84,
    numeric: true,
    render: (row) => row.counts.created.toLocaleString('zh-CN'),
  },
  {
    key: 'repeated',
    title: '重复',
    width: 84,
    numeric: true,
    render: (row) => row.counts.repeated.toLocaleString('zh-CN'),
  },
  {
    key: 'queued',
    title: '待核对',
    width: 84,
    numeric: true,
    render: (row) => row.counts.queued.toLocaleString('zh-CN'),
  },
  {
    key: 'refused',
    title: '退回',
    width: 84,
    numeric: true,
    render: (row) => row.counts.refused.toLocaleString('zh-CN'),
  },
  { key: 'asOf', title: '数据截至', width: 108 },
  { key: 'author', title: '经办人', width: 100 },
  { key: 'createdAt', title: '上传时间', width: 148, render: (row) => formatDateTime(new Date(row.createdAt)) },
]

/** Every departmental file that was sent, and where it stands. */
export function ImportsScreen() {
  const list = useListState(shape, { sort: 'createdAt', order: 'desc' })
  const navigate = useNavigate()
  const can = useCan()
  const [uploading, setUploading] = useState(false)
  const query = useQuery({
    ...ledger.listImports.queryOptions({ input: { ...list.filters, page: list.page, pageSize: list.pageSize } }),
    refetchInterval: (now) => (now.state.data?.rows.some((row) => importTones[row.state] === 'busy') ? 2000 : false),
  })
  const upload = (
    <Button type="primary" icon={<UploadOutlined />} onClick={() => setUploading(true)}>
      导入文件
    </Button>
  )
  return (
    <Page
      title="导入"
      description="各部门报来的表：好的行入账，有问题的行退回，拿不准的行进待核对；整次导入可以撤销。"
      actions={can('ledger.import.write') ? upload : undefined}
    >
      <SearchTable
        name="导入"
        unit="次"
        columns={columns}
        rowKey={(row) => row.id}
        query={query}
        list={list}
        filters={
          <Filters
            list={list}
            search={{ name: 'text', placeholder: '文件名' }}
            fields={[
              { kind: 'one', name: 'department', label: '来源部门', options: options(departments) },
              { kind: 'one', name: 'state', label: '状态', options: options(importStates) },
            ]}
          />
        }
        onOpen={(row) => void navigate({ to: '/imports/$id', params: { id: row.id } })}
        empty={{
          title: '还没有导入过文件',
          hint: '支持 CSV 和 XLSX，表头上方有标题、中间有合计、末尾有空行都没关系。',
          ...(can('ledger.import.write') ? { action: upload } : {}),
        }}
      />
      <Suspense>{uploading ? <UploadDialog onClose={() => setUploading(false)} /> : null}</Suspense>
    </Page>
  )
}
