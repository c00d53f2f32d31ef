import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Segmented } from 'antd'
import { useState } from 'react'
import { z } from 'zod'
import { connect } from '../ui/client.ts'
import { useListState } from '../ui/list-state.ts'
import { Mark, Section } from '../ui/page.tsx'
import { useCommand } from '../ui/query.ts'
import { useCan } from '../ui/session.ts'
import { type Column, SearchTable } from '../ui/table.tsx'
import { importContract, type RowProblem } from './import-contract.ts'
import { MappingStep } from './import-mapping.tsx'
import { ReturnButton } from './import-result.tsx'
import type { ImportPage } from './import-screen.tsx'

const ledger = connect(importContract)
const shape = z.object({ level: z.enum(['error', 'warning']), rule: z.string() }).partial()

const columns: readonly Column<RowProblem>[] = [
  { key: 'row', title: '行', width: 72, required: true, render: (p) => <span className="lx-code">{p.row}</span> },
  { key: 'column', title: '列', width: 170, render: (p) => `${p.columnLetter} · ${p.column}` },
  { key: 'value', title: '单元格内容', width: 190, render: (p) => <span className="lx-code">{p.value || '（空）'}</span> },
  {
    key: 'level',
    title: '处理',
    width: 84,
    render: (p) => <Mark tone={p.level === 'error' ? 'bad' : 'warn'}>{p.level === 'error' ? '退回' : '提醒'}</Mark>,
  },
  { key: 'rule', title: '问题', width: 210 },
  { key: 'fix', title: '怎样改', width: 320 },
  { key: 'sheet', title: '工作表', width: 120, hidden: true },
]

/** What will go in and what will be sent back, row by row, before anything is changed. */
export function PreviewStep({ page }: { page: ImportPage }) {
  const client = useQueryClient()
  const can = useCan()
  const [remap, setRemap] = useState(false)
  const commit = useCommand(ledger.commitImport.mutationOptions())
  const go = async () => {
    await commit.run({ id: page.id })
    await client.invalidateQueries({ queryKey: ledger.getImport.key() })
  }
  const { counts } = page
  if (remap) return <MappingStep page={page} />
  return (
    <div className="lx-step-body">
      {page.error ? (
        <p className="lx-warn-line" role="alert">
          {page.error}
        </p>
      ) : null}
      <dl className="lx-figures">
        <Figure title="读入" value={counts.read} note="表头以下的非空行" />
        <Figure title="可入账" value={counts.staged} tone="good" note="其中有提醒的也会入账" />
        <Figure title="退回" value={counts.refused} tone={counts.refused ? 'bad' : 'plain'} note="带错误信息退给报送部门" />
        <Figure title="提醒" value={counts.warnings} tone={counts.warnings ? 'warn' : 'plain'} note="入账，但请留意" />
        <Figure title="空行与合计行" value={counts.blank + counts.notData} note="不计入读入" />
      </dl>
      <Problems page={page} />
      <div className="lx-step-foot">
        <Button onClick={() => setRemap(true)}>回到对列</Button>
        {counts.refused > 0 ? <ReturnButton page={page} /> : null}
        <Button
          type="primary"
          disabled={counts.staged === 0 || !can('ledger.import.write')}
          loading={commit.busy}
          onClick={() => void go()}
        >
          入账 {counts.staged.toLocaleString('zh-CN')} 行
        </Button>
      </div>
    </div>
  )
}

/** A large figure with its word and what it counts. */
export function Figure(props: { title: string; value: number; note?: string; tone?: 'plain' | 'good' | 'warn' | 'bad' }) {
  return (
    <div className={`lx-figure lx-figure-${props.tone ?? 'plain'}`}>
      <dt>{props.title}</dt>
      <dd>{props.value.toLocaleString('zh-CN')}</dd>
      {props.note ? <dd className="lx-figure-note">{props.note}</dd> : null}
    </div>
  )
}

/** The problem rows of an import: which row, which cell, what is wrong, how to mend it. */
export function Problems({ page }: { page: ImportPage }) {
  const list = useListState(shape, { sort: 'row', pageSize: 20 })
  const filters = list.filters as z.infer<typeof shape>
  const query = useQuery(
    ledger.listProblems.queryOptions({ input: { id: page.id, ...filters, page: list.page, pageSize: list.pageSize } }),
  )
  const rules = page.problemRules
  return (
    <Section title="问题行">
      <SearchTable
        name="问题行"
        unit="处"
        columns={columns}
        rowKey={(p) => `${p.sheet}:${p.row}:${p.columnLetter}:${p.rule}`}
        query={query}
        list={list}
        filters={
          rules.length > 0 ? (
            <Segmented
              options={[
                { value: '', label: '全部' },
                ...rules.slice(0, 6).map((one) => ({ value: one.rule, label: `${one.rule}（${one.rows}）` })),
              ]}
              value={filters.rule ?? ''}
              onChange={(rule) => list.filter({ rule: rule === '' ? undefined : String(rule) } as never)}
            />
          ) : undefined
        }
        empty={{ title: '没有问题行', hint: '读入的每一行都可以入账。' }}
      />
    </Section>
  )
}
