import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button, Segmented } from 'antd'
import type { z } from 'zod'
import { grouped } from '../base/number.ts'
import { formatDateTime } from '../base/time.ts'
import { CountyPicker, ExportButton, useOnlyCounty } from '../office/parts.tsx'
import { connect } from '../ui/client.ts'
import { useConfirm } from '../ui/confirm.tsx'
import { Filters, options } from '../ui/filters.tsx'
import { type AnyList, useListState } from '../ui/list-state.ts'
import { say } from '../ui/notice.tsx'
import { Mark, Page } from '../ui/page.tsx'
import { useCommand } from '../ui/query.ts'
import { useCan } from '../ui/session.ts'
import { type Column, SearchTable } from '../ui/table.tsx'
import { departments } from '../ledger/field-contract.ts'
import { bands, linkageContract, queueReasons, queueStates } from './contract.ts'
import { queueSearch } from './queue-search.ts'
import { percentText } from './percent.ts'

const linkage = connect(linkageContract)
type Item = Awaited<ReturnType<typeof linkage.listQueue.call>>['rows'][number]

type Sort = 'createdAt' | 'name' | 'probability'
const sorts: readonly Sort[] = ['createdAt', 'name', 'probability']

const columns: readonly Column<Item>[] = [
  { key: 'name', title: '表中名称', width: 270, required: true, sort: 'name' },
  {
    key: 'code',
    title: '表中代码',
    width: 180,
    render: (item) => <span className="lx-code">{item.code ?? '无'}</span>,
  },
  { key: 'reason', title: '为什么等人认定', width: 300, render: (item) => queueReasons[item.reason] },
  { key: 'candidates', title: '可能的单位', width: 96, numeric: true },
  {
    key: 'probability',
    title: '最高把握',
    width: 96,
    numeric: true,
    sort: 'probability',
    render: (item) => (item.probability === null ? <span className="lx-faint">—</span> : percentText(item.probability)),
  },
  { key: 'department', title: '来源部门', width: 100, render: (item) => departments[item.department] },
  {
    key: 'fileName',
    title: '出处',
    width: 240,
    render: (item) => `${item.fileName} · ${item.sheet} 第 ${item.row} 行`,
  },
  {
    key: 'createdAt',
    title: '进入时间',
    width: 148,
    sort: 'createdAt',
    render: (item) => formatDateTime(new Date(item.createdAt)),
  },
  {
    key: 'state',
    title: '状态',
    width: 128,
    render: (item) =>
      item.heldBy ? (
        <Mark tone="busy">{item.heldBy} 正在核对</Mark>
      ) : (
        <Mark tone={item.state === 'open' ? 'warn' : item.state === 'later' ? 'busy' : 'plain'}>
          {queueStates[item.state]}
        </Mark>
      ),
  },
  { key: 'decidedBy', title: '办理人', width: 100, hidden: true },
]

const nothing = {
  open: { title: '没有待核对的行', hint: '拿不准的行会出现在这里；现在都已认定。' },
  later: { title: '没有留到以后的行', hint: '核对时按“稍后”，行就到这里。' },
  joined: { title: '还没有并入的行', hint: '核对时认定“是同一家”，行就到这里，可以撤回。' },
  created: { title: '还没有新建的行', hint: '核对时认定“都不是，新建单位”，行就到这里，可以撤回。' },
  refused: { title: '还没有退回的行', hint: '核对时按“退回”，行就到这里，可以撤回。' },
} satisfies Record<keyof typeof queueStates, { title: string; hint: string }>

/** Rows that no rule could place: a person says which unit each belongs to. */
export function QueueScreen() {
  const list = useListState(queueSearch, { sort: 'createdAt' as Sort, sorts, order: 'asc', tab: 'state' })
  const filters = list.filters as z.infer<typeof queueSearch>
  const navigate = useNavigate()
  const can = useCan()
  const only = useOnlyCounty()
  const county = only ?? filters.countyCode
  const query = useQuery(
    linkage.listQueue.queryOptions({
      input: { ...filters, sort: list.sort, order: list.order, page: list.page, pageSize: list.pageSize },
    }),
  )
  const relink = useCommand(linkage.relinkQueue.mutationOptions(), {
    done: '正在重新比对，稍后刷新',
    refresh: [linkage.listQueue.key()],
  })
  const next = useCommand(linkage.nextQueueItem.mutationOptions())
  const mayDecide = can('linkage.queue.decide')
  const search = filters as never
  const start = async () => {
    const found = await next.run({ ...filters })
    if (found?.id) void navigate({ to: '/queue/$id', params: { id: found.id }, search })
    else if (found) say.good('没有可核对的行了：其余的正由别人核对，或已办完。')
  }
  return (
    <Page
      title="待核对"
      description="代码和名称都拿不准的行。认定一次，以后同一行不再打扰。"
      actions={
        <>
          {only ? null : (
            <CountyPicker value={filters.countyCode} onChange={(countyCode) => list.filter({ countyCode })} />
          )}
          <Button onClick={() => void navigate({ to: '/link-model', search: county ? { county } : {} })}>
            比对模型
          </Button>
          {mayDecide && county ? (
            <Button loading={relink.busy} onClick={() => void relink.run({ countyCode: county })}>
              重新比对
            </Button>
          ) : null}
          {mayDecide ? (
            <Button type="primary" loading={next.busy} onClick={() => void start()}>
              开始核对
            </Button>
          ) : null}
        </>
      }
    >
      <SearchTable<Item>
        name="待核对"
        unit="行"
        columns={columns}
        rowKey={(item) => item.id}
        query={query}
        list={list}
        filters={<QueueFilters list={list} state={filters.state} />}
        bulk={
          mayDecide && (filters.state ?? 'open') === 'open'
            ? (rows, clear) => <CreateMany rows={rows} clear={clear} />
            : undefined
        }
        tools={
          <ExportButton
            operation={linkage.exportQueue}
            input={filters}
            title={`导出 ${grouped(query.data?.total ?? 0)} 行待核对`}
            placeholder="例如：发街道逐家核实"
          />
        }
        onOpen={(item) => void navigate({ to: '/queue/$id', params: { id: item.id }, search })}
        empty={nothing[filters.state ?? 'open']}
      />
    </Page>
  )
}

function QueueFilters({ list, state }: { list: AnyList; state: keyof typeof queueStates | undefined }) {
  return (
    <>
      <Filters
        list={list}
        search={{ name: 'text', placeholder: '名称或代码' }}
        fields={[
          { kind: 'one', name: 'reason', label: '原因', options: options(queueReasons), width: 240 },
          { kind: 'one', name: 'department', label: '来源部门', options: options(departments) },
          { kind: 'one', name: 'band', label: '把握', options: options(bands) },
          {
            kind: 'own',
            name: 'importId',
            label: '导入',
            render: () => null,
            text: () => '只看这一次导入',
          },
        ]}
      />
      <Segmented
        aria-label="状态"
        value={state ?? 'open'}
        options={options(queueStates)}
        onChange={(next) => list.filter({ state: next === 'open' ? undefined : next })}
      />
    </>
  )
}

function CreateMany({ rows, clear }: { rows: Item[]; clear: () => void }) {
  const ask = useConfirm()
  const create = useCommand(linkage.createFromQueue.mutationOptions(), {
    done: (answer) => `已新建 ${answer.created} 家${answer.skipped ? `，${answer.skipped} 行已被别人办理，跳过` : ''}`,
    refresh: [linkage.listQueue.key()],
  })
  const start = async () => {
    const yes = await ask({
      title: `把这 ${rows.length} 行各新建为一家单位？`,
      lose: '请确认它们都不是台账里已有的单位；新建后可逐行撤回。',
      act: '成批新建',
    })
    if (yes && (await create.run({ ids: rows.map((row) => row.id) }))) clear()
  }
  return (
    <Button size="small" loading={create.busy} onClick={() => void start()}>
      成批新建
    </Button>
  )
}
