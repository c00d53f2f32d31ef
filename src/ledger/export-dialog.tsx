import { Checkbox, Input, Modal, Radio } from 'antd'
import { useState } from 'react'
import { JobPanel } from '../office/parts.tsx'
import { connect } from '../ui/client.ts'
import { useCommand } from '../ui/query.ts'
import { useCan } from '../ui/session.ts'
import { ledgerContract, unitFilter } from './contract.ts'
import { type UnitField, unitFields } from './field-contract.ts'
import type { UnitList } from './units-screen.tsx'

const ledger = connect(ledgerContract)
const all = Object.keys(unitFields) as UnitField[]
const usual: UnitField[] = [
  'name',
  'uscc',
  'kind',
  'status',
  'area',
  'address',
  'industry',
  'staffCount',
  'memberCount',
  'hasPartyOrg',
]

/** Takes the units of the present list out as a file, for a stated purpose. */
export function ExportDialog({ list, total, onClose }: { list: UnitList; total: number; onClose: () => void }) {
  const can = useCan()
  const [columns, setColumns] = useState<UnitField[]>(usual)
  const [format, setFormat] = useState<'xlsx' | 'csv'>('xlsx')
  const [personal, setPersonal] = useState<'masked' | 'full'>('masked')
  const [purpose, setPurpose] = useState('')
  const [jobId, setJobId] = useState<string>()
  const start = useCommand(ledger.exportUnits.mutationOptions())
  const go = async () => {
    const filter = unitFilter.parse(list.filters)
    const answer = await start.run({ filter, sort: list.sort, order: list.order, columns, format, personal, purpose })
    setJobId(answer?.jobId)
  }
  const ready = columns.length > 0 && purpose.trim().length >= 4
  return (
    <Modal
      open
      width={640}
      title={`导出 ${total.toLocaleString('zh-CN')} 家单位`}
      okText={jobId ? '关闭' : '开始导出'}
      cancelText="取消"
      okButtonProps={{ disabled: !jobId && !ready }}
      cancelButtonProps={{ style: jobId ? { display: 'none' } : {} }}
      confirmLoading={start.busy}
      onOk={() => (jobId ? onClose() : void go())}
      onCancel={onClose}
    >
      {jobId ? (
        <JobPanel jobId={jobId} download="下载文件" />
      ) : (
        <div className="lx-stack">
          <fieldset>
            <legend>列</legend>
            <Checkbox.Group
              className="lx-check-grid"
              value={columns}
              options={all.map((field) => ({ value: field, label: unitFields[field].title }))}
              onChange={(next) => setColumns(all.filter((field) => next.includes(field)))}
            />
          </fieldset>
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
            {can('ledger.unit.reveal') ? (
              <Checkbox
                checked={personal === 'full'}
                onChange={(event) => setPersonal(event.target.checked ? 'full' : 'masked')}
              >
                联系方式不脱敏
              </Checkbox>
            ) : (
              <span className="lx-soft">联系方式按规定脱敏</span>
            )}
          </div>
          <label>
            用途（记入操作日志）
            <Input
              value={purpose}
              maxLength={100}
              placeholder="例如：报送市委社会工作部 11 月台账"
              onChange={(event) => setPurpose(event.target.value)}
            />
          </label>
        </div>
      )}
    </Modal>
  )
}
