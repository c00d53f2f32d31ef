import { Input, Modal, Radio } from 'antd'
import { useState, type ReactNode } from 'react'
import { JobPanel } from './parts.tsx'

/** Ways a table can be taken out. */
const tableFormats = { xlsx: 'XLSX', csv: 'CSV（UTF-8）' } as const

export interface ExportFormProps<F extends string> {
  title: ReactNode
  /** Which formats there are, with their words, the first one chosen; XLSX and CSV when left out, none for a single one. */
  formats?: Readonly<Record<F, string>> | undefined
  /** A quiet line: what stands in the file and what does not. */
  note?: ReactNode
  /** Further choices, above the purpose. */
  children?: ReactNode
  /** An example of a purpose. */
  placeholder?: string | undefined
  /** False while a further choice is missing. */
  ready?: boolean | undefined
  /** Starts the job; undefined when it was refused. */
  start: (wanted: { format: F; purpose: string }) => Promise<{ jobId: string } | undefined>
  onClose: () => void
}

/** The dialog of `ExportDialog`: format and purpose, then the job with its download. */
export function ExportForm(props: ExportFormProps<string>) {
  const formats = props.formats ?? tableFormats
  const keys = Object.keys(formats)
  const [format, setFormat] = useState(keys[0] ?? 'xlsx')
  const [purpose, setPurpose] = useState('')
  const [jobId, setJobId] = useState<string>()
  const [busy, setBusy] = useState(false)
  const go = async () => {
    setBusy(true)
    setJobId((await props.start({ format, purpose: purpose.trim() }))?.jobId)
    setBusy(false)
  }
  return (
    <Modal
      open
      width={560}
      title={props.title}
      okText={jobId ? '关闭' : '开始导出'}
      cancelText="取消"
      okButtonProps={{ disabled: !jobId && (props.ready === false || purpose.trim().length < 4) }}
      cancelButtonProps={{ style: jobId ? { display: 'none' } : {} }}
      confirmLoading={busy}
      onOk={() => (jobId ? props.onClose() : void go())}
      onCancel={props.onClose}
    >
      {jobId ? (
        <JobPanel jobId={jobId} download="下载文件" />
      ) : (
        <div className="lx-stack">
          {keys.length > 1 ? (
            <Radio.Group
              aria-label="格式"
              value={format}
              options={keys.map((value) => ({ value, label: formats[value as keyof typeof formats] }))}
              onChange={(event) => setFormat(String(event.target.value))}
            />
          ) : null}
          {props.children}
          <label>
            用途（记入操作日志，至少 4 个字）
            <Input
              value={purpose}
              maxLength={100}
              placeholder={props.placeholder}
              onChange={(event) => setPurpose(event.target.value)}
            />
          </label>
          {props.note ? <p className="lx-soft">{props.note}</p> : null}
        </div>
      )}
    </Modal>
  )
}
