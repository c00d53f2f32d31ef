import { newId } from '../base/ids.ts'
import { finishJobs } from '../host/command.ts'
import type { Actor, Scope } from '../host/context.ts'
import { invoke } from '../host/pipeline.ts'
import type { Platform } from '../host/platform.ts'
import { actorLike, testPlatform } from '../host/testing-platform.ts'
import { ledgerContract, ledgerPermissions } from '../ledger/contract.ts'
import { ledger } from '../ledger/service.ts'
import { linkageContract, linkagePermissions } from '../linkage/contract.ts'
import { linkage } from '../linkage/service.ts'
import { orgContract, orgPermissions } from './contract.ts'
import { memberContract, memberPermissions } from './member-contract.ts'
import { memberImportContract } from './member-import-contract.ts'
import { memberJobs, members } from './member-service.ts'
import { orgImportContract } from './org-import-contract.ts'
import { rosterContract } from './roster-contract.ts'
import { partyChores, partyJobs, partyOrgs } from './service.ts'
import { orgWriteContract } from './write-contract.ts'

export const county = '210204000000'
export const town = '210204001000'

/** The party room over the ledger, with the steps that a person takes. */
export interface PartyTrial {
  platform: Platform
  here: Actor
  clock: { now: Date }
  call: <T>(name: string, input: unknown, actor?: Actor) => Promise<T>
  /** Makes a unit; resolves to its id. */
  unit(name: string): Promise<string>
  /** Forms a branch under a name, covering units; more of the input where it matters. */
  form(name: string, unitIds?: readonly string[], more?: object): Promise<{ id: string; changeId: string }>
  jobs(): Promise<void>
}

/** Somebody who looks after a scope, with every permission of the party room and of the rooms below. */
export function partyPerson(scope?: Scope): Actor {
  const rooms = [orgPermissions, memberPermissions, ledgerPermissions, linkagePermissions]
  const permissions = rooms.flatMap((one) => Object.keys(one))
  return actorLike(newId(), permissions, scope)
}

/** Starts over at noon of a day. */
export async function partyTrial(day = '2026-06-01'): Promise<PartyTrial> {
  const clock = { now: new Date(`${day}T04:00:00Z`) }
  const here = partyPerson()
  const platform = await testPlatform(
    {
      contracts: {
        ledger: ledgerContract,
        linkage: linkageContract,
        party: {
          ...orgContract,
          ...orgWriteContract,
          ...orgImportContract,
          ...memberContract,
          ...memberImportContract,
          ...rosterContract,
        },
      },
      handlers: { ledger, linkage, party: { ...partyOrgs, ...members } },
      jobKinds: [...partyJobs, ...memberJobs],
      chores: partyChores,
      people: { authenticate: async () => null, actorOf: async () => here, operator: async () => here },
    },
    { clock: () => clock.now },
  )
  const call = async <T>(name: string, input: unknown, actor = here) =>
    (await invoke(platform, name, input, { actor })).output as T
  return {
    platform,
    here,
    clock,
    call,
    async unit(name) {
      return (await call<{ id: string }>('ledger.createUnit', { countyCode: county, values: { name } })).id
    },
    form: (name, unitIds = [], more = {}) =>
      call('party.createOrg', {
        countyCode: county,
        areaCode: county,
        name,
        kind: 'branch',
        formingMode: 'solo',
        foundedOn: '2024-03-01',
        unitIds,
        reason: '县委组织部批复',
        ...more,
      }),
    jobs: () => finishJobs(platform),
  }
}
