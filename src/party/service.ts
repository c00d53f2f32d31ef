import type { Chore } from '../host/chores.ts'
import type { JobKind } from '../host/context.ts'
import type { Handlers } from '../host/handlers.ts'
import { addContact, downloadCharter, endContact, revealContact, setCharter } from './contacts.ts'
import type { orgContract } from './contract.ts'
import { coverUnits, endCover } from './covers.ts'
import { endLine, setParent } from './lines.ts'
import { addLink, endLink } from './links.ts'
import { followMerges } from './follow-merges.ts'
import { followUnits } from './follow-units.ts'
import { dissolveOrg, mergeOrgs, splitOrg } from './org-end.ts'
import { commitOrgsJob, undoOrgsJob } from './org-commit-jobs.ts'
import { exportOrgs, exportOrgsJob } from './org-export.ts'
import type { orgImportContract } from './org-import-contract.ts'
import { checkOrgsJob, recogniseOrgsJob } from './org-import-jobs.ts'
import {
  checkOrgImport,
  commitOrgImport,
  createOrgImport,
  discardOrgImport,
  getOrgImport,
  listOrgImportRows,
  listOrgImports,
  resumeOrgImport,
  undoOrgImport,
} from './org-imports.ts'
import { retargetMembersJob } from './org-members.ts'
import { getOrg, listOrgChanges, listOrgUnits } from './org-page.ts'
import { correctOrg, createOrg, renameOrg } from './org-write.ts'
import { searchOrgs } from './orgs.ts'
import { addPost, addTerm, delayTerm, endPost, revealPost } from './posts.ts'
import { listReminders, orgSummary } from './reminders.ts'
import { changePartySetting, getPartySettings } from './settings.ts'
import { orgNetwork, orgPath, orgTree } from './tree.ts'
import { undoChange } from './undo.ts'
import { unitParty } from './unit-party.ts'
import type { orgWriteContract } from './write-contract.ts'

/** The functions of party organisations, one an operation, in contract order; those of members are in member-service.ts. */
export const partyOrgs = {
  orgSummary,
  searchOrgs,
  getOrg,
  listOrgUnits,
  listOrgChanges,
  orgTree,
  orgPath,
  orgNetwork,
  listReminders,
  unitParty,
  revealPost,
  revealContact,
  getPartySettings,
  changePartySetting,
  createOrg,
  correctOrg,
  renameOrg,
  dissolveOrg,
  mergeOrgs,
  splitOrg,
  setParent,
  endLine,
  coverUnits,
  endCover,
  addPost,
  endPost,
  addTerm,
  delayTerm,
  addContact,
  endContact,
  setCharter,
  downloadCharter,
  addLink,
  endLink,
  undoChange,
  listOrgImports,
  createOrgImport,
  getOrgImport,
  checkOrgImport,
  listOrgImportRows,
  commitOrgImport,
  resumeOrgImport,
  undoOrgImport,
  discardOrgImport,
  exportOrgs,
} satisfies Handlers<typeof orgContract & typeof orgWriteContract & typeof orgImportContract>

/** Work on party organisations that goes on after its command. */
export const partyJobs: JobKind[] = [
  recogniseOrgsJob,
  checkOrgsJob,
  commitOrgsJob,
  undoOrgsJob,
  exportOrgsJob,
  retargetMembersJob,
]

/** What the room sees to by itself. */
export const partyChores: Chore[] = [followMerges, followUnits]
