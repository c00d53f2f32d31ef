import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { z } from 'zod'
import { countyCodeShape } from '../base/list.ts'
import { formatDateTime } from '../base/time.ts'
import { CountyPicker, useOnlyCounty } from '../office/parts.tsx'
import { useConfirm } from '../ui/confirm.tsx'
import { useListState } from '../ui/list-state.ts'
import { Mark, Page } from '../ui/page.tsx'
import { useCommand } from '../ui/query.ts'
import { useCan } from '../ui/session.ts'
import { Empty } from '../ui/states.tsx'
import { type Column, SearchTable } from '../ui/table.tsx'
import { wishKinds } from './contract.ts'
import { forming } from './forming-client.tsx'
import { FormingNav } from './forming-nav.tsx'

type Wish = Awaited<ReturnType<typeof forming.listWishes.call>>['rows'][number]
const shape = z.object({ county: countyCodeShape }).partial()

/** 编组要求: units that refused, pairs that must or must not be in one group. */
export function WishesScreen() {
  const list = useListState(shape)
  const only = useOnlyCounty()
  const county = list.filters.county ?? only
  return (
    <Page
      title="组建"
      description="明确不参加的单位不编入任何方案；应同组、不得同组的，编排时照办。在组建台账里点开一家单位登记。"
      actions={only ? undefined : <CountyPicker value={county} onChange={(code) => list.filter({ county: code })} />}
    >
      <FormingNav />
      {county ? <Wishes county={county} /> : <Empty title="请先选择一个县" hint="编组要求按县登记。" />}
    </Page>
  )
}

function Wishes({ county }: { county: string }) {
  const list = useListState(shape)
  const ask = useConfirm()
  const can = useCan()
  const query = useQuery(
    forming.listWishes.queryOptions({
      input: { countyCode: county, page: list.page, pageSize: list.pageSize },
      meta: { keep: true },
    }),
  )
  const remove = useCommand(forming.removeWish.mutationOptions(), { done: '已撤销', refresh: [forming.key()] })
  const takeBack = async (wish: Wish) => {
    const yes = await ask({
      title: `撤销“${wish.name}”的要求：${wishKinds[wish.kind]}？`,
      lose: '以后编排时不再照此办理；已有的方案不变。',
      act: '撤销要求',
      reason: { label: '撤销原因' },
    })
    if (yes) await remove.run({ id: wish.id, reason: yes.reason })
  }
  const columns: readonly Column<Wish>[] = [
    { key: 'name', title: '单位', width: 260, required: true },
    {
      key: 'kind',
      title: '要求',
      width: 110,
      render: (row) => <Mark tone={row.kind === 'together' ? 'good' : 'warn'}>{wishKinds[row.kind]}</Mark>,
    },
    { key: 'otherName', title: '另一家单位', width: 260 },
    { key: 'reason', title: '原因', width: 220, render: (row) => <span title={row.reason}>{row.reason}</span> },
    { key: 'author', title: '登记人', width: 110 },
    { key: 'at', title: '时间', width: 160, render: (row) => formatDateTime(new Date(row.at)) },
    {
      key: 'acts',
      title: '操作',
      width: 80,
      render: (row) =>
        can('forming.plan') ? (
          <Button type="link" size="small" onClick={() => void takeBack(row)}>
            撤销
          </Button>
        ) : null,
    },
  ]
  return (
    <SearchTable
      name="编组要求"
      unit="条"
      columns={columns}
      rowKey={(row) => row.id}
      query={query}
      list={{ ...list, filtered: 0 }}
      empty={{ title: '还没有编组要求', hint: '在组建台账里点开一家单位登记。' }}
    />
  )
}
