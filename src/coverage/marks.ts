import { sql } from 'kysely'
import { newId } from '../base/ids.ts'
import { notFound, Problem } from '../base/problem.ts'
import { today } from '../base/time.ts'
import type { Context } from '../host/context.ts'
import { ledgerTables } from '../ledger/service.ts'
import { markKinds } from './contract.ts'
import type { CoverageTables } from './tables.ts'

interface Marking {
  kind: keyof typeof markKinds
  unitIds: string[]
  on: boolean
  from?: string | undefined
  source: string
}

/** 标记单位: what the office itself states of units from a day on, or takes back from a day on. */
export async function markUnits(input: Marking, ctx: Context) {
  const now = today(ctx.now)
  const from = input.from ?? now
  if (from > now) throw new Problem('invalid', '起始日不能晚于今天。')
  const ids = [...new Set(input.unitIds)]
  const units = await ledgerTables(ctx.tx)
    .selectFrom('unit')
    .select(['county_code', 'id'])
    .where('id', 'in', ids)
    .execute()
  if (units.length !== ids.length) throw notFound('家单位')
  const counties = new Set(units.map((unit) => unit.county_code))
  if (counties.size > 1) throw new Problem('invalid', '一次只能标记同一个县的单位。')
  const countyCode = units[0]!.county_code
  const changed = input.on
    ? await mark(ctx, countyCode, ids, input, from)
    : await unmark(ctx, countyCode, ids, input, from)
  await ctx.touch(countyCode, ids)
  ctx.record({
    countyCode,
    subject: `mark:${input.kind}`,
    after: {
      [input.on ? '标记' : '取消']: markKinds[input.kind],
      单位数: changed,
      起: from,
      依据: input.source,
      单位: ids,
    },
  })
  return { changed }
}

/** Marks those that are not marked on the day; a later mark of the same kind is reached by the new one. */
async function mark(ctx: Context, countyCode: string, ids: string[], input: Marking, from: string): Promise<number> {
  const marks = await marksOf(ctx, countyCode, ids, input.kind)
  const free = ids.filter(
    (id) =>
      !marks.some(
        (one) => one.unit_id === id && (one.valid_to === null || one.valid_to > from) && one.valid_from <= from,
      ),
  )
  if (free.length === 0) return 0
  const rows = free.map((id) => ({
    county_code: countyCode,
    id: newId(ctx.now),
    unit_id: id,
    kind: input.kind,
    valid_from: from,
    valid_to:
      marks
        .filter((one) => one.unit_id === id && one.valid_from > from)
        .map((one) => one.valid_from)
        .sort()[0] ?? null,
    source: input.source,
    author: ctx.actor.name,
    at: ctx.now,
  }))
  await ctx.tx.withTables<CoverageTables>().insertInto('unit_mark').values(rows).execute()
  return free.length
}

function marksOf(ctx: Context, countyCode: string, ids: string[], kind: Marking['kind']) {
  return ctx.tx
    .withTables<CoverageTables>()
    .selectFrom('unit_mark')
    .select(['unit_id', 'valid_from', 'valid_to'])
    .where('county_code', '=', countyCode)
    .where('unit_id', 'in', ids)
    .where('kind', '=', kind)
    .execute()
}

/** Ends the marks that hold on the day or begin later. */
async function unmark(ctx: Context, countyCode: string, ids: string[], input: Marking, from: string): Promise<number> {
  const these = sql`county_code = ${countyCode} and unit_id = any (${ids}::uuid[]) and kind = ${input.kind}`
  const gone = await sql<{ unit_id: string }>`
    delete from unit_mark where ${these} and valid_from >= ${from}::date returning unit_id`.execute(ctx.tx)
  const ended = await sql<{ unit_id: string }>`
    update unit_mark set valid_to = ${from}::date where ${these} and (valid_to is null or valid_to > ${from}::date)
    returning unit_id`.execute(ctx.tx)
  return new Set([...gone.rows, ...ended.rows].map((row) => row.unit_id)).size
}
