import { sql } from 'kysely'
import { Problem } from '../base/problem.ts'
import { today } from '../base/time.ts'
import type { Chore } from '../host/chores.ts'
import type { Context, JobKind, Transaction } from '../host/context.ts'
import { touch } from '../host/touch.ts'
import { type Fact, loadFacts, writeUnits } from './apply.ts'
import { deriveUnit } from './derive.ts'
import { noteTarget, type RulesInForce, rulesInForce } from './rules-in-force.ts'
import { lastSaid } from './said.ts'
import type { LedgerTables } from './tables.ts'
import { ledgerTables } from './units.ts'

const batchUnits = 200

/** What one step of a round did; `after` is null when the round is done. */
interface Step {
  seen: number
  changed: number
  after: string | null
}

/**
 * Derives the next units of a county with the rules in force, and writes those that come out otherwise. A round goes through
 * all units by id and remembers how far it has come; when the rules change on the way it begins anew.
 */
async function deriveStep(tx: Transaction, countyCode: string, now: Date): Promise<Step> {
  const using = await rulesInForce(tx, countyCode, today(now))
  const state = await startRound(tx, countyCode, using, now)
  const units = await ledgerTables(tx)
    .selectFrom('unit')
    .select('id')
    .where('county_code', '=', countyCode)
    .where('id', '>', state.cursor ?? '00000000-0000-0000-0000-000000000000')
    // What was written since is written by these rules.
    .where('updated_at', '<', state.target_at ?? now)
    .orderBy('id')
    .limit(batchUnits)
    // Whoever writes these units meanwhile is waited for, and waits.
    .forUpdate()
    .execute()
  const ids = units.map((unit) => unit.id)
  const changed = await deriveAgain(tx, countyCode, ids, using, now)
  const after = units.length < batchUnits ? null : (units.at(-1)?.id ?? null)
  await ledgerTables(tx)
    .updateTable('ledger_state')
    .set(after === null ? { derived_by: using.key, due: false, cursor: null } : { cursor: after })
    .where('county_code', '=', countyCode)
    .execute()
  return { seen: units.length, changed, after }
}

/** The county's round, locked; begun anew where it was for other rules. */
async function startRound(tx: Transaction, countyCode: string, using: RulesInForce, now: Date) {
  await noteTarget(tx, countyCode, using.key, now)
  return ledgerTables(tx)
    .selectFrom('ledger_state')
    .selectAll()
    .where('county_code', '=', countyCode)
    .forUpdate()
    .executeTakeFirstOrThrow()
}

/** Derives units again; answers how many came out otherwise, and tells the rooms above of them. */
async function deriveAgain(
  tx: Transaction,
  countyCode: string,
  ids: readonly string[],
  using: RulesInForce,
  now: Date,
): Promise<number> {
  if (ids.length === 0) return 0
  const facts = await loadFacts(tx, countyCode, ids)
  const said = await lastSaid(tx, countyCode, ids)
  const rows = await ledgerTables(tx)
    .selectFrom('unit')
    .selectAll()
    .where('county_code', '=', countyCode)
    .where(sql<boolean>`id = any (${ids}::uuid[])`)
    .execute()
  const other = new Map<string, Fact[]>()
  for (const row of rows) {
    const list = facts.get(row.id) ?? []
    // A unit emptied by a merger has no facts, and keeps what it was called.
    if (list.length === 0 || isSame(row, deriveUnit(countyCode, list, using, said.get(row.id)))) continue
    other.set(row.id, list)
  }
  if (other.size === 0) return 0
  await writeUnits(tx, countyCode, other, now, { said })
  await touch(tx, countyCode, other.keys(), now)
  return other.size
}

type Derived = ReturnType<typeof deriveUnit>

/** Whether a unit's row says already what was derived for it. */
function isSame(row: LedgerTables['unit'], derived: Derived): boolean {
  return (Object.keys(derived) as (keyof Derived)[]).every((column) => {
    const [had, has] = [row[column], derived[column]]
    if (had === has) return true
    if (column === 'tax_paid' || column === 'capital')
      return had !== null && has !== null && Number(had) === Number(has)
    return typeof had === 'object' && typeof has === 'object' && sameJson(had, has)
  })
}

/** The database keeps the members of an object in its own order. */
function sameJson(left: unknown, right: unknown): boolean {
  if (left === null || right === null || typeof left !== 'object' || typeof right !== 'object') return left === right
  const keys = Object.keys(left)
  if (keys.length !== Object.keys(right).length) return false
  return keys.every((key) => sameJson(left[key as never], right[key as never]))
}

/** How many units of a county a round still has to look at; 0 when all are derived with the rules in force. */
export async function waitingUnits(tx: Transaction, countyCode: string, now: Date): Promise<number> {
  const using = await rulesInForce(tx, countyCode, today(now))
  const state = await ledgerTables(tx)
    .selectFrom('ledger_state')
    .selectAll()
    .where('county_code', '=', countyCode)
    .executeTakeFirst()
  if (!state || state.derived_by === using.key) return 0
  const { left } = await ledgerTables(tx)
    .selectFrom('unit')
    .select((eb) => eb.fn.countAll<number>().as('left'))
    .where('county_code', '=', countyCode)
    .where('id', '>', (state.target === using.key ? state.cursor : null) ?? '00000000-0000-0000-0000-000000000000')
    .executeTakeFirstOrThrow()
  return left
}

/** Only who looks after the whole county may change what all its units are derived with. @throws Problem */
export function requireCounty(ctx: Context, countyCode: string): void {
  const { counties, areas, nation } = ctx.actor.scope
  if (!nation && !counties.includes(countyCode)) throw new Problem('notFound', '没有这个县，或不在您的管理范围内。')
  if (areas !== '*') throw new Problem('forbidden', '取值规则和甄别口径全县一套，请由管理全县的账号改动。')
}

/** 按规则重算: derives a county's units again. Killed or stopped in between, it goes on where it was. */
export const deriveJob: JobKind<{ countyCode: string }> = {
  kind: 'ledger.derive',
  async run(job) {
    const { countyCode } = job.input
    let total = 0
    let seen = 0
    let changed = 0
    for (let after: string | null = ''; after !== null;) {
      job.signal.throwIfAborted()
      const step: Step = await job.transaction(async (ctx) => {
        requireCounty(ctx, countyCode)
        if (after === '') total = await waitingUnits(ctx.tx, countyCode, ctx.now)
        return deriveStep(ctx.tx, countyCode, ctx.now)
      })
      after = step.after
      seen += step.seen
      changed += step.changed
      await job.progress(Math.min(seen, total), total, `已重算 ${seen} 家，${changed} 家有变化`)
    }
    return { units: seen, changed }
  },
}

/**
 * Keeps units in line when a month has passed or a file came or went. What a person changed waits for that person's job: one
 * that was cancelled stays so until somebody goes on with it.
 */
export const deriveChore: Chore = {
  name: 'ledger.derive',
  async run(run) {
    for (const countyCode of await run.transaction(dueCounties)) {
      for (let after: string | null = ''; after !== null;) {
        if (run.signal.aborted) return
        after = await run.transaction(async (tx, now) => (await deriveStep(tx, countyCode, now)).after)
      }
    }
  },
}

async function dueCounties(tx: Transaction, now: Date): Promise<string[]> {
  const day = today(now)
  const { rows } = await sql<{ county_code: string; derived_by: string }>`
    select county_code, derived_by from ledger_state
    where due or split_part(derived_by, ' ', 4) <> ${day.slice(0, 7)}`.execute(tx)
  const due: string[] = []
  for (const row of rows) {
    const { key, versions } = await rulesInForce(tx, row.county_code, day)
    const [, survivorship, funnel] = row.derived_by.split(' ')
    const changedByPerson =
      row.derived_by !== '' && `${versions.survivorship} ${versions.funnel}` !== `${survivorship} ${funnel}`
    if (row.derived_by === key) await settle(tx, row.county_code)
    else if (!changedByPerson) due.push(row.county_code)
  }
  return due
}

async function settle(tx: Transaction, countyCode: string): Promise<void> {
  await ledgerTables(tx).updateTable('ledger_state').set({ due: false }).where('county_code', '=', countyCode).execute()
}
