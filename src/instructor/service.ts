import type { JobKind } from '../host/context.ts'
import type { Handlers } from '../host/handlers.ts'
import { assignUnit, endAssignment, listAssignments } from './assignments.ts'
import type { instructorContract } from './contract.ts'
import {
  assignmentsJob,
  exportAssignments,
  exportAssignPlan,
  exportInstructors,
  planJob,
  registerJob,
} from './exports.ts'
import { importInstructors, importJob } from './import.ts'
import { confirmAssign, confirmJob } from './plan-confirm.ts'
import { getAssignPlan, listPairChoices, setPair } from './plan-pairs.ts'
import { assignJob, dropAssign, listAssignPlans, startAssign } from './plans.ts'
import {
  addInstructor,
  editInstructor,
  endInstructor,
  getInstructor,
  listInstructors,
  revealInstructor,
} from './register.ts'
import { changeInstructorSetting, getInstructorSettings } from './settings.ts'

/** The instructor room's functions, one an operation, in contract order. */
export const instructor = {
  getInstructorSettings,
  changeInstructorSetting,
  listInstructors,
  getInstructor,
  addInstructor,
  editInstructor,
  endInstructor,
  revealInstructor,
  importInstructors,
  exportInstructors,
  startAssign,
  listAssignPlans,
  getAssignPlan,
  listPairChoices,
  exportAssignPlan,
  setPair,
  confirmAssign,
  dropAssign,
  listAssignments,
  assignUnit,
  endAssignment,
  exportAssignments,
} satisfies Handlers<typeof instructorContract>

/** Work of instructors that goes on after its command. */
export const instructorJobs: JobKind[] = [importJob, registerJob, assignJob, confirmJob, assignmentsJob, planJob]
