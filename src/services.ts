import { coveragePermissions } from './coverage/contract.ts'
import { coverage, coverageChores, coverageJobs } from './coverage/service.ts'
import { formingPermissions } from './forming/contract.ts'
import { forming, formingJobs } from './forming/service.ts'
import { foundingPermissions } from './founding/contract.ts'
import { founding, foundingJobs } from './founding/service.ts'
import { backupBeforeUpgrade } from './host/backup-daily.ts'
import type { Config } from './host/config.ts'
import type { JobKind } from './host/context.ts'
import { selfTest } from './host/crypto.ts'
import { openDatabase } from './host/database.ts'
import type { Handlers } from './host/handlers.ts'
import { migrate } from './host/migrate.ts'
import { createPlatform, type Platform, type Rooms as Brought } from './host/platform.ts'
import { instructorPermissions } from './instructor/contract.ts'
import { instructor, instructorJobs } from './instructor/service.ts'
import { ledgerPermissions } from './ledger/contract.ts'
import { ledger, ledgerChores, ledgerJobs } from './ledger/service.ts'
import { linkagePermissions } from './linkage/contract.ts'
import { linkage, linkageChores, linkageJobs } from './linkage/service.ts'
import { officePermissions } from './office/contract.ts'
import { configureOffice, office, officePeople, seedOffice } from './office/service.ts'
import { orgPermissions } from './party/contract.ts'
import { forgetRosters } from './party/member-chores.ts'
import { memberPermissions } from './party/member-contract.ts'
import { memberJobs, members } from './party/member-service.ts'
import { partyChores, partyJobs, partyOrgs } from './party/service.ts'
import { rooms, type Rooms } from './rooms.ts'
import { syncPermissions } from './sync/contract.ts'
import { sync, syncChores, syncJobs } from './sync/service.ts'

/** The functions of every room, named as in rooms.ts; the compiler holds each to its contract. */
const services: { [R in keyof Rooms]: Handlers<Rooms[R]> } = {
  office,
  ledger,
  linkage,
  party: { ...partyOrgs, ...members },
  coverage,
  forming,
  founding,
  sync,
  instructor,
}

const jobKinds: readonly JobKind[] = [
  ...ledgerJobs,
  ...linkageJobs,
  ...partyJobs,
  ...memberJobs,
  ...coverageJobs,
  ...formingJobs,
  ...foundingJobs,
  ...syncJobs,
  ...instructorJobs,
]

/** The rooms ready to be put into a platform. */
function bringRooms(): Brought {
  configureOffice({
    机构: officePermissions,
    台账: ledgerPermissions,
    比对: linkagePermissions,
    党组织: orgPermissions,
    党员: memberPermissions,
    覆盖: coveragePermissions,
    组建: formingPermissions,
    组建办理: foundingPermissions,
    同步: syncPermissions,
    指导员: instructorPermissions,
  })
  return {
    contracts: rooms,
    handlers: services,
    jobKinds,
    chores: [...ledgerChores, ...linkageChores, ...partyChores, forgetRosters, ...coverageChores, ...syncChores],
    people: officePeople,
  }
}

/** Opens and migrates the database that the configuration names, fills in what every installation has, and brings the rooms. */
export async function openPlatform(config: Config): Promise<Platform> {
  selfTest()
  const brought = bringRooms()
  const database = await openDatabase(config)
  try {
    await backupBeforeUpgrade(database, config, new Date())
    await migrate(database)
    await seedOffice(database, new Date())
    return createPlatform(config, database, brought)
  } catch (error) {
    await database.close()
    throw error
  }
}
