import { Readable } from 'node:stream'
import { idCheckCharacter } from '../base/identity.ts'
import { newId } from '../base/ids.ts'
import { finishJobs } from '../host/command.ts'
import { expect } from 'vitest'
import type { Actor, JobKind } from '../host/context.ts'
import { type Database, scoped } from '../host/database.ts'
import { openContext } from '../host/open-context.ts'
import { invoke } from '../host/pipeline.ts'
import type { Platform } from '../host/platform.ts'
import { actorLike, testPlatform } from '../host/testing-platform.ts'
import { storeUpload } from '../host/uploads.ts'
import { ledgerContract, ledgerPermissions } from '../ledger/contract.ts'
import { importContract } from '../ledger/import-contract.ts'
import { ledger, ledgerJobs } from '../ledger/service.ts'
import { linkageContract, linkagePermissions } from '../linkage/contract.ts'
import { linkage, linkageJobs } from '../linkage/service.ts'
import { followUnits } from './follow-units.ts'
import { forgetRosters } from './member-chores.ts'
import { memberContract, memberPermissions } from './member-contract.ts'
import { type MemberCounts, memberImportContract, type MemberSheet } from './member-import-contract.ts'
import { memberJobs, members } from './member-service.ts'
import { rosterContract, type RosterCounts, type RosterState } from './roster-contract.ts'

export const county = '210204000000'

/** A number with a right check character in an area that was never given to anyone; each `n` is another person. */
export function personNumber(n: number): string {
  const body = `99${String(n % 10_000).padStart(4, '0')}1980${String(1 + (n % 12)).padStart(2, '0')}01${String(n % 1000).padStart(3, '0')}`
  return body + idCheckCharacter(body)
}

/** The party room's members over the ledger, with the steps that a person takes. */
export interface MemberTrial {
  platform: Platform
  log: string[]
  here: Actor
  call: <T>(name: string, input: unknown, actor?: Actor) => Promise<T>
  /** Makes a unit; resolves to its id. */
  unit(name: string): Promise<string>
  upload(lines: readonly string[], name?: string): Promise<string>
  /** Takes a roster of members through every step. */
  imported(lines: readonly string[], asOf?: string, complete?: boolean): Promise<{ id: string; counts: MemberCounts }>
  compared(lines: readonly string[], asOf?: string, complete?: boolean): Promise<Compared>
  /** Runs a job by hand as far as its first word of progress, where `reason` stops it. */
  stopped(kind: JobKind<{ id: string }>, id: string, reason: Error): Promise<void>
}

interface Compared {
  id: string
  state: RosterState
  counts: RosterCounts
  error: string | null
  fileKept: boolean
}

/** Starts over; on `database` as it is where one is given. */
export async function memberTrial(database?: Database): Promise<MemberTrial> {
  const rooms = [ledgerPermissions, linkagePermissions, memberPermissions]
  const here = actorLike(
    newId(),
    rooms.flatMap((one) => Object.keys(one)),
  )
  const log: string[] = []
  const platform = await testPlatform(
    {
      contracts: {
        ledger: { ...ledgerContract, ...importContract },
        linkage: linkageContract,
        party: { ...memberContract, ...memberImportContract, ...rosterContract },
      },
      handlers: { ledger, linkage, party: members },
      jobKinds: [...ledgerJobs, ...linkageJobs, ...memberJobs],
      chores: [forgetRosters, followUnits],
      people: { authenticate: async () => null, actorOf: async () => here, operator: async () => here },
    },
    { log, ...(database ? { database } : {}) },
  )
  const call = async <T>(name: string, input: unknown, actor = here) =>
    (await invoke(platform, name, input, { actor })).output as T
  const upload = async (lines: readonly string[], name = '名册.csv') => {
    const stored = await storeUpload(platform, { actor: here }, name, Readable.from([Buffer.from(lines.join('\n'))]))
    return (stored.output as { fileId: string }).fileId
  }
  return {
    platform,
    log,
    here,
    call,
    upload,
    async unit(name) {
      return (await call<{ id: string }>('ledger.createUnit', { countyCode: county, values: { name } })).id
    },
    async imported(lines, asOf = '2026-01-01', complete = false) {
      const fileId = await upload(lines)
      const { id } = await call<{ id: string }>('party.createMemberImport', {
        fileId,
        countyCode: county,
        asOf,
        complete,
      })
      await finishJobs(platform)
      const { mapping } = await call<{ mapping: MemberSheet[] }>('party.getMemberImport', { id })
      await call('party.checkMemberImport', { id, asOf, complete, mapping })
      await finishJobs(platform)
      await call('party.commitMemberImport', { id })
      await finishJobs(platform)
      return call('party.getMemberImport', { id })
    },
    async stopped(kind, id, reason) {
      const abort = new AbortController()
      const run = kind.run({
        id,
        input: { id },
        signal: abort.signal,
        files: platform.files,
        progress: async () => abort.abort(reason),
        transaction: (step) =>
          scoped(platform.database, here.scope, (tx) => {
            const origin = { id, address: '', userAgent: '', sessionToken: null }
            return step(openContext(platform, tx, here, origin).ctx)
          }),
      })
      await expect(run).rejects.toBeDefined()
    },
    async compared(lines, asOf = '2026-02-01', complete = false) {
      const fileId = await upload(lines, '参保人员.csv')
      const { id } = await call<{ id: string }>('party.createRosterCheck', {
        fileId,
        countyCode: county,
        asOf,
        complete,
      })
      await finishJobs(platform)
      return call('party.getRosterCheck', { id })
    },
  }
}
