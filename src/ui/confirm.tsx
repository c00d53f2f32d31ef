import { App, Input } from 'antd'
import { useCallback, useRef, useState, type ReactNode } from 'react'

export interface Question {
  /** A question: `停用 3 个用户？` */
  title: string
  /** What will be lost or changed, and whether it can be undone. */
  lose: ReactNode
  /** The button that does it: `停用`. */
  act: string
  /** The button that does not; 取消 when left out. */
  keep?: string | undefined
  /** Asks for a reason, of at least `min` characters (2 when left out). */
  reason?: { label: string; min?: number; max?: number } | undefined
}

/** The person's yes, with the reason when one was asked for (else an empty string). */
export interface Yes {
  reason: string
}

/**
 * Asks before something is lost. Resolves to undefined when the person thinks better of it.
 *
 * ```tsx
 * const ask = useConfirm()
 * const yes = await ask({ title: '撤销这次导入？', lose: '由它新建的 120 家将撤下。', act: '撤销导入', reason: { label: '撤销原因' } })
 * if (yes) await undo.run({ id, reason: yes.reason })
 * ```
 */
export function useConfirm(): (question: Question) => Promise<Yes | undefined> {
  const { modal } = App.useApp()
  return useCallback(
    (question) =>
      new Promise((resolve) => {
        const answer: Answer = { reason: '', complain: () => undefined }
        modal.confirm({
          title: question.title,
          icon: null,
          width: 440,
          className: 'lx-confirm',
          content: <QuestionBody question={question} answer={answer} />,
          okText: question.act,
          cancelText: question.keep ?? '取消',
          okButtonProps: { danger: true, type: 'primary' },
          autoFocusButton: question.reason ? null : 'cancel',
          onOk: () => {
            const least = question.reason ? (question.reason.min ?? 2) : 0
            if (answer.reason.trim().length < least) {
              answer.complain(`请写明${question.reason?.label ?? '原因'}，至少 ${least} 个字`)
              return Promise.reject(new Error('reason'))
            }
            resolve({ reason: answer.reason.trim() })
            return undefined
          },
          onCancel: () => resolve(undefined),
        })
      }),
    [modal],
  )
}

interface Answer {
  reason: string
  complain: (words: string) => void
}

function QuestionBody({ question, answer }: { question: Question; answer: Answer }) {
  const [wrong, setWrong] = useState('')
  const box = useRef(answer)
  box.current.complain = setWrong
  return (
    <>
      <div className="lx-confirm-lose">{question.lose}</div>
      {question.reason ? (
        <label className="lx-confirm-reason">
          <span>{question.reason.label}</span>
          <Input.TextArea
            autoFocus
            rows={2}
            maxLength={question.reason.max ?? 200}
            status={wrong ? 'error' : ''}
            onChange={(event) => {
              box.current.reason = event.target.value
              setWrong('')
            }}
          />
          {wrong ? <span role="alert">{wrong}</span> : null}
        </label>
      ) : null}
    </>
  )
}
