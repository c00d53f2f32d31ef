import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { type CSSProperties, lazy, type ReactNode, Suspense, useState } from 'react'
import { z } from 'zod'
import { idShape, regionCodeShape } from '../base/list.ts'
import { grouped } from '../base/number.ts'
import { RegionPicker } from '../office/parts.tsx'
import { orgKind } from '../party/words-contract.ts'
import { useListState } from '../ui/list-state.ts'
import { Mark, Page } from '../ui/page.tsx'
import { useCan } from '../ui/session.ts'
import { Answered, Empty } from '../ui/states.tsx'
import { founding, type CaseHead } from './founding-client.tsx'
import { FoundingNav } from './founding-nav.tsx'
import { foundingSteps } from './rules.ts'

const CaseNew = lazy(() => import('./case-new.tsx').then((m) => ({ default: m.CaseNew })))

const shape = z.object({ region: regionCodeShape, unit: idShape, kind: orgKind }).partial()
type Board = Awaited<ReturnType<typeof founding.getBoard.call>>

/** 组建办理: every open case by what comes next. With `?unit=` a new case of that unit is begun. */
export function FoundingScreen() {
  const list = useListState(shape)
  const can = useCan()
  const navigate = useNavigate()
  const [adding, setAdding] = useState(false)
  const { region, unit, kind } = list.filters
  const query = useQuery(founding.getBoard.queryOptions({ input: region ? { region } : {}, meta: { keep: true } }))
  const open = can('founding.handle') && (adding || unit !== undefined)
  const close = () => {
    setAdding(false)
    list.filter({ unit: undefined, kind: undefined })
  }
  const add = can('founding.handle') ? (
    <Button type="primary" onClick={() => setAdding(true)}>
      开办
    </Button>
  ) : undefined
  return (
    <Page
      title="组建办理"
      description="五步工作法：沟通、筛选、摸排、核对、组建；组建再分请示、批复、选举、报备，每一步有期限、有材料，不能无故跳过。"
      actions={
        <>
          <RegionPicker value={region} onChange={(code) => list.filter({ region: code })} width={168} />
          {add}
        </>
      }
    >
      <FoundingNav />
      <Answered query={query}>{(board) => <Columns board={board} region={region} add={add} />}</Answered>
      <Suspense>
        {open ? (
          <CaseNew
            unitId={unit}
            kind={kind}
            onClose={close}
            onOpened={(id) => void navigate({ to: `/founding/${id}` })}
          />
        ) : null}
      </Suspense>
    </Page>
  )
}

function Columns({ board, region, add }: { board: Board; region: string | undefined; add: ReactNode }) {
  const total = board.columns.reduce((sum, column) => sum + column.total, 0)
  const where = region ? { region } : {}
  const waiting =
    board.waiting > 0 ? (
      <Link to="/founding/waiting" search={where}>
        已批准的编组有 {grouped(board.waiting)} 个还没有开办
      </Link>
    ) : null
  if (total + board.done + board.closed === 0)
    return (
      <Empty
        title="还没有在办的"
        hint="方案里批准的编组到“待开办”里开办；单独组建的在组建台账里点开单位开办。"
        action={waiting ?? add}
      />
    )
  return (
    <>
      <p className="lx-soft">
        办理中 {grouped(total)} 件，
        <Link to="/founding/list" search={{ ...where, state: 'done' }}>
          已办结 {grouped(board.done)} 件
        </Link>
        ，
        <Link to="/founding/list" search={{ ...where, state: 'closed' }}>
          已终止 {grouped(board.closed)} 件
        </Link>
        {waiting ? <>；{waiting}</> : null}
      </p>
      <div
        className="lx-board"
        style={{ '--columns': 8 } as CSSProperties}
        role="region"
        aria-label="办理看板"
        tabIndex={0}
      >
        <div className="lx-founding-phase">摸清底数</div>
        <div className="lx-founding-phase">组建</div>
        {board.columns.map((column) => (
          <section key={column.step} className="lx-board-column">
            <h2>
              {foundingSteps[column.step]}
              <Link to="/founding/list" search={{ ...where, step: column.step }}>
                <b>{grouped(column.total)}</b>
              </Link>
              {column.overdue > 0 ? <Mark tone="bad">逾期 {grouped(column.overdue)}</Mark> : null}
            </h2>
            <ul>
              {column.cases.map((one) => (
                <li key={one.id}>
                  <Card one={one} />
                </li>
              ))}
            </ul>
            {column.total > column.cases.length ? (
              <Link to="/founding/list" search={{ ...where, step: column.step }}>
                还有 {grouped(column.total - column.cases.length)} 件
              </Link>
            ) : null}
          </section>
        ))}
      </div>
    </>
  )
}

function Card({ one }: { one: CaseHead }) {
  return (
    <Link to={`/founding/${one.id}`} className={one.overdue ? 'lx-card lx-card-late' : 'lx-card'}>
      <span>{one.orgName}</span>
      <small className="lx-faint">
        {one.units > 1 ? `${one.units} 家，` : ''}党员 {one.members} 名
      </small>
      <small className="lx-card-due">
        {one.overdue ? '已逾期，' : ''}
        {one.dueOn} 前办
      </small>
    </Link>
  )
}
