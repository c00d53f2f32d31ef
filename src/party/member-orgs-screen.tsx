import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { z } from 'zod'
import { connect } from '../ui/client.ts'
import { Filters } from '../ui/filters.tsx'
import { useListState } from '../ui/list-state.ts'
import { Page } from '../ui/page.tsx'
import { useCan } from '../ui/session.ts'
import { type Column, SearchTable } from '../ui/table.tsx'
import { memberContract } from './member-contract.ts'
import { MemberNav } from './member-nav.tsx'

const party = connect(memberContract)
type Row = Awaited<ReturnType<typeof party.listMemberOrgs.call>>['rows'][number]
const shape = z.object({ text: z.string() }).partial()

const columns: readonly Column<Row>[] = [
  { key: 'branch', title: '党组织（名册写法）', width: 360, required: true },
  { key: 'formal', title: '正式党员', width: 100, numeric: true },
  { key: 'probationary', title: '预备党员', width: 100, numeric: true },
  { key: 'floating', title: '流动党员', width: 100, numeric: true },
  { key: 'elsewhere', title: '不在本单位工作', width: 130, numeric: true },
]

/** How many members each party organisation has, as the rosters name it. */
export function MemberOrgsScreen() {
  const list = useListState(shape, { sort: 'branch', pageSize: 50 })
  const navigate = useNavigate()
  const can = useCan()
  const query = useQuery(
    party.listMemberOrgs.queryOptions({
      input: { ...list.filters, page: list.page, pageSize: list.pageSize },
      meta: { keep: true },
    }),
  )
  return (
    <Page title="党员" description="按名册上所在党支部统计；“不在本单位工作”指工作单位不是该党组织所属的单位。">
      <MemberNav />
      <SearchTable
        name="各党组织党员"
        unit="个"
        columns={columns}
        rowKey={(row) => row.branch}
        query={query}
        list={list}
        filters={<Filters list={list} search={{ name: 'text', placeholder: '党组织名称' }} />}
        {...(can('party.member.read')
          ? {
              onOpen: (row: Row) => void navigate({ to: '/members/list', search: { branch: row.branch } }),
            }
          : {})}
        empty={{ title: '名册里还没有党组织' }}
      />
    </Page>
  )
}
