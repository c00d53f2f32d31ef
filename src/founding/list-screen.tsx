import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { z } from 'zod'
import { regionCodeShape } from '../base/list.ts'
import { grouped } from '../base/number.ts'
import { ExportButton, RegionPicker } from '../office/parts.tsx'
import { formingModes, orgKinds } from '../party/words-contract.ts'
import { type FilterField, Filters, options } from '../ui/filters.tsx'
import { useListState } from '../ui/list-state.ts'
import { Mark, Page } from '../ui/page.tsx'
import { useCan } from '../ui/session.ts'
import { type Column, SearchTable } from '../ui/table.tsx'
import { caseStates } from './contract.ts'
import { founding, type CaseHead } from './founding-client.tsx'
import { FoundingNav } from './founding-nav.tsx'
import { foundingForms, foundingSteps, type FoundingStep } from './rules.ts'

const shape = z
  .object({
    region: regionCodeShape,
    state: z.enum(Object.keys(caseStates) as [keyof typeof caseStates]),
    step: z.enum(Object.keys(foundingSteps) as [FoundingStep]),
    overdue: z.boolean(),
    soon: z.boolean(),
    text: z.string().max(64),
  })
  .partial()
const sorts = ['dueOn', 'openedOn', 'orgName'] as const

const fields: FilterField[] = [
  { kind: 'one', name: 'state', label: '状态', options: options(caseStates) },
  { kind: 'one', name: 'step', label: '下一步', options: options(foundingSteps) },
  { kind: 'flag', name: 'overdue', label: '只看逾期' },
  { kind: 'flag', name: 'soon', label: '七天内到期' },
  {
    kind: 'own',
    name: 'region',
    label: '区划',
    render: (value, set) => <RegionPicker value={value as string | undefined} onChange={set} width={168} />,
    text: (value) => <span className="lx-code">{String(value).replace(/0+$/, '')}</span>,
  },
]

const columns: readonly Column<CaseHead>[] = [
  { key: 'orgName', title: '党组织', width: 270, required: true, sort: 'orgName' },
  { key: 'kind', title: '类别', width: 110, render: (row) => orgKinds[row.kind] },
  { key: 'formingMode', title: '组建方式', width: 100, render: (row) => formingModes[row.formingMode] },
  { key: 'form', title: '办理', width: 120, hidden: true, render: (row) => foundingForms[row.form] },
  { key: 'units', title: '单位', width: 64, numeric: true },
  { key: 'members', title: '党员', width: 64, numeric: true },
  { key: 'areaName', title: '乡镇街道', width: 110 },
  {
    key: 'state',
    title: '状态',
    width: 100,
    render: (row) => (
      <Mark tone={row.state === 'done' ? 'good' : row.state === 'open' ? 'busy' : 'plain'}>
        {caseStates[row.state]}
      </Mark>
    ),
  },
  { key: 'step', title: '下一步', width: 80, render: (row) => (row.step ? foundingSteps[row.step] : null) },
  {
    key: 'dueOn',
    title: '期限',
    width: 136,
    sort: 'dueOn',
    render: (row) => (row.overdue ? <Mark tone="bad">{row.dueOn} 逾期</Mark> : row.dueOn),
  },
  { key: 'openedOn', title: '开办', width: 110, sort: 'openedOn' },
  { key: 'endedOn', title: '办结', width: 110, hidden: true },
]

/** 台账 of every case, open, done and ended. */
export function FoundingListScreen() {
  const list = useListState(shape, { sort: 'dueOn', sorts, pageSize: 50 })
  const can = useCan()
  const navigate = useNavigate()
  const { filters, sort, order, page, pageSize } = list
  const query = useQuery(
    founding.listCases.queryOptions({ input: { ...filters, sort, order, page, pageSize }, meta: { keep: true } }),
  )
  const total = query.data?.total ?? 0
  return (
    <Page title="组建办理" description="从开办到报备的每一件；点开看到了哪一步、还缺什么材料。">
      <FoundingNav />
      <SearchTable
        name="组建办理"
        unit="件"
        columns={columns}
        rowKey={(row) => row.id}
        query={query}
        list={list}
        filters={<Filters list={list} search={{ name: 'text', placeholder: '党组织、单位名称' }} fields={fields} />}
        tools={
          can('founding.export') ? (
            <ExportButton
              operation={founding.exportCases}
              input={filters}
              disabled={total === 0}
              title={`导出组建办理台账（${grouped(total)} 件）`}
              note="台账里只有人数，没有党员和书记的姓名。"
            />
          ) : undefined
        }
        onOpen={(row) => void navigate({ to: `/founding/${row.id}` })}
        empty={{ title: '还没有在办的', hint: '到看板里开办，或从“待开办”里按批准的编组开办。' }}
      />
    </Page>
  )
}
