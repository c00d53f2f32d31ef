import { sql } from 'kysely'
import type { Context } from '../host/context.ts'
import { type ColumnTypes, rowsAsTable } from '../host/insert-rows.ts'
import type { RowOutcome } from './import-contract.ts'

/** What became of a row, in the columns' names. */
export interface RowMark {
  id: string
  outcome: RowOutcome
  unit_id: string | null
  linked_by: string | null
  reason: string | null
}

const markColumns = {
  id: 'uuid',
  outcome: 'text',
  unit_id: 'uuid',
  linked_by: 'text',
  reason: 'text',
} as const satisfies ColumnTypes<keyof RowMark>

/** Notes what became of source rows; a joined row takes over the area of its unit. */
export async function markSourceRows(ctx: Context, countyCode: string, marks: readonly RowMark[]): Promise<void> {
  if (marks.length === 0) return
  // The list of ids is given twice: without statistics only `any` keeps the planner on the primary key.
  await sql`
    update source_row r set outcome = m.outcome, unit_id = m.unit_id, linked_by = m.linked_by, reason = m.reason,
      linked_at = ${ctx.now}, area_code = coalesce(
        (select u.area_code from unit u where u.county_code = ${countyCode} and u.id = m.unit_id), r.county_code)
    from ${rowsAsTable(markColumns, marks)} m
    where r.county_code = ${countyCode} and r.id = m.id and r.id = any (${marks.map((mark) => mark.id)}::uuid[])`.execute(
    ctx.tx,
  )
}

const outcomes: RowOutcome[] = ['staged', 'joined', 'created', 'repeated', 'queued', 'refused']

/** A row of an import that is otherwise than it was. */
export interface RowTurn {
  importId: string
  from: RowOutcome
  to: RowOutcome
}

/** Brings the counts of imports in line with what their rows turned into: it costs what changed, not what is there. */
export async function countTurns(ctx: Context, countyCode: string, turns: readonly RowTurn[]): Promise<void> {
  const counts = new Map<string, { id: string } & Partial<Record<RowOutcome, number>>>()
  for (const { importId, from, to } of turns) {
    if (from === to) continue
    const own = counts.get(importId) ?? { id: importId }
    counts.set(importId, { ...own, [from]: (own[from] ?? 0) - 1, [to]: (own[to] ?? 0) + 1 })
  }
  if (counts.size === 0) return
  const sums = outcomes.map((outcome) => {
    const key = sql.lit(outcome)
    return sql`${key}, coalesce((i.counts ->> ${key})::integer, 0) + coalesce((m.turns ->> ${key})::integer, 0)`
  })
  const list = [...counts.values()].map(({ id, ...own }) => ({ id, turns: own }))
  await sql`
    update import i set counts = i.counts || jsonb_build_object(${sql.join(sums)})
    from jsonb_to_recordset(${JSON.stringify(list)}::jsonb) as m(id uuid, turns jsonb)
    where i.county_code = ${countyCode} and i.id = m.id and i.id = any (${list.map((one) => one.id)}::uuid[])`.execute(
    ctx.tx,
  )
}

/** A person has found that a row carries somebody else's code: the row keeps it among its cells, and says it no longer. */
export async function dropRowCode(ctx: Context, countyCode: string, sourceRowId: string): Promise<void> {
  await sql`
    update source_row set fields = fields - 'uscc' where county_code = ${countyCode} and id = ${sourceRowId}`.execute(
    ctx.tx,
  )
}

/** The code that a person had found to be somebody else's is the row's again. */
export async function restoreRowCode(
  ctx: Context,
  countyCode: string,
  sourceRowId: string,
  uscc: string,
): Promise<void> {
  await sql`
    update source_row set fields = fields || jsonb_build_object('uscc', ${uscc}::text)
    where county_code = ${countyCode} and id = ${sourceRowId}`.execute(ctx.tx)
}
