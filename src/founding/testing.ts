import { newId } from '../base/ids.ts'
import { today } from '../base/time.ts'
import { coverageContract, coveragePermissions } from '../coverage/contract.ts'
import { coverage, coverageChores } from '../coverage/service.ts'
import { county, layRegions } from '../coverage/testing.ts'
import { formingContract, formingPermissions } from '../forming/contract.ts'
import { planContract } from '../forming/plan-contract.ts'
import { forming, formingJobs } from '../forming/service.ts'
import { runChores } from '../host/chores.ts'
import type { Actor } from '../host/context.ts'
import { invoke } from '../host/pipeline.ts'
import type { Platform } from '../host/platform.ts'
import { actorLike, testPlatform } from '../host/testing-platform.ts'
import { ledgerContract, ledgerPermissions } from '../ledger/contract.ts'
import { funnelContract } from '../ledger/funnel-contract.ts'
import { ledger } from '../ledger/service.ts'
import { orgContract, orgPermissions } from '../party/contract.ts'
import { memberContract, memberPermissions } from '../party/member-contract.ts'
import { members } from '../party/member-service.ts'
import { orgImportContract } from '../party/org-import-contract.ts'
import { partyOrgs } from '../party/service.ts'
import { orgWriteContract } from '../party/write-contract.ts'
import { type casePage, foundingContract, foundingPermissions } from './contract.ts'
import { founding, foundingJobs } from './service.ts'
import type { z } from 'zod'

const rooms = [
  ledgerPermissions,
  memberPermissions,
  orgPermissions,
  coveragePermissions,
  formingPermissions,
  foundingPermissions,
]
const permissions = rooms.flatMap((one) => Object.keys(one))
/** May do everything in the county. */
export const here = actorLike(newId(), permissions)
/** The same person without the right to register what the superior organisation decided. */
export const clerk = actorLike(
  here.userId,
  permissions.filter((one) => one !== 'founding.approve'),
)
/** Sees everything and opens nothing that names a person. */
export const reader = actorLike(
  newId(),
  permissions.filter((one) => one.endsWith('.read') || one === 'founding.export'),
)
/** May do everything in another county. */
export const elsewhere = actorLike(newId(), permissions, { counties: ['210203000000'], areas: '*' })
export const day = today(new Date())
export let platform: Platform
let made = 0

/** Calls an operation. */
export const call = async <T>(name: string, input: unknown, actor: Actor = here): Promise<T> =>
  (await invoke(platform, name, input, { actor })).output as T
type Case = z.infer<typeof casePage>
/** A case whole. */
export const look = (id: string) => call<Case>('founding.getCase', { id })

/** A unit at work with so many formal members. */
export async function unit(formal: number): Promise<string> {
  made += 1
  const values = { name: `大连办理${made}号商贸有限公司`, kind: 'enterprise', status: 'active', staffCount: '20' }
  const { id } = await call<{ id: string }>('ledger.createUnit', { countyCode: county, values })
  await call('ledger.stateOperation', { id, inOperation: true, reason: '实地看过' })
  const counts = { unitId: id, formal, probationary: 0, asOf: '2026-01-01', source: '年报' }
  await call('party.reportMembers', counts)
  return id
}

/** A case of a unit's own branch, at its first step. */
export async function opened(formal = 4): Promise<{ id: string; unitId: string }> {
  const unitId = await unit(formal)
  await runChores(platform)
  const { id } = await call<{ id: string }>('founding.openCase', {
    unitIds: [unitId],
    kind: 'branch',
    formingMode: 'solo',
    parentName: '某街道党工委',
  })
  return { id, unitId }
}

/** Finishes a step before the reply. */
export const finish = (id: string, step: string, on = day) =>
  call('founding.finishStep', { id, step, on, note: '已经办好' })

/** Brings a case to its reply. */
export async function toReply(id: string): Promise<void> {
  for (const step of ['contact', 'screen', 'survey', 'verify', 'request']) await finish(id, step)
}

/** Brings a case from its reply to its end. */
export async function toEnd(id: string): Promise<void> {
  made += 1
  await call('founding.registerReply', { id, on: day, docNo: `〔2026〕办${made}号` })
  await call('founding.registerElection', { id, on: day, formedBy: 'appointment', secretary: '李卫东' })
  for (const { item } of (await look(id)).dossier)
    await call('founding.addEvidence', { id, step: 'filing', item, on: day, note: '纸质材料已收' })
  await call('founding.registerFiling', { id, on: day })
}

/** How a unit is covered once the chores have run. */
export const stateOf = async (unitId: string) => {
  await runChores(platform)
  return (await call<{ now: { state: string } | null }>('coverage.getUnitCoverage', { id: unitId })).now?.state
}

/** Starts over with the founding room over those below it. */
export async function startTrial(): Promise<void> {
  platform = await testPlatform({
    contracts: {
      ledger: { ...ledgerContract, ...funnelContract },
      party: { ...orgContract, ...orgWriteContract, ...orgImportContract, ...memberContract },
      coverage: coverageContract,
      forming: { ...formingContract, ...planContract },
      founding: foundingContract,
    },
    handlers: { ledger, party: { ...partyOrgs, ...members }, coverage, forming, founding },
    jobKinds: [...formingJobs, ...foundingJobs],
    chores: coverageChores,
    people: {
      authenticate: async () => null,
      actorOf: async (_, id) => (id === reader.userId ? reader : here),
      operator: async () => here,
    },
  })
  await layRegions(platform)
}
