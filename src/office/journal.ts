import type { Context } from '../host/context.ts'
import { readJournal } from '../host/journal.ts'
import type { JournalTable } from '../host/tables.ts'
import { ownGrants } from './grants.ts'
import { coversGrants } from './scope.ts'
import { officeSettings } from './settings.ts'

interface JournalInput {
  text?: string | undefined
  countyCode?: string | undefined
  from?: string | undefined
  to?: string | undefined
  outcome?: JournalTable['outcome'] | undefined
  page: number
  pageSize: number
}

/**
 * What was done, newest first: in the actor's counties, and for who looks after the whole installation also what belongs to
 * no county (sign-ins, users, roles, regions).
 */
export async function listJournal(input: JournalInput, ctx: Context) {
  const whole = officeSettings().setUpRegions.map((code) => ({ code, excluded: false }))
  const platform = coversGrants(await ownGrants(ctx), whole)
  const { rows, total } = await readJournal(ctx, { ...input, platform })
  return {
    rows: rows.map((row) => ({
      countyCode: row.county_code,
      sequence: row.seq,
      at: row.at.toISOString(),
      actorName: row.actor_name,
      operation: row.operation,
      summary: ctx.summaries.get(row.operation) ?? row.operation,
      subject: row.subject,
      outcome: row.outcome,
      address: row.address,
      purpose: row.purpose,
      detail: row.detail,
      hash: row.hash,
    })),
    total,
  }
}

/** Has every chain recomputed from its first row and held against the signed checkpoints. */
export async function verifyJournal(_input: unknown, ctx: Context) {
  return { jobId: await ctx.enqueue({ kind: 'journal.verify', title: '校验操作日志', input: {} }) }
}
