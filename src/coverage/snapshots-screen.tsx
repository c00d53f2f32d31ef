import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button, Input } from 'antd'
import { useState } from 'react'
import { z } from 'zod'
import { regionCodeShape } from '../base/list.ts'
import { formatDateTime, today } from '../base/time.ts'
import { JobPanel, RegionPicker, regionField } from '../office/parts.tsx'
import { inputOf } from '../ui/client.ts'
import { DrawerForm } from '../ui/drawer-form.tsx'
import { type FilterField, Filters, options } from '../ui/filters.tsx'
import { Field } from '../ui/form.tsx'
import { useListState } from '../ui/list-state.ts'
import { Mark, type MarkTone, Page } from '../ui/page.tsx'
import { useCan } from '../ui/session.ts'
import { type Column, SearchTable } from '../ui/table.tsx'
import { monthEndBefore } from './calendar.ts'
import { coverageContract, snapshotStates } from './contract.ts'
import { coverage } from './coverage-client.tsx'
import { CoverageNav } from './coverage-nav.tsx'

type Row = Awaited<ReturnType<typeof coverage.listSnapshots.call>>['rows'][number]
type State = Row['state']

const shape = z
  .object({
    region: regionCodeShape,
    period: z.string().regex(/^\d{4}-\d{2}$/),
    state: z.enum(Object.keys(snapshotStates) as [State]),
  })
  .partial()

const tones: Record<State, MarkTone> = {
  draft: 'warn',
  submitted: 'busy',
  approved: 'busy',
  locked: 'good',
  returned: 'bad',
}

/** Where a period's figures are on their way up. */
export function SnapshotMark({ state }: { state: State }) {
  return <Mark tone={tones[state]}>{snapshotStates[state]}</Mark>
}

const fields: FilterField[] = [
  { kind: 'one', name: 'state', label: '状态', options: options(snapshotStates) },
  {
    kind: 'own',
    name: 'period',
    label: '月份',
    render: (value, set) => (
      <input
        type="month"
        className="lx-day"
        aria-label="月份"
        max={today(new Date()).slice(0, 7)}
        value={typeof value === 'string' ? value : ''}
        onChange={(event) => set(event.target.value || undefined)}
      />
    ),
    text: String,
  },
  regionField,
]

const columns: readonly Column<Row>[] = [
  { key: 'period', title: '月份', width: 90, required: true },
  { key: 'regionName', title: '上报单位', width: 150, required: true },
  { key: 'version', title: '版本', width: 90, render: (row) => versionWords(row) },
  { key: 'state', title: '状态', width: 170, render: (row) => <SnapshotMark state={row.state} /> },
  {
    key: 'awaits',
    title: '等待',
    width: 150,
    render: (row) => (
      <>
        {row.awaits ?? '—'}
        {row.mayApprove ? <Mark tone="warn">等您审核</Mark> : null}
      </>
    ),
  },
  { key: 'submittedBy', title: '上报人', width: 100, render: (row) => row.submittedBy ?? '—' },
  {
    key: 'submittedAt',
    title: '上报时间',
    width: 150,
    render: (row) => (row.submittedAt ? formatDateTime(new Date(row.submittedAt)) : '—'),
  },
  { key: 'preparedBy', title: '生成人', width: 100, hidden: true },
  { key: 'reason', title: '订正或退回理由', width: 240, render: (row) => row.reason ?? '' },
]

/** 首报 or the number of a correction. */
export const versionWords = ({ version, basis }: Pick<Row, 'version' | 'basis'>) =>
  version === 1 && basis === 'closed' ? '首报' : `订正（第 ${version} 版）`

/** 期报: each month's figures of counties and townships on their way up: prepared, submitted, approved, locked. */
export function SnapshotsScreen() {
  const list = useListState(shape)
  const navigate = useNavigate()
  const can = useCan()
  const [preparing, setPreparing] = useState(false)
  const query = useQuery(
    coverage.listSnapshots.queryOptions({
      input: { ...list.filters, page: list.page, pageSize: list.pageSize },
      meta: { keep: true },
    }),
  )
  const open = (id: string) => void navigate({ to: `/coverage/snapshots/${id}` })
  const prepare = can('coverage.submit') ? (
    <Button type="primary" onClick={() => setPreparing(true)}>
      生成上报数据
    </Button>
  ) : undefined
  return (
    <Page
      title="期报"
      description="每月的数字由乡镇街道、县上报，逐级审核，通过后锁定；以后的订正另出一版，写明理由。"
      actions={prepare}
    >
      <CoverageNav where={{ region: list.filters.region }} />
      <SearchTable
        name="期报"
        unit="份"
        columns={columns}
        rowKey={(row) => row.id}
        query={query}
        list={list}
        filters={<Filters list={list} fields={fields} />}
        onOpen={(row) => open(row.id)}
        empty={{
          title: '还没有上报过',
          hint: '一个月结束后，可以为县或乡镇街道生成这个月的上报数据。',
          action: prepare,
        }}
      />
      {preparing ? <PrepareForm onClose={() => setPreparing(false)} onMade={open} /> : null}
    </Page>
  )
}

/** The last month that has ended. */
const lastMonth = () => monthEndBefore(today(new Date())).slice(0, 7)

const prepared = inputOf(coverageContract.prepareSnapshot)

/** Prepares a month's figures; a correction is worked out by a job, shown while it runs. */
export function PrepareForm(props: {
  initial?: { region: string; period: string }
  onClose: () => void
  onMade: (id: string) => void
}) {
  const client = useQueryClient()
  const [jobId, setJobId] = useState<string>()
  const refresh = () => client.invalidateQueries({ queryKey: coverage.key() })
  const send = async (values: z.output<typeof prepared>) => {
    const made = await coverage.prepareSnapshot.call(values)
    await refresh()
    if (made.id) props.onMade(made.id)
    else if (made.jobId) setJobId(made.jobId)
  }
  if (jobId) return <JobPanel jobId={jobId} onEnded={() => void refresh().then(props.onClose)} />
  return (
    <DrawerForm
      open
      title={props.initial ? `订正 ${props.initial.period}` : '生成上报数据'}
      shape={prepared}
      initial={props.initial ?? { period: lastMonth() }}
      submitText="生成"
      onSubmit={send}
      onClose={() => {
        if (!jobId) props.onClose()
      }}
    >
      <Field name="region" label="上报单位" hint="县，或一个乡镇街道">
        <RegionPicker width="100%" />
      </Field>
      <Field name="period" label="月份" hint="已经结束的月份">
        <input type="month" className="lx-day" max={lastMonth()} />
      </Field>
      <Field name="reason" label="订正理由" hint="这个月已经锁定、要出新版时必填">
        <Input.TextArea rows={3} maxLength={300} />
      </Field>
    </DrawerForm>
  )
}
