// One case: found, checked and moved on; what every command on a case shares.
import { sql } from 'kysely'
import { newId } from '../base/ids.ts'
import { notFound, Problem } from '../base/problem.ts'
import { today } from '../base/time.ts'
import type { Context, Transaction } from '../host/context.ts'
import { uploadOf } from '../host/uploads.ts'
import { caseStates } from './contract.ts'
import { dueOf, foundingSteps, type FoundingStep, stepAfter } from './rules.ts'
import { settingsOn } from './settings.ts'
import type { CaseTable, FoundingTables, StepFacts } from './tables.ts'

/** The founding room's own tables. */
export const foundingTables = (tx: Transaction) => tx.withTables<FoundingTables>()

/** A refusal that is shown at one field of the form. */
export function refuse(path: string, message: string): Problem {
  return new Problem('invalid', message, { fields: [{ path, message }] })
}

/** A case in scope, held against others until the command ends. @throws Problem('notFound') */
export async function caseOf(ctx: Context, id: string): Promise<CaseTable> {
  const row = await foundingTables(ctx.tx)
    .selectFrom('founding_case')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  if (!row) throw notFound('件组建办理')
  return row
}

/** @throws Problem unless the case is open at this step */
export function requireStep(row: CaseTable, step: FoundingStep): void {
  if (row.state !== 'open') throw new Problem('conflict', `“${row.org_name}”${caseStates[row.state]}，请刷新后再看。`)
  if (row.step !== step)
    throw new Problem('conflict', `“${foundingSteps[step]}”已由他人办结或撤回，请刷新后再办。`, {
      fields: [{ path: 'step', message: `现在该办的是“${foundingSteps[row.step!]}”` }],
    })
}

/** The steps of a case that hold, earliest first; what was taken back is left out. */
export function heldSteps(ctx: Context, row: CaseTable) {
  return foundingTables(ctx.tx)
    .selectFrom('founding_step')
    .selectAll()
    .where('county_code', '=', row.county_code)
    .where('case_id', '=', row.id)
    .where('taken_back_at', 'is', null)
    .orderBy('id')
    .execute()
}

/** @throws Problem unless a day is neither in the future nor before the step before */
async function requireDay(ctx: Context, row: CaseTable, on: string): Promise<void> {
  if (on > today(ctx.now)) throw refuse('on', '日期不能晚于今天。')
  const done = (await heldSteps(ctx, row)).filter((one) => one.state === 'done')
  const last = done.at(-1)
  if (last && on < last.on_day) throw refuse('on', `日期不能早于上一步“${foundingSteps[last.step]}”的 ${last.on_day}。`)
}

/** What came of a step. */
export interface Outcome {
  on: string
  note: string
  docNo?: string | undefined
  fileId?: string | undefined
  facts?: StepFacts
  changeIds?: string[]
}

/** Writes a step as done or skipped and moves the case to the next; the last one ends it. */
export async function advance(
  ctx: Context,
  row: CaseTable,
  step: FoundingStep,
  outcome: Outcome,
  more: { skipped?: boolean; orgId?: string } = {},
): Promise<void> {
  requireStep(row, step)
  await requireDay(ctx, row, outcome.on)
  const of = {
    county_code: row.county_code,
    area_code: row.area_code,
    case_id: row.id,
    author: ctx.actor.name,
    at: ctx.now,
  }
  const { on, note, docNo, facts = {}, changeIds = [] } = outcome
  await foundingTables(ctx.tx)
    .insertInto('founding_step')
    .values({
      ...of,
      id: newId(ctx.now),
      step,
      state: more.skipped ? 'skipped' : 'done',
      on_day: on,
      note,
      doc_no: docNo || null,
      facts: JSON.stringify(facts),
      change_ids: changeIds,
    })
    .execute()
  if (outcome.fileId) await keepFile(ctx, row, { step, on, note, fileId: outcome.fileId, item: itemOf[step] ?? null })
  const next = stepAfter(row.form, step)
  const settings = await settingsOn(ctx.tx, row.county_code, on)
  await setCase(ctx, row, {
    step: next,
    due_on: next && dueOf(next, on, settings),
    ...(next ? {} : { state: 'done', ended_on: on }),
    ...(more.orgId ? { org_id: more.orgId } : {}),
  })
  ctx.record({
    countyCode: row.county_code,
    subject: `founding:${row.id}`,
    after: {
      党组织: row.org_name,
      [more.skipped ? '跳过' : '办结']: foundingSteps[step],
      日期: on,
      情况: note,
      ...(docNo ? { 文号: docNo } : {}),
    },
  })
}

/** The paper that a step's own file is. */
const itemOf: Partial<Record<FoundingStep, 'application' | 'reply' | 'result' | 'filing'>> = {
  request: 'application',
  reply: 'reply',
  election: 'result',
  filing: 'filing',
}

/** Files an uploaded paper with the case. */
export async function keepFile(
  ctx: Context,
  row: CaseTable,
  paper: {
    step: FoundingStep
    item: FoundingTables['founding_evidence']['item']
    on: string
    note: string
    fileId?: string | undefined
    waived?: boolean
  },
): Promise<string> {
  const upload = paper.fileId ? await uploadOf(ctx, paper.fileId) : null
  const id = newId(ctx.now)
  await foundingTables(ctx.tx)
    .insertInto('founding_evidence')
    .values({
      county_code: row.county_code,
      id,
      area_code: row.area_code,
      case_id: row.id,
      step: paper.step,
      item: paper.item,
      on_day: paper.on,
      note: paper.note,
      file_id: upload?.file_id ?? null,
      file_name: upload?.file_name ?? null,
      waived: paper.waived ?? false,
      author: ctx.actor.name,
      at: ctx.now,
    })
    .execute()
  return id
}

/** Changes columns of a case. */
export async function setCase(ctx: Context, row: CaseTable, values: Partial<CaseTable>): Promise<void> {
  await foundingTables(ctx.tx)
    .updateTable('founding_case')
    .set(values)
    .where('county_code', '=', row.county_code)
    .where('id', '=', row.id)
    .execute()
}

/**
 * Holds the county's cases together until the command ends: of two that open one for the same unit, the second must see the
 * first. To be called after any group the case stands on is held. @throws Problem where a unit of a new or revived case stands
 * in another open one
 */
export async function requireFree(
  ctx: Context,
  countyCode: string,
  unitIds: readonly string[],
  except: string | null = null,
): Promise<void> {
  await sql`select pg_advisory_xact_lock(7215, hashtext(${countyCode}))`.execute(ctx.tx)
  const { rows } = await sql<{ org_name: string; name: string }>`
    select c.org_name, u.name from founding_case c
    join unit u on u.county_code = c.county_code and u.id = any (c.unit_ids) and u.id = any (${unitIds}::uuid[])
    where c.county_code = ${countyCode} and c.state = 'open' and c.unit_ids && ${unitIds}::uuid[]
      and c.id is distinct from ${except}::uuid limit 1`.execute(ctx.tx)
  const held = rows[0]
  if (held) throw new Problem('conflict', `“${held.name}”正在“${held.org_name}”中办理，请先办结或终止那一件。`)
}
