import CheckOutlined from '@ant-design/icons/CheckOutlined'

export interface StepItem {
  title: string
  hint?: string
}

/**
 * Where one is in a wizard. Steps already done can be gone back to when `onBack` is given.
 *
 * ```tsx
 * <Steps current={1} items={[{ title: '上传' }, { title: '对列' }, { title: '预览' }, { title: '入账' }]} />
 * ```
 */
export function Steps({
  items,
  current,
  onBack,
}: {
  items: readonly StepItem[]
  current: number
  onBack?: (step: number) => void
}) {
  return (
    <ol className="lx-steps">
      {items.map((item, step) => {
        const state = step < current ? 'done' : step === current ? 'now' : 'ahead'
        const body = (
          <>
            <span className="lx-step-number" aria-hidden="true">
              {state === 'done' ? <CheckOutlined /> : step + 1}
            </span>
            <span className="lx-step-words">
              {item.title}
              {item.hint ? <small>{item.hint}</small> : null}
              <span className="lx-hidden">{state === 'done' ? '（已完成）' : ''}</span>
            </span>
          </>
        )
        return (
          <li
            key={item.title}
            className={`lx-step lx-step-${state}`}
            aria-current={state === 'now' ? 'step' : undefined}
          >
            {state === 'done' && onBack ? (
              <button type="button" onClick={() => onBack(step)}>
                {body}
              </button>
            ) : (
              <span>{body}</span>
            )}
          </li>
        )
      })}
    </ol>
  )
}
