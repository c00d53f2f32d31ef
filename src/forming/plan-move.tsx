import { Button, Select } from 'antd'
import { useMemo, useState } from 'react'
import { Failure, Loading } from '../ui/states.tsx'
import { ruleWords, type BrokenRule } from './locked.ts'
import { effectLines, groupName, groupsNear, metresWords, type PlanView } from './plan-view.ts'

/** Where a unit is to go: a group by its lead, a group of its own, or out of the plan (null). */
export type MoveTarget = string | null

/** The same change said as a choice of the drop-down. */
const own = 'new'
const out = 'out'

/** Chooses the group a unit goes to without a mouse: nearest first, any other by its name. */
export function MovePicker({
  view,
  unitId,
  onPick,
}: {
  view: PlanView
  unitId: string
  onPick: (to: MoveTarget) => void
}) {
  const [open, setOpen] = useState(false)
  const near = useMemo(() => (open ? groupsNear(view, unitId) : []), [open, view, unitId])
  const name = view.units.get(unitId)?.name ?? ''
  const choices = [
    ...near.map(({ group, metres, guess }) => ({
      value: group.leadId,
      label: `${groupName(view, group)}（${group.unitIds.length} 家，${guess ? '位置未核实' : `约 ${metresWords(metres)}`}）`,
    })),
    { value: own, label: '另成一组' },
    ...(view.groupOf.has(unitId) ? [{ value: out, label: '移出，不编组' }] : []),
  ]
  return (
    <Select
      size="small"
      aria-label={`把${name}移到`}
      placeholder="移到…"
      style={{ width: 92 }}
      popupMatchSelectWidth={380}
      showSearch={{ optionFilterProp: 'label' }}
      value={null}
      options={choices}
      onOpenChange={setOpen}
      onChange={(value: string) => onPick(value === out ? null : value)}
    />
  )
}

/** What a move would do, worked out by the server. */
export interface MoveAnswer {
  metres: number
  flagged: number
  leftOver: number
  broken: readonly { leadId: string; rules: readonly BrokenRule[] }[]
}

interface MovePanelProps {
  view: PlanView
  unitId: string
  to: MoveTarget
  query: { data: MoveAnswer | undefined; error: unknown; refetch: () => unknown }
  busy: boolean
  onConfirm: () => void
  onCancel: () => void
}

/** A move before it is made: what it costs, which rule it breaks, then yes or no. */
export function MovePanel({ view, unitId, to, query, busy, onConfirm, onCancel }: MovePanelProps) {
  const unit = view.units.get(unitId)
  const from = view.groupOf.get(unitId)
  const target = to === null || to === own ? undefined : view.groups.get(to)
  const partner = to === null || target ? undefined : view.units.get(to)
  const goal =
    to === null
      ? '移出，不编组'
      : target
        ? `移到“${groupName(view, target)}”`
        : partner
          ? `与“${partner.name}”另成一组`
          : '另成一组'
  const broken = query.data?.broken ?? []
  return (
    <section className="lx-plan-move" aria-label="移动单位" aria-live="polite">
      <p>
        <b>{unit?.name}</b> {from ? `从“${groupName(view, from)}”` : '从未编组'}
        {goal}
      </p>
      {query.error ? <Failure error={query.error} onRetry={() => void query.refetch()} /> : null}
      {query.data ? <Effect view={view} answer={query.data} /> : query.error ? null : <Loading rows={2} />}
      <div className="lx-form-acts">
        <Button
          type="primary"
          size="small"
          danger={broken.length > 0}
          loading={busy}
          disabled={!query.data}
          onClick={onConfirm}
        >
          {broken.length > 0 ? '仍要移动' : '确认移动'}
        </Button>
        <Button size="small" onClick={onCancel}>
          不移了
        </Button>
      </div>
    </section>
  )
}

function Effect({ view, answer }: { view: PlanView; answer: MoveAnswer }) {
  const lines = effectLines(answer)
  return (
    <ul>
      {answer.broken.map(({ leadId, rules }) => {
        const group = view.groups.get(leadId)
        return (
          <li key={leadId} className="lx-bad">
            移动后“{group ? groupName(view, group) : `${view.units.get(leadId)?.name ?? ''}牵头`}”违反规则：
            {rules.map((rule) => ruleWords[rule]).join('、')}
          </li>
        )
      })}
      {lines.map((line) => (
        <li key={line.words} className={line.better ? 'lx-good' : 'lx-warn'}>
          {line.words}
        </li>
      ))}
      {lines.length === 0 && answer.broken.length === 0 ? <li className="lx-soft">距离和编组数都不变。</li> : null}
    </ul>
  )
}
