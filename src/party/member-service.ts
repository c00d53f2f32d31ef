import type { JobKind } from '../host/context.ts'
import type { Handlers } from '../host/handlers.ts'
import { exportMemberTasks, exportMemberUnits, exportRosterUnits, listExportJobs } from './list-exports.ts'
import { commitMembersJob, undoMembersJob } from './member-commit-jobs.ts'
import type { memberContract } from './member-contract.ts'
import { listEmployers, rematchEmployers, rematchEmployersJob, settleEmployer } from './member-employers.ts'
import { exportMembers, exportMembersJob } from './member-export.ts'
import {
  listMemberOrgs,
  listMemberUnits,
  memberSummary,
  reportMembers,
  unitMembers,
  withdrawReport,
} from './member-figures.ts'
import type { memberImportContract } from './member-import-contract.ts'
import { checkMembersJob, recogniseMembersJob } from './member-import-jobs.ts'
import {
  checkMemberImport,
  commitMemberImport,
  createMemberImport,
  discardMemberImport,
  getMemberImport,
  listMemberImports,
  listMemberRows,
  resumeMemberImport,
  undoMemberImport,
} from './member-imports.ts'
import { findMember, getMember, revealMember, searchMembers } from './member-list.ts'
import { decideMemberTask, listMemberTasks } from './member-tasks.ts'
import type { rosterContract } from './roster-contract.ts'
import { compareRosterJob } from './roster-job.ts'
import { createRosterCheck, getRosterCheck, listRosterChecks, listRosterUnits, undoRosterCheck } from './rosters.ts'

/** The functions of members and rosters, one an operation, in contract order. */
export const members = {
  memberSummary,
  listMemberUnits,
  listMemberOrgs,
  unitMembers,
  searchMembers,
  findMember,
  getMember,
  revealMember,
  reportMembers,
  withdrawReport,
  listMemberTasks,
  decideMemberTask,
  exportMemberUnits,
  exportMemberTasks,
  exportMembers,
  listMemberImports,
  createMemberImport,
  getMemberImport,
  checkMemberImport,
  listMemberRows,
  commitMemberImport,
  resumeMemberImport,
  undoMemberImport,
  discardMemberImport,
  listEmployers,
  settleEmployer,
  rematchEmployers,
  listRosterChecks,
  createRosterCheck,
  getRosterCheck,
  listRosterUnits,
  exportRosterUnits,
  undoRosterCheck,
} satisfies Handlers<typeof memberContract & typeof memberImportContract & typeof rosterContract>

/** Work on members that goes on after its command. */
export const memberJobs: JobKind[] = [
  recogniseMembersJob,
  checkMembersJob,
  commitMembersJob,
  undoMembersJob,
  compareRosterJob,
  rematchEmployersJob,
  exportMembersJob,
  ...listExportJobs,
]
