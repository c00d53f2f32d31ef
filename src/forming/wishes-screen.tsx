import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button, Drawer } from 'antd'
import { useState } from 'react'
import { z } from 'zod'
import { countyCodeShape } from '../base/list.ts'
import { formatDateTime, today } from '../base/time.ts'
import { CountyPicker, useOnlyCounty } from '../office/parts.tsx'
import { useConfirm } from '../ui/confirm.tsx'
import { type FilterField, Filters, options } from '../ui/filters.tsx'
import { useListState } from '../ui/list-state.ts'
import { Mark, Page } from '../ui/page.tsx'
import { useCommand } from '../ui/query.ts'
import { useCan } from '../ui/session.ts'
import { Empty } from '../ui/states.tsx'
import { type Column, SearchTable } from '../ui/table.tsx'
import { wishKinds } from './contract.ts'
import { forming } from './forming-client.tsx'
import { FormingNav } from './forming-nav.tsx'
import { WishForm } from './wish-form.tsx'

type Wish = Awaited<ReturnType<typeof forming.listWishes.call>>['rows'][number]
const kinds = z.enum(Object.keys(wishKinds) as [keyof typeof wishKinds])
const shape = z.object({ county: countyCodeShape, kind: kinds, text: z.string().max(64) }).partial()
const fields: FilterField[] = [{ kind: 'one', name: 'kind', label: '要求', options: options(wishKinds) }]

/** 编组要求: units that refused, pairs that must or must not be in one group. */
export function WishesScreen() {
  const list = useListState(shape)
  const only = useOnlyCounty()
  const county = list.filters.county ?? only
  const can = useCan()
  const [adding, setAdding] = useState(false)
  return (
    <Page
      title="组建"
      description="编排时照办：不参加的不编入，应同组、不得同组的照此编；照办不了的说明为什么。已有的方案不变。"
      actions={
        <>
          {only ? null : <CountyPicker value={county} onChange={(code) => list.filter({ county: code })} />}
          {can('forming.plan') ? (
            <Button type="primary" onClick={() => setAdding(true)}>
              登记要求
            </Button>
          ) : null}
        </>
      }
    >
      <FormingNav />
      {county ? <Wishes county={county} /> : <Empty title="请先选择一个县" hint="编组要求按县登记。" />}
      {adding ? (
        <Drawer open title="登记编组要求" size={480} onClose={() => setAdding(false)}>
          <WishForm onDone={() => setAdding(false)} />
        </Drawer>
      ) : null}
    </Page>
  )
}

function WishNow({ wish: { followed, now, orgId } }: { wish: Wish }) {
  if (followed) return <span className="lx-soft">{now}</span>
  return (
    <>
      <Mark tone="warn">不照办</Mark> {now}
      {orgId ? (
        <div>
          <Link to={`/orgs/${orgId}`}>去该党组织</Link>
        </div>
      ) : null}
    </>
  )
}

function Wishes({ county }: { county: string }) {
  const list = useListState(shape)
  const ask = useConfirm()
  const can = useCan()
  const { kind, text } = list.filters
  const wanted = { ...(kind ? { kind } : {}), ...(text ? { text } : {}) }
  const query = useQuery(
    forming.listWishes.queryOptions({
      input: { countyCode: county, ...wanted, page: list.page, pageSize: list.pageSize },
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
    {
      key: 'name',
      title: '单位',
      width: 184,
      required: true,
      render: (row) => <Link to={`/units/${row.unitId}`}>{row.name}</Link>,
    },
    {
      key: 'kind',
      title: '要求',
      width: 104,
      render: (row) => <Mark tone={row.kind === 'together' ? 'good' : 'warn'}>{wishKinds[row.kind]}</Mark>,
    },
    {
      key: 'otherName',
      title: '另一家单位',
      width: 184,
      render: (row) => (row.otherId ? <Link to={`/units/${row.otherId}`}>{row.otherName}</Link> : null),
    },
    { key: 'now', title: '编排时', width: 300, wraps: true, render: (row) => <WishNow wish={row} /> },
    { key: 'reason', title: '原因', width: 130, render: (row) => <span title={row.reason}>{row.reason}</span> },
    {
      key: 'at',
      title: '登记',
      width: 164,
      render: (row) => (
        <span title={formatDateTime(new Date(row.at))}>
          {row.author} {today(new Date(row.at))}
        </span>
      ),
    },
    {
      key: 'acts',
      title: '操作',
      width: 72,
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
      list={{ ...list, filtered: Object.keys(wanted).length }}
      filters={<Filters list={list} search={{ name: 'text', placeholder: '单位名称' }} fields={fields} />}
      empty={{ title: '还没有编组要求', hint: '单位明确不参加，或两家须同组、不得同组的，在这里登记。' }}
    />
  )
}
