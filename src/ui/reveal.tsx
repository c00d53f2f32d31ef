import EyeOutlined from '@ant-design/icons/EyeOutlined'
import { Button, Input, Popover } from 'antd'
import { useEffect, useState } from 'react'
import { toProblem } from './problem.ts'

export interface RevealProps {
  /** The masked value as the server sent it; null shows a dash. */
  masked: string | null
  /** What it is, for the button's name: `联系电话`. */
  label: string
  /** Fetches the whole value for a stated purpose (at least 4 characters). */
  reveal: (purpose: string) => Promise<string | null>
  /** False hides the button: the person may not see whole values. */
  allowed?: boolean | undefined
  /** How long the whole value stays; 30 when left out. */
  seconds?: number | undefined
}

/**
 * A masked value with 显示: asks what for, fetches the whole value, hides it again by itself.
 *
 * ```tsx
 * <Reveal label="联系电话" masked={row.phone} allowed={can('ledger.unit.reveal')}
 *   reveal={async (purpose) => (await ledger.revealField.call({ id, field: 'phone', purpose })).value} />
 * ```
 */
export function Reveal({ masked, label, reveal, allowed = true, seconds = 30 }: RevealProps) {
  const [open, setOpen] = useState(false)
  const [whole, setWhole] = useState<string | null>()
  const [left, setLeft] = useState(0)
  useEffect(() => {
    if (left <= 0) return undefined
    const timer = setTimeout(() => {
      setLeft(left - 1)
      if (left === 1) setWhole(undefined)
    }, 1000)
    return () => clearTimeout(timer)
  }, [left])
  if (masked === null) return <span className="lx-faint">—</span>
  if (left > 0 && whole !== undefined) {
    return (
      <span className="lx-reveal" aria-live="polite">
        <b>{whole ?? '（无）'}</b>
        <span className="lx-faint"> {left} 秒后隐藏</span>
      </span>
    )
  }
  const show = (value: string | null) => {
    setWhole(value)
    setLeft(seconds)
    setOpen(false)
  }
  return (
    <span className="lx-reveal">
      {masked}
      {allowed ? (
        <Popover
          trigger="click"
          open={open}
          onOpenChange={setOpen}
          destroyOnHidden
          title={`查看完整${label}`}
          content={<Purpose onAsk={reveal} onShown={show} />}
        >
          <Button type="link" size="small" icon={<EyeOutlined />} aria-label={`显示完整${label}`}>
            显示
          </Button>
        </Popover>
      ) : null}
    </span>
  )
}

function Purpose({ onAsk, onShown }: { onAsk: RevealProps['reveal']; onShown: (value: string | null) => void }) {
  const [purpose, setPurpose] = useState('')
  const [busy, setBusy] = useState(false)
  const [wrong, setWrong] = useState('')
  const ask = async () => {
    if (purpose.trim().length < 4) return setWrong('请写明用途，至少 4 个字')
    setBusy(true)
    try {
      onShown(await onAsk(purpose.trim()))
    } catch (error) {
      setWrong(toProblem(error).message)
    } finally {
      setBusy(false)
    }
  }
  return (
    <div className="lx-purpose">
      <Input
        autoFocus
        aria-label="用途"
        placeholder="用途，如：电话核实从业人数"
        maxLength={100}
        status={wrong ? 'error' : ''}
        value={purpose}
        onChange={(event) => {
          setPurpose(event.target.value)
          setWrong('')
        }}
        onPressEnter={() => void ask()}
      />
      {wrong ? <p role="alert">{wrong}</p> : <p className="lx-faint">用途会记入操作日志。</p>}
      <Button type="primary" size="small" loading={busy} onClick={() => void ask()}>
        显示
      </Button>
    </div>
  )
}
