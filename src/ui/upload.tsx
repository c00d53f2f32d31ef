import CloudUploadOutlined from '@ant-design/icons/CloudUploadOutlined'
import { Button } from 'antd'
import { useEffect, useId, useRef, useState, type DragEvent, type ReactNode } from 'react'
import { toProblem } from './problem.ts'
import { bytesText, refusal, sendFile, type StoredFile } from './upload-send.ts'
import { Bar } from './progress.tsx'

export interface UploadProps {
  /** Extensions with their dot, in lower case: `['.csv', '.xlsx']`; anything when left out. */
  accept?: readonly string[] | undefined
  bytesMax: number
  /** Told once for each stored file. */
  onStored: (file: StoredFile) => void
  /** A quiet line in the box: which files are meant. */
  hint?: ReactNode
  /** Several files at once, sent one after another. */
  multiple?: boolean | undefined
  disabled?: boolean | undefined
}

/**
 * Drag a file here or pick one: checked, sent to `/api/files` with progress, can be cancelled.
 *
 * ```tsx
 * <Upload accept={['.csv', '.xlsx']} bytesMax={50 * 1024 * 1024} hint="市场监管、民政、人社的名单原样上传"
 *   onStored={(file) => create({ fileId: file.fileId })} />
 * ```
 */
export function Upload({ accept, bytesMax, onStored, hint, multiple = false, disabled = false }: UploadProps) {
  const { sending, wrong, take, stop } = useSending({ accept, bytesMax, onStored })
  const [over, setOver] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  const hintId = useId()
  const receive = (files: readonly File[]) => void take(multiple ? files : files.slice(0, 1))
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    if (!disabled && !sending) receive([...event.dataTransfer.files])
  }
  const hover = (event: DragEvent) => {
    event.preventDefault()
    setOver(true)
  }
  return (
    <div>
      <div
        className={over ? 'lx-upload lx-upload-over' : 'lx-upload'}
        onDragOver={hover}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        {sending ? (
          <SendingNow {...sending} onStop={stop} />
        ) : (
          <>
            <CloudUploadOutlined className="lx-upload-icon" aria-hidden="true" />
            <p>
              把文件拖到这里，或
              <Button type="link" disabled={disabled} onClick={() => input.current?.click()} aria-describedby={hintId}>
                选择文件
              </Button>
            </p>
            <p className="lx-faint" id={hintId}>
              {accept ? `${accept.map((one) => one.slice(1).toUpperCase()).join('、')}，` : ''}不超过{' '}
              {bytesText(bytesMax)}
              {hint ? <>；{hint}</> : null}
            </p>
          </>
        )}
        <input
          ref={input}
          type="file"
          hidden
          aria-label="选择文件"
          multiple={multiple}
          accept={accept?.join(',')}
          onChange={(event) => {
            receive([...(event.target.files ?? [])])
            event.target.value = ''
          }}
        />
      </div>
      {wrong.length > 0 ? (
        <ul className="lx-upload-wrong" role="alert">
          {wrong.map((words) => (
            <li key={words}>{words}</li>
          ))}
        </ul>
      ) : null}
    </div>
  )
}

interface OnItsWay {
  name: string
  bytes: number
  sent: number
}

/** Sends files one after another; what is refused or breaks is kept in words. */
function useSending({ accept, bytesMax, onStored }: Pick<UploadProps, 'accept' | 'bytesMax' | 'onStored'>) {
  const [wrong, setWrong] = useState<string[]>([])
  const [sending, setSending] = useState<OnItsWay>()
  const control = useRef<AbortController>(undefined)
  useEffect(() => () => control.current?.abort(), [])
  const complain = (words: string) => setWrong((before) => [...before, words])
  const take = async (files: readonly File[]) => {
    setWrong([])
    for (const file of files) {
      const no = refusal(file, accept, bytesMax)
      if (no) {
        complain(no)
        continue
      }
      const { signal } = (control.current = new AbortController())
      const told = (sent: number) => setSending({ name: file.name, bytes: file.size, sent })
      told(0)
      try {
        onStored(await sendFile(file, told, signal))
      } catch (error) {
        if (signal.aborted) break
        complain(`“${file.name}”没有传上去：${toProblem(error).message}`)
      }
    }
    setSending(undefined)
  }
  return { sending, wrong, take, stop: () => control.current?.abort() }
}

function SendingNow({ name, bytes, sent, onStop }: OnItsWay & { onStop: () => void }) {
  return (
    <div className="lx-upload-sending">
      <p>
        正在上传 <b>{name}</b>（{bytesText(bytes)}）
      </p>
      <Bar done={sent} total={bytes} label={`上传 ${name}`} />
      <Button size="small" onClick={onStop}>
        取消上传
      </Button>
    </div>
  )
}
