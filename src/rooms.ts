import { coverageContract } from './coverage/contract.ts'
import { formingContract } from './forming/contract.ts'
import { planContract } from './forming/plan-contract.ts'
import { foundingContract } from './founding/contract.ts'
import { instructorContract } from './instructor/contract.ts'
import { linkageContract } from './linkage/contract.ts'
import { modelContract } from './linkage/model-contract.ts'
import { importContract } from './ledger/import-contract.ts'
import { ledgerContract } from './ledger/contract.ts'
import { funnelContract } from './ledger/funnel-contract.ts'
import { survivorshipContract } from './ledger/survivorship-contract.ts'
import { officeContract } from './office/contract.ts'
import { orgContract } from './party/contract.ts'
import { memberContract } from './party/member-contract.ts'
import { memberImportContract } from './party/member-import-contract.ts'
import { orgImportContract } from './party/org-import-contract.ts'
import { syncContract } from './sync/contract.ts'
import { rosterContract } from './party/roster-contract.ts'
import { orgWriteContract } from './party/write-contract.ts'

/** The rooms from the ground up; the one list. A room may use only rooms named before it. */
export const rooms = {
  office: officeContract,
  ledger: { ...ledgerContract, ...importContract, ...funnelContract, ...survivorshipContract },
  linkage: { ...linkageContract, ...modelContract },
  party: {
    ...orgContract,
    ...orgWriteContract,
    ...orgImportContract,
    ...memberContract,
    ...memberImportContract,
    ...rosterContract,
  },
  coverage: coverageContract,
  forming: { ...formingContract, ...planContract },
  founding: foundingContract,
  sync: syncContract,
  instructor: instructorContract,
}
export type Rooms = typeof rooms
