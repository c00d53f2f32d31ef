import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Input, InputNumber, Modal, Table } from 'antd'
import { useState } from 'react'
import { today } from '../base/time.ts'
import { connect } from '../ui/client.ts'
import { Mark, Page } from '../ui/page.tsx'
import { useCommand } from '../ui/query.ts'
import { useCan } from '../ui/session.ts'
import { Answered, Empty } from '../ui/states.tsx'
import { Upload } from '../ui/upload.tsx'
import { officeContract, regionLevels } from './contract.ts'

const office = connect(officeContract)
type Region = Awaited<ReturnType<typeof office.listRegions.call>>['rows'][number]

/** The national codes, level by level; townships and villages can be loaded from a file. */
export function RegionsScreen() {
  const can = useCan()
  const [parent, setParent] = useState('000000000000')
  const [text, setText] = useState('')
  const [loading, setLoading] = useState(false)
  const here = useQuery(office.getRegion.queryOptions({ input: { code: parent } }))
  const query = useQuery(office.listRegions.queryOptions({ input: { parent, limit: 500, ...(text ? { text } : {}) } }))
  return (
    <Page
      title="区划"
      description="国家统计用区划代码，12 位，随平台发布到乡镇街道；园区、楼宇不在这棵树上，见“区域”。"
      actions={can('office.region.write') ? <Button onClick={() => setLoading(true)}>载入区划文件</Button> : undefined}
    >
      <div className="lx-form-line">
        <nav className="lx-trail" aria-label="上级">
          {(here.data?.ancestors ?? []).map((one) => (
            <span key={one.code}>
              <Button type="link" size="small" onClick={() => setParent(one.code)}>
                {one.name}
              </Button>
              <span aria-hidden="true"> / </span>
            </span>
          ))}
          <b>{here.data?.name ?? ''}</b>
        </nav>
        <Input.Search
          aria-label="在其下查找"
          placeholder="名称、代码、拼音首字母"
          allowClear
          style={{ maxWidth: 280 }}
          onSearch={(value) => setText(value.trim())}
        />
      </div>
      <Answered query={query}>
        {({ rows }) => (
          <RegionTable
            rows={rows}
            searching={text !== ''}
            onOpen={(code) => {
              setText('')
              setParent(code)
            }}
          />
        )}
      </Answered>
      {loading ? <LoadDialog onClose={() => setLoading(false)} /> : null}
    </Page>
  )
}

function RegionTable({
  rows,
  searching,
  onOpen,
}: {
  rows: Region[]
  searching: boolean
  onOpen: (code: string) => void
}) {
  if (rows.length === 0)
    return (
      <Empty
        title={searching ? '没有找到' : '没有下级区划'}
        hint={searching ? undefined : '村社区一级可以从文件载入。'}
      />
    )
  return (
    <Table<Region>
      size="small"
      rowKey={(row) => row.code}
      dataSource={rows}
      pagination={rows.length > 100 ? { pageSize: 100, size: 'small' } : false}
      columns={[
        { title: '代码', width: 140, render: (_v, row) => <span className="lx-code">{row.code}</span> },
        {
          title: '名称',
          render: (_v, row) =>
            row.hasChildren ? (
              <Button type="link" size="small" onClick={() => onOpen(row.code)}>
                {searching ? row.fullName : row.name}
              </Button>
            ) : (
              <span className="lx-cell-text">{searching ? row.fullName : row.name}</span>
            ),
        },
        { title: '级别', width: 100, render: (_v, row) => regionLevels[row.level] },
        { title: '启用', width: 80, render: (_v, row) => row.yearFrom },
        {
          title: '状态',
          width: 240,
          render: (_v, row) =>
            row.yearTo ? (
              <Mark tone="plain">
                {row.yearTo} 年停用{row.successorCode ? `，由 ${row.successorCode} 承接` : ''}
              </Mark>
            ) : row.selectable ? (
              '在用'
            ) : (
              <span className="lx-faint">编码层级，不单独管理</span>
            ),
        },
      ]}
    />
  )
}

function LoadDialog({ onClose }: { onClose: () => void }) {
  const client = useQueryClient()
  const [year, setYear] = useState(Number(today(new Date()).slice(0, 4)))
  const load = useCommand(office.loadRegions.mutationOptions(), {
    done: (answer) => `新增 ${answer.added} 个，改名 ${answer.renamed} 个，停用 ${answer.retired} 个`,
  })
  const stored = async (file: { fileId: string }) => {
    if (!(await load.run({ fileId: file.fileId, year }))) return
    await client.invalidateQueries({ queryKey: office.listRegions.key() })
    onClose()
  }
  return (
    <Modal open title="载入区划文件" footer={null} onCancel={onClose} width={560}>
      <p>
        两列：12 位代码、名称；可加第三列停用年份、第四列承接代码。有停用年份的才会停用，没写在文件里的区划不受影响。
      </p>
      <div className="lx-form-line">
        <label>
          区划年份
          <InputNumber
            aria-label="区划年份"
            min={1980}
            max={2100}
            value={year}
            onChange={(next) => setYear(next ?? year)}
          />
        </label>
      </div>
      <Upload
        accept={['.csv', '.xlsx']}
        bytesMax={100 * 1024 * 1024}
        disabled={load.busy}
        onStored={(file) => void stored(file)}
      />
    </Modal>
  )
}
