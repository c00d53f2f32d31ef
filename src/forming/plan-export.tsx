import { Input, Modal, Radio } from 'antd'
import { useState } from 'react'
import { JobPanel } from '../office/parts.tsx'
import { useCommand } from '../ui/query.ts'
import { forming, type PlanHead } from './forming-client.tsx'

/** Takes a plan out as a document for the meeting, or as a table, for a stated purpose. */
export function PlanExport({ plan, onClose }: { plan: PlanHead; onClose: () => void }) {
  const [format, setFormat] = useState<'docx' | 'xlsx'>('docx')
  const [purpose, setPurpose] = useState('')
  const [jobId, setJobId] = useState<string>()
  const start = useCommand(forming.exportPlan.mutationOptions())
  const go = async () => setJobId((await start.run({ id: plan.id, format, purpose }))?.jobId)
  return (
    <Modal
      open
      width={560}
      title={`导出“${plan.title}”`}
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
              { value: 'docx', label: '会议文档（Word）' },
              { value: 'xlsx', label: '逐家表格（XLSX）' },
            ]}
            onChange={(event) => setFormat(event.target.value as 'docx' | 'xlsx')}
          />
          <label>
            用途（记入操作日志）
            <Input value={purpose} maxLength={100} onChange={(event) => setPurpose(event.target.value)} />
          </label>
          <p className="lx-soft">
            供会议研究：各组牵头单位、成员、距离和依据，未编组单位的去向；只有单位和人数，没有党员姓名。
          </p>
        </div>
      )}
    </Modal>
  )
}
