import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button, Modal } from 'antd'
import { useState } from 'react'
import { z } from 'zod'
import { grouped } from '../base/number.ts'
import { formatDateTime, today } from '../base/time.ts'
import { CountyPicker, useOnlyCounty } from '../office/parts.tsx'
import { connect } from '../ui/client.ts'
import { Filters, options } from '../ui/filters.tsx'
import { useListState } from '../ui/list-state.ts'
import { Mark, type MarkTone, Page } from '../ui/page.tsx'
import { useCommand } from '../ui/query.ts'
import { type Column, SearchTable } from '../ui/table.tsx'
import { Upload } from '../ui/upload.tsx'
import {
  orgFields,
  orgImportContract,
  orgImportState,
  type OrgImportState,
  orgImportStates,
} from './org-import-contract.ts'
import { OrgNav } from './parts.tsx'

const party = connect(orgImportContract)
type Row = Awaited<ReturnType<typeof party.listOrgImports.call>>['rows'][number]
const shape = z.object({ state: orgImportState }).partial()
const bytesMax = 100 * 1024 * 1024

export const orgImportTones: Record<OrgImportState, MarkTone> = {
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

const figure = (key: 'read' | 'orgsNew' | 'update' | 'same' | 'refused', title: string): Column<Row> => ({
  key,
  title,
  width: 92,
  numeric: true,
  render: (row) => grouped(row.counts[key]),
})

const columns: readonly Column<Row>[] = [
  { key: 'fileName', title: '文件', width: 260, required: true },
  { key: 'countyName', title: '所属县', width: 110 },
  {
    key: 'state',
    title: '状态',
    width: 100,
    render: (row) => <Mark tone={orgImportTones[row.state]}>{orgImportStates[row.state]}</Mark>,
  },
  figure('read', '读入行'),
  figure('orgsNew', '新增组织'),
  figure('update', '补充'),
  figure('same', '没变'),
  figure('refused', '退回'),
  { key: 'asOf', title: '数据截至', width: 108 },
  { key: 'author', title: '经办人', width: 100 },
  { key: 'createdAt', title: '上传时间', width: 160, render: (row) => formatDateTime(new Date(row.createdAt)) },
]

/** Every file of organisations that was sent, and where it stands. */
export function OrgImportsScreen() {
  const list = useListState(shape, { sort: 'createdAt', order: 'desc' })
  const navigate = useNavigate()
  const [uploading, setUploading] = useState(false)
  const query = useQuery({
    ...party.listOrgImports.queryOptions({ input: { ...list.filters, page: list.page, pageSize: list.pageSize } }),
    refetchInterval: (now) => (now.state.data?.rows.some((row) => orgImportTones[row.state] === 'busy') ? 2000 : false),
  })
  const open = (id: string) => void navigate({ to: `/orgs/imports/${id}` })
  const button = (
    <Button type="primary" onClick={() => setUploading(true)}>
      导入党组织
    </Button>
  )
  return (
    <Page
      title="党组织"
      description="全国党员系统采集表，或一行一家单位的通用表；逐行预检，确认后入库，整次可以撤销。"
      actions={button}
    >
      <OrgNav />
      <SearchTable
        name="党组织导入"
        unit="次"
        columns={columns}
        rowKey={(row) => row.id}
        query={query}
        list={list}
        filters={
          <Filters
            list={list}
            fields={[{ kind: 'one', name: 'state', label: '状态', options: options(orgImportStates) }]}
          />
        }
        onOpen={(row) => open(row.id)}
        empty={{
          title: '还没有导入过党组织',
          hint: `表头可以有：${Object.values(orgFields).join('、')}。有党组织名称一列就能导入。`,
          action: button,
        }}
      />
      {uploading ? <UploadDialog onMade={open} onClose={() => setUploading(false)} /> : null}
    </Page>
  )
}

function UploadDialog({ onMade, onClose }: { onMade: (id: string) => void; onClose: () => void }) {
  const only = useOnlyCounty()
  const [county, setCounty] = useState<string>()
  const [asOf, setAsOf] = useState(today(new Date()))
  const create = useCommand(party.createOrgImport.mutationOptions(), { refresh: [party.listOrgImports.key()] })
  const countyCode = county ?? only
  const stored = async (fileId: string) => {
    const answer = countyCode ? await create.run({ fileId, countyCode, asOf }) : undefined
    if (answer) onMade(answer.id)
  }
  return (
    <Modal open title="导入党组织" footer={null} onCancel={onClose} width={620}>
      <div className="lx-form-line">
        <label>
          所属县
          <CountyPicker value={countyCode} onChange={setCounty} />
        </label>
        <label>
          数据截至
          <input
            type="date"
            className="lx-day"
            aria-label="数据截至"
            max={today(new Date())}
            value={asOf}
            onChange={(event) => setAsOf(event.target.value || today(new Date()))}
          />
        </label>
      </div>
      <Upload
        accept={['.csv', '.tsv', '.txt', '.xlsx']}
        bytesMax={bytesMax}
        disabled={!countyCode || create.busy}
        hint={
          countyCode ? '党组织名称、类别、组建方式、上级、覆盖单位、成立日期、书记、换届日期、党员数' : '请先选择所属县'
        }
        onStored={({ fileId }) => void stored(fileId)}
      />
      <p className="lx-soft">书记姓名入库即加密；原文件用完即删。联系人、联系电话不取用。</p>
    </Modal>
  )
}
