import { sql } from 'kysely'
import type { Transaction } from '../host/context.ts'
import type { DerivingWith } from './derive.ts'
import type { Department, UnitField } from './field-contract.ts'
import { funnelDefaults } from './standing-contract.ts'
import { type FieldRule, fullOrder, type Survivorship, survivorshipDefaults } from './survive.ts'
import { ledgerTables } from './units.ts'

/** What a county's units are derived with on a day. */
export interface RulesInForce extends DerivingWith {
  versions: { survivorship: number; funnel: number }
  /** Changes whenever units may have to be derived again. */
  key: string
}

// Raised with every change of the program's own rules, so that every county is derived again after an upgrade.
const edition = 1

/** Departments whose newest file decides what counts as fresh or absent (funnel-rules.ts). */
const witnesses: readonly Department[] = ['tax', 'socialInsurance', 'townshipPark']

/** The rules of a county that hold on a day (YYYY-MM-DD): the newest version of each kind, the defaults where there is none. */
export async function rulesInForce(tx: Transaction, countyCode: string, day: string): Promise<RulesInForce> {
  const { rows } = await sql<{ kind: string; version: number; value: object }>`
    select distinct on (kind) kind, version, value from ledger_rules
    where county_code = ${countyCode} and effective_from <= ${day}::date
    order by kind, version desc`.execute(tx)
  const survivorship = rows.find((row) => row.kind === 'survivorship')
  const funnel = rows.find((row) => row.kind === 'funnel')
  const versions = { survivorship: survivorship?.version ?? 0, funnel: funnel?.version ?? 0 }
  const files = await newestFiles(tx, countyCode, day)
  const inHand = witnesses.map((one) => `${one}:${files[one]?.slice(0, 7) ?? ''}`)
  return {
    survivorship: withDefaults(survivorship?.value ?? {}),
    funnel: { ...funnelDefaults, ...funnel?.value },
    hand: { day, files },
    versions,
    key: [edition, versions.survivorship, versions.funnel, day.slice(0, 7), ...inHand].join(' '),
  }
}

/** Overrides put over the defaults; a department that an older version of the program did not know stands last. */
export function withDefaults(overrides: Partial<Record<UnitField, FieldRule>>): Survivorship {
  const own = Object.entries(overrides).filter(([field]) => field in survivorshipDefaults)
  return {
    ...survivorshipDefaults,
    ...Object.fromEntries(own.map(([field, rule]) => [field, { ...rule, order: fullOrder(rule.order) }])),
  }
}

async function newestFiles(tx: Transaction, countyCode: string, day: string) {
  const rows = await ledgerTables(tx)
    .selectFrom('import')
    .select(['department', (eb) => eb.fn.max('as_of').as('as_of')])
    .where('county_code', '=', countyCode)
    .where('state', 'in', ['committing', 'committed'])
    .where('as_of', '<=', day)
    .where('department', 'is not', null)
    .groupBy('department')
    .execute()
  return Object.fromEntries(rows.map((row) => [row.department, row.as_of])) as Partial<Record<Department, string>>
}

/** Notes that a county's units may have to be derived again; the chore of rederive.ts sees to it. */
export async function markDue(tx: Transaction, countyCode: string): Promise<void> {
  await sql`
    insert into ledger_state (county_code) values (${countyCode})
    on conflict (county_code) do update set due = true`.execute(tx)
}

/** Notes from when on units are written by new rules: a round need not look at those again. */
export async function noteTarget(tx: Transaction, countyCode: string, key: string, now: Date): Promise<void> {
  const known = await ledgerTables(tx)
    .selectFrom('ledger_state')
    .select('target')
    .where('county_code', '=', countyCode)
    .executeTakeFirst()
  // Writing would make writers wait for one another, also where nothing changes.
  if (known?.target === key) return
  await sql`
    insert into ledger_state (county_code, target, target_at) values (${countyCode}, ${key}, ${now})
    on conflict (county_code) do update set target = excluded.target, target_at = excluded.target_at, cursor = null
    where ledger_state.target <> excluded.target`.execute(tx)
}
