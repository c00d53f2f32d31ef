import './sync.css'
import { RoomNav } from '../ui/room-nav.tsx'

const places = [
  { to: '/sync', title: '看板' },
  { to: '/sync/items', title: '事项' },
  { to: '/sync/calendar', title: '日历' },
  { to: '/sync/templates', title: '模板与节假日' },
] as const

/** The screens of sync, beside one another. */
export function SyncNav() {
  return <RoomNav label="同步" places={places} />
}
