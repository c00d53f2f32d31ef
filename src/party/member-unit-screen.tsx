import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button, InputNumber } from 'antd'
import { useState } from 'react'
import { z } from 'zod'
import { grouped } from '../base/number.ts'
import { today } from '../base/time.ts'
import { ledgerContract } from '../ledger/contract.ts'
import { connect } from '../ui/client.ts'
import { useConfirm } from '../ui/confirm.tsx'
import { DrawerForm } from '../ui/drawer-form.tsx'
import { Field } from '../ui/form.tsx'
import { useParam } from '../ui/list-state.ts'
import { Page, Section } from '../ui/page.tsx'
import { useCommand } from '../ui/query.ts'
import { useCan } from '../ui/session.ts'
import { Answered, Empty } from '../ui/states.tsx'
import { memberContract } from './member-contract.ts'

const party = connect(memberContract)
const ledger = connect(ledgerContract)
type UnitMembers = Awaited<ReturnType<typeof party.unitMembers.call>>

/** A unit's members in numbers: today, day by day, and as reported. */
export function MemberUnitScreen() {
  const id = useParam('id')
  const can = useCan()
  const [reporting, setReporting] = useState(false)
  const unit = useQuery(ledger.getUnit.queryOptions({ input: { id } }))
  const query = useQuery(party.unitMembers.queryOptions({ input: { unitId: id } }))
  return (
    <Page
      title={unit.data ? `${unit.data.name}的党员` : '单位党员'}
      trail={[
        { title: '党员', to: '/members' },
        { title: unit.data?.name ?? '单位', to: `/units/${id}` },
      ]}
      description="正式、预备党员为组织关系在本单位的人数；“关系在别处”为在本单位工作而组织关系不在这里的人数。"
      actions={can('party.member.import') ? <Button onClick={() => setReporting(true)}>填报人数</Button> : undefined}
    >
      <Answered query={query}>{(found) => <Numbers id={id} found={found} />}</Answered>
      {reporting ? <ReportForm id={id} onClose={() => setReporting(false)} /> : null}
    </Page>
  )
}

function Numbers({ id, found }: { id: string; found: UnitMembers }) {
  const can = useCan()
  const now = found.now ?? { formal: 0, probationary: 0, knownElsewhere: 0 }
  const open = can('party.member.read')
  const link = (value: number, search: Record<string, unknown>) =>
    open && value > 0 ? (
      <Link to={'/members/list'} search={{ unitId: id, ...search }}>
        {grouped(value)}
      </Link>
    ) : (
      grouped(value)
    )
  return (
    <>
      <dl className="lx-figures">
        <div className="lx-figure">
          <dt>正式党员</dt>
          <dd>{link(now.formal, { kind: 'formal' })}</dd>
        </div>
        <div className="lx-figure">
          <dt>预备党员</dt>
          <dd>{link(now.probationary, { kind: 'probationary' })}</dd>
        </div>
        <div className="lx-figure">
          <dt>关系在别处</dt>
          <dd>{link(now.knownElsewhere, { relation: 'elsewhere' })}</dd>
        </div>
        {open ? (
          <div className="lx-figure">
            <dt>待办任务</dt>
            <dd>
              <Link to={'/member-tasks'} search={{ unitId: id, state: 'open' }}>
                {grouped(found.openTasks)}
              </Link>
            </dd>
          </div>
        ) : null}
      </dl>
      <Section title="逐日人数">
        {found.history.length === 0 ? <Empty title="还没有党员数" /> : <History found={found} />}
      </Section>
      <Section title="填报的人数">
        <Reports id={id} found={found} />
      </Section>
    </>
  )
}

function History({ found }: { found: UnitMembers }) {
  return (
    <table className="lx-sheet">
      <thead>
        <tr>
          <th scope="col">自</th>
          <th scope="col">至</th>
          <th scope="col">正式党员</th>
          <th scope="col">预备党员</th>
          <th scope="col">关系在别处</th>
        </tr>
      </thead>
      <tbody>
        {found.history.toReversed().map((step) => (
          <tr key={step.validFrom}>
            <td>{step.validFrom}</td>
            <td>{step.validTo ?? '今'}</td>
            <td className="lx-number">{grouped(step.formal)}</td>
            <td className="lx-number">{grouped(step.probationary)}</td>
            <td className="lx-number">{grouped(step.knownElsewhere)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Reports({ id, found }: { id: string; found: UnitMembers }) {
  const can = useCan()
  const ask = useConfirm()
  const client = useQueryClient()
  const withdraw = useCommand(party.withdrawReport.mutationOptions(), { done: '已撤回' })
  if (found.reports.length === 0) {
    return <p className="lx-soft">没有填报过。名册上有这家单位党员的，以名册为准；没有的，可以填报人数。</p>
  }
  const start = async (reportId: string) => {
    const yes = await ask({ title: '撤回这次填报？', lose: '人数回到填报之前。', act: '撤回' })
    if (yes && (await withdraw.run({ id: reportId })))
      await client.invalidateQueries({ queryKey: party.unitMembers.key() })
  }
  const named = found.now !== null && found.reports[0] !== undefined && found.now.formal !== found.reports[0].formal
  return (
    <>
      {named ? <p className="lx-warn-line">名册上的人数与最近填报的不同，以名册为准，请核对。</p> : null}
      <ul className="lx-lines" key={id}>
        {found.reports.map((one) => (
          <li key={one.id}>
            <p>
              正式 {grouped(one.formal)} 名，预备 {grouped(one.probationary)} 名
            </p>
            <span className="lx-soft">
              截至 {one.asOf} · {one.source} · {one.author}
              {can('party.member.import') ? (
                <Button type="link" size="small" danger onClick={() => void start(one.id)}>
                  撤回
                </Button>
              ) : null}
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}

const reportShape = z.object({
  formal: z.number().int().min(0).max(100_000).describe('正式党员'),
  probationary: z.number().int().min(0).max(100_000).describe('预备党员'),
  asOf: z.iso.date().describe('截至哪一天'),
  source: z.string().trim().min(2, '请写明依据').max(100).describe('填报依据'),
})

function ReportForm({ id, onClose }: { id: string; onClose: () => void }) {
  const client = useQueryClient()
  const send = async (values: z.output<typeof reportShape>) => {
    await party.reportMembers.call({ unitId: id, ...values })
    await client.invalidateQueries({ queryKey: party.unitMembers.key() })
  }
  return (
    <DrawerForm
      open
      title="填报人数"
      shape={reportShape}
      initial={{ probationary: 0, asOf: today(new Date()) }}
      onSubmit={send}
      onClose={onClose}
    >
      <Field name="formal">
        <InputNumber min={0} precision={0} style={{ width: 160 }} />
      </Field>
      <Field name="probationary">
        <InputNumber min={0} precision={0} style={{ width: 160 }} />
      </Field>
      <Field name="asOf">
        <input type="date" className="lx-day" max={today(new Date())} />
      </Field>
      <Field name="source" hint="例如：2026 年 11 月走访填报" />
    </DrawerForm>
  )
}
