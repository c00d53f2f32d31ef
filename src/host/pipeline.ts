import type { z } from 'zod'
import { newId } from '../base/ids.ts'
import { Problem } from '../base/problem.ts'
import { chineseIssue, partOf, wordOf } from '../base/zod-words.ts'
import { type Claim, claimAnswer, storeAnswer } from './answers.ts'
import { type Actor, emptyScope, type JournalDetail, type Transaction } from './context.ts'
import { hmacSm3 } from './crypto.ts'
import { scoped } from './database.ts'
import type { Operation } from './handlers.ts'
import { canonical, type JournalEntry, writeJournal } from './journal.ts'
import { openContext, type OpenContext, type Origin } from './open-context.ts'
import type { Platform } from './platform.ts'

/** One call of an operation, whichever door it came through. */
export interface Call extends Partial<Origin> {
  /** Given by the command line and by tests; over HTTP it follows from the session token. */
  actor?: Actor
  /** The client's own key for a command: a repeat with it takes effect once and gets the same answer. */
  idempotencyKey?: string | null
  /** False where a page asked by itself while nobody was at it: it does not keep the session alive. */
  attended?: boolean
}

export interface Answer {
  output: unknown
  /** A token to set as the session cookie, null to clear it, undefined to leave it. */
  sessionToken?: string | null
}

const stranger: Actor = { userId: null, name: '未登录', permissions: new Set(), scope: emptyScope, sessionId: null }

/**
 * The one place where an operation runs: who is it, may they, is the input right; then the function, the check of its
 * answer and the journal row in one transaction of the actor's scope. @throws Problem for every refusal; anything else is
 * our bug. `name` is `room.operation`.
 */
export async function invoke(platform: Platform, name: string, input: unknown, call: Call): Promise<Answer> {
  const operation = platform.operations.get(name)
  if (!operation) throw new Problem('notFound', '没有这项操作。')
  const origin: Origin = {
    id: call.id ?? newId(platform.clock()),
    address: call.address ?? '',
    userAgent: call.userAgent ?? '',
    sessionToken: call.sessionToken ?? null,
  }
  const actor = call.actor ?? (await identify(platform, operation, origin, call.attended ?? true))
  const left: Left = { detail: null, kept: [] }
  try {
    allow(operation, actor)
    const parsed = parseInput(operation, input)
    return await run(platform, operation, parsed, actor, origin, call.idempotencyKey ?? null, left)
  } catch (error) {
    await noteRefusal(platform, operation, actor, origin, left, error)
    throw error
  }
}

/** What a handler left behind when it was refused. */
interface Left {
  detail: JournalDetail | null
  kept: OpenContext['kept']
}

async function identify(platform: Platform, operation: Operation, origin: Origin, attended: boolean): Promise<Actor> {
  return operation.meta.permission === 'public' ? stranger : signedInActor(platform, origin.sessionToken, attended)
}

/** The actor of a session token; `attended` as in `Call`. @throws Problem('unauthenticated') */
export async function signedInActor(platform: Platform, sessionToken: string | null, attended = true): Promise<Actor> {
  if (!sessionToken) throw new Problem('unauthenticated', '请先登录。')
  const actor = await scoped(platform.database, emptyScope, (tx) =>
    platform.people.authenticate(tx, sessionToken, platform.clock(), { attended }),
  )
  if (!actor) throw new Problem('unauthenticated', '登录已失效，请重新登录。')
  return actor
}

function allow(operation: Operation, actor: Actor): void {
  const { permission, whileOwing } = operation.meta
  if (permission === 'public') return
  if (actor === stranger) throw new Problem('unauthenticated', '请先登录。')
  if (actor.owes !== undefined && !whileOwing) throw new Problem('forbidden', actor.owes)
  if (permission !== 'signedIn' && !actor.permissions.has(permission)) {
    throw new Problem('forbidden', `您没有“${operation.summary}”的权限，需要时请联系管理员。`)
  }
}

function parseInput(operation: Operation, input: unknown): unknown {
  const shape = operation.procedure['~orpc'].inputSchema as z.ZodType | undefined
  if (!shape) return undefined
  const read = shape.safeParse(input ?? {}, { error: chineseIssue })
  if (read.success) return read.data
  const fields = read.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }))
  const said = read.error.issues.slice(0, 3).map((issue) => {
    const word = wordOf(partOf(shape, issue.path as (string | number)[])) ?? issue.path.join('.')
    return word ? `${word}：${issue.message}` : issue.message
  })
  throw new Problem('invalid', `填写的内容不符合要求。${said.join('；')}`, { fields })
}

function checkOutput(operation: Operation, output: unknown): unknown {
  const shape = operation.procedure['~orpc'].outputSchema as z.ZodType | undefined
  if (!shape) return undefined
  const read = shape.safeParse(output)
  if (read.success) return read.data
  const issues = read.error.issues.map((issue) => `${issue.path.join('.')} ${issue.code}`)
  throw new Error(`${operation.name} answered against its contract: ${issues.join(', ')}`)
}

async function run(
  platform: Platform,
  operation: Operation,
  input: unknown,
  actor: Actor,
  origin: Origin,
  key: string | null,
  left: Left,
): Promise<Answer> {
  const command = operation.meta.effect === 'command'
  const inputDigest = command ? hmacSm3(platform.config.secretKey, 'journal-input', canonical(input ?? null)) : null
  const claim: Claim | null =
    inputDigest && key && actor.userId
      ? { actorId: actor.userId, key, operation: operation.name, inputDigest, at: platform.clock() }
      : null
  const ended = await scoped(platform.database, actor.scope, async (tx) => {
    const known = claim && (await claimAnswer(tx, claim))
    if (known) return { output: known.answer, open: null }
    const open = openContext(platform, tx, actor, origin)
    try {
      const output = checkOutput(operation, await operation.handler(input, open.ctx))
      if (claim && !operation.meta.secretAnswer) await storeAnswer(tx, claim, output)
      const detail = open.detail()
      if (command || detail) {
        await writeJournal(tx, entryOf(platform, operation, actor, origin, detail ?? {}, 'done', inputDigest))
      }
      return { output, open }
    } finally {
      left.detail = open.detail()
      left.kept = open.kept
    }
  })
  if (ended.open?.queued()) platform.wakeJobs()
  if (command) platform.wakeChores()
  const sessionToken = ended.open?.newSessionToken()
  return sessionToken === undefined ? { output: ended.output } : { output: ended.output, sessionToken }
}

function entryOf(
  platform: Platform,
  operation: Operation,
  actor: Actor,
  origin: Origin,
  detail: JournalDetail,
  outcome: JournalEntry['outcome'],
  inputDigest: string | null,
): JournalEntry {
  const { address, id: requestId } = origin
  return { at: platform.clock(), actor, address, operation: operation.name, requestId, inputDigest, outcome, detail }
}

const worthNoting = new Set(['unauthenticated', 'forbidden', 'secondFactorRequired', 'tooMany'])

/**
 * Refused rights, failed sign-ins and our own failures leave a row too, in a transaction of their own. What the handler
 * wanted kept is always written; rows are limited per person or address, so that nobody can flood the journal.
 */
async function noteRefusal(
  platform: Platform,
  operation: Operation,
  actor: Actor,
  origin: Origin,
  left: Left,
  error: unknown,
): Promise<void> {
  const refused = error instanceof Problem
  const worth = refused ? worthNoting.has(error.code) : operation.meta.effect === 'command'
  const rows = worth && platform.refusals.take(actor.userId ?? origin.address) === 0
  const kept = refused ? left.kept : []
  if (!rows && kept.length === 0) return
  const { before: _before, after: _after, ...detail } = left.detail ?? {}
  const said = refused ? { code: error.code, message: error.message } : { code: 'internal' }
  const entry = entryOf(
    platform,
    operation,
    actor,
    origin,
    { ...detail, after: said },
    refused ? 'refused' : 'failed',
    null,
  )
  const write = async (tx: Transaction) => {
    for (const one of kept) await one(tx)
    if (rows) await writeJournal(tx, entry)
  }
  try {
    await scoped(platform.database, actor.scope, write)
  } catch (second) {
    platform.log.error('a refusal could not be written to the journal', second, { requestId: origin.id })
    if (kept.length > 0) throw second
  }
}
