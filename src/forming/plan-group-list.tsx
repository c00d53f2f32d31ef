import { type ReactNode, useCallback } from 'react'
import { groupColour } from '../ui/map-draw.ts'
import { Mark } from '../ui/page.tsx'
import { proposalStates } from './contract.ts'
import { PlanList } from './plan-list.tsx'
import { type GroupKind, groupKinds } from './plan-state.ts'
import { groupName, metresWords, type PlanView, type ViewGroup } from './plan-view.ts'

/** The groups of a plan as a list: search by any unit's name or address, those that need a reason apart. */
export function PlanGroupList(props: {
  view: PlanView
  kind: GroupKind
  onKind: (kind: GroupKind) => void
  onOpen: (group: ViewGroup) => void
  bulk?: ((groups: readonly ViewGroup[]) => ReactNode) | undefined
}) {
  const { view } = props
  const find = useCallback((kind: GroupKind, text: string) => findGroups(view, kind, text), [view])
  return (
    <PlanList
      what="组"
      unit="组"
      kinds={groupKinds}
      kind={props.kind}
      onKind={props.onKind}
      placeholder="单位名称、街道、地址"
      find={find}
      bulk={props.bulk}
      rows={(groups) => (
        <ul className="lx-plan-rows" aria-label="组">
          {groups.map((group) => (
            <li key={group.leadId}>
              <button type="button" onClick={() => props.onOpen(group)}>
                <i style={{ background: groupColour(group.leadId) }} aria-hidden="true" />
                <span className="lx-plan-row-name">{groupName(view, group)}</span>
                <span className="lx-soft">
                  {group.unitIds.length} 家 · {group.members} 名 · {metresWords(group.metres)}
                </span>
                <GroupMarks group={group} />
              </button>
            </li>
          ))}
        </ul>
      )}
    />
  )
}

/** How a group stands: in need of a reason, of work first, locked, approved. */
export function GroupMarks({ group }: { group: ViewGroup }) {
  const pending = [
    ...(group.transfer > 0 ? [`待转接 ${group.transfer} 名`] : []),
    ...(group.verify > 0 ? [`待核对 ${group.verify} 名`] : []),
    ...(group.idle > 0 ? [`待核实 ${group.idle} 家`] : []),
  ]
  return (
    <span className="lx-plan-marks">
      {group.flagged ? <Mark tone="warn">须说明</Mark> : null}
      {pending.length > 0 ? <Mark tone="busy">{pending.join('、')}</Mark> : null}
      {group.locked ? <Mark>已锁定</Mark> : null}
      {group.proposal ? <Mark tone="good">{proposalStates[group.proposal]}</Mark> : null}
    </span>
  )
}

const fits: Record<GroupKind, (group: ViewGroup) => boolean> = {
  all: () => true,
  flagged: (group) => group.flagged,
  pending: (group) => group.transfer + group.verify + group.idle > 0,
  locked: (group) => group.locked,
  open: (group) => group.proposal === null,
  approved: (group) => group.proposal !== null,
}

function findGroups(view: PlanView, kind: GroupKind, text: string): ViewGroup[] {
  const says = (group: ViewGroup) =>
    text === '' ||
    groupName(view, group).includes(text) ||
    group.unitIds.some((id) => {
      const unit = view.units.get(id)
      return [unit?.name, unit?.street, unit?.address].some((word) => word?.includes(text) === true)
    })
  return [...view.groups.values()]
    .filter((group) => fits[kind](group) && says(group))
    .sort((a, b) => Number(b.flagged) - Number(a.flagged) || b.metres - a.metres)
}
