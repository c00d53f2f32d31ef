import { Input, Modal, Radio } from 'antd'
import { useState } from 'react'
import type { z } from 'zod'
import { JobPanel } from '../office/parts.tsx'
import { connect } from '../ui/client.ts'
import { useCommand } from '../ui/query.ts'
import { linkageContract } from './contract.ts'
import type { queueSearch } from './queue-search.ts'

const linkage = connect(linkageContract)

interface Props {
  filters: z.infer<typeof queueSearch>
  total: number
  onClose: () => void
}

/** Takes the rows of the present list out as a file, for a stated purpose. */
export function QueueExport({ filters, total, onClose }: Props) {
  const [format, setFormat] = useState<'xlsx' | 'csv'>('xlsx')
  const [purpose, setPurpose] = useState('')
  const [jobId, setJobId] = useState<string>()
  const start = useCommand(linkage.exportQueue.mutationOptions())
  const go = async () => setJobId((await start.run({ ...filters, format, purpose }))?.jobId)
  return (
    <Modal
      open
      title={`导出 ${total.toLocaleString('zh-CN')} 行待核对`}
      okText={jobId ? '关闭' : '开始导出'}
      cancelText="取消"
      okButtonProps={{ disabled: !jobId && purpose.trim().length < 2 }}
      cancelButtonProps={{ style: jobId ? { display: 'none' } : {} }}
      confirmLoading={start.busy}
      onOk={() => (jobId ? onClose() : void go())}
      onCancel={onClose}
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
            <Input
              value={purpose}
              maxLength={200}
              placeholder="例如：发街道逐家核实"
              onChange={(event) => setPurpose(event.target.value)}
            />
          </label>
        </div>
      )}
    </Modal>
  )
}
