import { RoomNav } from '../ui/room-nav.tsx'

const places = [
  { to: '/instructors', title: '名册' },
  { to: '/instructors/plans', title: '安排' },
  { to: '/instructors/assignments', title: '联系单位' },
  { to: '/instructors/rules', title: '规则' },
] as const

/** The screens of instructors, beside one another. */
export function InstructorNav() {
  return <RoomNav label="指导员" places={places} />
}
