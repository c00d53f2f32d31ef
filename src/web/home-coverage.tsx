import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { grouped } from '../base/number.ts'
import { coverageContract } from '../coverage/contract.ts'
import { listSearch, percent } from '../coverage/words.ts'
import { connect } from '../ui/client.ts'
import { Section } from '../ui/page.tsx'
import { useCan } from '../ui/session.ts'

const coverage = connect(coverageContract)

/** The figures of coverage that the first page knows of; none for whom they do not concern. */
export function useCoverage() {
  const can = useCan()
  return useQuery(coverage.getDashboard.queryOptions({ input: { months: 1 }, enabled: can('coverage.read') })).data
}

const shown = ['orgCoverage', 'dueBuiltRate', 'workCoverage']

/** The headline ratios of one's own region, each with its definition's version and day, leading to the dashboard. */
export function CoverageFigures() {
  const data = useCoverage()
  const ratios = data?.ratios.filter((one) => shown.includes(one.key) && one.denominator > 0) ?? []
  if (!data || ratios.length === 0) return null
  return (
    <Section title="党的组织和工作覆盖" extra={<Link to="/coverage">覆盖总览</Link>}>
      <ul className="lx-home-ratios">
        {ratios.map((one) => (
          <li key={one.key}>
            <Link to="/coverage" search={{ ratio: one.key }}>
              {one.name} <b>{percent(one.value)}</b>
            </Link>
            <small className="lx-soft">
              <Link to="/coverage/units" search={listSearch({ ratio: one.key, part: 'numerator' }, { asOf: one.asOf })}>
                {grouped(one.numerator)}
              </Link>
              {' / '}
              <Link
                to="/coverage/units"
                search={listSearch({ ratio: one.key, part: 'denominator' }, { asOf: one.asOf })}
              >
                {grouped(one.denominator)}
              </Link>{' '}
              第 {one.version} 版 · {one.asOf}
            </small>
          </li>
        ))}
      </ul>
    </Section>
  )
}
