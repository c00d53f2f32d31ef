import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button, Table } from 'antd'
import { useState } from 'react'
import { formatDateTime } from '../base/time.ts'
import { connect } from '../ui/client.ts'
import { useConfirm } from '../ui/confirm.tsx'
import { Facts } from '../ui/facts.tsx'
import { useParam } from '../ui/list-state.ts'
import { Mark, Page, Section } from '../ui/page.tsx'
import { useCommand } from '../ui/query.ts'
import { useCan } from '../ui/session.ts'
import { Answered, Empty } from '../ui/states.tsx'
import { ledgerContract } from '../ledger/contract.ts'
import { departments } from '../ledger/field-contract.ts'
import { WaterfallBars } from './comparison.tsx'
import { linkageContract, linkCauses } from './contract.ts'
import { MoveDialog } from './move-dialog.tsx'
import { percentText } from './percent.ts'

const linkage = connect(linkageContract)
const ledger = connect(ledgerContract)
export type UnitLinks = Awaited<ReturnType<typeof linkage.listUnitLinks.call>>
type LinkedRow = UnitLinks['rows'][number]
type Event = UnitLinks['events'][number]
const refresh = [linkage.key(), ledger.key()]

/** 比对记录: why every source row belongs to a unit, taking a row out, merging the unit into another, and undoing either. */
export function UnitLinksScreen() {
  const id = useParam('id')
  const query = useQuery(linkage.listUnitLinks.queryOptions({ input: { id } }))
  const links = query.data
  return (
    <Page
      title={links ? `${links.name} · 比对记录` : '比对记录'}
      tabTitle="比对记录"
      trail={[
        { title: '台账', to: '/units' },
        { title: links?.name ?? '一企一档', to: `/units/${id}` },
      ]}
      mark={links?.withdrawn ? <Mark tone="plain">已撤下</Mark> : undefined}
      description="每一行来源为什么归在这里，归属怎样变过；归错了可以拆出或合并，都能撤销。"
      actions={links ? <Merge id={id} links={links} /> : undefined}
    >
      <Answered query={query}>
        {(found) => (
          <>
            <Merged links={found} />
            {found.rows.length === 0 ? (
              <Empty title="没有来源行" hint="这家单位是在平台里新建的，或者它的来源行都已归到别的单位。" />
            ) : (
              found.rows.map((row) => <RowSection key={row.id} id={id} links={found} row={row} />)
            )}
            <Section title={`归属变动（${found.events.length}）`}>
              <Events events={found.events} />
            </Section>
          </>
        )}
      </Answered>
    </Page>
  )
}

function Merge({ id, links }: { id: string; links: UnitLinks }) {
  const can = useCan()
  const [open, setOpen] = useState(false)
  const merge = useCommand(linkage.mergeUnits.mutationOptions(), { done: '已并入，可在对方的比对记录里撤销', refresh })
  if (!can('linkage.unit.regroup') || links.withdrawn) return null
  return (
    <>
      <Button onClick={() => setOpen(true)}>并入另一单位</Button>
      {open ? (
        <MoveDialog
          title={`把“${links.name}”并入另一单位`}
          hint="全部来源行归到对方；本单位的编号以后转到对方。可以撤销。"
          act="并入"
          without={id}
          onClose={() => setOpen(false)}
          onMove={async (unit, reason) => Boolean(await merge.run({ id, intoId: unit.id, reason }))}
        />
      ) : null}
    </>
  )
}

function Merged({ links }: { links: UnitLinks }) {
  const can = useCan()
  const ask = useConfirm()
  const undo = useCommand(linkage.undoMerge.mutationOptions(), { done: '已撤销合并，两家都已恢复', refresh })
  const start = async (unitId: string, name: string) => {
    const yes = await ask({
      title: `撤销“${name}”的合并？`,
      lose: '它带来的来源行回到它名下，单独成为一家单位。',
      act: '撤销合并',
    })
    if (yes) await undo.run({ id: unitId })
  }
  return (
    <>
      {links.mergedInto ? (
        <p className="lx-warn-line">
          已于 {formatDateTime(new Date(links.mergedInto.at))} 并入{' '}
          <Link to={`/units/${links.mergedInto.unitId}/links` as '/'}>{links.mergedInto.name ?? '另一单位'}</Link>
        </p>
      ) : null}
      {links.merged.map((one) => (
        <p key={one.unitId} className="lx-warn-line">
          “{one.name}”（{one.rows} 行来源）由 {one.by} 于 {formatDateTime(new Date(one.at))} 并入：{one.reason}
          {can('linkage.unit.regroup') ? (
            <Button type="link" size="small" onClick={() => void start(one.unitId, one.name)}>
              撤销合并
            </Button>
          ) : null}
        </p>
      ))}
    </>
  )
}

function RowSection({ id, links, row }: { id: string; links: UnitLinks; row: LinkedRow }) {
  const [shown, setShown] = useState(false)
  const { why } = row
  return (
    <Section
      title={`${departments[row.department]} · ${row.fileName} · ${row.sheet} 第 ${row.row} 行`}
      extra={<Split id={id} links={links} row={row} />}
    >
      <p>
        {row.repeated ? '与已入账的行相同' : (row.linkedBy ?? why?.linkedBy ?? '归属没有记录理由')}
        <span className="lx-soft">
          {why?.waterfall ? ` · 概率 ${percentText(why.waterfall.probability)}` : ''}
          {why && linkCauses[why.cause] !== (row.linkedBy ?? why.linkedBy) ? ` · ${linkCauses[why.cause]}` : ''}
          {why ? ` · ${why.by} · ${formatDateTime(new Date(why.at))}` : ''}
          {why?.reason ? ` · ${why.reason}` : ''}
        </span>{' '}
        {why?.waterfall && why.waterfall.parts.length > 0 ? (
          <Button type="link" size="small" aria-expanded={shown} onClick={() => setShown(!shown)}>
            {shown ? '收起理由' : '看理由'}
          </Button>
        ) : null}
      </p>
      {shown && why?.waterfall ? <WaterfallBars waterfall={why.waterfall} /> : null}
      <Facts columns={4} items={row.cells.map((cell) => ({ label: cell.title, value: cell.value }))} />
    </Section>
  )
}

function Split({ id, links, row }: { id: string; links: UnitLinks; row: LinkedRow }) {
  const can = useCan()
  const ask = useConfirm()
  const [open, setOpen] = useState(false)
  const split = useCommand(linkage.splitRow.mutationOptions(), { done: '已拆出，可在归属变动里撤销', refresh })
  if (!can('linkage.unit.regroup') || links.withdrawn) return null
  const alone = async () => {
    const yes = await ask({
      title: '把这一行拆出，自成一家单位？',
      lose: '台账里由这一行带来的值随它走；可以撤销。以后比对不再把它归到这家。',
      act: '拆出这一行',
      reason: { label: '理由' },
    })
    if (yes) await split.run({ unitId: id, sourceRowId: row.id, intoId: null, reason: yes.reason })
  }
  return (
    <>
      {links.rows.length > 1 ? (
        <Button type="link" size="small" onClick={() => void alone()}>
          拆出这一行
        </Button>
      ) : null}
      <Button type="link" size="small" onClick={() => setOpen(true)}>
        归到另一家
      </Button>
      {open ? (
        <MoveDialog
          title="把这一行归到另一家单位"
          hint="台账里由这一行带来的值随它走；可以撤销。以后比对不再把它归到这家。"
          act="归到这家"
          without={id}
          onClose={() => setOpen(false)}
          onMove={async (unit, reason) =>
            Boolean(await split.run({ unitId: id, sourceRowId: row.id, intoId: unit.id, reason }))
          }
        />
      ) : null}
    </>
  )
}

function Events({ events }: { events: readonly Event[] }) {
  const can = useCan()
  const undo = useCommand(linkage.undoSplit.mutationOptions(), { done: '已撤销拆分', refresh })
  const unit = (one: Event['from']) =>
    one === null ? (
      <span className="lx-faint">—</span>
    ) : one.name === null ? (
      <span className="lx-faint">已不在台账</span>
    ) : (
      <Link to={`/units/${one.unitId}/links` as '/'}>{one.name}</Link>
    )
  return (
    <Table<Event>
      size="small"
      rowKey={(event) => event.id}
      dataSource={[...events]}
      pagination={events.length > 20 ? { pageSize: 20, size: 'small' } : false}
      columns={[
        { title: '时间', width: 150, render: (_v, event) => formatDateTime(new Date(event.at)) },
        { title: '事由', width: 110, render: (_v, event) => linkCauses[event.cause] },
        { title: '从', render: (_v, event) => unit(event.from) },
        { title: '到', render: (_v, event) => unit(event.to) },
        { title: '依据', render: (_v, event) => event.reason ?? event.linkedBy ?? '' },
        { title: '办理', width: 110, render: (_v, event) => event.by },
        { title: '权重版本', width: 90, align: 'right', render: (_v, event) => event.modelVersion },
        {
          title: '',
          width: 90,
          render: (_v, event) =>
            event.undone ? (
              <span className="lx-faint">已撤销</span>
            ) : event.cause === 'unmerge' && can('linkage.unit.regroup') ? (
              <Button type="link" size="small" onClick={() => void undo.run({ eventId: event.id })}>
                撤销拆分
              </Button>
            ) : null,
        },
      ]}
    />
  )
}
