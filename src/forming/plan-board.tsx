import './forming.css'
import { Tabs } from 'antd'
import { lazy, type ReactNode, Suspense, useMemo } from 'react'
import { Empty, Loading } from '../ui/states.tsx'
import { type GroupKind, PlanGroupList } from './plan-group-list.tsx'
import type { MoveTarget } from './plan-move.tsx'
import { planMap, type PlanView } from './plan-view.ts'

const GroundMap = lazy(() => import('../ui/map.tsx').then((m) => ({ default: m.GroundMap })))

/** What of a plan is looked at; kept in the address. */
export interface BoardState {
  tab: 'groups' | 'left'
  kind: GroupKind
  group: string | null
  unit: string | null
}

export interface PlanBoardProps {
  view: PlanView
  state: BoardState
  onState: (change: Partial<BoardState>) => void
  onMove?: ((unitId: string, to: MoveTarget) => void) | undefined
  /** At the right of the tabs: a way back from the last move. */
  undo: ReactNode
  /** Above the lists: the move that waits for a yes. */
  move: ReactNode
  /** The chosen group, explained. */
  card: ReactNode
  /** The units left over, explained. */
  left: ReactNode
}

/** Map and table of a plan beside one another; what is chosen in one is shown in the other. */
export function PlanBoard({ view, state, onState, onMove, undo, move, card, left }: PlanBoardProps) {
  const map = useMemo(() => planMap(view), [view])
  return (
    <div className="lx-plan-board">
      <Suspense fallback={<Loading rows={10} />}>
        <GroundMap
          name="方案地图"
          points={map.points}
          groups={map.groups}
          labels={map.labels}
          chosenPoint={state.unit}
          chosenGroup={state.group}
          onChoose={(point) =>
            onState(
              point === null
                ? { unit: null, group: null }
                : { unit: point.id, group: point.group, tab: point.group === null ? 'left' : 'groups' },
            )
          }
          onMove={onMove ? (point, group) => onMove(point.id, group) : undefined}
        />
      </Suspense>
      <div className="lx-plan-side">
        {move}
        <Tabs
          size="small"
          activeKey={state.tab}
          tabBarExtraContent={undo}
          onChange={(tab) => onState({ tab: tab as BoardState['tab'], group: null })}
          items={[
            { key: 'groups', label: `组 ${view.groups.size}` },
            { key: 'left', label: `未编组 ${view.left.length}` },
          ]}
        />
        {state.tab === 'left' ? (
          view.left.length === 0 ? (
            <Empty title="没有未编组的单位" hint="每家单位都在一个组里。" />
          ) : (
            left
          )
        ) : state.group !== null && view.groups.has(state.group) ? (
          card
        ) : (
          <PlanGroupList
            view={view}
            kind={state.kind}
            onKind={(kind) => onState({ kind })}
            onOpen={(group) => onState({ group: group.leadId, unit: group.host === null ? group.leadId : null })}
          />
        )}
      </div>
    </div>
  )
}
