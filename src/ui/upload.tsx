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
  const [wrong, setWrong] = useState<string[]>([])
  const [over, setOver] = useState(false)
  const [sending, setSending] = useState<{ name: string; bytes: number; sent: number }>()
  const stop = useRef<AbortController>(undefined)
  const input = useRef<HTMLInputElement>(null)
  const hintId = useId()
  useEffect(() => () => stop.current?.abort(), [])

  const take = async (files: readonly File[]) => {
    setWrong([])
    for (const file of multiple ? files : files.slice(0, 1)) {
      const no = refusal(file, accept, bytesMax)
      if (no) {
        setWrong((before) => [...before, no])
        continue
      }
      stop.current = new AbortController()
      setSending({ name: file.name, bytes: file.size, sent: 0 })
      try {
        const told = (sent: number) => setSending({ name: file.name, bytes: file.size, sent })
        onStored(await sendFile(file, told, stop.current.signal))
      } catch (error) {
        if (stop.current.signal.aborted) break
        const problem = toProblem(error)
        setWrong((before) => [...before, `“${file.name}”没有传上去：${problem.message}`])
      }
    }
    setSending(undefined)
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    if (!disabled && !sending) void take([...event.dataTransfer.files])
  }

  return (
    <div>
      <div
        className={over ? 'lx-upload lx-upload-over' : 'lx-upload'}
        onDragOver={(event) => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        {sending ? (
          <div className="lx-upload-sending">
            <p>
              正在上传 <b>{sending.name}</b>（{bytesText(sending.bytes)}）
            </p>
            <Bar done={sending.sent} total={sending.bytes} label={`上传 ${sending.name}`} />
            <Button size="small" onClick={() => stop.current?.abort()}>
              取消上传
            </Button>
          </div>
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
              {accept ? `${accept.map((one) => one.slice(1).toUpperCase()).join('、')}，` : ''}不超过 {bytesText(bytesMax)}
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
            void take([...(event.target.files ?? [])])
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
