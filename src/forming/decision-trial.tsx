import { useQuery } from '@tanstack/react-query'
import { grouped } from '../base/number.ts'
import { Failure } from '../ui/states.tsx'
import { formingActions } from './decide.ts'
import type { TableRow } from './decision-form.tsx'
import { forming } from './forming-client.tsx'

/** What a changed table would decide otherwise, counted over the county before anything is saved. */
export function DecisionTrial({ county, rows }: { county: string; rows: readonly TableRow[] }) {
  const query = useQuery(
    forming.tryDecisionTable.queryOptions({ input: { countyCode: county, rows: [...rows] }, meta: { keep: true } }),
  )
  if (query.error) return <Failure error={query.error} onRetry={() => void query.refetch()} />
  if (!query.data) return <p className="lx-soft">正在试算…</p>
  const { changed, counts } = query.data
  const moved = counts.filter((one) => one.before !== one.after)
  return (
    <p className={changed > 0 ? 'lx-warn-line' : 'lx-soft'} role="status">
      {changed === 0 ? '试算：今天没有单位的判定会变。' : `试算：${grouped(changed)} 家单位的判定会变。`}
      {moved.map(({ action, before, after }, at) => (
        <span key={action}>
          {at > 0 ? '；' : ''}
          {formingActions[action]} {grouped(before)} → {grouped(after)} 家
        </span>
      ))}
    </p>
  )
}
