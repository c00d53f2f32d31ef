import { useCallback } from 'react'
import { UnitLine } from './plan-group-card.tsx'
import { PlanList } from './plan-list.tsx'
import { type MoveTarget, MovePicker } from './plan-move.tsx'
import { type UnitKind, unitKinds } from './plan-state.ts'
import { groupName, type PlanView, type ViewUnit } from './plan-view.ts'

const fits: Record<UnitKind, (unit: ViewUnit, refused: readonly string[]) => boolean> = {
  all: () => true,
  guessed: (unit) => unit.accuracy !== 'exact',
  transfer: (unit) => !unit.reported && unit.members > unit.formal,
  reported: (unit) => unit.reported,
  idle: (unit) => !unit.operating,
  refused: (unit, refused) => refused.includes(unit.id),
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
  const { view, refused, onMove } = props
  const find = useCallback(
    (of: UnitKind, text: string) =>
      [...view.units.values()].filter(
        (unit) =>
          fits[of](unit, refused) &&
          (text === '' || [unit.name, unit.street, unit.address].some((word) => word?.includes(text) === true)),
      ),
    [view, refused],
  )
  const standing = (unit: ViewUnit) => {
    const group = view.groupOf.get(unit.id)
    if (group) return `在“${groupName(view, group)}”`
    return refused.includes(unit.id) ? '明确不参加' : '未编组'
  }
  const act = (unit: ViewUnit) =>
    onMove && !refused.includes(unit.id) && !view.groupOf.get(unit.id)?.proposal ? (
      <MovePicker view={view} unitId={unit.id} onPick={(to) => onMove(unit.id, to)} />
    ) : null
  return (
    <PlanList
      what="单位"
      unit="家"
      kinds={unitKinds}
      kind={props.of}
      onKind={props.onOf}
      placeholder="单位名称、街道、地址"
      find={find}
      rows={(units) => (
        <ul className="lx-plan-scroll" aria-label="单位">
          {units.map((unit) => (
            <UnitLine
              key={unit.id}
              view={view}
              unitId={unit.id}
              chosen={props.chosen === unit.id}
              onChoose={props.onChoose}
              why={standing(unit)}
              act={act(unit)}
            />
          ))}
        </ul>
      )}
    />
  )
}
