import './coverage.css'
import { Link } from '@tanstack/react-router'

const places = [
  { to: '/coverage', title: '覆盖总览' },
  { to: '/coverage/units', title: '单位覆盖' },
  { to: '/coverage/ratios', title: '指标口径' },
  { to: '/coverage/snapshots', title: '期报' },
  { to: '/coverage/checks', title: '数据核验' },
  { to: '/coverage/settings', title: '规则' },
] as const

/** The screens of coverage, beside one another; the region and the day go with the person. */
export function CoverageNav({ where }: { where?: { region?: string | undefined; asOf?: string | undefined } }) {
  const search = {
    ...(where?.region ? { region: where.region } : {}),
    ...(where?.asOf ? { asOf: where.asOf } : {}),
  }
  return (
    <nav className="lx-coverage-nav" aria-label="覆盖">
      {places.map((place) => (
        <Link
          key={place.to}
          to={place.to}
          search={search}
          activeOptions={{ exact: true, includeSearch: false }}
          activeProps={{ 'aria-current': 'page' }}
        >
          {place.title}
        </Link>
      ))}
    </nav>
  )
}
