import { newId } from '../base/ids.ts'
import { coverageContract, coveragePermissions } from '../coverage/contract.ts'
import { coverage, coverageChores, coverageJobs } from '../coverage/service.ts'
import { county, layRegions } from '../coverage/testing.ts'
import type { Actor } from '../host/context.ts'
import { invoke } from '../host/pipeline.ts'
import type { Platform } from '../host/platform.ts'
import { actorLike, testPlatform } from '../host/testing-platform.ts'
import { ledgerContract, ledgerPermissions } from '../ledger/contract.ts'
import { funnelContract } from '../ledger/funnel-contract.ts'
import { ledger } from '../ledger/service.ts'
import { orgPermissions } from '../party/contract.ts'
import { memberContract, memberPermissions } from '../party/member-contract.ts'
import { members } from '../party/member-service.ts'
import { partyOrgs } from '../party/service.ts'
import { orgWriteContract } from '../party/write-contract.ts'
import { formingContract, formingPermissions } from './contract.ts'
import { planContract } from './plan-contract.ts'
import { forming, formingJobs } from './service.ts'

export const permissions = [
  ledgerPermissions,
  orgPermissions,
  memberPermissions,
  coveragePermissions,
  formingPermissions,
].flatMap((one) => Object.keys(one))

/** A unit as a test tells it: how many formal members, where east of the county's middle, in degrees. */
export interface TrialUnit {
  name: string
  formal?: number
  probationary?: number
  east?: number
  operating?: boolean
  values?: Record<string, string>
}

/** The forming room over those it needs, in a county without units. */
export interface FormingTrial {
  platform: Platform
  here: Actor
  call<T>(name: string, input: unknown, actor?: Actor): Promise<T>
  /** Writes a unit with what is told of it; its id. Chores settle it. */
  unit(told: TrialUnit): Promise<string>
  /** Founds the joint branch 试验联合党支部 over units; its id. Chores settle it. */
  branch(unitIds: readonly string[]): Promise<string>
}

export async function trialForming(): Promise<FormingTrial> {
  const here = actorLike(newId(), permissions)
  const platform = await testPlatform({
    contracts: {
      ledger: { ...ledgerContract, ...funnelContract },
      party: { ...orgWriteContract, ...memberContract },
      coverage: coverageContract,
      forming: { ...formingContract, ...planContract },
    },
    handlers: { ledger, party: { ...partyOrgs, ...members }, coverage, forming },
    jobKinds: [...coverageJobs, ...formingJobs],
    chores: coverageChores,
    people: { authenticate: async () => null, actorOf: async () => here, operator: async () => here },
  })
  await layRegions(platform)
  const call = async <T>(name: string, input: unknown, actor: Actor = here): Promise<T> =>
    (await invoke(platform, name, input, { actor })).output as T
  const unit = async ({ name, formal = 0, probationary = 0, east, operating = true, values }: TrialUnit) => {
    const told = { name, kind: 'enterprise', status: 'active', staffCount: '20', ...values }
    const { id } = await call<{ id: string }>('ledger.createUnit', { countyCode: county, values: told })
    await call('ledger.stateOperation', { id, inOperation: operating, reason: '实地看过' })
    const counts = { unitId: id, formal, probationary, asOf: '2026-01-01', source: '年报' }
    if (formal + probationary > 0) await call('party.reportMembers', counts)
    const place = { longitude: 121.6 + (east ?? 0), latitude: 38.9, source: '实地', surveyedOn: '2026-01-02' }
    if (east !== undefined) await call('forming.setPlace', { unitId: id, ...place })
    return id
  }
  const branch = async (unitIds: readonly string[]) => {
    const told = { name: '试验联合党支部', kind: 'jointBranch', formingMode: 'joint', foundedOn: '2024-03-01' }
    const where = { countyCode: county, areaCode: county, unitIds, reason: '县委组织部批复' }
    return (await call<{ id: string }>('party.createOrg', { ...told, ...where })).id
  }
  return { platform, here, call, unit, branch }
}
