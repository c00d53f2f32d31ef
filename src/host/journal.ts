import { sql } from 'kysely'
import { looksLikeIdentity } from '../base/identity.ts'
import { maskIdentity, maskPhone } from '../base/mask.ts'
import type { Actor, Context, JournalDetail, Transaction } from './context.ts'
import { sm3 } from './crypto.ts'
import type { HostTables, JournalTable } from './tables.ts'

/** The chain of what belongs to no county: sign-ins, users, roles, regions. */
export const platformChain = '000000000000'

/** The hash that the first row of a chain stands on. */
export const chainStart = '0'.repeat(64)

/** What a journal row says besides its place in the chain. */
export interface JournalEntry {
  at: Date
  actor: Pick<Actor, 'userId' | 'name' | 'sessionId'>
  address: string
  operation: string
  requestId: string
  inputDigest: string | null
  outcome: JournalTable['outcome']
  detail: JournalDetail
}

/**
 * Appends one row to its chain in the command's own transaction; if it fails, the command fails. The chain is locked until
 * commit, so this comes last in a transaction.
 */
export async function writeJournal(tx: Transaction, entry: JournalEntry): Promise<void> {
  const county = entry.detail.countyCode ?? platformChain
  await sql`select pg_advisory_xact_lock(7213, hashtext(${county}))`.execute(tx)
  const { rows } = await sql<{ seq: number; hash: string }>`select seq, hash from app.journal_head(${county})`.execute(
    tx,
  )
  const head = rows[0] ?? { seq: 0, hash: chainStart }
  const who = entry.detail.actor ?? entry.actor
  const row = {
    county_code: county,
    seq: head.seq + 1,
    at: entry.at,
    actor_id: who.userId,
    actor_name: who.name,
    session_id: entry.actor.sessionId,
    address: entry.address,
    operation: entry.operation,
    subject: entry.detail.subject ?? null,
    purpose: entry.detail.purpose === undefined ? null : cleanText(entry.detail.purpose),
    detail: detailOf(entry.detail),
    input_digest: entry.inputDigest,
    outcome: entry.outcome,
    request_id: entry.requestId,
    previous_hash: head.hash,
  }
  const detail = row.detail === null ? null : JSON.stringify(row.detail)
  await tx
    .withTables<HostTables>()
    .insertInto('journal')
    .values({ ...row, detail, hash: hashOf(row) })
    .execute()
}

/** SM3 over everything a row says, in one fixed order, with the hash of the row before it. */
export function hashOf(row: Omit<JournalTable, 'hash'>): string {
  return sm3(
    canonical([
      row.county_code,
      row.seq,
      row.at.toISOString(),
      row.actor_id,
      row.actor_name,
      row.session_id,
      row.address,
      row.operation,
      row.subject,
      row.purpose,
      row.detail,
      row.input_digest,
      row.outcome,
      row.request_id,
      row.previous_hash,
    ]),
  )
}

/** JSON with the keys of every object in order, so that a value hashes the same after a stay in jsonb. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
}

function detailOf(detail: JournalDetail): unknown {
  const { before, after } = detail
  if (before === undefined && after === undefined) return null
  return redact(JSON.parse(JSON.stringify({ before, after })))
}

const secretKeys = /password|secret|token|recovery|hash$|^link$|^uri$/i
const phoneKeys = /phone|mobile|telephone/i

/** The value with secrets left out, ID numbers and phone numbers covered, wherever they stand in it. */
export function redact(value: unknown, key = ''): unknown {
  if (value === null || typeof value === 'boolean') return value
  if (secretKeys.test(key)) return '***'
  if (typeof value === 'number') return looksPersonal(String(value)) ? '***' : value
  if (typeof value === 'string') return phoneKeys.test(key) ? maskPhone(value) : cleanText(value)
  if (Array.isArray(value)) return value.map((part) => redact(part, key))
  return Object.fromEntries(Object.entries(value as object).map(([name, part]) => [name, redact(part, name)]))
}

const idLike = /(?<![0-9A-Za-z])(?:\d{17}[\dXx]|\d{15})(?![0-9A-Za-z])/g
const mobileLike = /(?<!\d)1[3-9]\d{9}(?!\d)/g

/** A text for journal or log: ID numbers and mobile numbers in it covered, nothing in it that jsonb refuses. */
export function cleanText(text: string): string {
  return text
    .toWellFormed()
    .replaceAll('\0', '')
    .replace(idLike, (found) => (looksLikeIdentity(found) ? maskIdentity(found) : found))
    .replace(mobileLike, (found) => maskPhone(found))
}

function looksPersonal(digits: string): boolean {
  return cleanText(digits) !== digits
}

export interface JournalFilter {
  /** Part of a person's name, a subject, or an operation's Chinese summary. */
  text?: string | undefined
  countyCode?: string | undefined
  /** `YYYY-MM-DD` in Asia/Shanghai, both ends included. */
  from?: string | undefined
  to?: string | undefined
  outcome?: JournalTable['outcome'] | undefined
  page: number
  pageSize: number
  /** Whether the platform's own chain may be seen: for those whose scope is the whole country or the whole installation. */
  platform: boolean
}

/** Journal rows of the actor's counties, newest first; who sees only part of a county sees only what they did themselves. */
export async function readJournal(
  ctx: Context,
  filter: JournalFilter,
): Promise<{ rows: JournalTable[]; total: number }> {
  if (filter.platform) await sql.raw(`set local app.journal = 'platform'`).execute(ctx.tx)
  let query = ctx.tx.withTables<HostTables>().selectFrom('journal')
  if (ctx.actor.scope.areas !== '*') query = query.where('actor_id', '=', ctx.actor.userId)
  if (filter.countyCode) query = query.where('county_code', '=', filter.countyCode)
  if (filter.outcome) query = query.where('outcome', '=', filter.outcome)
  if (filter.from) query = query.where('at', '>=', new Date(`${filter.from}T00:00:00+08:00`))
  if (filter.to) query = query.where('at', '<', new Date(Date.parse(`${filter.to}T00:00:00+08:00`) + 86_400_000))
  if (filter.text) {
    const like = `%${filter.text.replace(/[\\%_]/g, '\\$&')}%`
    const text = filter.text
    const named = ['', ...[...ctx.summaries].filter(([, summary]) => summary.includes(text)).map(([name]) => name)]
    query = query.where((where) =>
      where.or([where('actor_name', 'like', like), where('subject', 'like', like), where('operation', 'in', named)]),
    )
  }
  const { total } = await query.select((of) => of.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const rows = await query
    .selectAll()
    .orderBy('at', 'desc')
    .orderBy('county_code')
    .orderBy('seq', 'desc')
    .limit(filter.pageSize)
    .offset((filter.page - 1) * filter.pageSize)
    .execute()
  return { rows, total }
}
