import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { z } from 'zod'
import { formatDateTime } from '../base/time.ts'
import { connect } from '../ui/client.ts'
import { type FilterField, Filters, options } from '../ui/filters.tsx'
import { useListState } from '../ui/list-state.ts'
import { Mark, type MarkTone, Page } from '../ui/page.tsx'
import { Bar, jobEnded } from '../ui/progress.tsx'
import { useCommand } from '../ui/query.ts'
import { useCan } from '../ui/session.ts'
import { type Column, SearchTable } from '../ui/table.tsx'
import { jobStates, officeContract } from './contract.ts'
import { useDownload } from './parts.tsx'

const office = connect(officeContract)
type Job = Awaited<ReturnType<typeof office.listJobs.call>>['rows'][number]
const states = Object.keys(jobStates) as [keyof typeof jobStates]
const shape = z.object({ state: z.enum(states), everyone: z.boolean() }).partial()
const tones: Record<Job['state'], MarkTone> = {
  queued: 'plain',
  running: 'busy',
  done: 'good',
  failed: 'bad',
  cancelled: 'plain',
}

const columns: readonly Column<Job>[] = [
  { key: 'title', title: '作业', width: 300, required: true },
  {
    key: 'state',
    title: '状态',
    width: 90,
    render: (job) => <Mark tone={tones[job.state]}>{jobStates[job.state]}</Mark>,
  },
  {
    key: 'progress',
    title: '进度',
    width: 200,
    render: (job) =>
      job.state === 'running' ? (
        <Bar done={job.done} total={job.total} label={job.title} />
      ) : (
        (job.error ?? job.message ?? '')
      ),
  },
  { key: 'ownerName', title: '发起人', width: 100 },
  { key: 'createdAt', title: '发起时间', width: 148, render: (job) => formatDateTime(new Date(job.createdAt)) },
  {
    key: 'finishedAt',
    title: '结束时间',
    width: 148,
    render: (job) => (job.finishedAt ? formatDateTime(new Date(job.finishedAt)) : ''),
  },
  { key: 'acts', title: '办理', width: 110, fixed: 'right', render: (job) => <Acts job={job} /> },
]

/** Imports, exports and other long work: where it stands, its result, and the way to stop it. */
export function JobsScreen() {
  const list = useListState(shape, { sort: 'createdAt', order: 'desc' })
  const can = useCan()
  const filters = list.filters as z.infer<typeof shape>
  const query = useQuery({
    ...office.listJobs.queryOptions({
      input: {
        ...filters,
        everyone: filters.everyone ? 'true' : 'false',
        page: list.page,
        pageSize: list.pageSize,
      } as never,
    }),
    refetchInterval: (now) => (now.state.data?.rows.some((job) => !jobEnded(job.state)) ? 1500 : 15_000),
  })
  const fields: FilterField[] = [
    { kind: 'one', name: 'state', label: '状态', options: options(jobStates) },
    ...(can('office.job.readAll') ? [{ kind: 'flag' as const, name: 'everyone', label: '所有人的作业' }] : []),
  ]
  return (
    <Page title="作业" description="导入、导出等要花时间的事在后台做，离开页面也不停。">
      <SearchTable
        name="作业"
        unit="项"
        columns={columns}
        rowKey={(job) => job.id}
        query={query}
        list={list}
        filters={<Filters list={list} fields={fields} />}
        empty={{ title: '还没有作业', hint: '导入、导出后会出现在这里。' }}
      />
    </Page>
  )
}

function Acts({ job }: { job: Job }) {
  const cancel = useCommand(office.cancelJob.mutationOptions(), {
    done: '已请求取消',
    refresh: [office.listJobs.key()],
  })
  const fetchFile = useDownload()
  if (!jobEnded(job.state)) {
    return (
      <Button type="link" size="small" danger loading={cancel.busy} onClick={() => void cancel.run({ id: job.id })}>
        取消
      </Button>
    )
  }
  return job.downloadable ? (
    <Button type="link" size="small" onClick={() => void fetchFile(job.id)}>
      下载
    </Button>
  ) : null
}
