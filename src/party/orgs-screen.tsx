import PlusOutlined from '@ant-design/icons/PlusOutlined'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { regionField } from '../office/parts.tsx'
import { connect } from '../ui/client.ts'
import { type FilterField, Filters, options } from '../ui/filters.tsx'
import { useListState } from '../ui/list-state.ts'
import { Page } from '../ui/page.tsx'
import { useCan } from '../ui/session.ts'
import { type Column, SearchTable } from '../ui/table.tsx'
import { orgContract, orgFilter, type OrgRow, orgSort } from './contract.ts'
import { OrgExport } from './org-export-button.tsx'
import { OrgNav, OrgPicker, TermMark } from './parts.tsx'
import { formingModes, orgKinds, termStates } from './words-contract.ts'

const party = connect(orgContract)
const NewOrg = lazy(() => import('./org-forms.tsx').then((m) => ({ default: m.NewOrg })))

const shape = orgFilter.partial()

const fields: FilterField[] = [
  { kind: 'many', name: 'kinds', label: '类别', options: options(orgKinds) },
  { kind: 'many', name: 'modes', label: '组建方式', options: options(formingModes) },
  regionField,
  { kind: 'one', name: 'term', label: '届期', options: options(termStates) },
  {
    kind: 'own',
    name: 'parentId',
    label: '上级党组织',
    render: (value, set) => (
      <OrgPicker
        value={(value as string | undefined) ?? null}
        onChange={(id) => set(id ?? undefined)}
        placeholder="上级党组织"
        width={220}
      />
    ),
    text: () => '已选定',
  },
  { kind: 'flag', name: 'noSecretary', label: '没有书记' },
  { kind: 'flag', name: 'noParent', label: '没有上级' },
  { kind: 'flag', name: 'unitsOver', label: '联合支部超上限' },
  { kind: 'flag', name: 'noUnit', label: '没有覆盖单位' },
  { kind: 'flag', name: 'dissolved', label: '已撤销' },
]

const columns: readonly Column<OrgRow>[] = [
  { key: 'name', title: '党组织名称', width: 300, sort: 'name', required: true },
  { key: 'kind', title: '类别', width: 120, render: (row) => orgKinds[row.kind] },
  { key: 'formingMode', title: '组建方式', width: 104, render: (row) => formingModes[row.formingMode] },
  { key: 'parentName', title: '上级党组织', width: 220 },
  { key: 'areaName', title: '所在区划', width: 120 },
  { key: 'units', title: '覆盖单位', width: 96, numeric: true, sort: 'units' },
  { key: 'formal', title: '正式党员', width: 92, numeric: true },
  { key: 'probationary', title: '预备党员', width: 92, numeric: true, hidden: true },
  { key: 'secretary', title: '书记', width: 80 },
  { key: 'term', title: '届期', width: 120, render: (row) => <TermMark term={row.term} /> },
  { key: 'termEndsOn', title: '届满日', width: 112, sort: 'term' },
  { key: 'foundedOn', title: '成立日期', width: 112, sort: 'founded' },
  { key: 'dissolvedOn', title: '撤销日期', width: 112, hidden: true },
  { key: 'code', title: '组织代码', width: 140, hidden: true },
]

/** The list of party organisations: found by name, sound or code, narrowed by kind, mode, region and term. */
export function OrgsScreen() {
  const list = useListState(shape, { sort: 'name', sorts: orgSort.options, pageSize: 50 })
  const navigate = useNavigate()
  const can = useCan()
  const [isAdding, setAdding] = useState(false)
  const filter = orgFilter.parse(list.filters)
  const query = useQuery(
    party.searchOrgs.queryOptions({
      input: { filter, sort: list.sort, order: list.order, page: list.page, pageSize: list.pageSize },
      meta: { keep: true },
    }),
  )
  const open = (id: string) => void navigate({ to: `/orgs/${id}` })
  const form = can('party.org.write') ? (
    <Button icon={<PlusOutlined />} type="primary" onClick={() => setAdding(true)}>
      成立党组织
    </Button>
  ) : undefined
  return (
    <Page
      title="党组织"
      description="每个党组织的隶属、覆盖、班子和届期都按日期记录，后来的变动不改以前。"
      actions={form}
    >
      <OrgNav />
      <SearchTable
        name="党组织"
        unit="个"
        columns={columns}
        rowKey={(row) => row.id}
        query={query}
        list={list}
        filters={
          <Filters list={list} search={{ name: 'text', placeholder: '名称、拼音首字母、代码' }} fields={fields} />
        }
        tools={can('party.org.export') ? <OrgExport filter={filter} total={query.data?.total ?? 0} /> : undefined}
        onOpen={(row) => open(row.id)}
        empty={{
          title: '还没有党组织',
          hint: '从现有的党组织名册导入，或者逐个登记。',
          ...(can('party.org.import')
            ? { action: <Button onClick={() => void navigate({ to: '/orgs/imports' })}>导入党组织</Button> }
            : {}),
        }}
      />
      <Suspense>{isAdding ? <NewOrg onMade={open} onClose={() => setAdding(false)} /> : null}</Suspense>
    </Page>
  )
}
