import { useQuery } from '@tanstack/react-query'
import { Button, Input } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { regionField } from '../office/parts.tsx'
import { connect } from '../ui/client.ts'
import { type FilterField, Filters, options } from '../ui/filters.tsx'
import { useListState } from '../ui/list-state.ts'
import { Mark, type MarkTone, Page } from '../ui/page.tsx'
import { useCan } from '../ui/session.ts'
import { type Column, SearchTable } from '../ui/table.tsx'
import { memberContract, memberFilter, memberKinds, type Relation, relations } from './member-contract.ts'
import { MemberExport } from './member-export-button.tsx'
import { MemberNav } from './member-nav.tsx'

const party = connect(memberContract)
export type MemberRow = Awaited<ReturnType<typeof party.searchMembers.call>>['rows'][number]

const MemberDrawer = lazy(() => import('./member-drawer.tsx').then((m) => ({ default: m.MemberDrawer })))
const FindDialog = lazy(() => import('./member-find-dialog.tsx').then((m) => ({ default: m.FindDialog })))

// A full name stays out of the address: it would stand in the browser's history.
const shape = memberFilter.omit({ name: true }).partial()

export const relationTones: Record<Relation, MarkTone> = { here: 'good', elsewhere: 'warn', unplaced: 'plain' }

const columns: readonly Column<MemberRow>[] = [
  { key: 'name', title: '姓名', width: 90, required: true },
  {
    key: 'kind',
    title: '类别',
    width: 130,
    render: (row) => `${memberKinds[row.kind]}${row.floating ? '（流动）' : ''}`,
  },
  { key: 'branch', title: '所在党支部', width: 280 },
  { key: 'unitName', title: '工作单位', width: 260, render: (row) => row.unitName ?? row.employer ?? '' },
  {
    key: 'relation',
    title: '组织关系',
    width: 170,
    render: (row) => <Mark tone={relationTones[row.relation]}>{relations[row.relation]}</Mark>,
  },
  { key: 'formalOn', title: '转正日期', width: 110 },
  { key: 'joinedOn', title: '入党日期', width: 110, hidden: true },
  { key: 'validFrom', title: '自', width: 110 },
  { key: 'validTo', title: '至', width: 110, hidden: true },
  { key: 'employer', title: '名册上的单位', width: 260, hidden: true },
]

const fields: FilterField[] = [
  { kind: 'one', name: 'kind', label: '类别', options: options(memberKinds) },
  { kind: 'one', name: 'relation', label: '组织关系', options: options(relations), width: 180 },
  { kind: 'flag', name: 'floating', label: '流动党员' },
  regionField,
  { kind: 'flag', name: 'ended', label: '不在册的' },
  { kind: 'own', name: 'branch', label: '所在党支部', render: () => null, text: String },
  { kind: 'own', name: 'unitId', label: '指定单位', render: () => null, text: () => '1 家' },
  { kind: 'own', name: 'orgId', label: '指定党组织', render: () => null, text: () => '1 个' },
  { kind: 'own', name: 'notFoundIn', label: '名册里没有找到', render: () => null, text: () => '是' },
]

/** The members in scope, names masked; a name is found only whole, a number only through its digest. */
export function MemberListScreen() {
  const list = useListState(shape, { sort: 'branch', pageSize: 50 })
  const can = useCan()
  const [name, setName] = useState<string>()
  const [open, setOpen] = useState<string>()
  const [isFinding, setFinding] = useState(false)
  const filter = memberFilter.parse({ ...list.filters, ...(name ? { name } : {}) })
  const query = useQuery(
    party.searchMembers.queryOptions({
      input: { filter, page: list.page, pageSize: list.pageSize },
      meta: { keep: true },
    }),
  )
  return (
    <Page
      title="党员"
      description="姓名脱敏；看完整姓名要写明用途，记入操作日志。系统不保存身份证号。"
      actions={<Button onClick={() => setFinding(true)}>按身份证号查</Button>}
    >
      <MemberNav />
      <SearchTable
        name="党员名单"
        unit="名"
        columns={columns}
        rowKey={(row) => row.id}
        query={query}
        list={list}
        filters={
          <Filters list={list} fields={fields} open={9}>
            <NameBox onAsk={setName} />
          </Filters>
        }
        tools={can('party.member.export') ? <MemberExport filter={filter} total={query.data?.total ?? 0} /> : undefined}
        onOpen={(row) => setOpen(row.id)}
        empty={{ title: '还没有党员信息', hint: '从“导入党员信息”开始。' }}
      />
      <Suspense>
        {open ? <MemberDrawer id={open} onClose={() => setOpen(undefined)} /> : null}
        {isFinding ? <FindDialog onFound={setOpen} onClose={() => setFinding(false)} /> : null}
      </Suspense>
    </Page>
  )
}

/** Asks for a whole name, on Enter; kept in the page, not in the address. */
function NameBox({ onAsk }: { onAsk: (name: string | undefined) => void }) {
  const ask = (text: string) => onAsk(text.trim().length >= 2 ? text.trim() : undefined)
  return (
    <Input.Search
      aria-label="完整姓名"
      placeholder="完整姓名"
      style={{ width: 168 }}
      maxLength={40}
      allowClear
      onSearch={ask}
    />
  )
}
