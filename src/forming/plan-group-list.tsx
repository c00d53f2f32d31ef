import { Input, Pagination, Select } from 'antd'
import { type ReactNode, useMemo, useState } from 'react'
import { grouped } from '../base/number.ts'
import { options } from '../ui/filters.tsx'
import { groupColour } from '../ui/map-draw.ts'
import { Mark } from '../ui/page.tsx'
import { Empty } from '../ui/states.tsx'
import { proposalStates } from './contract.ts'
import { type GroupKind, groupKinds } from './plan-state.ts'
import { groupName, metresWords, type PlanView, type ViewGroup } from './plan-view.ts'

const pageSize = 50

/** The groups of a plan as a list: search by any unit's name or street, those that need a reason apart. */
export function PlanGroupList(props: {
  view: PlanView
  kind: GroupKind
  onKind: (kind: GroupKind) => void
  onOpen: (group: ViewGroup) => void
  /** What can be done with all groups that are listed. */
  bulk?: ((groups: readonly ViewGroup[]) => ReactNode) | undefined
}) {
  const { view, kind } = props
  const [text, setText] = useState('')
  const [page, setPage] = useState(1)
  const found = useMemo(() => findGroups(view, kind, text.trim()), [view, kind, text])
  const last = Math.max(1, Math.ceil(found.length / pageSize))
  const now = Math.min(page, last)
  return (
    <div className="lx-plan-list">
      <div className="lx-plan-list-head">
        <Select
          size="small"
          aria-label="哪些组"
          style={{ width: 116 }}
          value={kind}
          options={options(groupKinds)}
          onChange={(next: GroupKind) => {
            setPage(1)
            props.onKind(next)
          }}
        />
        <Input.Search
          size="small"
          allowClear
          aria-label="找组"
          placeholder="单位名称、街道、道路"
          value={text}
          onChange={(event) => {
            setPage(1)
            setText(event.target.value)
          }}
        />
      </div>
      {found.length === 0 ? (
        <Empty title="没有这样的组" hint="换个名称，或看全部。" />
      ) : (
        <ul className="lx-plan-rows" aria-label="组">
          {found.slice((now - 1) * pageSize, now * pageSize).map((group) => (
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
      <div className="lx-plan-list-foot">
        <span className="lx-soft">{grouped(found.length)} 组</span>
        {found.length > 0 ? props.bulk?.(found) : null}
        {last > 1 ? (
          <Pagination
            size="small"
            simple
            showSizeChanger={false}
            current={now}
            total={found.length}
            pageSize={pageSize}
            onChange={setPage}
          />
        ) : null}
      </div>
    </div>
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
