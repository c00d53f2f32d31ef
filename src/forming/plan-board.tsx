import './forming.css'
import { Tabs } from 'antd'
import { lazy, type ReactNode, Suspense, useMemo } from 'react'
import { grouped } from '../base/number.ts'
import { Empty, Loading } from '../ui/states.tsx'
import { PlanGroupList } from './plan-group-list.tsx'
import type { MoveTarget } from './plan-move.tsx'
import type { BoardState } from './plan-state.ts'
import { planMap, type PlanView, type ViewGroup } from './plan-view.ts'

const GroundMap = lazy(() => import('../ui/map.tsx').then((m) => ({ default: m.GroundMap })))

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
  /** Every unit. */
  units: ReactNode
  bulk?: ((groups: readonly ViewGroup[]) => ReactNode) | undefined
}

const notes = {
  none: undefined,
  some: '没有坐标、又推不出位置的单位排在地图一侧：按道路门牌排列，不表示方位和距离。',
  all: '这些单位都没有坐标：按道路门牌排列成示意图，不表示方位和距离。导入坐标后成为地图。',
} as const

/** Map and table of a plan beside one another; what is chosen in one is shown in the other. */
export function PlanBoard(props: PlanBoardProps) {
  const { view, state, onState, onMove } = props
  const map = useMemo(() => planMap(view), [view])
  return (
    <div className="lx-plan-board">
      <Suspense fallback={<Loading rows={10} />}>
        <GroundMap
          name="方案地图"
          points={map.points}
          groups={map.groups}
          labels={map.labels}
          measured={map.scheme !== 'all'}
          note={notes[map.scheme]}
          chosenPoint={state.unit}
          chosenGroup={state.group}
          onChoose={(point) =>
            onState(
              point === null
                ? { unit: null, group: null }
                : { unit: point.id, group: point.group, tab: tabOf(view, point) },
            )
          }
          onMove={onMove ? (point, group) => onMove(point.id, group) : undefined}
        />
      </Suspense>
      <div className="lx-plan-side">
        {props.move}
        <Tabs
          size="small"
          activeKey={state.tab}
          tabBarExtraContent={props.undo}
          onChange={(tab) => onState({ tab: tab as BoardState['tab'], group: null })}
          items={[
            { key: 'groups', label: `组 ${grouped(view.groups.size)}` },
            { key: 'left', label: `未编组 ${grouped(view.left.length)}` },
            { key: 'units', label: `单位 ${grouped(view.units.size)}` },
          ]}
        />
        <Side {...props} />
      </div>
    </div>
  )
}

/** Where a unit of the map is listed: with its group, as left over, or, where it refused, among all units. */
function tabOf(view: PlanView, point: { id: string; group: string | null }): BoardState['tab'] {
  if (point.group !== null) return 'groups'
  return view.left.some((unit) => unit.id === point.id) ? 'left' : 'units'
}

function Side({ view, state, onState, card, left, units, bulk }: PlanBoardProps) {
  if (state.tab === 'units') return units
  if (state.tab === 'left')
    return view.left.length === 0 ? <Empty title="没有未编组的单位" hint="每家参加的单位都在一个组里。" /> : left
  if (state.group !== null && view.groups.has(state.group)) return card
  return (
    <PlanGroupList
      view={view}
      kind={state.kind}
      bulk={bulk}
      onKind={(kind) => onState({ kind })}
      onOpen={(group) => onState({ group: group.leadId, unit: group.host === null ? group.leadId : null })}
    />
  )
}
