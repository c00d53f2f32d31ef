import { Input, Modal, Radio } from 'antd'
import { useState } from 'react'
import { JobPanel } from '../office/parts.tsx'
import { connect } from '../ui/client.ts'
import { useCommand } from '../ui/query.ts'
import type { OrgFilter } from './contract.ts'
import { orgImportContract } from './org-import-contract.ts'

const party = connect(orgImportContract)

/** Takes the organisations of the present list out as a file, for a stated purpose. */
export function OrgExportDialog(props: { filter: OrgFilter; total: number; onClose: () => void }) {
  const [shape, setShape] = useState<'plain' | 'national'>('plain')
  const [format, setFormat] = useState<'xlsx' | 'csv'>('xlsx')
  const [purpose, setPurpose] = useState('')
  const [jobId, setJobId] = useState<string>()
  const start = useCommand(party.exportOrgs.mutationOptions())
  const go = async () => {
    const answer = await start.run({ filter: props.filter, shape, format, purpose })
    setJobId(answer?.jobId)
  }
  return (
    <Modal
      open
      width={600}
      title={`导出 ${props.total.toLocaleString('zh-CN')} 个党组织`}
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
            aria-label="表样"
            value={shape}
            options={[
              { value: 'plain', label: '通用表（可以再导入）' },
              { value: 'national', label: '全国党员系统采集表' },
            ]}
            onChange={(event) => setShape(event.target.value as 'plain' | 'national')}
          />
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
          <p className="lx-soft">书记姓名按规定脱敏；联系人、联系电话本平台不保存，采集表里留空。</p>
        </div>
      )}
    </Modal>
  )
}
