import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { z } from 'zod'
import { regionCodeShape } from '../base/list.ts'
import { grouped } from '../base/number.ts'
import { ExportButton, RegionPicker, useOnlyCounty } from '../office/parts.tsx'
import { type FilterField, Filters, options } from '../ui/filters.tsx'
import { useListState } from '../ui/list-state.ts'
import { Mark, Page } from '../ui/page.tsx'
import { useCan } from '../ui/session.ts'
import { Empty } from '../ui/states.tsx'
import { type Column, SearchTable } from '../ui/table.tsx'
import { scopeHints, scopeReasons, type ScopeReason } from './contract.ts'
import { CountTiles } from './count-tiles.tsx'
import { forming, type ScopeRow } from './forming-client.tsx'
import { FormingNav } from './forming-nav.tsx'

const shape = z
  .object({
    reason: z.enum(Object.keys(scopeReasons) as [ScopeReason]),
    region: regionCodeShape,
    text: z.string().max(64),
    notOperating: z.boolean(),
    elsewhere: z.boolean(),
    reported: z.boolean(),
  })
  .partial()

const fields: FilterField[] = [
  { kind: 'one', name: 'reason', label: '是否列入', options: options(scopeReasons), width: 250 },
  {
    kind: 'own',
    name: 'region',
    label: '区划',
    render: (value, set) => <RegionPicker value={value as string | undefined} onChange={set} width={168} />,
    text: (value) => <span className="lx-code">{String(value).replace(/0+$/, '')}</span>,
  },
  { kind: 'flag', name: 'elsewhere', label: '算上未转入的' },
  { kind: 'flag', name: 'reported', label: '算上部门所报的' },
  { kind: 'flag', name: 'notOperating', label: '算上未证实在营的' },
]

const columns: readonly Column<ScopeRow>[] = [
  { key: 'name', title: '单位', width: 280, required: true },
  { key: 'areaName', title: '乡镇街道', width: 110 },
  { key: 'formal', title: '正式党员', width: 84, numeric: true },
  { key: 'elsewhere', title: '未转入', width: 76, numeric: true },
  { key: 'probationary', title: '预备党员', width: 84, numeric: true },
  { key: 'reported', title: '部门所报', width: 84, numeric: true },
  { key: 'inOperation', title: '实体运营', width: 84, render: (row) => (row.inOperation ? '是' : '未证实') },
  {
    key: 'reason',
    title: '是否列入',
    width: 250,
    render: (row) => (
      <span title={scopeHints[row.reason]}>
        <Mark tone={row.reason === 'joins' ? 'good' : 'plain'}>{scopeReasons[row.reason]}</Mark>
      </span>
    ),
  },
]

/** 编排范围: every unit that is known to have members, and why a plan would take it in or leave it out. */
export function ScopeScreen() {
  const list = useListState(shape, { pageSize: 50 })
  const can = useCan()
  const navigate = useNavigate()
  const { filters } = list
  const only = useOnlyCounty()
  const chosen = only !== undefined || filters.region !== undefined
  const query = useQuery(
    forming.listScope.queryOptions({
      input: { ...filters, page: list.page, pageSize: list.pageSize },
      enabled: chosen,
      meta: { keep: true },
    }),
  )
  const total = query.data?.total ?? 0
  const counts = (query.data?.counts ?? []).map(({ reason, units }) => ({
    key: reason,
    title: scopeReasons[reason],
    hint: scopeHints[reason],
    units,
  }))
  return (
    <Page
      title="组建"
      description="有党员的单位，哪些列入联合组建的编排，哪些没有，为什么。每家只算一种情形，合计等于有党员的单位数。"
    >
      <FormingNav />
      {chosen ? (
        <>
          <CountTiles
            label="各种情形的家数"
            counts={counts}
            chosen={filters.reason}
            onChoose={(reason) => list.filter({ reason })}
          />
          {filters.reason ? <p className="lx-soft">{scopeHints[filters.reason]}</p> : null}
          <SearchTable
            name="编排范围"
            unit="家"
            columns={columns}
            rowKey={(row) => row.unitId}
            query={query}
            list={list}
            filters={
              <Filters list={list} search={{ name: 'text', placeholder: '单位名称' }} fields={fields} open={5} />
            }
            tools={
              can('forming.export') ? (
                <ExportButton
                  operation={forming.exportScope}
                  input={filters}
                  disabled={total === 0}
                  title={`导出编排范围（${grouped(total)} 家）`}
                  note="名单里只有人数，没有党员姓名。"
                />
              ) : undefined
            }
            onOpen={(row) => void navigate({ to: `/units/${row.unitId}` })}
            empty={{
              title: '没有已知有党员的单位',
              hint: '导入党员名册，或者在街道园区的表里带上党员数。',
              action: <Link to="/members">看党员</Link>,
            }}
          />
        </>
      ) : (
        <Empty
          title="请选择一个县（市、区）"
          hint="编排按县或乡镇街道进行。"
          action={<RegionPicker value={undefined} onChange={(region) => list.filter({ region })} width={260} />}
        />
      )}
    </Page>
  )
}
