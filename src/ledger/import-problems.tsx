import { useQuery } from '@tanstack/react-query'
import { Segmented } from 'antd'
import { z } from 'zod'
import { connect } from '../ui/client.ts'
import { useListState } from '../ui/list-state.ts'
import { Mark, Section } from '../ui/page.tsx'
import { type Column, SearchTable } from '../ui/table.tsx'
import { importContract, type RowProblem } from './import-contract.ts'
import type { ImportPage } from './import-screen.tsx'

const ledger = connect(importContract)
const shape = z.object({ level: z.enum(['error', 'warning']), rule: z.string() }).partial()

const columns: readonly Column<RowProblem>[] = [
  { key: 'row', title: '行', width: 72, required: true, render: (p) => <span className="lx-code">{p.row}</span> },
  { key: 'column', title: '列', width: 170, render: (p) => `${p.columnLetter} · ${p.column}` },
  {
    key: 'value',
    title: '单元格内容',
    width: 190,
    render: (p) => <span className="lx-code">{p.value || '（空）'}</span>,
  },
  {
    key: 'level',
    title: '处理',
    width: 84,
    render: (p) => <Mark tone={p.level === 'error' ? 'bad' : 'warn'}>{p.level === 'error' ? '退回' : '提醒'}</Mark>,
  },
  { key: 'rule', title: '问题', width: 140, wraps: true },
  { key: 'fix', title: '怎样改', width: 440, wraps: true },
  { key: 'sheet', title: '工作表', width: 120, hidden: true },
]

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
              onChange={(rule) => list.filter({ rule: rule === '' ? undefined : rule })}
            />
          ) : undefined
        }
        empty={{ title: '没有问题行', hint: '读入的每一行都可以入账。' }}
      />
    </Section>
  )
}
