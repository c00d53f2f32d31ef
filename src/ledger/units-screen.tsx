import PlusOutlined from '@ant-design/icons/PlusOutlined'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { z } from 'zod'
import { PlacePicker, regionField } from '../office/parts.tsx'
import { connect } from '../ui/client.ts'
import { type FilterField, Filters, options } from '../ui/filters.tsx'
import { type ListState, useListState } from '../ui/list-state.ts'
import { Page } from '../ui/page.tsx'
import { useCan } from '../ui/session.ts'
import { SearchTable } from '../ui/table.tsx'
import { useHiddenColumns } from '../ui/table-tools.tsx'
import { ledgerContract, type UnitFilter, unitFilter, unitSort } from './contract.ts'
import { departments, ownerships, unitFields, unitKinds, unitStatuses } from './field-contract.ts'
import { industryLetters } from './industry.ts'
import { dropReasons, funnelStages } from './standing-contract.ts'
import { unitColumns } from './unit-columns.tsx'
import { UnitsExport } from './units-export.tsx'
import { ViewPicker } from './view-picker.tsx'

const ledger = connect(ledgerContract)
const NewUnit = lazy(() => import('./new-unit.tsx').then((m) => ({ default: m.NewUnit })))

const shape = unitFilter.partial()
type UnitSort = z.infer<typeof unitSort>
export type UnitList = ListState<z.output<typeof shape>, UnitSort>

const fields: FilterField[] = [
  { kind: 'many', name: 'kinds', label: '单位类型', options: options(unitKinds) },
  { kind: 'many', name: 'statuses', label: '登记状态', options: options(unitStatuses) },
  regionField,
  { kind: 'range', name: 'staffMin', nameTo: 'staffMax', label: '从业人数' },
  {
    kind: 'own',
    name: 'placeIds',
    label: '园区楼宇',
    render: (value, set) => <PlacePicker value={value as string[] | undefined} onChange={set} />,
    text: (value) => `${(value as string[]).length} 处`,
  },
  { kind: 'one', name: 'industry', label: '行业', options: options(industryLetters), width: 200 },
  { kind: 'many', name: 'departments', label: '数据来源', options: options(departments) },
  { kind: 'one', name: 'stage', label: '甄别', options: options(funnelStages) },
  { kind: 'many', name: 'dropReasons', label: '未列入原因', options: options(dropReasons) },
  { kind: 'many', name: 'ownerships', label: '控股情况', options: options(ownerships) },
  { kind: 'flag', name: 'anyConflict', label: '有冲突的' },
  {
    kind: 'many',
    name: 'conflicts',
    label: '冲突字段',
    options: Object.entries(unitFields).map(([value, { title }]) => ({ value, label: title })),
  },
  { kind: 'flag', name: 'withoutArea', label: '不知乡镇街道' },
  { kind: 'one', name: 'sourceRows', label: '来源行', options: options({ with: '有来源行', without: '没有来源行' }) },
  { kind: 'flag', name: 'withoutCode', label: '没有信用代码' },
  { kind: 'flag', name: 'withdrawn', label: '已撤下' },
]

/** The ledger's list: every unit in scope, found by name, short name, pinyin initials or code. */
export function UnitsScreen() {
  const list = useListState(shape, { sort: 'name', sorts: unitSort.options, pageSize: 50 })
  const [hidden, setHidden] = useHiddenColumns('台账', unitColumns)
  const can = useCan()
  const navigate = useNavigate()
  const [isAdding, setAdding] = useState(false)
  const filter = list.filters as Partial<UnitFilter>
  const query = useQuery(
    ledger.searchUnits.queryOptions({
      input: { filter, sort: list.sort, order: list.order, page: list.page, pageSize: list.pageSize },
      meta: { keep: true },
    }),
  )
  const mayWrite = can('ledger.unit.write')
  return (
    <Page
      title="台账"
      description="每家单位一份档案；每个数都能点开看它从哪张表、哪一行来。"
      actions={
        mayWrite ? (
          <Button icon={<PlusOutlined />} onClick={() => setAdding(true)}>
            新建单位
          </Button>
        ) : undefined
      }
    >
      <SearchTable
        name="台账"
        unit="家"
        columns={unitColumns}
        rowKey={(unit) => unit.id}
        query={query}
        list={list}
        filters={
          <Filters list={list} search={{ name: 'text', placeholder: '名称、简称、拼音首字母、代码' }} fields={fields} />
        }
        hiddenColumns={{ value: hidden, onChange: setHidden }}
        views={<ViewPicker list={list} hidden={hidden} onHidden={setHidden} />}
        tools={can('ledger.unit.export') ? <UnitsExport list={list} total={query.data?.total ?? 0} /> : undefined}
        onOpen={(unit) => void navigate({ to: '/units/$id', params: { id: unit.id } })}
        empty={{
          title: '台账还是空的',
          hint: '从市场监管局的企业名单、民政局的社会组织名单开始导入最省事。',
          ...(can('ledger.import.write')
            ? {
                action: (
                  <Button type="primary" onClick={() => void navigate({ to: '/imports' })}>
                    导入文件
                  </Button>
                ),
              }
            : {}),
        }}
      />
      <Suspense>{isAdding ? <NewUnit onClose={() => setAdding(false)} /> : null}</Suspense>
    </Page>
  )
}
