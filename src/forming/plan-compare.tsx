import { useQuery } from '@tanstack/react-query'
import { Input, Modal, Pagination, Select } from 'antd'
import { useState } from 'react'
import { grouped } from '../base/number.ts'
import { formatDateTime } from '../base/time.ts'
import { Answered, Empty } from '../ui/states.tsx'
import { forming, type PlanHead } from './forming-client.tsx'
import { effectLines, lengthWords } from './plan-view.ts'
import { gapWords } from './gap-words.ts'

/** What changes from another plan of the same place to this one. */
export function PlanCompare({ plan, onClose }: { plan: PlanHead; onClose: () => void }) {
  const [other, setOther] = useState<string>()
  const plans = useQuery(forming.listPlans.queryOptions({ input: { region: plan.region, pageSize: 100 } }))
  const others = (plans.data?.rows ?? []).filter((one) => one.id !== plan.id && one.groups > 0)
  return (
    <Modal open width={860} title={`“${plan.title}”与另一方案比较`} footer={null} onCancel={onClose}>
      <div className="lx-stack">
        <Select
          aria-label="与哪个方案比较"
          placeholder="选择另一方案"
          loading={plans.isFetching}
          notFoundContent="没有别的方案；换个种子、换个范围再编一个，就能比较"
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

type Compared = Awaited<ReturnType<typeof forming.comparePlans.call>>

function Difference({ id, other }: { id: string; other: string }) {
  const query = useQuery(forming.comparePlans.queryOptions({ input: { id: other, otherId: id } }))
  return (
    <Answered query={query}>
      {(found) => (
        <>
          <Sums found={found} />
          <p>
            <b>{grouped(found.same)}</b> 组相同，<b>{grouped(found.moved.length)}</b> 家单位的同组单位不同。
          </p>
          <ul>
            {effectLines(found).map((line) => (
              <li key={line.words} className={line.better ? 'lx-good' : 'lx-warn'}>
                本方案{line.words}
              </li>
            ))}
          </ul>
          {found.moved.length === 0 ? <Empty title="两个方案的分组完全一样" /> : <Moved moved={found.moved} />}
        </>
      )}
    </Answered>
  )
}

const figures: readonly (readonly [string, (plan: PlanHead) => string])[] = [
  ['单位', (plan) => grouped(plan.units)],
  ['组', (plan) => grouped(plan.groups)],
  ['未编组', (plan) => grouped(plan.left)],
  ['须说明', (plan) => grouped(plan.flagged)],
  ['到牵头单位合计', (plan) => lengthWords(plan.metres)],
  ['差距', (plan) => gapWords(plan.bound)],
  ['已批准', (plan) => grouped(plan.approved)],
]

/** The sums of both, side by side. */
function Sums({ found }: { found: Compared }) {
  return (
    <table className="lx-sheet lx-sheet-wide">
      <thead>
        <tr>
          <th scope="col">方案</th>
          {figures.map(([title]) => (
            <th key={title} scope="col">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {[found.before, found.after].map((plan, at) => (
          <tr key={plan.id}>
            <td>
              {at === 0 ? '那个方案' : '本方案'}：{plan.title}
            </td>
            {figures.map(([title, read]) => (
              <td key={title} className="lx-number">
                {read(plan)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const pageSize = 20

/** The units whose company differs, with whom they are led by in either. */
function Moved({ moved }: { moved: Compared['moved'] }) {
  const [text, setText] = useState('')
  const [page, setPage] = useState(1)
  const said = text.trim()
  const found = moved.filter((one) => [one.name, one.from, one.to].some((word) => word?.includes(said) === true))
  const now = Math.min(page, Math.max(1, Math.ceil(found.length / pageSize)))
  return (
    <>
      <Input.Search
        allowClear
        aria-label="找单位"
        placeholder="单位名称、牵头单位"
        value={text}
        onChange={(event) => {
          setPage(1)
          setText(event.target.value)
        }}
      />
      <div className="lx-plan-compare">
        <table className="lx-sheet lx-sheet-wide">
          <thead>
            <tr>
              <th scope="col">单位</th>
              <th scope="col">那个方案的牵头</th>
              <th scope="col">本方案的牵头</th>
            </tr>
          </thead>
          <tbody>
            {found.slice((now - 1) * pageSize, now * pageSize).map((one) => (
              <tr key={one.unitId}>
                <td>{one.name}</td>
                <td>{one.from ?? '未编组'}</td>
                <td>{one.to ?? '未编组'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Pagination
        size="small"
        showSizeChanger={false}
        hideOnSinglePage
        current={now}
        total={found.length}
        pageSize={pageSize}
        onChange={setPage}
      />
    </>
  )
}
