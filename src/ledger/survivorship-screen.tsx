import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button, Table } from 'antd'
import { useState } from 'react'
import { z } from 'zod'
import { countyCodeShape } from '../base/list.ts'
import { grouped } from '../base/number.ts'
import { CountyPicker, useOnlyCounty } from '../office/parts.tsx'
import { connect } from '../ui/client.ts'
import { useLeaveGuard } from '../ui/leave-guard.ts'
import { useListState } from '../ui/list-state.ts'
import { Mark, Page, Section } from '../ui/page.tsx'
import { Answered, Empty } from '../ui/states.tsx'
import { departments, type UnitField, unitFields } from './field-contract.ts'
import { RulesHistory } from './rules-history.tsx'
import { type RulesChange, RulesSave, useTrial } from './rules-save.tsx'
import { RulesWaiting } from './rules-waiting.tsx'
import { SurvivorshipOrder } from './survivorship-order.tsx'
import { survivorshipContract, type SurvivorshipRules } from './survivorship-contract.ts'
import './rules.css'

const ledger = connect(survivorshipContract)
type Rules = Awaited<ReturnType<typeof ledger.getRules.call>>
export type FieldRow = Rules['fields'][number]

const shape = z.object({ county: countyCodeShape }).partial()

/** 取值规则: of which department the value of each field is taken, and what a change would do. */
export function SurvivorshipScreen() {
  const list = useListState(shape)
  const only = useOnlyCounty()
  const county = list.filters.county ?? only
  return (
    <Page
      title="取值规则"
      description="同一字段几个部门说法不一时，取排在前面的；本单位更正的值总在最前，直到清除。其余的值照样留着，在一企一档里看得到。"
      actions={only ? undefined : <CountyPicker value={county} onChange={(code) => list.filter({ county: code })} />}
    >
      {county ? <CountyRules key={county} county={county} /> : <Empty title="请先选择一个县" hint="规则全县一套。" />}
    </Page>
  )
}

function CountyRules({ county }: { county: string }) {
  const query = useQuery(ledger.getRules.queryOptions({ input: { countyCode: county } }))
  return <Answered query={query}>{(rules) => <RulesTable county={county} rules={rules} />}</Answered>
}

type Draft = SurvivorshipRules

function RulesTable({ county, rules }: { county: string; rules: Rules }) {
  const [draft, setDraft] = useState<Draft>({})
  const [editing, setEditing] = useState<UnitField>()
  const [change, setChange] = useState<RulesChange>()
  const trial = useTrial(county)
  const changed = Object.keys(draft).length
  useLeaveGuard(() => changed > 0 && change === undefined)
  const fields = rules.fields.map((row) => ({ ...row, ...draft[row.field] }))
  const set = (row: FieldRow, next: Pick<FieldRow, 'order' | 'freshMonths'>) => {
    const { [row.field]: _before, ...others } = draft
    const saved = rules.fields.find((one) => one.field === row.field)
    const same = saved?.freshMonths === next.freshMonths && saved.order.join() === next.order.join()
    setDraft(same ? others : { ...others, [row.field]: next })
  }
  const tryOut = async () => {
    const value = Object.fromEntries(fields.map(({ field, order, freshMonths }) => [field, { order, freshMonths }]))
    setChange(await trial.survivorship(value))
  }
  const resetAll = () => {
    const differing = fields.filter((row) => row.freshMonths !== null || row.order.join() !== row.defaultOrder.join())
    setDraft(Object.fromEntries(differing.map((row) => [row.field, { order: row.defaultOrder, freshMonths: null }])))
  }
  const edited = fields.find((row) => row.field === editing)
  return (
    <>
      <RulesWaiting county={county} waiting={rules.waiting} mayChange={rules.mayChange} />
      {rules.mayChange ? (
        <div className="lx-rules-bar" aria-live="polite">
          <span>{changed > 0 ? `改了 ${changed} 个字段，还没有保存` : '点字段名，可改它的来源次序和时限'}</span>
          <span className="lx-rules-acts">
            {changed > 0 ? <Button onClick={() => setDraft({})}>放弃改动</Button> : null}
            <Button onClick={resetAll}>全部恢复默认</Button>
            <Button type="primary" disabled={changed === 0} loading={trial.busy} onClick={() => void tryOut()}>
              看影响，再保存
            </Button>
          </span>
        </div>
      ) : (
        <p className="lx-soft">您可以查看规则；改动须有“修改取值与甄别规则”的权限，并管理全县。</p>
      )}
      <FieldTable rows={fields} draft={draft} onOpen={rules.mayChange ? (row) => setEditing(row.field) : undefined} />
      <Section title="历次改动">
        <RulesHistory versions={rules.versions.filter((one) => one.kind === 'survivorship')} />
      </Section>
      {edited ? (
        <SurvivorshipOrder row={edited} onSet={(next) => set(edited, next)} onClose={() => setEditing(undefined)} />
      ) : null}
      {change ? (
        <RulesSave
          countyCode={county}
          change={change}
          onClose={(saved) => {
            setChange(undefined)
            if (saved) setDraft({})
          }}
        />
      ) : null}
    </>
  )
}

const shownMost = 5

function FieldTable(props: { rows: FieldRow[]; draft: Draft; onOpen: ((row: FieldRow) => void) | undefined }) {
  return (
    <Table<FieldRow>
      className="lx-rules-table"
      size="small"
      rowKey={(row) => row.field}
      dataSource={props.rows}
      pagination={false}
      {...(props.onOpen ? { onRow: (row) => ({ onDoubleClick: () => props.onOpen?.(row) }) } : {})}
      columns={[
        {
          title: '字段',
          width: 180,
          render: (_v, row) =>
            props.onOpen ? (
              <Button type="link" size="small" onClick={() => props.onOpen?.(row)}>
                {unitFields[row.field].title}
              </Button>
            ) : (
              unitFields[row.field].title
            ),
        },
        {
          title: '取值次序',
          render: (_v, row) => <Order row={row} />,
        },
        {
          title: '时限',
          width: 120,
          render: (_v, row) => (row.freshMonths ? `${row.freshMonths} 个月` : <span className="lx-faint">不限</span>),
        },
        {
          title: '说法不一',
          width: 110,
          align: 'right',
          render: (_v, row) =>
            row.conflicts > 0 ? (
              <Link to="/units" search={{ conflicts: [row.field] }}>
                {grouped(row.conflicts)} 家
              </Link>
            ) : (
              <span className="lx-faint">无</span>
            ),
        },
        {
          title: '状态',
          width: 110,
          render: (_v, row) =>
            props.draft[row.field] ? (
              <Mark tone="warn">待保存</Mark>
            ) : row.isDefault ? (
              <span className="lx-faint">默认</span>
            ) : (
              <Mark tone="busy">本县规定</Mark>
            ),
        },
      ]}
    />
  )
}

function Order({ row }: { row: FieldRow }) {
  const shown = row.order.slice(0, shownMost)
  const rest = row.order.slice(shownMost)
  return (
    <span title={row.order.map((one) => departments[one]).join(' › ')}>
      {shown.map((one) => departments[one]).join(' › ')}
      {rest.length > 0 ? <span className="lx-faint"> › 其余 {rest.length} 个</span> : null}
    </span>
  )
}
