import { Link } from '@tanstack/react-router'
import { connect } from '../ui/client.ts'
import { instructorContract } from './contract.ts'

/** The instructor room from the browser. */
export const instructors = connect(instructorContract)
export type InstructorRow = Awaited<ReturnType<typeof instructors.listInstructors.call>>['rows'][number]
export type InstructorPage = Awaited<ReturnType<typeof instructors.getInstructor.call>>
export type AssignmentRow = Awaited<ReturnType<typeof instructors.listAssignments.call>>['rows'][number]
export type AssignPlan = Awaited<ReturnType<typeof instructors.getAssignPlan.call>>

/** 1234 → 1.2 公里, with 约 where a place was inferred; null: not known; 0 inferred: both in the middle of one township. */
export function distanceText(metres: number | null, measured: boolean): string {
  if (metres === null) return '位置不明'
  if (metres === 0 && !measured) return '同一乡镇街道'
  const text = metres < 1000 ? `${metres} 米` : `${(metres / 1000).toFixed(1)} 公里`
  return measured ? text : `约 ${text}`
}

/** Leads to an instructor: the name is masked, so the employer stands beside it. */
export function InstructorLink({ id, name, employer }: { id: string; name: string; employer: string | null }) {
  return (
    <Link to={`/instructors/${id}`}>
      {name}
      {employer ? `　${employer}` : ''}
    </Link>
  )
}
