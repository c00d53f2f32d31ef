import { useQuery } from '@tanstack/react-query'
import { Pagination } from 'antd'
import { useState } from 'react'
import { Answered } from '../ui/states.tsx'
import { forming, type PlanPage } from './forming-client.tsx'
import { UnitLine } from './plan-group-card.tsx'
import { type MoveTarget, MovePicker } from './plan-move.tsx'
import { metresWords, type PlanView } from './plan-view.ts'

const pageSize = 20

/** The units a plan leaves over, each with why and what to do instead. */
export function PlanLeft(props: {
  plan: PlanPage
  view: PlanView
  chosen: string | null
  onChoose: (unitId: string) => void
  onMove: ((unitId: string, to: MoveTarget) => void) | undefined
}) {
  const { plan, view, chosen, onChoose, onMove } = props
  const [page, setPage] = useState(1)
  // The revision makes the answer of a plan that was changed another one.
  const options = forming.listLeft.queryOptions({ input: { id: plan.id, page, pageSize } })
  const query = useQuery({ ...options, queryKey: [...options.queryKey, plan.revision] as never })
  return (
    <>
      <div className="lx-plan-scroll">
        {plan.bound?.leftProved ? (
          <p className="lx-good">已证明：按现行规则，不能再少剩一家。</p>
        ) : (
          <p className="lx-soft">每家为什么没有编进组、建议怎么办：</p>
        )}
        <Answered query={query} rows={4}>
          {({ rows }) => (
            <ul aria-label="未编组的单位">
              {rows.map((row) => (
                <UnitLine
                  key={row.unitId}
                  view={view}
                  unitId={row.unitId}
                  chosen={chosen === row.unitId}
                  onChoose={onChoose}
                  why={`${row.words}${nearest(row.within)}`}
                  act={
                    onMove ? (
                      <MovePicker view={view} unitId={row.unitId} onPick={(to) => onMove(row.unitId, to)} />
                    ) : null
                  }
                />
              ))}
            </ul>
          )}
        </Answered>
      </div>
      {view.left.length > pageSize ? (
        <div className="lx-plan-list-foot">
          <Pagination
            size="small"
            simple
            current={page}
            total={view.left.length}
            pageSize={pageSize}
            onChange={setPage}
          />
        </div>
      ) : null}
    </>
  )
}

function nearest(within: readonly { name: string; metres: number }[]): string {
  if (within.length === 0) return ''
  return `。附近的有：${within
    .slice(0, 3)
    .map((one) => `${one.name}（${metresWords(one.metres)}）`)
    .join('、')}`
}
