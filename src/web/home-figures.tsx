import { grouped } from '../base/number.ts'
import { formatDateTime } from '../base/time.ts'
import { Link } from '@tanstack/react-router'
import { departments, unitKinds } from '../ledger/field-contract.ts'
import { importStates } from '../ledger/import-contract.ts'
import type { ledgerContract } from '../ledger/contract.ts'
import type { Operations } from '../ui/client.ts'
import { Section } from '../ui/page.tsx'

/** The answer of `ledger.summary`. */
export type Summary = Awaited<ReturnType<Operations<typeof ledgerContract>['summary']['call']>>

/** How many units, of which kinds, where. Every figure leads to its list. */
export function Figures({ summary }: { summary: Summary }) {
  const kinds = summary.byKind.filter((one) => one.count > 0)
  const areas = summary.byArea.filter((one) => one.count > 0).slice(0, 8)
  return (
    <Section title="台账底数" extra={<Link to="/units">打开台账</Link>}>
      <p className="lx-figure">
        <b>{grouped(summary.units)}</b> 家
      </p>
      <Bars
        title="按单位类型"
        rows={kinds.map(({ kind, count: n }) => ({
          key: kind,
          title: unitKinds[kind],
          count: n,
          search: { kinds: [kind] },
        }))}
      />
      <Bars
        title="按乡镇街道"
        rows={areas.map(({ code, name, count: n }) => ({ key: code, title: name, count: n, search: { region: code } }))}
      />
      {summary.withoutArea > 0 ? (
        <p className="lx-soft lx-home-small">另有 {grouped(summary.withoutArea)} 家只知所在县区，不知乡镇街道。</p>
      ) : null}
    </Section>
  )
}

interface BarRow {
  key: string
  title: string
  count: number
  search: Record<string, unknown>
}

function Bars({ title, rows }: { title: string; rows: readonly BarRow[] }) {
  const most = Math.max(1, ...rows.map((row) => row.count))
  if (rows.length === 0) return null
  return (
    <div className="lx-bars">
      <h3>{title}</h3>
      <ul>
        {rows.map((row) => (
          <li key={row.key}>
            <Link to="/units" search={row.search} title={row.title}>
              {row.title}
            </Link>
            <span className="lx-bars-track" aria-hidden="true">
              <i style={{ width: `${Math.max(1, (row.count / most) * 100)}%` }} />
            </span>
            <span className="lx-number">{grouped(row.count)}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}

/** The last files that came in. */
export function RecentImports({ summary }: { summary: Summary }) {
  if (summary.recentImports.length === 0) return null
  return (
    <Section title="最近导入" extra={<Link to="/imports">全部导入</Link>}>
      <ul className="lx-recent">
        {summary.recentImports.map((one) => (
          <li key={one.id}>
            <Link to="/imports/$id" params={{ id: one.id }}>
              {one.fileName}
            </Link>
            <span className="lx-soft">{one.department ? departments[one.department] : '部门待定'}</span>
            <span className="lx-soft">{importStates[one.state as keyof typeof importStates] ?? one.state}</span>
            <time className="lx-soft" dateTime={one.at}>
              {formatDateTime(new Date(one.at)).slice(5, 16)}
            </time>
          </li>
        ))}
      </ul>
    </Section>
  )
}
