import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { grouped } from '../base/number.ts'
import { useCommand } from '../ui/query.ts'
import { useCan } from '../ui/session.ts'
import { forming, type PlanPage } from './forming-client.tsx'
import { useApprove, useWithdraw } from './plan-acts.tsx'
import { PlanBoard } from './plan-board.tsx'
import { PlanGroupCard } from './plan-group-card.tsx'
import { PlanLeft } from './plan-left.tsx'
import { MovePanel, type MoveTarget } from './plan-move.tsx'
import { type BoardState, useBoard } from './plan-state.ts'
import { PlanUnitList } from './plan-unit-list.tsx'
import { type MadeMove, movesBack, noteMove, type PlanView, type ViewGroup } from './plan-view.ts'

/** The board of a plan with what is chosen on it, and the moves made on it here, which can be taken back one by one. */
export function PlanEditor({ plan, view, editable }: { plan: PlanPage; view: PlanView; editable: boolean }) {
  const [move, setMove] = useState<{ unitId: string; to: MoveTarget }>()
  const [made, setMade] = useState<readonly MadeMove[]>([])
  const { state, onState } = useBoard()
  const { group, unit } = state
  const apply = useCommand(forming.applyMoves.mutationOptions(), { refresh: [forming.key()] })
  const confirm = async () => {
    if (!move || !(await apply.run({ id: plan.id, revision: plan.revision, moves: [move] }))) return
    setMade([...made, noteMove(view, move.unitId, move.to)])
    setMove(undefined)
    onState({ unit: move.unitId, group: null })
  }
  const undo = async () => {
    const last = made.at(-1)
    if (!last) return
    const moves = movesBack(view, last)
    if (await apply.run({ id: plan.id, revision: plan.revision, moves })) setMade(made.slice(0, -1))
  }
  const onMove = editable ? (unitId: string, to: MoveTarget) => setMove({ unitId, to }) : undefined
  const chosen = group === null ? undefined : view.groups.get(group)
  return (
    <PlanBoard
      view={view}
      state={state}
      onState={onState}
      onMove={onMove}
      undo={
        editable && made.length > 0 ? (
          <Button size="small" loading={apply.busy} onClick={() => void undo()}>
            撤销移动（{made.length}）
          </Button>
        ) : null
      }
      move={
        move ? (
          <Trial
            key={`${move.unitId} ${move.to}`}
            plan={plan}
            view={view}
            move={move}
            busy={apply.busy}
            onConfirm={() => void confirm()}
            onCancel={() => setMove(undefined)}
          />
        ) : null
      }
      card={
        chosen ? (
          <ChosenGroup plan={plan} view={view} group={chosen} unit={unit} onState={onState} onMove={onMove} />
        ) : null
      }
      bulk={(groups) => <BulkActs plan={plan} groups={groups} editable={editable} />}
      units={
        <PlanUnitList
          view={view}
          refused={plan.refused}
          of={state.of}
          onOf={(of) => onState({ of })}
          chosen={unit}
          onChoose={(next) => onState({ unit: next })}
          onMove={onMove}
        />
      }
      left={
        <PlanLeft plan={plan} view={view} chosen={unit} onChoose={(next) => onState({ unit: next })} onMove={onMove} />
      }
    />
  )
}

interface TrialProps {
  plan: PlanPage
  view: PlanView
  move: { unitId: string; to: MoveTarget }
  busy: boolean
  onConfirm: () => void
  onCancel: () => void
}

/** What a move would do, asked of the server at once. */
function Trial({ plan, view, move, ...rest }: TrialProps) {
  const query = useQuery({
    ...forming.evaluateMove.queryOptions({ input: { id: plan.id, moves: [move] } }),
    gcTime: 0,
    staleTime: 0,
  })
  return <MovePanel view={view} unitId={move.unitId} to={move.to} query={query} {...rest} />
}

interface ChosenProps {
  plan: PlanPage
  view: PlanView
  group: ViewGroup
  unit: string | null
  onState: (change: Partial<BoardState>) => void
  onMove: ((unitId: string, to: MoveTarget) => void) | undefined
}

/** What can be done with every group that is listed: lock or free them, approve those that are not. */
function BulkActs({ plan, groups, editable }: { plan: PlanPage; groups: readonly ViewGroup[]; editable: boolean }) {
  const { id, revision } = plan
  const can = useCan()
  const approve = useApprove(plan)
  const lock = useCommand(forming.lockGroups.mutationOptions(), { refresh: [forming.key()] })
  const open = groups.filter((group) => group.proposal === null)
  const free = open.filter((group) => !group.locked)
  if (open.length === 0) return null
  const locked = free.length > 0
  const leadIds = (locked ? free : open).map((group) => group.leadId)
  return (
    <span className="lx-plan-bulk">
      {editable && leadIds.length <= lockMost ? (
        <Button size="small" loading={lock.busy} onClick={() => void lock.run({ id, revision, leadIds, locked })}>
          {locked ? '锁定' : '解锁'}所列 {grouped(leadIds.length)} 组
        </Button>
      ) : null}
      {can('forming.approve') ? (
        <Button size="small" loading={approve.busy} onClick={() => void approve.ask(open)}>
          批准所列 {grouped(open.length)} 组
        </Button>
      ) : null}
    </span>
  )
}
const lockMost = 5000

function ChosenGroup({ plan, view, group, unit, onState, onMove }: ChosenProps) {
  const { id, revision } = plan
  const { leadId, proposal } = group
  // The revision makes the answer of a plan that was changed another one.
  const options = forming.explainGroup.queryOptions({ input: { id, leadId } })
  const query = useQuery({ ...options, queryKey: [...options.queryKey, revision] as never })
  const lock = useCommand(forming.lockGroups.mutationOptions(), { refresh: [forming.getPlan.key()] })
  const approve = useApprove(plan)
  const withdraw = useWithdraw(plan)
  const can = useCan()
  const acts = (
    <>
      {onMove && !proposal ? (
        <Button
          size="small"
          loading={lock.busy}
          onClick={() => void lock.run({ id, revision, leadIds: [leadId], locked: !group.locked })}
        >
          {group.locked ? '解锁' : '锁定这组'}
        </Button>
      ) : null}
      {can('forming.approve') && !proposal ? (
        <Button size="small" loading={approve.busy} onClick={() => void approve.ask([group])}>
          批准这组
        </Button>
      ) : null}
      {can('forming.approve') && proposal === 'approved' ? (
        <Button size="small" loading={withdraw.busy} onClick={() => void withdraw.ask([leadId])}>
          撤回批准
        </Button>
      ) : null}
    </>
  )
  return (
    <PlanGroupCard
      view={view}
      group={group}
      query={query}
      chosen={unit}
      onChoose={(next) => onState({ unit: next })}
      onBack={() => onState({ group: null, unit: null })}
      onMove={proposal ? undefined : onMove}
      acts={acts}
    />
  )
}
