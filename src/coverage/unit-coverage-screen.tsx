import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { unitKinds } from '../ledger/field-contract.ts'
import { Facts } from '../ui/facts.tsx'
import { useParam } from '../ui/list-state.ts'
import { Page, Section } from '../ui/page.tsx'
import { useCan } from '../ui/session.ts'
import { Answered, Empty } from '../ui/states.tsx'
import { lacks } from './condition-contract.ts'
import { type CoverageRow, markKinds } from './contract.ts'
import { coverage } from './coverage-client.tsx'
import { StateMark } from './units-screen.tsx'

const MarkForm = lazy(() => import('./mark-form.tsx').then((m) => ({ default: m.MarkForm })))
type UnitCoverage = Awaited<ReturnType<typeof coverage.getUnitCoverage.call>>

/** How one unit is covered, why, what to do next, and how it was before. */
export function UnitCoverageScreen() {
  const id = useParam('id')
  const can = useCan()
  const [marking, setMarking] = useState(false)
  const query = useQuery({ ...coverage.getUnitCoverage.queryOptions({ input: { id } }), refetchInterval: 5000 })
  const name = query.data?.history[0]?.row.name
  const now = query.data?.now
  return (
    <Page
      title={name ? `${name}的覆盖情况` : '单位覆盖情况'}
      trail={[
        { title: '单位覆盖', to: '/coverage/units' },
        { title: name ?? '单位', to: `/units/${id}` },
      ]}
      mark={now ? <StateMark state={now.state} /> : undefined}
      description={now ? `${unitKinds[now.unitKind]} · ${now.areaName} · 自 ${now.since} 起这样记着` : undefined}
      actions={
        <>
          {can('party.org.read') ? <Link to={`/units/${id}/party`}>党组织与工作力量</Link> : null}
          {can('coverage.mark') ? <Button onClick={() => setMarking(true)}>标记</Button> : null}
        </>
      }
    >
      <Answered query={query}>{(found) => <Standing id={id} found={found} />}</Answered>
      <Suspense>{marking ? <MarkForm unitId={id} onClose={() => setMarking(false)} /> : null}</Suspense>
    </Page>
  )
}

function Standing({ id, found }: { id: string; found: UnitCoverage }) {
  if (!found.now && found.history.length === 0) {
    return (
      <Empty
        title="这家单位不在统计范围"
        hint="已注销、已迁出或已撤下的单位不计；刚建的单位几秒后算出。"
        action={<Link to={`/units/${id}`}>看档案</Link>}
      />
    )
  }
  return (
    <>
      {found.now ? (
        <Now row={found.now} id={id} />
      ) : (
        <p className="lx-warn-line">现在不在统计范围，以下是从前的情况。</p>
      )}
      <Section title="变化">
        <History found={found} />
      </Section>
      <Section title="标记">
        <Marks found={found} />
      </Section>
    </>
  )
}

function Now({ row, id }: { row: CoverageRow; id: string }) {
  return (
    <>
      <div className="lx-step-next">
        <p>
          <span className="lx-soft">为什么</span>
          {row.reason}
        </p>
        <p>
          <span className="lx-soft">下一步</span>
          <b>{row.step.title}</b>
          <small className="lx-soft">{row.step.basis}</small>
        </p>
      </div>
      <Facts
        columns={3}
        items={[
          {
            label: '正式党员',
            value: <Link to={`/units/${id}/members`}>{row.formal} 名</Link>,
          },
          { label: '预备党员', value: `${row.probationary} 名` },
          { label: '关系未转入', value: `${row.knownElsewhere} 名` },
          { label: '从业人数', value: row.staff === null ? null : `${row.staff} 人` },
          { label: '应建党组织', value: row.due ? '是' : '否' },
          { label: '未建情形', value: row.lack ? lacks[row.lack] : '已建' },
          { label: '在实体运营', value: row.inOperation ? '是' : '否' },
          { label: '属摸排对象', value: row.isTarget ? '是' : '否' },
          { label: '联合组织单位数', value: row.jointUnits === null ? null : `${row.jointUnits} 家` },
        ]}
      />
      <p className="lx-soft lx-below-facts">覆盖方式由党组织、党员、工作力量等事实算出，不能填报；有误时请更正事实。</p>
    </>
  )
}

function History({ found }: { found: UnitCoverage }) {
  return (
    <div className="lx-sheet-box">
      <table className="lx-sheet lx-sheet-wide">
        <thead>
          <tr>
            {['自', '至', '覆盖方式', '正式党员', '从业人数', '乡镇街道', '为什么', '下一步'].map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {found.history.map(({ from, to, row }) => (
            <tr key={from}>
              <td>{from}</td>
              <td>{to ?? '今'}</td>
              <td>
                <StateMark state={row.state} />
              </td>
              <td className="lx-number">{row.formal}</td>
              <td className="lx-number">{row.staff ?? '—'}</td>
              <td>{row.areaName}</td>
              <td title={row.reason}>{row.reason}</td>
              <td title={row.step.basis}>{row.step.title}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Marks({ found }: { found: UnitCoverage }) {
  if (found.marks.length === 0) return <p className="lx-soft">没有标记。列入党建基数、组建计划的单位在这里标记。</p>
  return (
    <ul className="lx-lines">
      {found.marks.map((one) => (
        <li key={`${one.kind} ${one.from}`}>
          <p>{markKinds[one.kind]}</p>
          <span className="lx-soft">
            {one.from} 至 {one.to ?? '今'} · {one.source}
          </span>
        </li>
      ))}
    </ul>
  )
}
