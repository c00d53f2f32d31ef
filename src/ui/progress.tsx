import { useQuery, type UseQueryOptions } from '@tanstack/react-query'
import { Button } from 'antd'
import { useEffect, useRef, type ReactNode } from 'react'
import { grouped } from '../base/number.ts'
import { Failure, Loading } from './states.tsx'

/** A job as far as the screen follows it; `office.getJob` answers one. */
export interface JobLike {
  state: string
  title: string
  done: number
  total: number
  message: string | null
  error: string | null
}

/** A bar from 0 to `total`; a total of 0 means that it is not known yet. */
export function Bar({
  done,
  total,
  label,
  tone = 'busy',
}: {
  done: number
  total: number
  label: string
  tone?: 'busy' | 'good' | 'bad'
}) {
  const percent = total > 0 ? Math.min(100, Math.floor((done / total) * 100)) : 0
  return (
    <div
      className={`lx-bar lx-bar-${tone}${total > 0 ? '' : ' lx-bar-unknown'}`}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...(total > 0 ? { 'aria-valuenow': percent } : {})}
    >
      <i style={{ width: total > 0 ? `${percent}%` : '30%' }} />
    </div>
  )
}

/** Whether a job has come to an end. */
export function jobEnded(state: string): boolean {
  return state === 'done' || state === 'failed' || state === 'cancelled'
}

/** Follows a job once a second until it ends; `onEnded` is called once, also when it had ended before. */
export function useJob<J extends JobLike>(options: UseQueryOptions<J, Error, J>, onEnded?: (job: J) => void) {
  const query = useQuery({
    ...options,
    refetchInterval: ({ state }) => (state.error || (state.data && jobEnded(state.data.state)) ? false : 1000),
  })
  const told = useRef<string>(undefined)
  const ended = query.data && jobEnded(query.data.state) ? query.data : undefined
  const key = JSON.stringify(options.queryKey)
  useEffect(() => {
    if (!ended || told.current === key) return
    told.current = key
    onEnded?.(ended)
  })
  return query
}

export interface JobProgressProps<J extends JobLike> {
  /** `office.getJob.queryOptions({ input: { id: jobId } })` */
  query: UseQueryOptions<J, Error, J>
  onCancel?: (() => Promise<unknown> | void) | undefined
  onEnded?: ((job: J) => void) | undefined
  /** Shown when it is done, e.g. a download button. */
  done?: ((job: J) => ReactNode) | undefined
  /** Shown beside the error when it failed, e.g. a button to try again. */
  failed?: ((job: J) => ReactNode) | undefined
}

/**
 * A job's progress: bar, figures, message, cancel; then its result.
 *
 * ```tsx
 * <JobProgress query={office.getJob.queryOptions({ input: { id: jobId } })} onCancel={() => cancel.run({ id: jobId })}
 *   done={() => <Button onClick={download}>下载</Button>} />
 * ```
 */
export function JobProgress<J extends JobLike>({
  query: options,
  onCancel,
  onEnded,
  done,
  failed,
}: JobProgressProps<J>) {
  const { data: job, error, refetch } = useJob(options, onEnded)
  if (!job) return error ? <Failure error={error} onRetry={() => void refetch()} /> : <Loading rows={2} />
  const running = !jobEnded(job.state)
  const tone = job.state === 'done' ? 'good' : running ? 'busy' : 'bad'
  const figures = job.total > 0 ? `${grouped(job.done)} / ${grouped(job.total)}` : ''
  return (
    <div className="lx-job">
      <div className="lx-job-head">
        <b>{job.title}</b>
        <span className="lx-soft">{figures}</span>
      </div>
      <Bar
        done={job.state === 'done' ? 1 : job.done}
        total={job.state === 'done' ? 1 : job.total}
        label={job.title}
        tone={tone}
      />
      <div className="lx-job-foot" aria-live="polite">
        {job.state === 'queued' ? <span className="lx-soft">排队等候……</span> : null}
        {job.state === 'running' ? <span className="lx-soft">{job.message ?? '进行中……'}</span> : null}
        {job.state === 'done' ? <span className="lx-good">{job.message ?? '已完成'}</span> : null}
        {job.state === 'cancelled' ? <span className="lx-soft">已取消，没做完的部分不再进行。</span> : null}
        {job.state === 'failed' ? <span className="lx-bad">{job.error ?? '作业失败，请重试。'}</span> : null}
        <span>
          {running && onCancel ? (
            <Button size="small" onClick={() => void onCancel()}>
              取消作业
            </Button>
          ) : null}
          {job.state === 'done' ? done?.(job) : null}
          {job.state === 'failed' ? failed?.(job) : null}
        </span>
      </div>
    </div>
  )
}
