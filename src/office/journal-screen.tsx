import { useQuery } from '@tanstack/react-query'
import { Button, Drawer } from 'antd'
import { useState } from 'react'
import { z } from 'zod'
import { formatDateTime } from '../base/time.ts'
import { connect } from '../ui/client.ts'
import { Facts } from '../ui/facts.tsx'
import { Filters, options } from '../ui/filters.tsx'
import { useListState } from '../ui/list-state.ts'
import { Mark, type MarkTone, Page } from '../ui/page.tsx'
import { useCommand } from '../ui/query.ts'
import { type Column, SearchTable } from '../ui/table.tsx'
import { officeContract } from './contract.ts'
import { JobPanel } from './parts.tsx'

const office = connect(officeContract)
type JournalRow = Awaited<ReturnType<typeof office.listJournal.call>>['rows'][number]
const outcomes = { done: '完成', refused: '被拒', failed: '失败' } as const
const tones: Record<string, MarkTone> = { done: 'good', refused: 'warn', failed: 'bad' }
const shape = z
  .object({ text: z.string(), outcome: z.enum(['done', 'refused', 'failed']), from: z.iso.date(), to: z.iso.date() })
  .partial()

const columns: readonly Column<JournalRow>[] = [
  { key: 'at', title: '时间', width: 160, required: true, render: (row) => formatDateTime(new Date(row.at)) },
  { key: 'actorName', title: '操作人', width: 120 },
  { key: 'summary', title: '操作', width: 190 },
  { key: 'subject', title: '对象', width: 260, render: (row) => <span className="lx-code">{row.subject ?? ''}</span> },
  {
    key: 'outcome',
    title: '结果',
    width: 80,
    render: (row) => (
      <Mark tone={tones[row.outcome] ?? 'plain'}>
        {(outcomes as Record<string, string>)[row.outcome] ?? row.outcome}
      </Mark>
    ),
  },
  { key: 'purpose', title: '用途', width: 200 },
  { key: 'address', title: '来自', width: 130, render: (row) => <span className="lx-code">{row.address}</span> },
  { key: 'sequence', title: '序号', width: 80, numeric: true },
]

/** Who did what, when, from where. Rows are chained: nobody can change or remove one unseen. */
export function JournalScreen() {
  const list = useListState(shape, { sort: 'at', order: 'desc', pageSize: 50 })
  const [row, setRow] = useState<JournalRow>()
  const [jobId, setJobId] = useState<string>()
  const verify = useCommand(office.verifyJournal.mutationOptions())
  const query = useQuery(
    office.listJournal.queryOptions({
      input: { ...(list.filters as z.infer<typeof shape>), page: list.page, pageSize: list.pageSize },
    }),
  )
  const check = async () => setJobId((await verify.run({}))?.jobId)
  return (
    <Page
      title="操作日志"
      description="每一步办理一行，前后相扣；改动、删除、插入、截断任何一行都会被校验发现。"
      actions={
        <Button loading={verify.busy} onClick={() => void check()}>
          校验日志
        </Button>
      }
    >
      {jobId ? <JobPanel jobId={jobId} /> : null}
      <SearchTable
        name="操作日志"
        unit="条"
        columns={columns}
        rowKey={(one) => `${one.countyCode}:${one.sequence}`}
        query={query}
        list={list}
        filters={
          <Filters
            list={list}
            search={{ name: 'text', placeholder: '操作人、操作、对象' }}
            fields={[
              { kind: 'one', name: 'outcome', label: '结果', options: options(outcomes) },
              { kind: 'days', name: 'from', nameTo: 'to', label: '日期' },
            ]}
          />
        }
        onOpen={setRow}
        empty={{ title: '还没有操作日志' }}
      />
      <Drawer open={row !== undefined} title="操作详情" size={560} onClose={() => setRow(undefined)}>
        {row ? <Detail row={row} /> : null}
      </Drawer>
    </Page>
  )
}

function Detail({ row }: { row: JournalRow }) {
  return (
    <>
      <Facts
        columns={1}
        items={[
          { label: '操作', value: `${row.summary}（${row.operation}）` },
          { label: '操作人', value: row.actorName },
          { label: '时间', value: formatDateTime(new Date(row.at)) },
          { label: '对象', value: row.subject },
          { label: '用途', value: row.purpose },
          { label: '链', value: `${row.countyCode} 第 ${row.sequence} 行` },
          { label: 'SM3', value: <span className="lx-code">{row.hash}</span> },
        ]}
      />
      <pre className="lx-pre">{JSON.stringify(row.detail, null, 2)}</pre>
    </>
  )
}
