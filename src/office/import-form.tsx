import { useQuery, useQueryClient, type QueryKey } from '@tanstack/react-query'
import { Button, Modal } from 'antd'
import { useState, type ReactNode } from 'react'
import { grouped } from '../base/number.ts'
import { connect } from '../ui/client.ts'
import { jobEnded } from '../ui/progress.tsx'
import { Upload } from '../ui/upload.tsx'
import { officeContract } from './contract.ts'
import { JobPanel } from './parts.tsx'

const office = connect(officeContract)

/** What a job that reads a table answers. */
export interface ReadRows {
  read: number
  refused: number
  errors: readonly { row: number; message: string }[]
}

export interface ImportFormProps<R extends ReadRows> {
  title: string
  /** Which columns the table has. */
  hint: string
  /** What is to be told before a file is chosen. */
  children?: ReactNode
  /** False while something of that is missing. */
  ready?: boolean | undefined
  /** Starts the job that checks or keeps the table; undefined when it was refused. */
  start: (fileId: string, checkOnly: boolean) => Promise<{ jobId: string } | undefined>
  /** How many rows can be kept. */
  kept: (result: R) => number
  /** What comes of it, in a sentence; `checked`: nothing is kept yet. */
  words: (result: R, checked: boolean) => string
  /** Measure word of what is kept: 家, 名. */
  unit: string
  refresh: QueryKey
  onClose: () => void
}

/** The dialog of `ImportDialog`: the file is checked row by row, and kept only when the person has seen what comes of it. */
export function ImportForm<R extends ReadRows>(props: ImportFormProps<R>) {
  const client = useQueryClient()
  const [fileId, setFileId] = useState<string>()
  const [checkId, setCheckId] = useState<string>()
  const [jobId, setJobId] = useState<string>()
  const [busy, setBusy] = useState(false)
  const run = async (file: string, checkOnly: boolean) => {
    setBusy(true)
    const id = (await props.start(file, checkOnly))?.jobId
    setBusy(false)
    return id
  }
  const check = async (file: string) => {
    setFileId(file)
    setCheckId(await run(file, true))
  }
  return (
    <Modal open width={640} title={props.title} footer={null} onCancel={props.onClose}>
      <div className="lx-stack">
        {jobId ? (
          <>
            <JobPanel jobId={jobId} onEnded={() => void client.invalidateQueries({ queryKey: props.refresh })} />
            <Result {...props} jobId={jobId} checked={false} />
          </>
        ) : checkId && fileId ? (
          <>
            <JobPanel jobId={checkId} />
            <Result
              {...props}
              jobId={checkId}
              checked
              keep={{ busy, go: () => void run(fileId, false).then(setJobId) }}
            />
          </>
        ) : (
          <>
            {props.children}
            <Upload
              accept={['.csv', '.xlsx']}
              bytesMax={20 * 1024 * 1024}
              disabled={props.ready === false}
              hint={props.hint}
              onStored={(file) => void check(file.fileId)}
            />
          </>
        )}
      </div>
    </Modal>
  )
}

function Result<R extends ReadRows>(
  props: ImportFormProps<R> & { jobId: string; checked: boolean; keep?: { busy: boolean; go: () => void } },
) {
  const { jobId, checked, keep } = props
  const job = useQuery(office.getJob.queryOptions({ input: { id: jobId } }))
  if (!job.data || !jobEnded(job.data.state) || job.data.state !== 'done') return null
  const result = job.data.result as R
  const kept = props.kept(result)
  return (
    <>
      <p>
        读入 {grouped(result.read)} 行，{props.words(result, checked)}，不能登记 {grouped(result.refused)} 行。
      </p>
      {keep ? (
        <div>
          <Button type="primary" loading={keep.busy} disabled={kept === 0} onClick={keep.go}>
            登记 {grouped(kept)} {props.unit}
          </Button>
        </div>
      ) : null}
      {result.errors.length > 0 ? (
        <div className="lx-sheet-box">
          <table className="lx-sheet lx-sheet-wide">
            <thead>
              <tr>
                <th scope="col">行</th>
                <th scope="col">为什么不能登记</th>
              </tr>
            </thead>
            <tbody>
              {result.errors.map((one) => (
                <tr key={one.row}>
                  <td className="lx-number">{one.row}</td>
                  <td>{one.message}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : null}
    </>
  )
}
