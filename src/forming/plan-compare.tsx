import { useQuery } from '@tanstack/react-query'
import { Modal, Select } from 'antd'
import { useState } from 'react'
import { grouped } from '../base/number.ts'
import { formatDateTime } from '../base/time.ts'
import { Answered, Empty } from '../ui/states.tsx'
import { forming, type PlanHead } from './forming-client.tsx'
import { effectLines } from './plan-view.ts'

/** What changes from another plan of the same place to this one. */
export function PlanCompare({ plan, onClose }: { plan: PlanHead; onClose: () => void }) {
  const [other, setOther] = useState<string>()
  const plans = useQuery(forming.listPlans.queryOptions({ input: { region: plan.region, pageSize: 100 } }))
  const others = (plans.data?.rows ?? []).filter((one) => one.id !== plan.id)
  return (
    <Modal open width={760} title={`“${plan.title}”与另一方案比较`} footer={null} onCancel={onClose}>
      <div className="lx-stack">
        <Select
          aria-label="与哪个方案比较"
          placeholder="选择另一方案"
          loading={plans.isFetching}
          notFoundContent="没有别的方案"
          value={other ?? null}
          options={others.map((one) => ({
            value: one.id,
            label: `${one.title}（${formatDateTime(new Date(one.createdAt))}，${one.groups} 组，未编组 ${one.left} 家）`,
          }))}
          onChange={setOther}
        />
        {other ? <Difference key={other} id={plan.id} other={other} /> : null}
      </div>
    </Modal>
  )
}

const shown = 200

function Difference({ id, other }: { id: string; other: string }) {
  const query = useQuery(forming.comparePlans.queryOptions({ input: { id: other, otherId: id } }))
  return (
    <Answered query={query}>
      {(found) => (
        <>
          <p>
            <b>{grouped(found.same)}</b> 组相同，<b>{grouped(found.moved.length)}</b> 家单位换了组。
          </p>
          <ul>
            {effectLines(found).map((line) => (
              <li key={line.words} className={line.better ? 'lx-good' : 'lx-warn'}>
                {line.words}
              </li>
            ))}
          </ul>
          {found.moved.length === 0 ? (
            <Empty title="两个方案的分组完全一样" />
          ) : (
            <div className="lx-plan-compare">
              <table className="lx-sheet">
                <thead>
                  <tr>
                    <th scope="col">单位</th>
                    <th scope="col">那个方案</th>
                    <th scope="col">本方案</th>
                  </tr>
                </thead>
                <tbody>
                  {found.moved.slice(0, shown).map((one) => (
                    <tr key={one.unitId}>
                      <td>{one.name}</td>
                      <td>{one.from ?? '未编组'}</td>
                      <td>{one.to ?? '未编组'}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
              {found.moved.length > shown ? <p className="lx-soft">只列前 {shown} 家，其余请导出名单。</p> : null}
            </div>
          )}
        </>
      )}
    </Answered>
  )
}
