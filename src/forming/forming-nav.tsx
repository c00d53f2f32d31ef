import './forming.css'
import { RoomNav } from '../ui/room-nav.tsx'

const places = [
  { to: '/forming', title: '组建台账' },
  { to: '/forming/scope', title: '编排范围' },
  { to: '/forming/plans', title: '方案' },
  { to: '/forming/wishes', title: '编组要求' },
  { to: '/forming/rules', title: '规则与坐标' },
] as const

/** The screens of forming, beside one another. */
export function FormingNav() {
  return <RoomNav label="组建" places={places} />
}
