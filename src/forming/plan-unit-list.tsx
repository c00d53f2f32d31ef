import { Input, Pagination, Select } from 'antd'
import { useMemo, useState } from 'react'
import { grouped } from '../base/number.ts'
import { options } from '../ui/filters.tsx'
import { Empty } from '../ui/states.tsx'
import { UnitLine } from './plan-group-card.tsx'
import { type MoveTarget, MovePicker } from './plan-move.tsx'
import { type UnitKind, unitKinds } from './plan-state.ts'
import { groupName, type PlanView, type ViewUnit } from './plan-view.ts'

const pageSize = 50

const fits: Record<UnitKind, (unit: ViewUnit, refused: ReadonlySet<string>) => boolean> = {
  all: () => true,
  guessed: (unit) => unit.accuracy !== 'exact',
  transfer: (unit) => !unit.reported && unit.members > unit.formal,
  reported: (unit) => unit.reported,
  idle: (unit) => !unit.operating,
  refused: (unit, refused) => refused.has(unit.id),
}

/** Every unit of a plan, by what is particular about it, with the group it stands in. */
export function PlanUnitList(props: {
  view: PlanView
  refused: readonly string[]
  of: UnitKind
  onOf: (of: UnitKind) => void
  chosen: string | null
  onChoose: (unitId: string) => void
  onMove?: ((unitId: string, to: MoveTarget) => void) | undefined
}) {
  const { view, of, refused, onMove } = props
  const [text, setText] = useState('')
  const [page, setPage] = useState(1)
  const found = useMemo(() => {
    const said = text.trim()
    const out = new Set(refused)
    return [...view.units.values()].filter(
      (unit) =>
        fits[of](unit, out) &&
        (said === '' || [unit.name, unit.street, unit.address].some((word) => word?.includes(said) === true)),
    )
  }, [view, of, text, refused])
  const last = Math.max(1, Math.ceil(found.length / pageSize))
  const now = Math.min(page, last)
  const standing = (unit: ViewUnit) => {
    const group = view.groupOf.get(unit.id)
    if (group) return `在“${groupName(view, group)}”`
    return refused.includes(unit.id) ? '明确不参加' : '未编组'
  }
  return (
    <div className="lx-plan-list">
      <div className="lx-plan-list-head">
        <Select
          size="small"
          aria-label="哪些单位"
          style={{ width: 116 }}
          value={of}
          options={options(unitKinds)}
          onChange={(next: UnitKind) => {
            setPage(1)
            props.onOf(next)
          }}
        />
        <Input.Search
          size="small"
          allowClear
          aria-label="找单位"
          placeholder="单位名称、街道、地址"
          value={text}
          onChange={(event) => {
            setPage(1)
            setText(event.target.value)
          }}
        />
      </div>
      {found.length === 0 ? (
        <Empty title="没有这样的单位" hint="换个名称，或看全部单位。" />
      ) : (
        <ul className="lx-plan-scroll" aria-label="单位">
          {found.slice((now - 1) * pageSize, now * pageSize).map((unit) => (
            <UnitLine
              key={unit.id}
              view={view}
              unitId={unit.id}
              chosen={props.chosen === unit.id}
              onChoose={props.onChoose}
              why={standing(unit)}
              act={
                onMove && !refused.includes(unit.id) && !view.groupOf.get(unit.id)?.proposal ? (
                  <MovePicker view={view} unitId={unit.id} onPick={(to) => onMove(unit.id, to)} />
                ) : null
              }
            />
          ))}
        </ul>
      )}
      <div className="lx-plan-list-foot">
        <span className="lx-soft">{grouped(found.length)} 家</span>
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
