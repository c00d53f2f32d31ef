import { Input, Modal } from 'antd'
import { useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { connect } from '../ui/client.ts'
import { say } from '../ui/notice.tsx'
import { ledgerContract } from '../ledger/contract.ts'
import { FindUnit } from './find-unit.tsx'

const ledger = connect(ledgerContract)

interface Props {
  title: string
  hint: string
  act: string
  /** The unit that cannot be chosen. */
  without: string
  onClose: () => void
  /** Resolves to whether it was done. */
  onMove: (unit: { id: string; name: string }, reason: string) => Promise<boolean>
}

/** Asks to which unit something goes, and why. */
export function MoveDialog({ title, hint, act, without, onClose, onMove }: Props) {
  const [picked, pick] = useState<string>()
  const [reason, setReason] = useState('')
  const [busy, setBusy] = useState(false)
  const unit = useQuery(ledger.getUnit.queryOptions({ input: { id: picked ?? '' }, enabled: picked !== undefined }))
  const go = async () => {
    if (!unit.data) return
    setBusy(true)
    if (await onMove(unit.data, reason.trim())) onClose()
    setBusy(false)
  }
  return (
    <Modal
      open
      width={640}
      title={title}
      okText={act}
      cancelText="取消"
      confirmLoading={busy}
      okButtonProps={{ disabled: !unit.data || reason.trim().length < 2 }}
      onOk={() => void go()}
      onCancel={onClose}
    >
      <div className="lx-stack">
        <p className="lx-soft">{hint}</p>
        <FindUnit act="选它" onPick={({ id }) => (id === without ? say.bad('请选择另一家单位。') : pick(id))} />
        {unit.data ? (
          <p>
            已选：<b>{unit.data.name}</b> <span className="lx-code">{unit.data.uscc ?? '无代码'}</span>
          </p>
        ) : null}
        <label>
          理由（记入操作日志）
          <Input value={reason} maxLength={200} onChange={(event) => setReason(event.target.value)} />
        </label>
      </div>
    </Modal>
  )
}
