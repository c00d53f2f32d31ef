import './forming.css'
import { Link } from '@tanstack/react-router'

const places = [
  { to: '/forming', title: '组建台账' },
  { to: '/forming/plans', title: '方案' },
  { to: '/forming/wishes', title: '编组要求' },
  { to: '/forming/rules', title: '规则与坐标' },
] as const

/** The screens of forming, beside one another. */
export function FormingNav() {
  return (
    <nav className="lx-forming-nav" aria-label="组建">
      {places.map((place) => (
        <Link
          key={place.to}
          to={place.to}
          activeOptions={{ exact: true, includeSearch: false }}
          activeProps={{ 'aria-current': 'page' }}
        >
          {place.title}
        </Link>
      ))}
    </nav>
  )
}
