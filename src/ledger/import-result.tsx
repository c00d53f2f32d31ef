import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { z } from 'zod'
import { formatDateTime } from '../base/time.ts'
import { JobPanel } from '../office/parts.tsx'
import { connect } from '../ui/client.ts'
import { useConfirm } from '../ui/confirm.tsx'
import { Filters, options } from '../ui/filters.tsx'
import { useListState } from '../ui/list-state.ts'
import { Mark, type MarkTone, Section } from '../ui/page.tsx'
import { useCommand } from '../ui/query.ts'
import { useCan } from '../ui/session.ts'
import { type Column, SearchTable } from '../ui/table.tsx'
import { importContract, type RowOutcome, rowOutcome, rowOutcomes } from './import-contract.ts'
import { Figure } from './import-figure.tsx'
import { Problems } from './import-problems.tsx'
import type { ImportPage } from './import-screen.tsx'

const ledger = connect(importContract)
const shape = z.object({ outcome: rowOutcome }).partial()
type Row = Awaited<ReturnType<typeof ledger.listImportRows.call>>['rows'][number]

const tones: Record<RowOutcome, MarkTone> = {
  staged: 'busy',
  joined: 'good',
  created: 'good',
  repeated: 'plain',
  queued: 'warn',
  refused: 'bad',
}

const columns: readonly Column<Row>[] = [
  { key: 'row', title: '行', width: 72, required: true, render: (row) => <span className="lx-code">{row.row}</span> },
  { key: 'name', title: '表中名称', width: 260 },
  { key: 'code', title: '表中代码', width: 180, render: (row) => <span className="lx-code">{row.code ?? ''}</span> },
  {
    key: 'outcome',
    title: '结果',
    width: 150,
    render: (row) => <Mark tone={tones[row.outcome]}>{rowOutcomes[row.outcome]}</Mark>,
  },
  { key: 'reason', title: '凭什么、为什么', width: 260 },
  { key: 'unitName', title: '台账单位', width: 260 },
  { key: 'sheet', title: '工作表', width: 120, hidden: true },
]

/** What became of every row, with the way back: undo the whole import. */
export function ResultStep({ page }: { page: ImportPage }) {
  const { counts } = page
  const navigate = useNavigate()
  const sum = counts.joined + counts.created + counts.repeated + counts.queued + counts.refused
  return (
    <div className="lx-step-body">
      {page.state === 'undone' ? (
        <p className="lx-warn-line">这次导入已撤销，台账和各行的归属都回到没有它时的样子。</p>
      ) : null}
      <dl className="lx-figures">
        <Figure
          title="读入"
          value={counts.read}
          note={sum === counts.read ? '与右边各项之和相符' : '与右边各项之和不符，请联系管理员'}
        />
        <Figure title="并入已有单位" value={counts.joined} tone="good" />
        <Figure title="新建单位" value={counts.created} tone="good" />
        <Figure title="重复" value={counts.repeated} note="与已入账的行相同" />
        <Figure title="待核对" value={counts.queued} tone={counts.queued ? 'warn' : 'plain'} note="拿不准，等人认定" />
        <Figure title="退回" value={counts.refused} tone={counts.refused ? 'bad' : 'plain'} />
      </dl>
      <div className="lx-step-foot">
        <Undo page={page} />
        {counts.refused > 0 ? <ReturnButton page={page} /> : null}
        <Button onClick={() => void navigate({ to: '/units', search: { importId: page.id } })}>看这次更新的单位</Button>
        {counts.queued > 0 ? (
          <Button type="primary" onClick={() => void navigate({ to: '/queue', search: { importId: page.id } })}>
            办理待核对 {counts.queued.toLocaleString('zh-CN')} 行
          </Button>
        ) : null}
      </div>
      {page.committedAt ? <p className="lx-soft">入账时间 {formatDateTime(new Date(page.committedAt))}</p> : null}
      <Rows page={page} />
      {counts.refused + counts.warnings > 0 ? <Problems page={page} /> : null}
    </div>
  )
}

function Rows({ page }: { page: ImportPage }) {
  const list = useListState(shape, { sort: 'row', pageSize: 20 })
  const navigate = useNavigate()
  const query = useQuery(
    ledger.listImportRows.queryOptions({
      input: { id: page.id, ...(list.filters as z.infer<typeof shape>), page: list.page, pageSize: list.pageSize },
    }),
  )
  return (
    <Section title="逐行结果">
      <SearchTable
        name="逐行结果"
        unit="行"
        columns={columns}
        rowKey={(row) => row.id}
        query={query}
        list={list}
        filters={
          <Filters
            list={list}
            fields={[{ kind: 'one', name: 'outcome', label: '结果', options: options(rowOutcomes) }]}
          />
        }
        onOpen={(row) => (row.unitId ? void navigate({ to: '/units/$id', params: { id: row.unitId } }) : undefined)}
        empty={{ title: '没有行' }}
      />
    </Section>
  )
}

/** Makes the workbook of refused rows, in the sender's own layout with a column 错误信息. */
export function ReturnButton({ page }: { page: ImportPage }) {
  const [jobId, setJobId] = useState<string>()
  const make = useCommand(ledger.returnImport.mutationOptions())
  const start = async () => setJobId((await make.run({ id: page.id }))?.jobId)
  if (jobId) return <JobPanel jobId={jobId} download="下载退回表" />
  return (
    <Button loading={make.busy} onClick={() => void start()}>
      退回表（{page.counts.refused.toLocaleString('zh-CN')} 行）
    </Button>
  )
}

function Undo({ page }: { page: ImportPage }) {
  const client = useQueryClient()
  const can = useCan()
  const ask = useConfirm()
  const undo = useCommand(ledger.undoImport.mutationOptions())
  if (!page.undoable || !can('ledger.import.write')) return null
  const start = async () => {
    const yes = await ask({
      title: `撤销导入“${page.fileName}”？`,
      lose: `由它新建的 ${page.counts.created.toLocaleString('zh-CN')} 家单位若没有其他来源会一并撤下，由它更新的值恢复为之前的值。其他文件的内容都在，因它而归到一起的行重新比对。`,
      act: '撤销导入',
      reason: { label: '撤销原因' },
    })
    if (!yes) return
    await undo.run({ id: page.id, reason: yes.reason })
    await client.invalidateQueries({ queryKey: ledger.getImport.key() })
  }
  return (
    <Button danger loading={undo.busy} onClick={() => void start()}>
      撤销导入
    </Button>
  )
}
