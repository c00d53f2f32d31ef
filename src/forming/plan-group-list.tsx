import { Input, Pagination, Segmented } from 'antd'
import { useMemo, useState } from 'react'
import { grouped } from '../base/number.ts'
import { groupColour } from '../ui/map-draw.ts'
import { Mark } from '../ui/page.tsx'
import { Empty } from '../ui/states.tsx'
import { groupName, metresWords, type PlanView, type ViewGroup } from './plan-view.ts'

/** Which groups are listed. */
const kinds = { all: '全部', flagged: '须说明', locked: '已锁定', open: '未批准' } as const
export type GroupKind = keyof typeof kinds

const pageSize = 50

/** The groups of a plan as a list: search by any unit's name or street, those that need a reason apart. */
export function PlanGroupList(props: {
  view: PlanView
  kind: GroupKind
  onKind: (kind: GroupKind) => void
  onOpen: (group: ViewGroup) => void
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
        <Segmented
          size="small"
          aria-label="哪些组"
          value={kind}
          options={Object.entries(kinds).map(([value, label]) => ({ value: value as GroupKind, label }))}
          onChange={(next) => {
            setPage(1)
            props.onKind(next)
          }}
        />
        <Input.Search
          size="small"
          allowClear
          aria-label="找组"
          placeholder="单位名称、街道"
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
        {last > 1 ? (
          <Pagination size="small" simple current={now} total={found.length} pageSize={pageSize} onChange={setPage} />
        ) : null}
      </div>
    </div>
  )
}

/** How a group stands: locked, approved, in need of a reason. */
export function GroupMarks({ group }: { group: ViewGroup }) {
  return (
    <>
      {group.flagged ? <Mark tone="warn">须说明</Mark> : null}
      {group.locked ? <Mark>已锁定</Mark> : null}
      {group.approved ? <Mark tone="good">已批准</Mark> : null}
    </>
  )
}

function findGroups(view: PlanView, kind: GroupKind, text: string): ViewGroup[] {
  const fits = (group: ViewGroup) =>
    kind === 'all' || (kind === 'open' ? !group.approved : kind === 'flagged' ? group.flagged : group.locked)
  const says = (group: ViewGroup) =>
    text === '' ||
    groupName(view, group).includes(text) ||
    group.unitIds.some((id) => {
      const unit = view.units.get(id)
      return unit?.name.includes(text) === true || unit?.street?.includes(text) === true
    })
  return [...view.groups.values()]
    .filter((group) => fits(group) && says(group))
    .sort((a, b) => Number(b.flagged) - Number(a.flagged) || b.metres - a.metres)
}
