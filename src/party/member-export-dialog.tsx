import { Checkbox, Input, Modal, Radio } from 'antd'
import { useState } from 'react'
import { grouped } from '../base/number.ts'
import { JobPanel } from '../office/parts.tsx'
import { connect } from '../ui/client.ts'
import { useCommand } from '../ui/query.ts'
import { useCan } from '../ui/session.ts'
import { memberContract, type MemberFilter } from './member-contract.ts'

const party = connect(memberContract)

/** Takes the members of the present list out in the shape of the national form, for a stated purpose. */
export function MemberExport(props: { filter: MemberFilter; total: number; onClose: () => void }) {
  const can = useCan()
  const [format, setFormat] = useState<'xlsx' | 'csv'>('xlsx')
  const [full, setFull] = useState(false)
  const [purpose, setPurpose] = useState('')
  const [jobId, setJobId] = useState<string>()
  const start = useCommand(party.exportMembers.mutationOptions())
  const go = async () => {
    const personal = full ? ('full' as const) : ('masked' as const)
    setJobId((await start.run({ filter: props.filter, format, personal, purpose }))?.jobId)
  }
  return (
    <Modal
      open
      width={560}
      title={`导出 ${grouped(props.total)} 名党员`}
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
          <p className="lx-soft">按全国党员信息采集表的 16 项列出；身份证号、电话、住址等系统不保存的项留空。</p>
          <div className="lx-form-line">
            <Radio.Group
              aria-label="格式"
              value={format}
              options={[
                { value: 'xlsx', label: 'XLSX' },
                { value: 'csv', label: 'CSV（UTF-8）' },
              ]}
              onChange={(event) => setFormat(event.target.value as 'xlsx' | 'csv')}
            />
            {can('party.member.reveal') ? (
              <Checkbox checked={full} onChange={(event) => setFull(event.target.checked)}>
                姓名不脱敏
              </Checkbox>
            ) : (
              <span className="lx-soft">姓名按规定脱敏</span>
            )}
          </div>
          <label>
            用途（记入操作日志）
            <Input
              value={purpose}
              maxLength={100}
              placeholder="例如：核对组织关系转接名单"
              onChange={(event) => setPurpose(event.target.value)}
            />
          </label>
        </div>
      )}
    </Modal>
  )
}
