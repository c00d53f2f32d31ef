import { Link } from '@tanstack/react-router'
import { useCan } from './session.ts'

export interface RoomPlace {
  to: string
  title: string
  /** Who may not open it does not see it; anyone in the room when left out. */
  permission?: string
}

/**
 * The screens of a room beside one another, under the title.
 *
 * ```tsx
 * <RoomNav label="组建" places={[{ to: '/forming', title: '组建台账' }, { to: '/forming/plans', title: '方案' }]} />
 * ```
 */
export function RoomNav(props: {
  label: string
  places: readonly RoomPlace[]
  /** Search parameters that go with the person. */
  search?: Record<string, unknown>
}) {
  const can = useCan()
  return (
    <nav className="lx-room-nav" aria-label={props.label}>
      {props.places
        .filter((place) => place.permission === undefined || can(place.permission))
        .map((place) => (
          <Link
            key={place.to}
            to={place.to}
            {...(props.search ? { search: props.search } : {})}
            activeOptions={{ exact: true, includeSearch: false }}
            activeProps={{ 'aria-current': 'page' }}
          >
            {place.title}
          </Link>
        ))}
    </nav>
  )
}
