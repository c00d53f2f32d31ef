// A plan as it is kept: what was planned for with the names and numbers of then, and how a plan is read and written.
import { type Selectable, sql } from 'kysely'
import { notFound, Problem } from '../base/problem.ts'
import type { Context, Transaction } from '../host/context.ts'
import type { PlaceSource } from './place.ts'
import type { FormingPlan, FormingSettings, PlanHost, PlanInput, PlanUnit } from './plan-input.ts'
import type { FormingTables, PlanTable } from './tables.ts'

/** A unit of a plan with its name and how its place was found. */
export type KeptUnit = PlanUnit & { name: string; source: PlaceSource }
/** A number that a plan was made with, and where it came from. */
export interface KeptSetting {
  key: keyof FormingSettings
  word: string
  value: number
  source: string
  effectiveOn: string
  author: string | null
}
/** What was planned for. */
export interface KeptInput extends PlanInput {
  units: KeptUnit[]
  hosts: (PlanHost & { name: string })[]
  refused: string[]
  together: [string, string][]
  apart: [string, string][]
  settings: FormingSettings
  kept: KeptSetting[]
}
/** A plan's row as it is read. */
export type PlanRow = Selectable<PlanTable>

/** The room's tables in a transaction. */
export function formingTables(tx: Transaction) {
  return tx.withTables<FormingTables>()
}

/** A plan in scope, whole. @throws Problem('notFound') */
export async function findPlan(ctx: Context, id: string): Promise<PlanRow> {
  const row = await formingTables(ctx.tx).selectFrom('forming_plan').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) throw notFound('个组建方案')
  return row
}

/** A plan with groups, for reading or (with the revision that was seen) for changing. @throws Problem('conflict') */
export async function plannedOf(
  ctx: Context,
  id: string,
  revision?: number,
): Promise<{ row: PlanRow; input: KeptInput; plan: FormingPlan }> {
  const row = await findPlan(ctx, id)
  if (row.plan === null) throw new Problem('conflict', '这个方案还没有编出来，请稍后再看。')
  if (revision !== undefined) {
    if (row.state === 'running') throw new Problem('conflict', '方案正在编排，请等它结束，或先“就用目前的方案”。')
    if (row.revision !== revision) throw new Problem('conflict', '方案刚被改动过，请刷新后再改。')
  }
  return { row, input: row.input as KeptInput, plan: row.plan }
}

/** The columns that tell of groups. */
export function figuresOf(plan: FormingPlan) {
  return {
    plan: JSON.stringify(plan),
    groups: plan.groups.length,
    left_over: plan.leftOver.length,
    flagged: plan.flagged,
    metres: Math.round(plan.metres),
  }
}

/** Writes changed groups as the next revision; the bound no longer tells of them. @throws Problem('conflict') when another was faster */
export async function keepPlan(ctx: Context, row: PlanRow, plan: FormingPlan): Promise<number> {
  const { numUpdatedRows } = await formingTables(ctx.tx)
    .updateTable('forming_plan')
    .set({ ...figuresOf(plan), bound: null, revision: row.revision + 1 })
    .where('county_code', '=', row.county_code)
    .where('id', '=', row.id)
    .where('revision', '=', row.revision)
    .executeTakeFirst()
  if (numUpdatedRows === 0n) throw new Problem('conflict', '方案刚被改动过，请刷新后再改。')
  return row.revision + 1
}

/** Leads of the groups that were approved. */
export async function approvedLeads(ctx: Context, row: Pick<PlanRow, 'county_code' | 'id'>): Promise<Set<string>> {
  const { rows } = await sql<{ lead_id: string }>`
    select lead_id from forming_proposal where county_code = ${row.county_code} and plan_id = ${row.id}`.execute(ctx.tx)
  return new Set(rows.map((one) => one.lead_id))
}
