import './founding.css'
import { RoomNav } from '../ui/room-nav.tsx'

const places = [
  { to: '/founding', title: '看板' },
  { to: '/founding/list', title: '台账' },
  { to: '/founding/waiting', title: '待开办' },
  { to: '/founding/rules', title: '期限' },
] as const

/** The screens of founding, beside one another. */
export function FoundingNav() {
  return <RoomNav label="组建办理" places={places} />
}
