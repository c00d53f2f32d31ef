import type { Handlers } from '../host/handlers.ts'
import { changePassword, endSession, listSessions, me } from './account.ts'
import type { officeContract } from './contract.ts'
import { cancelJob, downloadJob, getJob, listJobs } from './jobs.ts'
import { listJournal, verifyJournal } from './journal.ts'
import { acceptLink, linkState, setUpState } from './links.ts'
import { createPlace, listPlaces, removePlace, updatePlace } from './places.ts'
import { loadRegions } from './regions-load.ts'
import { getRegion, listRegions } from './regions.ts'
import { createRole, listRoles, removeRole, updateRole } from './roles.ts'
import { confirmSecondFactor, removeSecondFactor, startSecondFactor } from './second-factor.ts'
import { signIn, signOut } from './sign-in.ts'
import { createUser, resetUser, resumeUser, suspendUser, updateUser } from './users-write.ts'
import { getUser, listUsers } from './users.ts'

export { setUpLink } from './links.ts'
export { officePeople } from './people.ts'
export { regionNamed, regionNames, townshipsOf } from './regions.ts'
export { type CommandUser, createUserFromCommand, seedOffice } from './seed.ts'
export { configureOffice } from './settings.ts'

/** Every operation of the office, in the order of its contract. */
export const office = {
  setUpState,
  acceptLink,
  linkState,
  signIn,
  signOut,
  me,
  changePassword,
  listSessions,
  endSession,
  startSecondFactor,
  confirmSecondFactor,
  removeSecondFactor,
  listUsers,
  getUser,
  createUser,
  updateUser,
  resetUser,
  suspendUser,
  resumeUser,
  listRoles,
  createRole,
  updateRole,
  removeRole,
  listRegions,
  getRegion,
  loadRegions,
  listPlaces,
  createPlace,
  updatePlace,
  removePlace,
  listJobs,
  getJob,
  cancelJob,
  downloadJob,
  listJournal,
  verifyJournal,
} satisfies Handlers<typeof officeContract>
