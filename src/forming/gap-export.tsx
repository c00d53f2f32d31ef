import { Input, Modal, Radio } from 'antd'
import { useState } from 'react'
import { grouped } from '../base/number.ts'
import { JobPanel } from '../office/parts.tsx'
import { useCommand } from '../ui/query.ts'
import { forming } from './forming-client.tsx'

type Wanted = Omit<Parameters<typeof forming.exportGaps.call>[0], 'format' | 'purpose'>

/** Takes the present list out as a file, for a stated purpose. */
export function GapExport(props: { wanted: Wanted; total: number; onClose: () => void }) {
  const [format, setFormat] = useState<'xlsx' | 'csv'>('xlsx')
  const [purpose, setPurpose] = useState('')
  const [jobId, setJobId] = useState<string>()
  const start = useCommand(forming.exportGaps.mutationOptions())
  const go = async () => setJobId((await start.run({ ...props.wanted, format, purpose }))?.jobId)
  return (
    <Modal
      open
      width={560}
      title={`导出组建台账（${grouped(props.total)} 家）`}
      okText={jobId ? '关闭' : '开始导出'}
      cancelText="取消"
      okButtonProps={{ disabled: !jobId && purpose.trim().length < 4 }}
      cancelButtonProps={{ style: jobId ? { display: 'none' } : {} }}
      confirmLoading={start.busy}
      onOk={() => (jobId ? props.onClose() : void go())}
      onCancel={props.onClose}
    >
      {jobId ? (
        <JobPanel jobId={jobId} download="下载文件" />
      ) : (
        <div className="lx-stack">
          <Radio.Group
            aria-label="格式"
            value={format}
            options={[
              { value: 'xlsx', label: 'XLSX' },
              { value: 'csv', label: 'CSV（UTF-8）' },
            ]}
            onChange={(event) => setFormat(event.target.value as 'xlsx' | 'csv')}
          />
          <label>
            用途（记入操作日志）
            <Input value={purpose} maxLength={100} onChange={(event) => setPurpose(event.target.value)} />
          </label>
          <p className="lx-soft">名单里只有人数，没有党员姓名。</p>
        </div>
      )}
    </Modal>
  )
}
