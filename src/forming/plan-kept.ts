// A plan as it is kept: what was planned for with the names and numbers of then, and how a plan is read and written.
import type { RawBuilder, Selectable, SqlBool } from 'kysely'
import { notFound, Problem } from '../base/problem.ts'
import type { Context, Transaction } from '../host/context.ts'
import { endedEarly } from '../host/job-list.ts'
import type { PlaceSource } from './place.ts'
import type { proposalStates, ScopeReason } from './contract.ts'
import type { FormingPlan, FormingSettings, PlanHost, PlanInput, PlanUnit } from './plan-input.ts'
import type { PlanScope } from './scope.ts'
import type { FormingTables, PlanTable } from './tables.ts'

/** A unit of a plan with its name and how its place was found. */
export type KeptUnit = PlanUnit & {
  name: string
  source: PlaceSource
  address: string | null
  /** Formal members whose relation is here; `members` may count more, by the scope of the plan. */
  formal: number
  /** The number of members is a department's, found in no roster. */
  reported: boolean
  /** Proven to be in operation. */
  operating: boolean
}
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
/** Which units were asked for, and how many were in or out for which reason; no counts before they were gathered. */
export interface KeptScope {
  asked: PlanScope
  counts?: { reason: ScopeReason; units: number }[]
}
/** A plan's row as it is read. */
export type PlanRow = Selectable<PlanTable>

/** The room's tables in a transaction. */
export function formingTables(tx: Transaction) {
  return tx.withTables<FormingTables>()
}

const planRows = (ctx: Context, id: string) =>
  formingTables(ctx.tx).selectFrom('forming_plan').selectAll().where('id', '=', id)

/** A plan in scope, whole. @throws Problem('notFound') */
export async function findPlan(ctx: Context, id: string): Promise<PlanRow> {
  return completed(ctx, await planRows(ctx, id).executeTakeFirst())
}

type Standing = Pick<PlanRow, 'state' | 'phase' | 'error' | 'job_id' | 'groups' | 'left_over'>

/** Plans as they stand: one whose job ended before it could tell keeps the groups it has; without any (none left over either) it failed. */
export async function standing<Row extends Standing>(ctx: Context, rows: readonly Row[]): Promise<Row[]> {
  const running = rows.filter((row) => row.state === 'running')
  const ended = await endedEarly(
    ctx,
    running.map((row) => row.job_id),
  )
  return rows.map((row) => {
    if (row.state !== 'running' || !ended.has(row.job_id ?? '')) return row
    if (row.groups + row.left_over > 0) return { ...row, state: 'ready', phase: '编排没有做完，停在此处' }
    return { ...row, state: 'failed', error: '编排没有做完，请重新编排。' }
  })
}

/** Of the plans of a place, those that only seem to run, as what they are. */
export async function stoppedPlans(ctx: Context, place: RawBuilder<SqlBool>) {
  const running = await formingTables(ctx.tx)
    .selectFrom('forming_plan')
    .select(['id', 'state', 'phase', 'error', 'job_id', 'groups', 'left_over'])
    .where(place)
    .where('state', '=', 'running')
    .execute()
  return (await standing(ctx, running)).filter((row) => row.state !== 'running')
}

/** A plan in scope, held against others until the command ends; rows are locked in one county at a time. @throws Problem('notFound') */
export async function heldPlan(ctx: Context, id: string): Promise<PlanRow> {
  const at = await planRows(ctx, id).clearSelect().select('county_code').executeTakeFirst()
  return completed(
    ctx,
    at && (await planRows(ctx, id).where('county_code', '=', at.county_code).forUpdate().executeTakeFirst()),
  )
}

/** Fills in what plans did not tell of their units at first: those were of formal members, proven to be in operation. */
async function completed(ctx: Context, found: PlanRow | undefined): Promise<PlanRow> {
  if (!found) throw notFound('个组建方案')
  const [row = found] = await standing(ctx, [found])
  const usual = ({ members }: KeptUnit) => ({ formal: members, reported: false, operating: true, address: null })
  const units = row.input.units?.map((unit) => ({ ...usual(unit), ...unit }))
  return units ? { ...row, input: { ...row.input, units } } : row
}

/** A plan with groups, for reading or (with the revision that was seen) for changing, held. @throws Problem('conflict') */
export async function plannedOf(
  ctx: Context,
  id: string,
  revision?: number,
): Promise<{ row: PlanRow; input: KeptInput; plan: FormingPlan }> {
  const row = await (revision === undefined ? findPlan(ctx, id) : heldPlan(ctx, id))
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

/** What became of the groups that were approved, by their leads. */
export async function proposalsOf(
  ctx: Context,
  row: Pick<PlanRow, 'county_code' | 'id'>,
): Promise<Map<string, keyof typeof proposalStates>> {
  const rows = await formingTables(ctx.tx)
    .selectFrom('forming_proposal')
    .select(['lead_id', 'state'])
    .where('county_code', '=', row.county_code)
    .where('plan_id', '=', row.id)
    .execute()
  return new Map(rows.map((one) => [one.lead_id, one.state]))
}
