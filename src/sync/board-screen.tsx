import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { type CSSProperties, lazy, type ReactNode, Suspense, useState } from 'react'
import { z } from 'zod'
import { regionCodeShape } from '../base/list.ts'
import { grouped } from '../base/number.ts'
import { addDays, today } from '../base/time.ts'
import { RegionPicker } from '../office/parts.tsx'
import { useListState } from '../ui/list-state.ts'
import { Page } from '../ui/page.tsx'
import { useCan } from '../ui/session.ts'
import { Answered, Empty } from '../ui/states.tsx'
import { sync, type Item } from './sync-client.tsx'
import { SyncNav } from './sync-nav.tsx'

const ProjectImport = lazy(() => import('./project-import.tsx').then((m) => ({ default: m.ProjectImport })))
const EventNew = lazy(() => import('./event-new.tsx').then((m) => ({ default: m.EventNew })))

const shape = z.object({ region: regionCodeShape }).partial()
type Board = Awaited<ReturnType<typeof sync.getSyncBoard.call>>
type Lane = Board['columns'][number]['key']

const laneWords: Record<Lane, string> = {
  overdue: '已逾期',
  soon: '七天内到期',
  later: '以后到期',
  waiting: '未到节点',
}

/** The list that stands behind a lane's number. */
function searchOf(lane: Lane, region: string | undefined): Record<string, unknown> {
  const now = today(new Date())
  const where = region ? { region } : {}
  if (lane === 'overdue') return { ...where, overdue: true }
  if (lane === 'waiting') return { ...where, state: 'waiting' }
  if (lane === 'soon') return { ...where, state: 'open', dueFrom: now, dueTo: addDays(now, 7) }
  return { ...where, state: 'open', dueFrom: addDays(now, 8) }
}

/** 同步: the steps that economic events opened, by when they are due. */
export function SyncScreen() {
  const list = useListState(shape)
  const can = useCan()
  const navigate = useNavigate()
  const [open, setOpen] = useState<'add' | 'import'>()
  const { region } = list.filters
  const query = useQuery(sync.getSyncBoard.queryOptions({ input: region ? { region } : {}, meta: { keep: true } }))
  const add = can('sync.handle') ? (
    <Button type="primary" onClick={() => setOpen('add')}>
      登记事件
    </Button>
  ) : undefined
  return (
    <Page
      title="同步"
      description="项目落地、登记设立、年检年报、评估时，党建工作跟着办；新登记、新入园、新年报由台账自动发现，项目可以成批导入。"
      actions={
        <>
          <RegionPicker value={region} onChange={(code) => list.filter({ region: code })} width={168} />
          {can('sync.handle') ? <Button onClick={() => setOpen('import')}>导入项目</Button> : null}
          {add}
        </>
      }
    >
      <SyncNav />
      <Answered query={query}>{(board) => <Lanes board={board} region={region} add={add} />}</Answered>
      <Suspense>
        {open === 'import' ? <ProjectImport onClose={() => setOpen(undefined)} /> : null}
        {open === 'add' ? (
          <EventNew onClose={() => setOpen(undefined)} onOpened={(id) => void navigate({ to: `/sync/${id}` })} />
        ) : null}
      </Suspense>
    </Page>
  )
}

function Lanes({ board, region, add }: { board: Board; region: string | undefined; add: ReactNode }) {
  const total = board.columns.reduce((sum, column) => sum + column.total, 0)
  const where = region ? { region } : {}
  if (total + board.done + board.skipped === 0)
    return (
      <Empty
        title="还没有同步事项"
        hint={
          <>
            先在<Link to="/sync/templates">模板</Link>里启用要用的做法；启用后新登记的单位会自动列入。
          </>
        }
        action={add}
      />
    )
  return (
    <>
      <p className="lx-soft">
        <Link to="/sync/items" search={{ ...where, state: 'done' }}>
          已办 {grouped(board.done)} 项
        </Link>
        ，
        <Link to="/sync/items" search={{ ...where, state: 'skipped' }}>
          不办 {grouped(board.skipped)} 项
        </Link>
      </p>
      <div
        className="lx-board"
        style={{ '--columns': 4 } as CSSProperties}
        role="region"
        aria-label="同步看板"
        tabIndex={0}
      >
        {board.columns.map((column) => (
          <section key={column.key} className="lx-board-column">
            <h2>
              {laneWords[column.key]}
              <Link to="/sync/items" search={searchOf(column.key, region)}>
                <b>{grouped(column.total)}</b>
              </Link>
            </h2>
            <ul>
              {column.items.map((one) => (
                <li key={one.id}>
                  <Card one={one} />
                </li>
              ))}
            </ul>
            {column.total > column.items.length ? (
              <Link to="/sync/items" search={searchOf(column.key, region)}>
                还有 {grouped(column.total - column.items.length)} 项
              </Link>
            ) : null}
          </section>
        ))}
      </div>
    </>
  )
}

function Card({ one }: { one: Item }) {
  return (
    <Link to={`/sync/${one.eventId}`} className={one.overdue ? 'lx-card lx-card-late' : 'lx-card'}>
      <span>{one.title}</span>
      <small className="lx-faint">{one.eventTitle}</small>
      {one.dueOn ? <small className="lx-card-due">{one.dueOn} 前办</small> : null}
    </Link>
  )
}
