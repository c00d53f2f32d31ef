import { Input, Modal } from 'antd'
import { useState } from 'react'
import type { AskDialogProps } from './confirm.tsx'

/** The dialog of `useConfirm`. */
export function AskDialog({ question, onAnswer }: AskDialogProps) {
  const [reason, setReason] = useState('')
  const [wrong, setWrong] = useState('')
  const wanted = question.reason
  const answer = () => {
    const least = wanted ? (wanted.min ?? 2) : 0
    if (reason.trim().length < least) return setWrong(`请写明${wanted?.label ?? '原因'}，至少 ${least} 个字`)
    onAnswer({ reason: reason.trim() })
  }
  return (
    <Modal
      open
      title={question.title}
      width={440}
      okText={question.act}
      cancelText={question.keep ?? '取消'}
      okButtonProps={{ danger: true }}
      cancelButtonProps={{ autoFocus: !wanted }}
      onOk={answer}
      onCancel={() => onAnswer(undefined)}
    >
      <div className="lx-confirm-lose">{question.lose}</div>
      {wanted ? (
        <label className="lx-confirm-reason">
          <span>{wanted.label}</span>
          <Input.TextArea
            autoFocus
            rows={2}
            maxLength={wanted.max ?? 200}
            status={wrong ? 'error' : ''}
            value={reason}
            onChange={(event) => {
              setReason(event.target.value)
              setWrong('')
            }}
          />
          {wrong ? <span role="alert">{wrong}</span> : null}
        </label>
      ) : null}
    </Modal>
  )
}
