import { newId } from '../base/ids.ts'
import type { Actor, Context, JobRequest, JournalDetail, Transaction } from './context.ts'
import { cleanText } from './journal.ts'
import type { Platform } from './platform.ts'
import type { HostTables } from './tables.ts'
import { makeTicket } from './tickets.ts'
import { touch } from './touch.ts'

/** Where a request came from, as journal and handlers see it. */
export interface Origin {
  id: string
  address: string
  userAgent: string
  sessionToken: string | null
}

/** A context with what the handler left in it. */
export interface OpenContext {
  ctx: Context
  /** The details given to `record`, later ones over earlier ones; null when it was never called. */
  detail: () => JournalDetail | null
  kept: ((tx: Transaction) => Promise<void>)[]
  queued: () => boolean
  /** Undefined: the handler left the session cookie alone. */
  newSessionToken: () => string | null | undefined
}

/** The context that one operation or one step of a job works in. */
export function openContext(platform: Platform, tx: Transaction, actor: Actor, origin: Origin): OpenContext {
  let detail: JournalDetail | null = null
  let queued = false
  let token: string | null | undefined
  const kept: OpenContext['kept'] = []
  const now = platform.clock()
  const ctx: Context = {
    tx,
    actor,
    now,
    request: { id: origin.id, address: origin.address, userAgent: origin.userAgent },
    settings: platform.settings,
    files: platform.files,
    summaries: platform.summaries,
    sessionToken: origin.sessionToken,
    record(more) {
      detail = { ...detail, ...more }
    },
    keepIfRefused(write) {
      kept.push(write)
    },
    async enqueue(job) {
      if (!platform.jobKinds.has(job.kind)) throw new Error(`no job of the kind ${job.kind}`)
      queued = true
      return insertJob(tx, job, actor, origin.address, now)
    },
    touch: (countyCode, unitIds) => touch(tx, countyCode, unitIds, now),
    downloadPath: (file) => `/api/files/${makeTicket(platform.config.secretKey, file, actor.userId, now)}`,
    setSessionToken(next) {
      token = next
    },
  }
  return { ctx, detail: () => detail, kept, queued: () => queued, newSessionToken: () => token }
}

async function insertJob(tx: Transaction, job: JobRequest, actor: Actor, address: string, now: Date): Promise<string> {
  const id = newId(now)
  await tx
    .withTables<HostTables>()
    .insertInto('job')
    .values({
      id,
      kind: job.kind,
      title: cleanText(job.title),
      state: 'queued',
      done: 0,
      total: 0,
      message: null,
      input: JSON.stringify(job.input ?? null),
      result: null,
      error: null,
      owner_id: actor.userId,
      owner_name: actor.name,
      county_code: job.countyCode ?? null,
      address,
      attempts: 0,
      runner: null,
      seen_at: null,
      cancel_asked: false,
      created_at: now,
      started_at: null,
      finished_at: null,
    })
    .execute()
  return id
}
