import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { z } from 'zod'
import { grouped } from '../base/number.ts'
import { formatDateTime } from '../base/time.ts'
import { ExportButton, regionField } from '../office/parts.tsx'
import { connect } from '../ui/client.ts'
import { type FilterField, Filters } from '../ui/filters.tsx'
import { useListState } from '../ui/list-state.ts'
import { Page } from '../ui/page.tsx'
import { useCan } from '../ui/session.ts'
import { Answered } from '../ui/states.tsx'
import { type Column, SearchTable } from '../ui/table.tsx'
import { memberContract, memberUnitSort } from './member-contract.ts'
import { MemberNav } from './member-nav.tsx'

const party = connect(memberContract)
type Row = Awaited<ReturnType<typeof party.listMemberUnits.call>>['rows'][number]

const shape = z
  .object({
    text: z.string(),
    region: z.string().regex(/^\d{12}$/),
    formalMin: z.coerce.number().int().min(0),
    formalMax: z.coerce.number().int().min(0),
    elsewhere: z.boolean(),
  })
  .partial()

const columns: readonly Column<Row>[] = [
  { key: 'name', title: '单位', width: 320, required: true, sort: 'name' },
  { key: 'areaName', title: '区划', width: 140, sort: 'area' },
  { key: 'formal', title: '正式党员', width: 110, numeric: true, sort: 'formal' },
  { key: 'probationary', title: '预备党员', width: 110, numeric: true, sort: 'probationary' },
  { key: 'knownElsewhere', title: '关系在别处', width: 120, numeric: true, sort: 'knownElsewhere' },
]

const fields: FilterField[] = [
  regionField,
  { kind: 'range', name: 'formalMin', nameTo: 'formalMax', label: '正式党员' },
  { kind: 'flag', name: 'elsewhere', label: '有关系在别处的' },
]

/** How many members, and where: the figures, then unit by unit. */
export function MembersScreen() {
  const list = useListState(shape, { sort: 'name', sorts: memberUnitSort.options, pageSize: 50 })
  const { elsewhere, ...filters } = list.filters
  const wanted = {
    ...filters,
    ...(elsewhere ? { only: 'elsewhere' as const } : {}),
    sort: list.sort,
    order: list.order,
  }
  const can = useCan()
  const navigate = useNavigate()
  const summary = useQuery(party.memberSummary.queryOptions({ input: {} }))
  const query = useQuery(
    party.listMemberUnits.queryOptions({
      input: { ...wanted, page: list.page, pageSize: list.pageSize },
      meta: { keep: true },
    }),
  )
  return (
    <Page title="党员" description="只计数、不排名；姓名脱敏，身份证号只存密文。正式党员计到组织关系所在的单位。">
      <MemberNav />
      <Answered query={summary} rows={2}>
        {(found) => <Figures found={found} />}
      </Answered>
      <SearchTable
        name="各单位党员"
        unit="家"
        columns={columns}
        rowKey={(row) => row.unitId}
        query={query}
        list={list}
        filters={<Filters list={list} search={{ name: 'text', placeholder: '单位名称' }} fields={fields} />}
        tools={
          can('party.member.export') ? (
            <ExportButton
              operation={party.exportMemberUnits}
              input={wanted}
              title={`导出各单位党员数（${grouped(query.data?.total ?? 0)} 家）`}
              note="名单里只有人数，没有党员姓名。"
            />
          ) : undefined
        }
        onOpen={(row) => void navigate({ to: `/units/${row.unitId}/members` })}
        empty={{
          title: '还没有党员数',
          hint: '导入党员信息，或在单位的“党员”页填报人数。',
          action: <Link to={'/members/imports'}>导入党员信息</Link>,
        }}
      />
    </Page>
  )
}

type Summary = Awaited<ReturnType<typeof party.memberSummary.call>>

function Figures({ found }: { found: Summary }) {
  const can = useCan()
  const named = can('party.member.read')
  const list = (search: Record<string, unknown>) => (named ? { to: '/members/list', search } : undefined)
  return (
    <>
      <dl className="lx-figures">
        <Opened title="正式党员" value={found.formal} open={list({ kind: 'formal' })} />
        <Opened title="预备党员" value={found.probationary} open={list({ kind: 'probationary' })} />
        <Opened title="流动党员" value={found.floating} open={list({ floating: true })} />
        <Opened
          title="关系在别处"
          value={found.elsewhere}
          open={{ to: '/members', search: { elsewhere: true } }}
          note="在此工作"
        />
        <Opened title="没有认出单位" value={found.unplaced} open={list({ relation: 'unplaced' })} />
        {can('party.member.import') ? (
          <Opened
            title="待认写法"
            value={found.unknownEmployers}
            open={{ to: '/members/employers', search: { how: 'unknown' } }}
          />
        ) : null}
        {named ? (
          <Opened title="待办任务" value={found.openTasks} open={{ to: '/member-tasks', search: { state: 'open' } }} />
        ) : null}
      </dl>
      <p className="lx-soft">
        截至 {formatDateTime(new Date(found.asOf))}；有党员的单位 {grouped(found.units)} 家。
      </p>
    </>
  )
}

/** A figure that opens into its list. */
function Opened(props: {
  title: string
  value: number
  note?: ReactNode
  open: { to: string; search: Record<string, unknown> } | undefined
}) {
  const number = grouped(props.value)
  return (
    <div className="lx-figure">
      <dt>{props.title}</dt>
      <dd>
        {props.open ? (
          <Link to={props.open.to} search={props.open.search}>
            {number}
          </Link>
        ) : (
          number
        )}
      </dd>
      {props.note ? <dd className="lx-figure-note">{props.note}</dd> : null}
    </div>
  )
}
