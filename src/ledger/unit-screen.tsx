import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button, Tabs } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { formatDateTime, today } from '../base/time.ts'
import { connect } from '../ui/client.ts'
import { useConfirm } from '../ui/confirm.tsx'
import { type FactItem, Facts } from '../ui/facts.tsx'
import { useParam } from '../ui/list-state.ts'
import { Page } from '../ui/page.tsx'
import { useCommand } from '../ui/query.ts'
import { Reveal } from '../ui/reveal.tsx'
import { useCan } from '../ui/session.ts'
import { Answered } from '../ui/states.tsx'
import { ledgerContract } from './contract.ts'
import { factText } from './fact-text.ts'
import { departments, isPersonal, type UnitField, unitFields, unitKinds } from './field-contract.ts'
import { StatusMark } from './unit-columns.tsx'
import { UnitHistory } from './unit-history.tsx'
import { UnitAttachments, UnitNotes } from './unit-notes.tsx'
import { UnitPlaces } from './unit-places.tsx'
import { UnitRows } from './unit-rows.tsx'
import { UnitStanding } from './unit-standing.tsx'

const ledger = connect(ledgerContract)
const CorrectUnit = lazy(() => import('./correct-unit.tsx').then((m) => ({ default: m.CorrectUnit })))
export type UnitPage = Awaited<ReturnType<typeof ledger.getUnit.call>>

/** 一企一档: what is known of one unit, where each value came from, and how it changed. */
export function UnitScreen() {
  const id = useParam('id')
  const [asOf, setAsOf] = useState<string>()
  const query = useQuery(ledger.getUnit.queryOptions({ input: { id, ...(asOf ? { asOf } : {}) } }))
  const unit = query.data
  return (
    <Page
      title={unit?.name ?? '一企一档'}
      trail={[{ title: '台账', to: '/units' }]}
      mark={unit ? <StatusMark status={unit.status} /> : undefined}
      description={unit ? <Description unit={unit} /> : undefined}
      actions={unit ? <Actions unit={unit} asOf={asOf} onAsOf={setAsOf} /> : undefined}
    >
      <Answered query={query}>
        {(found) => (
          <>
            {found.withdrawn ? (
              <p className="lx-warn-line">
                已于 {formatDateTime(new Date(found.withdrawn.at))} 撤下：{found.withdrawn.reason}
              </p>
            ) : null}
            <OtherPages id={found.id} />
            <Tabs
              items={[
                { key: 'facts', label: '档案', children: <UnitFacts unit={found} /> },
                { key: 'history', label: '变动', children: <UnitHistory id={found.id} /> },
                { key: 'rows', label: '来源行', children: <UnitRows id={found.id} /> },
                { key: 'notes', label: `备忘${count(found.noteCount)}`, children: <UnitNotes id={found.id} /> },
                {
                  key: 'files',
                  label: `附件${count(found.attachmentCount)}`,
                  children: <UnitAttachments id={found.id} />,
                },
              ]}
            />
          </>
        )}
      </Answered>
    </Page>
  )
}

/** The ways to what upper rooms say of the unit: its members, how it is covered, why each source row belongs here. */
function OtherPages({ id }: { id: string }) {
  const can = useCan()
  return (
    <nav className="lx-tab-links" aria-label="这家单位的其他页">
      {can('party.org.read') ? <Link to={`/units/${id}/party` as '/'}>党建</Link> : null}
      <Link to={`/units/${id}/members` as '/'}>党员</Link>
      {can('coverage.read') ? <Link to={`/units/${id}/coverage` as '/'}>覆盖</Link> : null}
      {can('linkage.queue.read') ? <Link to={`/units/${id}/links` as '/'}>比对记录</Link> : null}
    </nav>
  )
}

const count = (number: number) => (number > 0 ? `（${number}）` : '')

function Description({ unit }: { unit: UnitPage }) {
  const parts = [
    unitKinds[unit.kind],
    unit.areaName,
    unit.uscc ?? '没有统一社会信用代码',
    unit.isBranch ? '分支机构' : '',
  ]
  return <>{parts.filter(Boolean).join(' · ')}</>
}

function Actions({ unit, asOf, onAsOf }: { unit: UnitPage; asOf: string | undefined; onAsOf: (day?: string) => void }) {
  const can = useCan()
  const [correcting, setCorrecting] = useState(false)
  return (
    <>
      <label className="lx-inline-label">
        截至
        <input
          type="date"
          className="lx-day"
          aria-label="截至哪一天"
          max={today(new Date())}
          value={asOf ?? unit.asOf}
          onChange={(event) =>
            onAsOf(event.target.value && event.target.value !== today(new Date()) ? event.target.value : undefined)
          }
        />
      </label>
      {can('ledger.unit.write') ? <Withdraw unit={unit} /> : null}
      {can('ledger.unit.write') && !unit.withdrawn ? (
        <Button type="primary" onClick={() => setCorrecting(true)}>
          更正
        </Button>
      ) : null}
      <Suspense>{correcting ? <CorrectUnit unit={unit} onClose={() => setCorrecting(false)} /> : null}</Suspense>
    </>
  )
}

function Withdraw({ unit }: { unit: UnitPage }) {
  const client = useQueryClient()
  const ask = useConfirm()
  const withdraw = useCommand(ledger.withdrawUnit.mutationOptions(), { done: '已撤下，可随时恢复' })
  const restore = useCommand(ledger.restoreUnit.mutationOptions(), { done: '已恢复' })
  const refresh = () => client.invalidateQueries({ queryKey: ledger.key() })
  const start = async () => {
    const yes = await ask({
      title: `撤下“${unit.name}”？`,
      lose: '它将不再出现在台账、统计和导出里；档案与历史都保留，可以恢复。',
      act: '撤下',
      reason: { label: '撤下原因' },
    })
    if (yes && (await withdraw.run({ id: unit.id, reason: yes.reason }))) await refresh()
  }
  const bringBack = async () => {
    if (await restore.run({ id: unit.id })) await refresh()
  }
  return unit.withdrawn ? (
    <Button loading={restore.busy} onClick={() => void bringBack()}>
      恢复
    </Button>
  ) : (
    <Button loading={withdraw.busy} onClick={() => void start()}>
      撤下
    </Button>
  )
}

/** What another department says, since when; that it agrees, where it does. */
function otherWords(field: UnitField, other: UnitPage['fields'][number]['others'][number]): string {
  const who = departments[other.department]
  return other.agrees ? `${who}相同` : `${who}：${factText(field, other.value)}（自 ${other.validFrom}）`
}

function UnitFacts({ unit }: { unit: UnitPage }) {
  const can = useCan()
  const items: FactItem[] = unit.fields.map(({ field, current, others, differs }) => {
    const words = unitFields[field]
    const text = current ? (current.value === unit.areaCode ? unit.areaName : factText(field, current.value)) : null
    const value =
      current && isPersonal(field) ? (
        <Reveal
          label={words.title}
          masked={text}
          allowed={can('ledger.unit.reveal')}
          reveal={async (purpose) => (await ledger.revealField.call({ id: unit.id, field, purpose })).value}
        />
      ) : (
        text
      )
    return {
      key: field,
      label: words.title,
      value,
      source: current ? `${departments[current.department]} · ${current.validFrom}` : undefined,
      differs: differs ? others.map((other) => otherWords(field, other)).join('；') : undefined,
      wide: field === 'name' || field === 'address' || field === 'remark',
    }
  })
  return (
    <>
      <UnitStanding unit={unit} />
      <Facts columns={3} items={items} />
      <UnitPlaces unit={unit} />
      <p className="lx-soft">
        同一字段有几个来源时，按来源次序取用一个，其余照列在旁；每个值的来历见“变动”和“来源行”。
      </p>
    </>
  )
}
