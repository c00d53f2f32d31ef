import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Drawer } from 'antd'
import { Facts } from '../ui/facts.tsx'
import { Section } from '../ui/page.tsx'
import { useCan } from '../ui/session.ts'
import { today } from '../base/time.ts'
import { proposalStates } from './contract.ts'
import { decide, formingActions, kindOfAction, type UnitFacts } from './decide.ts'
import { conditionText, factText, rowText } from './decide-words.ts'
import type { TableRow } from './decision-form.tsx'
import { forming, type GapRow } from './forming-client.tsx'
import { WishForm } from './wish-form.tsx'

/** One unit of the gap list: why it is decided so, and what the office has agreed with it. */
export function GapDrawer({ row, onClose }: { row: GapRow; onClose: () => void }) {
  const can = useCan()
  const table = useQuery(forming.getDecisionTable.queryOptions({ input: { countyCode: row.countyCode } }))
  const kind = kindOfAction(row.action)
  const rule = table.data?.rows.find((one) => one.code === row.rowCode)
  const small = row.members > 0 && row.action !== 'split' && kind === null
  return (
    <Drawer open title={row.name} size={560} onClose={onClose}>
      <Facts
        items={[
          { label: '组建方式', value: formingActions[row.action], wide: true },
          {
            label: '为什么',
            value: rule ? rowText(rule) : '',
            source: row.source,
            wide: true,
          },
          { label: '正式党员', value: `${row.members} 名` },
          { label: '已知党员', value: `${row.membersKnown} 名` },
          { label: '从业人数', value: row.staff === null ? null : `${row.staff} 人` },
          { label: '注册资本', value: row.capital === null ? null : `${row.capital / 10_000} 万元` },
          { label: '同街道可联合', value: <Partners row={row} /> },
          { label: '批复期限', value: row.dueDays === null ? '不限' : `自请示起 ${row.dueDays} 天` },
          { label: '乡镇街道', value: row.areaName },
        ]}
      />
      {table.data ? <Passed row={row} table={table.data.rows} /> : null}
      <div className="lx-plan-acts">
        <Link to={`/units/${row.unitId}`}>一企一档</Link>
        <Link to={`/units/${row.unitId}/coverage`}>覆盖情况</Link>
        <Link to="/forming/rules">判定表</Link>
        {row.proposal ? (
          <Link to={`/forming/plans/${row.proposal.planId}`} search={{ unit: row.unitId }}>
            所在编组：{proposalStates[row.proposal.state]}
          </Link>
        ) : null}
        {can('founding.handle') && kind ? (
          <Link to="/founding" search={{ unit: row.unitId, kind }}>
            办理组建
          </Link>
        ) : null}
      </div>
      {can('forming.plan') && small ? (
        <Section title="编组要求">
          <WishForm unitId={row.unitId} onDone={onClose} />
        </Section>
      ) : null}
    </Drawer>
  )
}

/** How many others there are to join, and where to see them beside the unit itself; what is said where that is not known. */
function Partners({ row }: { row: GapRow }) {
  if (row.leftOver) return '最近的方案里未能编组'
  if (row.partners === null) return '乡镇街道不明，按全县判定'
  return (
    <>
      {row.partners} 家{' '}
      <Link to="/coverage/units" search={{ region: row.areaCode, lacks: ['few'] }}>
        看同街道仅有个别党员的单位
      </Link>
    </>
  )
}

/** Why no earlier row of the table decided: the first of its conditions that the unit does not meet. */
function Passed({ row, table }: { row: GapRow; table: readonly TableRow[] }) {
  const facts: UnitFacts = { ...row, partners: row.partners ?? 1 }
  const decision = decide(facts, today(new Date()), table)
  if (!decision || decision.passed.length === 0) return null
  return (
    <details className="lx-plan-basis">
      <summary>前面 {decision.passed.length} 行为什么不适用</summary>
      <ol>
        {decision.passed.map(({ code, failed }) => (
          <li key={code}>
            {formingActions[table.find((one) => one.code === code)!.action]}：要{conditionText(failed)}，本单位
            {factText(failed, facts)}
          </li>
        ))}
      </ol>
    </details>
  )
}
