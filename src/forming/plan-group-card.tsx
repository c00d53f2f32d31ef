import ArrowLeftOutlined from '@ant-design/icons/ArrowLeftOutlined'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import type { ReactNode } from 'react'
import { Answered } from '../ui/states.tsx'
import { placeSources } from './contract.ts'
import { type MoveTarget, MovePicker } from './plan-move.tsx'
import { groupName, metresWords, type PlanView, type ViewGroup, type ViewUnit } from './plan-view.ts'
import { GroupMarks } from './plan-group-list.tsx'

/** Why the units of a group are together, as the server explains it. */
export interface GroupWhy {
  members: number
  units: number
  lines: readonly { unitId: string; words: string; metres: number; measured: boolean }[]
  flags: readonly string[]
}

interface CardProps {
  view: PlanView
  group: ViewGroup
  query: { data: GroupWhy | undefined; error: unknown; refetch: () => unknown }
  chosen: string | null
  onChoose: (unitId: string) => void
  onBack: () => void
  /** Left out where the plan cannot be changed. */
  onMove?: ((unitId: string, to: MoveTarget) => void) | undefined
  acts: ReactNode
}

/** One group: who leads, and for each other unit how far, by which rule, and how well its place is known. */
export function PlanGroupCard({ view, group, query, chosen, onChoose, onBack, onMove, acts }: CardProps) {
  return (
    <div className="lx-plan-scroll">
      <div className="lx-plan-card-head">
        <Button size="small" type="text" icon={<ArrowLeftOutlined />} aria-label="回到组列表" onClick={onBack} />
        <h2>{groupName(view, group)}</h2>
        <GroupMarks group={group} />
      </div>
      <p className="lx-soft">
        {group.unitIds.length} 家单位，计党员 {group.members} 名，到牵头单位合计 {metresWords(group.metres)}
      </p>
      <div className="lx-plan-acts">{acts}</div>
      <Answered query={query} rows={4}>
        {(why) => (
          <>
            {why.flags.map((flag) => (
              <p key={flag} className="lx-warn-line">
                {flag}
              </p>
            ))}
            <ul className="lx-plan-units" aria-label="组内单位">
              {group.unitIds.map((unitId) => {
                const line = why.lines.find((one) => one.unitId === unitId)
                return (
                  <UnitLine
                    key={unitId}
                    view={view}
                    unitId={unitId}
                    chosen={chosen === unitId}
                    onChoose={onChoose}
                    why={line ? `${line.words} · ${distanceWords(line)}` : unitId === group.leadId ? '牵头单位' : ''}
                    act={onMove ? <MovePicker view={view} unitId={unitId} onPick={(to) => onMove(unitId, to)} /> : null}
                  />
                )
              })}
            </ul>
          </>
        )}
      </Answered>
    </div>
  )
}

function distanceWords({ metres, measured }: { metres: number; measured: boolean }): string {
  const words = metresWords(metres)
  return measured || words === '位置不明' ? words : `约 ${words}`
}

function memberWords({ members, formal, reported }: ViewUnit): string {
  if (reported) return `部门报党员 ${members} 名`
  return members > formal ? `党员 ${members} 名，其中 ${members - formal} 名未转入` : `党员 ${members} 名`
}

function placeWords({ accuracy, accuracyMetres }: ViewUnit): string {
  const words = placeSources[accuracy]
  return accuracyMetres > 0 && accuracy !== 'none' ? `${words}，误差不超过 ${metresWords(accuracyMetres)}` : words
}

/** One unit of a group or left over: its name opens its page, a press on the line finds it on the map. */
export function UnitLine(props: {
  view: PlanView
  unitId: string
  chosen: boolean
  why: ReactNode
  act: ReactNode
  onChoose: (unitId: string) => void
}) {
  const unit = props.view.units.get(props.unitId)
  if (!unit) return null
  return (
    <li className={props.chosen ? 'lx-plan-unit lx-plan-unit-now' : 'lx-plan-unit'}>
      <div className="lx-plan-unit-words">
        <Link to={`/units/${unit.id}`}>{unit.name}</Link>
        <span className="lx-soft">
          {memberWords(unit)}
          {unit.street ? ` · ${unit.street}` : ''} · {placeWords(unit)}
          {unit.operating ? '' : ' · 没有证实在营'}
        </span>
        {unit.address ? <span className="lx-faint">{unit.address}</span> : null}
        <span>{props.why}</span>
      </div>
      <Button type="link" size="small" aria-pressed={props.chosen} onClick={() => props.onChoose(unit.id)}>
        看位置
      </Button>
      {props.act}
    </li>
  )
}
