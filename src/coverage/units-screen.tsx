import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { Select } from 'antd'
import { grouped } from '../base/number.ts'
import { unitKinds } from '../ledger/field-contract.ts'
import { ExportButton, regionField } from '../office/parts.tsx'
import { type FilterField, Filters, options } from '../ui/filters.tsx'
import { useListState } from '../ui/list-state.ts'
import { Mark, type MarkTone, Page } from '../ui/page.tsx'
import { useCan } from '../ui/session.ts'
import { type Column, SearchTable } from '../ui/table.tsx'
import { type CoverageState, coverageStates, lacks } from './condition-contract.ts'
import { conditionText } from './condition-words.ts'
import { type CoverageRow, type ListOf, unitSort } from './contract.ts'
import { coverage, type Definitions } from './coverage-client.tsx'
import { CoverageNav } from './coverage-nav.tsx'
import { DayPicker } from './day-picker.tsx'
import { listOfFilters, listShape, stepWords, whereOf } from './list-filter.ts'

const tones: Record<CoverageState, MarkTone> = {
  own: 'good',
  joint: 'good',
  regional: 'good',
  industry: 'good',
  attached: 'good',
  fallback: 'busy',
  workOnly: 'warn',
  none: 'bad',
}

/** How a unit is covered, in one word. */
export function StateMark({ state }: { state: CoverageState }) {
  return <Mark tone={tones[state]}>{coverageStates[state]}</Mark>
}

const fields: FilterField[] = [
  { kind: 'many', name: 'states', label: '覆盖方式', options: options(coverageStates) },
  regionField,
  { kind: 'many', name: 'kinds', label: '单位类型', options: options(unitKinds) },
  { kind: 'flag', name: 'due', label: '应建' },
  { kind: 'range', name: 'formalMin', nameTo: 'formalMax', label: '正式党员' },
  { kind: 'many', name: 'lacks', label: '未建情形', options: options(lacks) },
  { kind: 'many', name: 'steps', label: '下一步', options: options(stepWords) },
  { kind: 'range', name: 'staffMin', nameTo: 'staffMax', label: '从业人数' },
  { kind: 'flag', name: 'target', label: '属摸排对象' },
  { kind: 'flag', name: 'elsewhere', label: '有组织关系未转入的' },
  { kind: 'flag', name: 'unplaced', label: '未明确乡镇街道' },
]

const columns: readonly Column<CoverageRow>[] = [
  { key: 'name', title: '单位', width: 280, required: true, sort: 'name' },
  { key: 'areaName', title: '乡镇街道', width: 110, sort: 'place' },
  { key: 'state', title: '覆盖方式', width: 120, sort: 'state', render: (row) => <StateMark state={row.state} /> },
  { key: 'formal', title: '正式党员', width: 96, numeric: true, sort: 'formal' },
  { key: 'staff', title: '从业人数', width: 96, numeric: true, sort: 'staff' },
  { key: 'due', title: '应建', width: 60, render: (row) => (row.due ? '应建' : '') },
  { key: 'reason', title: '为什么', width: 260, render: (row) => <span title={row.reason}>{row.reason}</span> },
  {
    key: 'step',
    title: '下一步',
    width: 240,
    render: (row) => <span title={`${row.step.title}：${row.step.basis}`}>{row.step.title}</span>,
  },
  { key: 'since', title: '自何日起', width: 112, sort: 'since' },
  { key: 'kind', title: '单位类型', width: 120, render: (row) => unitKinds[row.unitKind], hidden: true },
  { key: 'lack', title: '未建情形', width: 110, render: (row) => (row.lack ? lacks[row.lack] : ''), hidden: true },
  { key: 'probationary', title: '预备党员', width: 84, numeric: true, hidden: true },
  { key: 'knownElsewhere', title: '关系未转入', width: 112, numeric: true, sort: 'elsewhere', hidden: true },
  { key: 'jointUnits', title: '联合组织单位数', width: 120, numeric: true, hidden: true },
]

/** 单位覆盖: every unit with its one state, the reason and the next right step; opened from any number of coverage. */
export function CoverageUnitsScreen() {
  const list = useListState(listShape, { sort: 'place', sorts: unitSort.options, pageSize: 50 })
  const navigate = useNavigate()
  const can = useCan()
  const { filters } = list
  const of = listOfFilters(filters)
  const where = whereOf(filters)
  const wanted = {
    of,
    ...(where ? { where } : {}),
    ...(filters.region ? { region: filters.region } : {}),
    ...(filters.unplaced ? { unplaced: true } : {}),
    ...(filters.asOf ? { asOf: filters.asOf } : {}),
    ...(filters.text ? { text: filters.text } : {}),
  }
  const query = useQuery(
    coverage.listUnits.queryOptions({
      input: { ...wanted, sort: list.sort, order: list.order, page: list.page, pageSize: list.pageSize },
      meta: { keep: true },
    }),
  )
  const definitions = useQuery(coverage.getDefinitions.queryOptions({ staleTime: 60_000 }))
  // What the list is of and its day have places of their own: they are not counted, nor cleared, as filters.
  const apart = { of: filters.of, condition: filters.condition, asOf: filters.asOf }
  const given = Object.values(apart).filter((value) => value !== undefined).length
  const narrowed = { ...list, filtered: list.filtered - given, clear: () => list.replace(apart) }
  return (
    <Page
      title="单位覆盖"
      description={
        query.data ? `${query.data.title} · 截至 ${query.data.asOf}` : '每家单位一种覆盖方式，由事实算出，不能填报。'
      }
      actions={<DayPicker value={filters.asOf} onChange={(asOf) => list.filter({ asOf })} />}
    >
      <CoverageNav where={{ region: filters.region, asOf: filters.asOf }} />
      <SearchTable
        name="单位覆盖"
        unit="家"
        columns={columns}
        rowKey={(row) => row.unitId}
        query={query}
        list={narrowed}
        filters={<Filters list={narrowed} search={{ name: 'text', placeholder: '单位名称' }} fields={fields} />}
        views={
          <ListPicker
            of={of}
            definitions={definitions.data}
            onChange={(next) => list.filter({ of: next, condition: undefined })}
          />
        }
        tools={
          can('coverage.export') ? (
            <ExportButton
              operation={coverage.exportUnits}
              input={wanted}
              title={`导出${query.data?.title ?? '名单'}（${grouped(query.data?.total ?? 0)} 家）`}
              note="名单里只有人数，没有党员姓名。"
            />
          ) : undefined
        }
        onOpen={(row) => void navigate({ to: `/units/${row.unitId}/coverage` })}
        empty={{
          title: '名单里没有单位',
          hint: '这一天、这个区划没有这样的单位；可以换一个名单、区划或日期。',
          action: <Link to="/coverage">回到覆盖总览</Link>,
        }}
      />
    </Page>
  )
}

const partWords = { numerator: '分子', denominator: '分母', gap: '差距' } as const

interface ListPickerProps {
  of: ListOf
  definitions: Definitions | undefined
  onChange: (of: string) => void
}

/** Which list is shown: the units of a count, or of a part of a ratio, or of conditions tried out. */
function ListPicker({ of, definitions, onChange }: ListPickerProps) {
  const now = 'figure' in of ? `figure.${of.figure}` : 'ratio' in of ? `ratio.${of.ratio}.${of.part}` : 'condition'
  const figures = definitions?.figures.filter((one) => one.group !== 'person') ?? []
  const ratios = [...new Map((definitions?.ratios ?? []).toReversed().map((one) => [one.key, one])).values()]
  const listed = [
    { label: '个数', options: figures.map((one) => ({ value: `figure.${one.key}`, label: one.name })) },
    ...ratios.toReversed().map((one) => ({
      label: one.name,
      options: Object.entries(partWords).map(([part, word]) => ({
        value: `ratio.${one.key}.${part}`,
        label: `${one.name} · ${word}`,
      })),
    })),
  ]
  const own = 'condition' in of ? [{ value: 'condition', label: conditionText(of.condition) }] : []
  return (
    <Select
      size="small"
      aria-label="看哪个名单"
      style={{ width: 230 }}
      popupMatchSelectWidth={false}
      showSearch={{ optionFilterProp: 'label' }}
      loading={!definitions}
      value={definitions || own.length ? now : null}
      options={[...own, ...listed]}
      onChange={onChange}
    />
  )
}
