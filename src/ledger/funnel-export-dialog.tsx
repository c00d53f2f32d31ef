import { Input, Modal } from 'antd'
import { useState } from 'react'
import { JobPanel } from '../office/parts.tsx'
import { connect } from '../ui/client.ts'
import { useCommand } from '../ui/query.ts'
import { funnelContract } from './funnel-contract.ts'

const ledger = connect(funnelContract)

/** Takes the funnel out as a workbook, for a stated purpose. */
export function FunnelExport({ region, onClose }: { region: string | undefined; onClose: () => void }) {
  const [purpose, setPurpose] = useState('')
  const [jobId, setJobId] = useState<string>()
  const start = useCommand(ledger.exportFunnel.mutationOptions())
  const go = async () => setJobId((await start.run({ purpose, ...(region ? { region } : {}) }))?.jobId)
  return (
    <Modal
      open
      title="导出甄别表"
      okText={jobId ? '关闭' : '开始导出'}
      cancelText="取消"
      okButtonProps={{ disabled: !jobId && purpose.trim().length < 4 }}
      cancelButtonProps={{ style: jobId ? { display: 'none' } : {} }}
      confirmLoading={start.busy}
      onOk={() => (jobId ? onClose() : void go())}
      onCancel={onClose}
    >
      {jobId ? (
        <JobPanel jobId={jobId} download="下载文件" />
      ) : (
        <div className="lx-stack">
          <p className="lx-soft">一份工作簿三张表：漏斗各步与原因、按区划、所用口径。</p>
          <label>
            用途（记入操作日志）
            <Input
              autoFocus
              value={purpose}
              maxLength={100}
              placeholder="例如：报送市委社会工作部摸排进度"
              onChange={(event) => setPurpose(event.target.value)}
            />
          </label>
        </div>
      )}
    </Modal>
  )
}
